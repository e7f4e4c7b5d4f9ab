#include "node/crypto/secret_stream.h"

#include <sodium.h>

#include "base/check.h"

namespace geflecht::crypto {

static_assert(kStreamKeyBytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(StreamStart::kSize == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kStreamOverheadBytes == crypto_secretstream_xchacha20poly1305_ABYTES);

struct StreamState {
  crypto_secretstream_xchacha20poly1305_state state;
};

void EndStreamState::operator()(StreamState* state) const {
  sodium_memzero(state, sizeof *state);
  delete state;
}

StreamSealer::StreamSealer(const SecretBytes& key) : state_(new StreamState) {
  CHECK(key.size() == kStreamKeyBytes);
  crypto_secretstream_xchacha20poly1305_init_push(&state_->state, start_.bytes.data(),
                                                  key.view().data());
}

Bytes StreamSealer::Seal(ByteView associated, ByteView plaintext, bool last) {
  Bytes sealed(plaintext.size() + kStreamOverheadBytes);
  const unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  CHECK(crypto_secretstream_xchacha20poly1305_push(&state_->state, sealed.data(), nullptr,
                                                   plaintext.data(), plaintext.size(),
                                                   associated.data(), associated.size(), tag) == 0);
  return sealed;
}

StreamOpener::StreamOpener(const SecretBytes& key, const StreamStart& start)
    : state_(new StreamState) {
  CHECK(key.size() == kStreamKeyBytes);
  CHECK(crypto_secretstream_xchacha20poly1305_init_pull(&state_->state, start.bytes.data(),
                                                        key.view().data()) == 0);
}

Result<StreamOpener::Piece> StreamOpener::Open(ByteView associated, ByteView sealed) {
  if (sealed.size() < kStreamOverheadBytes)
    return Fail(Code::kVerification, "a piece of the stream is too short");
  Piece piece;
  piece.plaintext.resize(sealed.size() - kStreamOverheadBytes);
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&state_->state, piece.plaintext.data(), nullptr,
                                                 &tag, sealed.data(), sealed.size(),
                                                 associated.data(), associated.size()) != 0)
    return Fail(Code::kVerification, "a piece of the stream does not open");
  if (tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE &&
      tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL)
    return Fail(Code::kVerification, "a piece of the stream is of an unknown sort");
  piece.last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return piece;
}

}  // namespace geflecht::crypto
