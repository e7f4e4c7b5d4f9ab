// The node's record of administrative acts: which, at what, in which hour (docs/formats/acts.md).
// No content, nobody's name, and no reading or writing of documents. Each line holds the hash of
// the one before it, so that whoever has noted a hash sees whether a line behind it is missing.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "node/crypto/hash.h"
#include "node/store/store.h"

namespace geflecht::core {

// As class L8 of retention gives for such records: one year.
inline constexpr std::int64_t kActsKeptDays = 365;

struct Act {
  std::int64_t hour_s = 0;  // begin of the hour, seconds since 1970
  std::string name;         // [a-z-]+
  std::string object;       // an id in hex, or ""
  crypto::Hash256 hash;     // of this line and all before it
  bool follows = true;      // false: lines in front of it are missing, or it is another one's
  bool operator==(const Act&) const = default;
};

// Not thread-safe.
class Acts {
 public:
  // kCorruption if a line is damaged.
  static Result<Acts> Load(const store::View& durable);

  // Writes a line, unless this process has written the same one for this hour. Lines that are older
  // than kActsKeptDays leave.
  void Note(std::string_view name, std::string_view object, std::int64_t wall_ms);
  // Ascending in time of writing. `durable` as in Load.
  static Result<std::vector<Act>> Read(const store::View& durable);

  // Records that go with the next batch.
  store::Batch TakeChanges() { return std::exchange(changes_, {}); }

 private:
  void DropOld(std::int64_t hour_s);

  crypto::Hash256 last_{};
  std::uint64_t last_order_ = 0;
  std::deque<std::pair<std::uint64_t, std::int64_t>> kept_;  // order, hour_s
  std::int64_t hour_s_ = 0;
  std::set<std::pair<std::string, std::string>> in_hour_;  // name, object
  store::Batch changes_;
};

}  // namespace geflecht::core
