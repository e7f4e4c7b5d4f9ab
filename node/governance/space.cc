#include "node/governance/space.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "node/crypto/hash.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

constexpr std::string_view kMember = "member:";
constexpr std::string_view kObserver = "observer:";
constexpr std::array<std::string_view, 3> kKinds = {"steering", "working", "bilateral"};
constexpr std::size_t kSpaceHex = 2 * log::SpaceId::kSize;
constexpr std::size_t kOrgHex = 2 * OrgId::kSize;
constexpr std::size_t kPartners = 2;  // of a bilateral space, and the fewest of any

bool Before(const Seat& a, const Seat& b) {
  const auto key = [](const Seat& seat) {
    return std::tuple(seat.until.has_value(), !seat.give, seat.org, seat.until.value_or(0));
  };
  return key(a) < key(b);
}

// One line. `signs`: whether it says + or -, as in a change.
Result<Seat> ReadSeat(log::LineReader& lines, bool signs) {
  ASSIGN(std::string_view line, lines.Line());
  Seat seat;
  if (signs) {
    if (!line.starts_with('+') && !line.starts_with('-')) return lines.Bad("no change of a seat");
    seat.give = line.front() == '+';
    line.remove_prefix(1);
  }
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return lines.Bad("no seat");
  const std::string_view word = line.substr(0, space);
  std::string_view rest = line.substr(space + 1);
  const auto org = OrgId::FromHexText(rest.substr(0, kOrgHex));
  if (!org) return lines.Bad("no organisation");
  seat.org = *org;
  rest.remove_prefix(kOrgHex);
  if (word == "member") {
    if (!rest.empty()) return lines.Bad("something behind a member");
    return seat;
  }
  if (word != "observer" || !rest.starts_with(' ')) return lines.Bad("no seat");
  seat.until = ParseDay(rest.substr(1));
  if (!seat.until) return lines.Bad("no day");
  return seat;
}

Result<std::vector<Seat>> ReadSeats(log::LineReader& lines, bool signs) {
  std::vector<Seat> seats;
  while (!lines.AtEnd()) {
    ASSIGN(Seat seat, ReadSeat(lines, signs));
    if (!seats.empty() && !Before(seats.back(), seat)) return lines.Bad("seats do not ascend");
    seats.push_back(std::move(seat));
  }
  return seats;
}

// Nobody has two seats, or is given and taken the same one.
Result<void> CheckOneSeatEach(const std::vector<Seat>& seats) {
  for (const Seat& seat : seats)
    if (std::any_of(seats.begin(), seats.end(), [&](const Seat& other) {
          return &other != &seat && other.org == seat.org &&
                 (other.give == seat.give ? seat.give : other.until == seat.until);
        }))
      return Fail(Code::kMalformed, "an organisation with two seats");
  return {};
}

}  // namespace

std::string_view SpaceKindName(SpaceKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<SpaceKind> SpaceKindOf(std::string_view name) {
  const auto it = std::find(kKinds.begin(), kKinds.end(), name);
  if (it == kKinds.end()) return std::nullopt;
  return static_cast<SpaceKind>(it - kKinds.begin());
}

log::SpaceId SpaceOf(const EntryId& proposal) {
  const std::string text = "geflecht-space@v1\n" + proposal.Hex();
  const crypto::Hash256 hash = crypto::Sha256(AsBytes(std::string_view(text)));
  log::SpaceId space;
  std::copy_n(hash.bytes.begin(), space.bytes.size(), space.bytes.begin());
  return space;
}

Role MemberRole(const log::SpaceId& space) { return std::string(kMember) + space.Hex(); }

Role ObserverRole(const log::SpaceId& space, Day until) {
  return std::string(kObserver) + space.Hex() + ":" + RenderDay(until);
}

Role RoleOf(const log::SpaceId& space, const Seat& seat) {
  return seat.until ? ObserverRole(space, *seat.until) : MemberRole(space);
}

std::optional<SpaceRole> ParseSpaceRole(std::string_view role) {
  const bool observes = role.starts_with(kObserver);
  if (!observes && !role.starts_with(kMember)) return std::nullopt;
  role.remove_prefix(observes ? kObserver.size() : kMember.size());
  const auto space = log::SpaceId::FromHexText(role.substr(0, kSpaceHex));
  if (!space) return std::nullopt;
  role.remove_prefix(kSpaceHex);
  if (!observes) return role.empty() ? std::optional(SpaceRole{*space, {}}) : std::nullopt;
  if (!role.starts_with(':')) return std::nullopt;
  const auto until = ParseDay(role.substr(1));
  if (!until) return std::nullopt;
  return SpaceRole{*space, until};
}

Result<ChangeSpace> ParseSpace(std::string_view subject, std::string_view value) {
  log::LineReader lines(value);
  ChangeSpace change;
  if (subject != kNewSpace) {
    change.space = log::SpaceId::FromHexText(subject);
    if (!change.space) return Fail(Code::kMalformed, "the subject is no space");
    ASSIGN(change.seats, ReadSeats(lines, /*signs=*/true));
    if (change.seats.empty()) return Fail(Code::kMalformed, "no change of a seat");
    TRY(CheckOneSeatEach(change.seats));
    return change;
  }
  ASSIGN(const std::string_view kind, lines.Value("kind"));
  const auto known = SpaceKindOf(kind);
  if (!known) return lines.Bad("no kind of space");
  change.kind = *known;
  ASSIGN(const std::string_view name, lines.Value("name"));
  TRY(log::CheckLine(name, kSpaceNameBytesMax));
  change.name = name;
  ASSIGN(change.seats, ReadSeats(lines, /*signs=*/false));
  TRY(CheckOneSeatEach(change.seats));
  const auto members = static_cast<std::size_t>(
      std::count_if(change.seats.begin(), change.seats.end(),
                    [](const Seat& seat) { return !seat.until.has_value(); }));
  if (members < kPartners || (*known == SpaceKind::kBilateral && members != kPartners))
    return Fail(Code::kMalformed, "too few or too many members of a space");
  return change;
}

std::string RenderSpace(const ChangeSpace& change) {
  std::string out;
  if (!change.space) {
    out.append("kind ").append(SpaceKindName(change.kind)).append("\n");
    out.append("name ").append(change.name).append("\n");
  }
  std::vector<Seat> seats = change.seats;
  std::sort(seats.begin(), seats.end(), Before);
  for (const Seat& seat : seats) {
    if (change.space) out.append(seat.give ? "+" : "-");
    out.append(seat.until ? "observer " : "member ").append(seat.org.Hex());
    if (seat.until) out.append(" ").append(RenderDay(*seat.until));
    out.append("\n");
  }
  return out;
}

}  // namespace geflecht::governance
