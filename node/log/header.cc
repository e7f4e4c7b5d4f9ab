#include "node/log/header.h"

#include <algorithm>

#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "node/log/lines.h"
#include "node/log/merkle.h"

namespace geflecht::log {
namespace {

// Where the fields stand in the text: the order is fixed, only `seen` and `basis` repeat.
constexpr std::size_t kNetLine = 2;
constexpr std::size_t kSpaceLine = 3;
constexpr std::size_t kSeqLine = 6;
constexpr std::size_t kPrevLine = 7;
constexpr std::size_t kSeenLine = 8;

std::size_t BasisLine(const Header& header) { return kSeenLine + header.seen.size(); }
std::size_t TimeLine(const Header& header) {
  return BasisLine(header) + std::max<std::size_t>(1, header.basis.size());
}
std::size_t KindLine(const Header& header) { return TimeLine(header) + 1; }
std::size_t AboutLine(const Header& header) { return TimeLine(header) + 2; }
std::size_t BodyLine(const Header& header) { return TimeLine(header) + 3; }

Result<void> Refuse(std::size_t line, std::string_view reason) {
  return Fail(Code::kMalformed, "line " + std::to_string(line) + ": " + std::string(reason));
}

Result<void> CheckFounding(const Header& header) {
  if (!header.space.IsZero()) return Refuse(kSpaceLine, "the charter's space is all zeros");
  if (header.seq != 0) return Refuse(kSeqLine, "the charter is the only entry of its feed");
  if (!header.seen.empty()) return Refuse(kSeenLine, "the charter has seen nothing");
  if (!header.basis.empty()) return Refuse(BasisLine(header), "the charter has no basis");
  if (header.kind != "charter") return Refuse(KindLine(header), "only a charter has no network");
  if (header.about) return Refuse(AboutLine(header), "the charter is about nothing earlier");
  return {};
}

Result<void> CheckNetwork(const Header& header, bool root) {
  if (!header.net) return CheckFounding(header);
  if (header.space.IsZero()) return Refuse(kSpaceLine, "all zeros are the charter's space");
  if (header.kind == "charter") return Refuse(kNetLine, "a charter names no network");
  if (root && !header.basis.empty()) return Refuse(BasisLine(header), "no basis in the root space");
  if (!root && header.basis.empty())
    return Refuse(BasisLine(header), "basis missing outside of the root space");
  return {};
}

Result<void> CheckPosition(const Header& header) {
  if (header.seq >= limits::kSeqMax) return Refuse(kSeqLine, "seq is not below 2^53");
  if (header.prev.has_value() != (header.seq != 0))
    return Refuse(kPrevLine, "prev is \"-\" exactly where seq is 0");
  return {};
}

Result<void> CheckAscending(const std::vector<EntryId>& ids, std::size_t first_line) {
  for (std::size_t i = 1; i < ids.size(); ++i)
    if (ids[i] <= ids[i - 1]) return Refuse(first_line + i, "not strictly ascending");
  return {};
}

Result<void> CheckReferences(const Header& header) {
  if (header.seen.size() > limits::kSeenMax)
    return Refuse(kSeenLine + limits::kSeenMax, "more than 128 seen lines");
  TRY(CheckAscending(header.seen, kSeenLine));
  if (header.prev) {
    const auto own = std::lower_bound(header.seen.begin(), header.seen.end(), *header.prev);
    if (own != header.seen.end() && *own == *header.prev)
      return Refuse(kSeenLine + static_cast<std::size_t>(own - header.seen.begin()),
                    "prev is of this feed, seen names other feeds");
  }
  if (header.basis.size() > limits::kBasisMax)
    return Refuse(BasisLine(header) + limits::kBasisMax, "more than 4 basis lines");
  return CheckAscending(header.basis, BasisLine(header));
}

Result<void> CheckClaims(const Header& header) {
  if (header.time_s < 0 || header.time_s > kTimeMax)
    return Refuse(TimeLine(header), "year outside of 1970 to 9999");
  if (!IsToken(header.kind, kKindBytesMax))
    return Refuse(KindLine(header), "no kind: [a-z][a-z0-9.-]{0,31}");
  const bool change = header.kind == "change";
  const bool gather = header.kind == "gather";
  if ((change || gather) && header.time_s % 3600 != 0)
    return Refuse(TimeLine(header), "time of this kind is not rounded to the hour");
  if (change && header.about) return Refuse(AboutLine(header), "a change is about \"-\"");
  if (gather && header.fields != 0) return Refuse(BodyLine(header), "a gather has no fields");
  return {};
}

Result<void> CheckFields(const Header& header) {
  if (header.fields > limits::kFieldsMax) return Refuse(BodyLine(header), "more than 4096 fields");
  if (header.evidence > header.fields)
    return Refuse(BodyLine(header), "more evidence fields than fields");
  if (header.fields == 0 && header.root != MerkleRoot({}))
    return Refuse(BodyLine(header), "root of a body without fields is the SHA-256 of nothing");
  return {};
}

void AppendLine(std::string& out, std::string_view keyword, std::string_view value) {
  out.append(keyword).append(value).push_back('\n');
}

template <class Id>
void AppendHexLine(std::string& out, std::string_view keyword, const Id& id) {
  out.append(keyword);
  AppendHex(out, id.view());
  out.push_back('\n');
}

template <class Id>
void AppendHexLine(std::string& out, std::string_view keyword, const std::optional<Id>& id) {
  if (id) return AppendHexLine(out, keyword, *id);
  AppendLine(out, keyword, "-");
}

}  // namespace

Result<void> CheckHeader(const Header& header) {
  return CheckHeader(header, header.net && header.space == RootSpace(*header.net));
}

Result<void> CheckHeader(const Header& header, bool in_root_space) {
  TRY(CheckPosition(header));
  TRY(CheckReferences(header));
  TRY(CheckClaims(header));
  TRY(CheckFields(header));
  return CheckNetwork(header, in_root_space);
}

std::string Render(const Header& header) {
  CHECK(CheckHeader(header).has_value());
  return RenderChecked(header);
}

std::string RenderChecked(const Header& header) {
  std::string out;
  out.reserve(640 + 70 * (header.seen.size() + header.basis.size()));
  out.append(kEntryNamespace).push_back('\n');
  AppendHexLine(out, "net ", header.net);
  AppendHexLine(out, "space ", header.space);
  AppendHexLine(out, "device ", header.device);
  AppendHexLine(out, "life ", header.life);
  AppendLine(out, "seq ", std::to_string(header.seq));
  AppendHexLine(out, "prev ", header.prev);
  for (const EntryId& id : header.seen) AppendHexLine(out, "seen ", id);
  if (header.basis.empty()) AppendLine(out, "basis ", "-");
  for (const EntryId& id : header.basis) AppendHexLine(out, "basis ", id);
  AppendLine(out, "time ", RenderTime(header.time_s));
  AppendLine(out, "kind ", header.kind);
  AppendHexLine(out, "about ", header.about);
  out.append("body ").append(std::to_string(header.fields)).push_back(' ');
  out.append(std::to_string(header.evidence)).push_back(' ');
  AppendHexLine(out, "", header.root);
  CHECK(out.size() <= limits::kHeaderBytesMax);
  return out;
}

EntryId IdOf(std::string_view header_text) {
  return EntryId{MerkleLeaf(AsBytes(header_text)).bytes};
}

}  // namespace geflecht::log
