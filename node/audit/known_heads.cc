#include "node/audit/known_heads.h"

#include "base/limits.h"
#include "node/audit/layout.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kHeadsLine = "geflecht-heads@v1";

// "SPACE-DEVICE-LIFE", as in the names of files.
std::string_view StemOf(std::string_view file) {
  file.remove_prefix(file.find('/') + 1);
  return file.substr(0, file.find('.'));
}

}  // namespace

std::string RenderKnownHeads(const KnownHeads& known) {
  std::string out(kHeadsLine);
  out += "\nnetwork " + known.network.Hex() + "\n";
  for (const auto& [feed, head] : known.heads) {
    const std::string file = FeedFileName(feed);
    out.append("head ").append(StemOf(file)) +=
        " " + std::to_string(head.size) + " " + head.root.Hex() + "\n";
  }
  return out;
}

Result<KnownHeads> ParseKnownHeads(std::string_view text) {
  KnownHeads known;
  log::LineReader lines(text);
  TRY(lines.Literal(kHeadsLine));
  ASSIGN(known.network, lines.Hex<log::NetworkId>("network"));
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view value, lines.Value("head"));
    const std::size_t first = value.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : value.find(' ', first + 1);
    if (second == std::string_view::npos) return lines.Bad("feed, number and root expected");
    const auto name = ParseFileName("feeds/" + std::string(value.substr(0, first)) + ".log");
    const auto size =
        log::ParseDecimal(value.substr(first + 1, second - first - 1), limits::kSeqMax);
    const auto root = crypto::Hash256::FromHexText(value.substr(second + 1));
    if (!name || !size || *size == 0 || !root) return lines.Bad("no head of a feed");
    if (!known.heads.empty() && name->feed <= known.heads.rbegin()->first)
      return lines.Bad("heads do not ascend by feed");
    known.heads.emplace(name->feed, KnownHead{*size, *root});
  }
  return known;
}

}  // namespace geflecht::audit
