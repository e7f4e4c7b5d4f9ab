#include <gtest/gtest.h>

#include "node/crypto/running_hash.h"
#include "node/crypto/sealed_box.h"
#include "node/crypto/secret_stream.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

TEST(RunningHash, IsBlake2bOfAllParts) {
  RunningHash hash;
  hash.Add(AsBytes("a"));
  hash.Add(AsBytes(""));
  hash.Add(AsBytes("bc"));
  // From hashlib.blake2b(b"abc", digest_size=32).
  EXPECT_EQ(hash.End().Hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(SealedBox, OpensWithItsSecretOnlyAndUnchanged) {
  SeededRandom random(1);
  const SecretBytes secret = SecretBytes::Generate(kBoxSecretBytes, random);
  const SecretBytes other = SecretBytes::Generate(kBoxSecretBytes, random);
  auto box = SealTo(BoxKeyOf(secret), AsBytes("content"));
  ASSERT_TRUE(box);
  EXPECT_EQ(box->size(), 7 + kBoxOverheadBytes);
  const auto opened = OpenBox(secret, *box);
  ASSERT_TRUE(opened);
  EXPECT_EQ(AsText(opened->view()), "content");
  EXPECT_EQ(OpenBox(other, *box).error().code, Code::kVerification);
  for (std::size_t i = 0; i < box->size(); ++i) {
    (*box)[i] ^= 0x10;
    EXPECT_FALSE(OpenBox(secret, *box)) << i;
    (*box)[i] ^= 0x10;
    EXPECT_FALSE(OpenBox(secret, ByteView(*box).first(i))) << i;
  }
  EXPECT_FALSE(SealTo(BoxKey{}, AsBytes("content"))) << "a key of small order";
}

struct Stream {
  SecretBytes key;
  StreamStart start;
  std::vector<Bytes> pieces;
};

Stream ThreePieces() {
  SeededRandom random(2);
  Stream stream{SecretBytes::Generate(kStreamKeyBytes, random), {}, {}};
  StreamSealer sealer(stream.key);
  stream.start = sealer.start();
  stream.pieces = {sealer.Seal(AsBytes("front"), AsBytes("one"), false),
                   sealer.Seal(AsBytes("front"), AsBytes("two"), false),
                   sealer.Seal(AsBytes("front"), AsBytes(""), true)};
  return stream;
}

TEST(SecretStream, OpensInOrder) {
  const Stream stream = ThreePieces();
  StreamOpener opener(stream.key, stream.start);
  for (const auto& [text, last] :
       {std::pair{"one", false}, std::pair{"two", false}, std::pair{"", true}}) {
    const std::size_t i = last ? 2 : *text == 'o' ? 0 : 1;
    const auto piece = opener.Open(AsBytes("front"), stream.pieces[i]);
    ASSERT_TRUE(piece);
    EXPECT_EQ(AsText(piece->plaintext), text);
    EXPECT_EQ(piece->last, last);
  }
}

TEST(SecretStream, RefusesWhatIsChangedMovedOrRepeated) {
  const Stream stream = ThreePieces();
  const auto first = [&](ByteView associated, ByteView piece) {
    StreamOpener opener(stream.key, stream.start);
    return opener.Open(associated, piece).has_value();
  };
  EXPECT_TRUE(first(AsBytes("front"), stream.pieces[0]));
  EXPECT_FALSE(first(AsBytes("Front"), stream.pieces[0]));
  EXPECT_FALSE(first(AsBytes("front"), stream.pieces[1]));
  EXPECT_FALSE(first(AsBytes("front"), stream.pieces[2]));
  EXPECT_FALSE(first(AsBytes("front"), {}));
  Bytes flipped = stream.pieces[0];
  for (std::size_t i = 0; i < flipped.size(); ++i) {
    flipped[i] ^= 1;
    EXPECT_FALSE(first(AsBytes("front"), flipped)) << i;
    flipped[i] ^= 1;
  }
  StreamOpener twice(stream.key, stream.start);
  ASSERT_TRUE(twice.Open(AsBytes("front"), stream.pieces[0]));
  EXPECT_FALSE(twice.Open(AsBytes("front"), stream.pieces[0]));
}

}  // namespace
}  // namespace geflecht::crypto
