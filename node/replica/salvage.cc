#include "node/replica/salvage.h"

#include <optional>
#include <utility>

#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// So many arrival numbers in a row without anything readable are the end.
constexpr std::uint64_t kGapMax = 100'000;

class Salvager {
 public:
  Salvager(const store::View& damaged, Intake& intake) : damaged_(damaged), intake_(intake) {}

  Result<void> Take(const log::SpaceId& space) {
    std::uint64_t unread = 0;
    for (std::uint64_t arrival = 1; unread <= kGapMax; ++arrival) {
      auto stored = Read(EntryKey(space, arrival), codec::DecodeStoredEntry);
      if (!stored) {
        ++unread;
        continue;
      }
      intake_.Miss(std::exchange(unread, 0));
      auto body = BodyOf(space, *stored);
      TRY(intake_.Take(space, *std::move(stored), std::move(body)));
    }
    return intake_.EndSpace();
  }

 private:
  template <class Decode>
  auto Read(const store::Key& key, Decode decode) const
      -> std::optional<typename decltype(decode(ByteView()))::value_type> {
    const auto bytes = damaged_.Get(key);
    if (!bytes || !*bytes) return std::nullopt;
    auto value = decode(**bytes);
    if (!value) return std::nullopt;
    return *std::move(value);
  }

  std::optional<log::Body> BodyOf(const log::SpaceId& space,
                                  const codec::StoredEntry& stored) const {
    if (!stored.body_here || stored.entry.header.fields == 0) return std::nullopt;
    return Read(BodyKeyOf(space, stored), codec::DecodeBody);
  }

  const store::View& damaged_;
  Intake& intake_;
};

}  // namespace

Result<Salvaged> Salvage(const store::View& damaged, Replica& into, Time now,
                         const std::function<Result<void>()>& store_batch) {
  Intake intake(into, now, store_batch);
  Salvager salvager(damaged, intake);
  TRY(salvager.Take(into.members().root_space()));
  TRY(salvager.Take(into.members().network_space()));
  std::vector<log::SpaceId> circles;
  for (const governance::SpaceState& space : into.members().spaces()) circles.push_back(space.id);
  for (const log::SpaceId& space : circles) {
    const store::Key first = EntryKey(space, 0);
    const auto last = damaged.Last(first.table, first.group);
    if (!last || !*last) continue;
    TRY(into.Hold(space));
    TRY(salvager.Take(space));
  }
  return intake.result();
}

}  // namespace geflecht::replica
