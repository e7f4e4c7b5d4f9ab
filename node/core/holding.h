// Whether this node may lack erasures that others have carried out: it has been away for longer
// than the charter allows, or it is made of a backup. Then it shows nothing and sends of
// bodies evidence only until a partner has said what is erased (docs/formats/erasure.md,
// Returning). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::core {

inline constexpr std::uint32_t kOfflineDaysDefault = 90;  // where the charter says nothing

class Holding {
 public:
  enum class Why : std::uint8_t { kNot = 0, kOffline = 1, kRestored = 2 };

  // Times are those of the wall clock, in milliseconds since 1970.
  // The record of a directory made of a backup: held back from its first moment on.
  static Holding Restored(std::int64_t now_ms);
  static Result<Holding> Decode(ByteView record);  // kCorruption
  Bytes Encode() const;

  Why why() const { return why_; }
  bool is_held() const { return why_ != Why::kNot; }
  std::optional<std::int64_t> since_ms() const { return since_ms_; }
  // When a person last opened it without the word of a partner.
  std::optional<std::int64_t> opened_by_hand_ms() const { return opened_ms_; }

  // Each says whether the record has changed enough to be written.
  // The time has come, or not. Without partners nobody else has erased anything.
  bool Look(std::int64_t now_ms, std::uint32_t offline_days, bool has_partners);
  // A partner has said what it knows to be erased, and that is locked or erased here.
  bool NoteExchange(std::int64_t now_ms);
  // A person takes the responsibility.
  bool OpenByHand(std::int64_t now_ms);

  bool operator==(const Holding&) const = default;

 private:
  Why why_ = Why::kNot;
  std::optional<std::int64_t> since_ms_;
  std::optional<std::int64_t> exchange_ms_;  // the last one, known to the hour
  std::optional<std::int64_t> opened_ms_;
};

}  // namespace geflecht::core
