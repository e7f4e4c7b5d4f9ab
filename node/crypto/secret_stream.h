// A sealed sequence of pieces of which none can be changed, left out, repeated or moved, and whose
// end cannot be cut off unnoticed: libsodium's secretstream (XChaCha20-Poly1305).
#pragma once

#include <memory>

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

inline constexpr std::size_t kStreamKeyBytes = 32;
inline constexpr std::size_t kStreamOverheadBytes = 17;  // of each piece

using StreamStart = StrongId<struct StreamStartTag, 24>;  // stands in front of the pieces

struct StreamState;  // wiped when it ends
struct EndStreamState {
  void operator()(StreamState* state) const;
};

class StreamSealer {
 public:
  // A new stream; `key` holds kStreamKeyBytes and seals no other one.
  explicit StreamSealer(const SecretBytes& key);
  const StreamStart& start() const { return start_; }
  // The next piece. `associated` is not in it and has to be known to whoever opens it. Nothing
  // follows behind the last one.
  Bytes Seal(ByteView associated, ByteView plaintext, bool last);

 private:
  StreamStart start_;
  std::unique_ptr<StreamState, EndStreamState> state_;
};

class StreamOpener {
 public:
  StreamOpener(const SecretBytes& key, const StreamStart& start);
  struct Piece {
    Bytes plaintext;
    bool last = false;
  };
  // kVerification unless this is the next piece of the stream; the opener is of no use then.
  Result<Piece> Open(ByteView associated, ByteView sealed);

 private:
  std::unique_ptr<StreamState, EndStreamState> state_;
};

}  // namespace geflecht::crypto
