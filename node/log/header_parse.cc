#include "base/limits.h"
#include "node/log/header_reader.h"
#include "node/log/lines.h"

namespace geflecht::log {
namespace {

Result<std::vector<EntryId>> ParseSeen(LineReader& lines) {
  std::vector<EntryId> seen;
  while (lines.NextIs("seen")) {
    ASSIGN(const EntryId id, lines.Hex<EntryId>("seen"));
    if (seen.size() == limits::kSeenMax) return lines.Bad("more than 128 seen lines");
    seen.push_back(id);
  }
  return seen;
}

Result<std::vector<EntryId>> ParseBasis(LineReader& lines) {
  std::vector<EntryId> basis;
  ASSIGN(const std::optional<EntryId> first, lines.HexOrDash<EntryId>("basis"));
  if (!first) return basis;
  basis.push_back(*first);
  while (lines.NextIs("basis")) {
    ASSIGN(const EntryId id, lines.Hex<EntryId>("basis"));
    if (basis.size() == limits::kBasisMax) return lines.Bad("more than 4 basis lines");
    basis.push_back(id);
  }
  return basis;
}

Result<void> ParseBodyLine(LineReader& lines, Header& header) {
  ASSIGN(std::string_view value, lines.Value("body"));
  const std::size_t first = value.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : value.find(' ', first + 1);
  if (second == std::string_view::npos) return lines.Bad("two numbers and a root expected");
  const auto fields = ParseDecimal(value.substr(0, first), limits::kFieldsMax);
  const auto evidence =
      ParseDecimal(value.substr(first + 1, second - first - 1), limits::kFieldsMax);
  const auto root = crypto::Hash256::FromHexText(value.substr(second + 1));
  if (!fields || !evidence) return lines.Bad("number of fields is not a decimal of at most 4096");
  if (!root) return lines.Bad("root is not 64 lower-case hexadecimal digits");
  header.fields = static_cast<std::uint32_t>(*fields);
  header.evidence = static_cast<std::uint32_t>(*evidence);
  header.root = *root;
  return {};
}

// The lines that are the same in all headers of a feed.
Result<Header> ParseFront(LineReader& lines) {
  Header header;
  TRY(lines.Literal(kEntryNamespace));
  ASSIGN(header.net, lines.HexOrDash<NetworkId>("net"));
  ASSIGN(header.space, lines.Hex<SpaceId>("space"));
  ASSIGN(header.device, lines.Hex<DeviceId>("device"));
  ASSIGN(header.life, lines.Hex<LifeId>("life"));
  return header;
}
constexpr std::size_t kFrontLines = 5;

Result<void> ParseRest(LineReader& lines, Header& header) {
  ASSIGN(const std::string_view seq_text, lines.Value("seq"));
  const auto seq = ParseDecimal(seq_text, limits::kSeqMax - 1);
  if (!seq) return lines.Bad("seq is not a decimal below 2^53");
  header.seq = *seq;
  ASSIGN(header.prev, lines.HexOrDash<EntryId>("prev"));
  ASSIGN(header.seen, ParseSeen(lines));
  ASSIGN(header.basis, ParseBasis(lines));
  ASSIGN(const std::string_view time_text, lines.Value("time"));
  const auto time = ParseTime(time_text);
  if (!time) return lines.Bad("no time of the form YYYY-MM-DDThh:mm:ssZ that exists");
  header.time_s = *time;
  ASSIGN(const std::string_view kind, lines.Value("kind"));
  if (!IsToken(kind, kKindBytesMax)) return lines.Bad("no kind: [a-z][a-z0-9.-]{0,31}");
  header.kind = std::string(kind);
  ASSIGN(header.about, lines.HexOrDash<EntryId>("about"));
  TRY(ParseBodyLine(lines, header));
  return lines.End();
}

}  // namespace

Result<Header> HeaderReader::ReadLines(std::string_view text) {
  Header header;
  if (!front_.empty() && text.starts_with(front_)) {
    header = feed_;
  } else {
    LineReader lines(text);
    ASSIGN(header, ParseFront(lines));
    front_ = text.substr(0, text.size() - lines.rest().size());
    feed_ = header;
    is_root_ = header.net && header.space == RootSpace(*header.net);
  }
  LineReader lines(text.substr(front_.size()), kFrontLines + 1);
  TRY(ParseRest(lines, header));
  TRY(CheckHeader(header, is_root_));
  return header;
}

Result<Header> HeaderReader::Read(std::string_view text) {
  if (text.size() > limits::kHeaderBytesMax)
    return Fail(Code::kMalformed, "line 1: the header is longer than 12288 bytes");
  Result<Header> header = ReadLines(text);
  // Each line allows printable characters only, so that this is looked into only to say it.
  if (!header) TRY(CheckPrintableAscii(text));
  return header;
}

Result<Header> ParseHeader(std::string_view text) { return HeaderReader().Read(text); }

}  // namespace geflecht::log
