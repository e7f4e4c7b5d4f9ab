#include "node/core/acts.h"

#include <optional>

#include "node/core/durations.h"
#include "node/log/header.h"
#include "node/replica/records.h"

namespace geflecht::core {
namespace {

constexpr std::int64_t kHourS = kHourMs / 1000;
constexpr std::size_t kHashBytes = crypto::Hash256::kSize;

store::Key ActKey(std::uint64_t order) {
  store::Key key = replica::MetaKey("acts");
  key.order = order;
  return key;
}

std::string TextOf(std::int64_t hour_s, std::string_view name, std::string_view object) {
  return log::RenderTime(hour_s) + ' ' + std::string(name) + ' ' +
         (object.empty() ? "-" : std::string(object));
}

crypto::Hash256 HashOf(const crypto::Hash256& before, std::string_view text) {
  return crypto::Sha256({AsBytes("geflecht-act@v1\n"), before.view(), AsBytes(text)});
}

// The hash of the line before it, and the line.
Bytes Encode(const crypto::Hash256& before, std::string_view text) {
  Bytes record;
  Append(record, before.view());
  Append(record, text);
  return record;
}

struct Line {
  crypto::Hash256 before;
  Act act;
};

Result<Line> Decode(ByteView record) {
  const Error damaged{Code::kCorruption, "a line of the record of acts is damaged", ""};
  if (record.size() <= kHashBytes) return Fail(damaged);
  const std::string_view text = AsText(record.subspan(kHashBytes));
  const std::size_t first = text.find(' ');
  const std::size_t second = text.rfind(' ');
  if (first == std::string_view::npos || second == first) return Fail(damaged);
  const auto hour_s = log::ParseTime(text.substr(0, first));
  const auto before = crypto::Hash256::From(record.first(kHashBytes));
  if (!hour_s || !before) return Fail(damaged);
  Act act{*hour_s, std::string(text.substr(first + 1, second - first - 1)),
          std::string(text.substr(second + 1)), HashOf(*before, text)};
  if (act.object == "-") act.object.clear();
  return Line{*before, std::move(act)};
}

// Calls `take` for each line.
template <class Take>
Result<void> Each(const store::View& durable, const Take& take) {
  Result<void> read;
  std::optional<crypto::Hash256> before;
  const store::Key first = ActKey(1);
  TRY(durable.Scan(first.table, first.group, first.order, [&](const store::Record& record) {
    auto line = Decode(record.value);
    if (!line) {
      read = Fail(std::move(line).error());
      return false;
    }
    line->act.follows = !before || line->before == *before;
    before = line->act.hash;
    take(record.order, std::move(line->act));
    return true;
  }));
  return read;
}

}  // namespace

Result<Acts> Acts::Load(const store::View& durable) {
  Acts acts;
  TRY(Each(durable, [&](std::uint64_t order, Act act) {
    acts.last_ = act.hash;
    acts.last_order_ = order;
    acts.kept_.emplace_back(order, act.hour_s);
  }));
  return acts;
}

void Acts::Note(std::string_view name, std::string_view object, std::int64_t wall_ms) {
  const std::int64_t hour_s = wall_ms / kHourMs * kHourS;
  if (hour_s != hour_s_) in_hour_.clear();
  hour_s_ = hour_s;
  if (!in_hour_.emplace(name, object).second) return;
  const std::string text = TextOf(hour_s, name, object);
  changes_.push_back({ActKey(++last_order_), Encode(last_, text)});
  last_ = HashOf(last_, text);
  kept_.emplace_back(last_order_, hour_s);
  DropOld(hour_s);
}

void Acts::DropOld(std::int64_t hour_s) {
  // The newest stays whatever the clock says: what follows is to be seen to follow from it.
  while (kept_.size() > 1 && kept_.front().second < hour_s - kActsKeptDays * kDayMs / 1000) {
    changes_.push_back({ActKey(kept_.front().first), std::nullopt});
    kept_.pop_front();
  }
}

Result<std::vector<Act>> Acts::Read(const store::View& durable) {
  std::vector<Act> acts;
  TRY(Each(durable, [&](std::uint64_t, Act act) { acts.push_back(std::move(act)); }));
  return acts;
}

}  // namespace geflecht::core
