#include "node/audit/feed_file.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "node/crypto/base64.h"
#include "node/log/header_reader.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kSignatureWord = "sig ";
constexpr std::size_t kItemBytesMin = 340;  // of the shortest header and an empty line

constexpr std::array<bool, 256> kIsBase64 = [] {
  std::array<bool, 256> is{};
  for (const char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    is[static_cast<std::uint8_t>(c)] = c != '\0';
  return is;
}();

// Whether `text` is 64 bytes in canonical base64: 21 groups, and one whose last four bits are zero.
bool IsSignature(std::string_view text) {
  constexpr std::size_t kDigits = 86;
  constexpr std::string_view kLastDigits = "AQgw";
  return text.size() == kDigits + 2 && text.ends_with("==") &&
         std::all_of(text.begin(), text.begin() + kDigits,
                     [](char c) { return kIsBase64[static_cast<std::uint8_t>(c)]; }) &&
         kLastDigits.find(text[kDigits - 1]) != std::string_view::npos;
}

// ParseHeader counts lines from the header's first one ("line 3: ..."): takes the number off
// `detail` and returns it, or 1 if there is none.
std::size_t TakeLine(std::string& detail) {
  constexpr std::string_view kFront = "line ";
  std::size_t line = 1;
  const std::size_t colon = detail.find(": ");
  if (!detail.starts_with(kFront) || colon == std::string::npos) return line;
  const char* const end = detail.data() + colon;
  if (std::from_chars(detail.data() + kFront.size(), end, line).ptr != end) return 1;
  detail.erase(0, colon + 2);
  return line;
}

struct Block {
  std::size_t line = 0;
  std::string_view header;
  std::optional<std::string_view> signature;  // what follows "sig "
  std::size_t signature_line = 0;
  std::string trouble;  // why this is no block, at trouble_line
  std::size_t trouble_line = 0;
};

// Reads to the empty line that ends a block.
Block ReadBlock(log::LineReader& lines) {
  Block block;
  block.line = lines.line();
  block.header = lines.rest().substr(0, 0);
  while (true) {
    const std::string_view rest = lines.rest();
    const std::size_t number = lines.line();
    const auto line = lines.Line();
    if (!line) {
      block.trouble = "the file does not end with an empty line";
      block.trouble_line = number;
      // Nothing that follows is a line: the reader cannot be moved on.
      lines = log::LineReader({});
      return block;
    }
    if (line->empty()) return block;
    if (block.signature && block.trouble.empty()) {
      block.trouble = "an empty line is expected behind the signature";
      block.trouble_line = number;
    }
    if (line->starts_with(kSignatureWord)) {
      block.signature = line->substr(kSignatureWord.size());
      block.signature_line = number;
    } else if (!block.signature) {
      const std::size_t from = static_cast<std::size_t>(rest.data() - block.header.data());
      block.header = {block.header.data(), from + line->size() + 1};
    }
  }
}

}  // namespace

std::optional<crypto::Signature> FeedItem::Signature() const {
  return log::SignatureFromBase64(signed_by);
}

std::size_t FeedItem::SignatureLine() const {
  return line + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string RenderFeed(std::span<const log::Entry> entries) {
  std::string out;
  for (const log::Entry& entry : entries) {
    out += log::Render(entry.header);
    if (entry.signature)
      out.append(kSignatureWord).append(crypto::ToBase64(entry.signature->view())).append("\n");
    out += '\n';
  }
  return out;
}

std::vector<FeedItem> ParseFeed(std::string_view text, const FeedError& error) {
  std::vector<FeedItem> items;
  items.reserve(text.size() / kItemBytesMin);
  log::LineReader lines(text);
  log::HeaderReader headers;
  while (!lines.AtEnd()) {
    const Block block = ReadBlock(lines);
    if (!block.trouble.empty()) {
      error(block.trouble_line, block.trouble);
      continue;
    }
    auto header = headers.Read(block.header);
    if (!header) {
      std::string detail = header.error().detail;
      const std::size_t line = block.line + TakeLine(detail) - 1;
      error(line, std::move(detail));
      continue;
    }
    FeedItem item{*std::move(header), log::IdOf(block.header), block.header, {}, block.line};
    if (block.signature) {
      item.signed_by = *block.signature;
      if (!IsSignature(item.signed_by)) {
        error(block.signature_line, "no signature: 64 bytes in base64 expected");
        continue;
      }
    }
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace geflecht::audit
