#include "node/log/lines.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"
#include "node/crypto/base64.h"

namespace geflecht::log {
namespace {

constexpr std::size_t kSignatureChars = 88;

tl::unexpected<Error> BadLine(std::size_t line, std::string_view reason) {
  return Fail(Code::kMalformed, "line " + std::to_string(line) + ": " + std::string(reason));
}

}  // namespace

bool LineReader::NextIs(std::string_view keyword) const {
  if (!rest_.starts_with(keyword) || rest_.size() == keyword.size()) return false;
  const char behind = rest_[keyword.size()];
  return behind == ' ' || behind == '\n';
}

Result<std::string_view> LineReader::Line() {
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos)
    return BadLine(line_, rest_.empty() ? "the text ends too early" : "no line feed at the end");
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  ++line_;
  return line;
}

Result<void> LineReader::Literal(std::string_view expected) {
  ASSIGN(const std::string_view line, Line());
  if (line != expected) return Bad("\"" + std::string(expected) + "\" expected");
  return {};
}

Result<std::string_view> LineReader::Value(std::string_view keyword) {
  ASSIGN(std::string_view line, Line());
  if (!line.starts_with(keyword) || line.size() <= keyword.size() || line[keyword.size()] != ' ')
    return Bad("\"" + std::string(keyword) + "\" and a value expected");
  line.remove_prefix(keyword.size() + 1);
  return line;
}

Result<void> LineReader::End() const {
  if (!AtEnd()) return BadLine(line_, "nothing may follow the last line");
  return {};
}

tl::unexpected<Error> LineReader::Bad(std::string_view reason) const {
  return BadLine(line_ - 1, reason);
}

std::optional<crypto::Signature> SignatureFromBase64(std::string_view text) {
  if (text.size() != kSignatureChars) return std::nullopt;
  const Result<Bytes> raw = crypto::FromBase64(text);
  if (!raw) return std::nullopt;
  return crypto::Signature::From(*raw);
}

Result<crypto::Signature> ReadSignature(LineReader& lines, std::string_view keyword) {
  ASSIGN(const std::string_view value, lines.Value(keyword));
  const std::optional<crypto::Signature> signature = SignatureFromBase64(value);
  if (!signature) return lines.Bad("no signature: 64 bytes in base64 expected");
  return *signature;
}

Result<void> CheckPrintableAscii(std::string_view text) {
  std::size_t line = 1;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
    } else if (c < 0x20 || c > 0x7e) {
      const std::uint8_t byte = static_cast<std::uint8_t>(c);
      return BadLine(line, "byte 0x" + ToHex({&byte, 1}) + " is not printable ASCII");
    }
  }
  return {};
}

std::optional<std::uint64_t> ParseDecimal(std::string_view text, std::uint64_t max) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  if (text[0] < '0' || text[0] > '9') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > max) return std::nullopt;
  return value;
}

bool IsToken(std::string_view text, std::size_t max) {
  if (text.empty() || text.size() > max || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace geflecht::log
