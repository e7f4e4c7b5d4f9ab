#include "node/core/holding.h"

#include "node/core/durations.h"

namespace geflecht::core {
namespace {

constexpr std::size_t kNumber = 8;

void AppendTime(Bytes& bytes, const std::optional<std::int64_t>& time) {
  AppendBe64(bytes, static_cast<std::uint64_t>(time.value_or(0)));
}

}  // namespace

Holding Holding::Restored(std::int64_t now_ms) {
  Holding holding;
  holding.why_ = Why::kRestored;
  holding.since_ms_ = now_ms;
  return holding;
}

Result<Holding> Holding::Decode(ByteView record) {
  if (record.size() != 1 + 3 * kNumber || record.front() > 2)
    return Fail(Code::kCorruption, "the record of the last exchange is damaged");
  const auto at = [&](std::size_t n) -> std::optional<std::int64_t> {
    const auto value = static_cast<std::int64_t>(ReadBe64(record.subspan(1 + n * kNumber)));
    return value == 0 ? std::nullopt : std::optional(value);
  };
  Holding holding;
  holding.why_ = static_cast<Why>(record.front());
  holding.since_ms_ = at(0);
  holding.exchange_ms_ = at(1);
  holding.opened_ms_ = at(2);
  return holding;
}

Bytes Holding::Encode() const {
  Bytes record{static_cast<std::uint8_t>(why_)};
  AppendTime(record, since_ms_);
  AppendTime(record, exchange_ms_);
  AppendTime(record, opened_ms_);
  return record;
}

bool Holding::Look(std::int64_t now_ms, std::uint32_t offline_days, bool has_partners) {
  if (!has_partners) {
    if (!is_held()) return false;
    why_ = Why::kNot;
    since_ms_.reset();
    return true;
  }
  // Who has met nobody yet has nothing that others could have erased.
  if (is_held() || !exchange_ms_ || now_ms - *exchange_ms_ <= offline_days * kDayMs) return false;
  why_ = Why::kOffline;
  since_ms_ = now_ms;
  return true;
}

bool Holding::NoteExchange(std::int64_t now_ms) {
  const bool opens = is_held();
  // A clock that was ahead must not keep the record from being right.
  const bool old = !exchange_ms_ || now_ms - *exchange_ms_ >= kHourMs || now_ms < *exchange_ms_;
  if (!opens && !old) return false;
  why_ = Why::kNot;
  since_ms_.reset();
  exchange_ms_ = now_ms;
  return true;
}

bool Holding::OpenByHand(std::int64_t now_ms) {
  if (!is_held()) return false;
  why_ = Why::kNot;
  since_ms_.reset();
  exchange_ms_ = now_ms;  // otherwise it would be held back again at once
  opened_ms_ = now_ms;
  return true;
}

}  // namespace geflecht::core
