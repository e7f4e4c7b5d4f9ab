#include "node/core/join_messages.h"

#include "base/limits.h"
#include "node/log/charter.h"

namespace geflecht::core {
namespace {

enum Type : std::uint8_t {
  kOpen = 1,
  kChallenge = 2,
  kProof = 3,
  kWelcome = 4,
  kRefused = 5,
};
constexpr std::uint8_t kJoinVersion = 1;

struct Encoder {
  Bytes operator()(const JoinOpen& open) const {
    Bytes frame{kOpen, kJoinVersion};
    Append(frame, open.id.view());
    Append(frame, open.commitment.view());
    return frame;
  }
  Bytes operator()(const JoinChallenge& challenge) const {
    Bytes frame{kChallenge};
    Append(frame, challenge.nonce.view());
    return frame;
  }
  Bytes operator()(const JoinProof& proof) const {
    Bytes frame{kProof};
    Append(frame, proof.nonce.view());
    Append(frame, proof.proof.view());
    Append(frame, proof.card);
    return frame;
  }
  Bytes operator()(const JoinWelcome& welcome) const {
    Bytes frame{kWelcome};
    Append(frame, welcome.proof.view());
    Append(frame, welcome.device.view());
    Append(frame, welcome.founding);
    return frame;
  }
  Bytes operator()(const JoinRefused& refused) const {
    return {kRefused, static_cast<std::uint8_t>(refused.why)};
  }
};

// Reads values of fixed size off the front of a payload.
class Reader {
 public:
  explicit Reader(ByteView payload) : rest_(payload) {}

  template <class Id>
  Id Take() {
    Id id;
    if (rest_.size() < Id::kSize) {
      fits_ = false;
      return id;
    }
    std::copy_n(rest_.begin(), Id::kSize, id.bytes.begin());
    rest_ = rest_.subspan(Id::kSize);
    return id;
  }
  std::uint8_t TakeByte() {
    if (rest_.empty()) {
      fits_ = false;
      return 0;
    }
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }
  std::string TakeText(std::size_t bytes_max) {
    fits_ = fits_ && !rest_.empty() && rest_.size() <= bytes_max;
    std::string text = fits_ ? ToText(rest_) : std::string();
    rest_ = {};
    return text;
  }
  bool Ended() const { return fits_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool fits_ = true;
};

}  // namespace

Bytes EncodeJoin(const JoinMessage& message) { return std::visit(Encoder{}, message); }

Result<JoinMessage> DecodeJoin(ByteView frame) {
  const auto malformed = [] { return Fail(Code::kMalformed, "no message about joining"); };
  if (frame.empty()) return malformed();
  Reader reader(frame.subspan(1));
  JoinMessage message;
  switch (frame.front()) {
    case kOpen: {
      if (reader.TakeByte() != kJoinVersion) return malformed();
      const JoinId id = reader.Take<JoinId>();
      message = JoinOpen{id, reader.Take<crypto::Hash256>()};
      break;
    }
    case kChallenge:
      message = JoinChallenge{reader.Take<JoinNonce>()};
      break;
    case kProof: {
      JoinProof proof;
      proof.nonce = reader.Take<JoinNonce>();
      proof.proof = reader.Take<crypto::Mac128>();
      proof.card = reader.TakeText(limits::kCardBytesMax);
      message = std::move(proof);
      break;
    }
    case kWelcome: {
      JoinWelcome welcome;
      welcome.proof = reader.Take<crypto::Mac128>();
      welcome.device = reader.Take<log::DeviceId>();
      welcome.founding = reader.TakeText(log::kFoundingBytesMax);
      message = std::move(welcome);
      break;
    }
    case kRefused: {
      const std::uint8_t why = reader.TakeByte();
      if (why < 1 || why > static_cast<std::uint8_t>(JoinRefusal::kCard)) return malformed();
      message = JoinRefused{static_cast<JoinRefusal>(why)};
      break;
    }
    default:
      return malformed();
  }
  if (!reader.Ended()) return malformed();
  return message;
}

}  // namespace geflecht::core
