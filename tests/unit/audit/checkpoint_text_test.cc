#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/checkpoint_file.h"
#include "node/crypto/base64.h"

namespace geflecht::audit {
namespace {

using namespace testing;

struct Parsed {
  std::optional<CheckpointNote> note;
  std::size_t line = 0;  // of the trouble
};

Parsed Parse(std::string_view text) {
  Parsed parsed;
  parsed.note = ParseCheckpoint(text, [&](std::size_t line, std::string) { parsed.line = line; });
  EXPECT_NE(parsed.note.has_value(), parsed.line > 0);
  return parsed;
}

Checkpoint Sample() { return {"geflecht/sample", 3, Filled<crypto::Hash256>(0x5a)}; }
std::string SampleFile() { return SignCheckpoint(Sample(), Device(1)); }

TEST(CheckpointText, ComesBack) {
  const std::string file = SampleFile();
  const auto [note, line] = Parse(file);
  ASSERT_TRUE(note) << line;
  EXPECT_EQ(note->checkpoint, Sample());
  EXPECT_EQ(note->text, RenderCheckpoint(Sample()));
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].name, "geflecht/device/" + Device(1).public_key().Hex());
  EXPECT_EQ(note->signatures[0].line, 5u);
  EXPECT_EQ(DeviceOfNoteKeyName(note->signatures[0].name), Device(1).public_key());
  const auto signature = crypto::Signature::From(note->signatures[0].signature);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(crypto::VerifyNote(Device(1).public_key(), note->text, *signature));
  EXPECT_FALSE(crypto::VerifyNote(Device(2).public_key(), note->text, *signature));
}

// The example of https://c2sp.org/tlog-checkpoint.
TEST(CheckpointText, ExampleOfTheSpecificationIsRead) {
  const std::string file =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "\xe2\x80\x94 example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
      "\n";
  const auto [note, line] = Parse(file);
  ASSERT_TRUE(note) << line;
  EXPECT_EQ(note->checkpoint.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(note->checkpoint.size, 20'852'163u);
  EXPECT_EQ(note->signatures[0].key.Hex(), "033de0ae");
  EXPECT_EQ(note->signatures[0].signature.size(), 64u);
}

// The example of the documentation of golang.org/x/mod/sumdb/note, with its verifier key
// PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW.
TEST(CheckpointText, NoteOfAnotherProgramVerifies) {
  const auto key = crypto::FromBase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const auto line = crypto::FromBase64(
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
      "=");
  ASSERT_TRUE(key && line);
  ASSERT_EQ(line->size(), 68u);
  const auto device = crypto::PublicKey::From(ByteView(*key).subspan(1));
  const auto signature = crypto::Signature::From(ByteView(*line).subspan(4));
  ASSERT_TRUE(device && signature);
  const std::string text =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n";
  EXPECT_EQ(NoteKeyIdOf("PeterNeumann", *device).Hex(), "c74f20a3");
  EXPECT_EQ(ToHex(ByteView(*line).first(4)), "c74f20a3");
  EXPECT_TRUE(crypto::VerifyNote(*device, text, *signature));
  EXPECT_FALSE(crypto::VerifyNote(*device, text + "\n", *signature));
}

TEST(CheckpointText, TroubleNamesTheLine) {
  const std::string name = NoteKeyName(Device(1).public_key());
  struct Case {
    std::string from, to;
    std::size_t line;
  };
  const std::vector<Case> cases = {
      {"geflecht/sample\n", "\n", 1},
      {"geflecht/sample", "geflecht/sam ple", 1},
      {"geflecht/sample", "geflecht/sam+ple", 1},
      {"geflecht/sample", "\xef\xbb\xbfgeflecht/sample\r", 1},
      {"geflecht/sample", "geflecht/sample\x07", 1},
      {"geflecht/sample", "geflecht/sample\xff", 1},
      {"\n3\n", "\n0\n", 2},
      {"\n3\n", "\n03\n", 2},
      {"\n3\n", "\n+3\n", 2},
      {"\n3\n", "\n-3\n", 2},
      {"\n3\n", "\n3 \n", 2},
      {"\n3\n", "\n\n", 2},
      {"\n3\n", "\n3\r\n", 2},
      {"\n3\n", "\n9007199254740993\n", 2},
      {"\n3\n", "\n99999999999999999999999\n", 2},
      {"\nWlpa", "\n Wlpa", 3},
      {"\nWlpa", "\nWlpaWlpa", 3},
      {"Wlo=\n", "Wlo\n", 3},
      {"Wlo=\n", "Wlp=\n", 3},
      {"Wlo=\n\n", "Wlo=\nextension\n\n", 4},
      {"Wlo=\n\n", "Wlo=\n \n", 4},
      {"Wlo=\n\n", "Wlo=\n", 4},
      {"Wlo=\n\n", "Wlo=\n\n\n", 5},
      {"\xe2\x80\x94 ", "-- ", 5},
      {"\xe2\x80\x94 ", "\xe2\x80\x94", 5},
      {"\xe2\x80\x94 ", "\xe2\x80\x94  ", 5},
      {name, "", 5},
      {name, "a+b", 5},
      {name, "a\tb", 5},
      {name,
       "a\xc2\xa0"
       "b",
       5},
      {name,
       "a\xe2\x80\xa8"
       "b",
       5},
      {name,
       "a\xe3\x80\x80"
       "b",
       5},
      {name, "a\xff", 5},
      {name, "a b", 5},
  };
  for (const Case& change : cases)
    EXPECT_EQ(Parse(log::testing::Replace(SampleFile(), change.from, change.to)).line, change.line)
        << change.from << " -> " << change.to;
  const std::string file = SampleFile();
  EXPECT_EQ(Parse(file + "\n").line, 6u);
  EXPECT_EQ(Parse(file + "\xe2\x80\x94 x AAAAAA==\n").line, 6u);  // no signature behind the key id
  EXPECT_TRUE(Parse(file + "\xe2\x80\x94 x AAAAAAA=\n").note);
  EXPECT_TRUE(Parse(file + "\xe2\x80\x94 pr\xc3\xbc"
                           "fer.example AAAAAAA=\n")
                  .note);
}

TEST(CheckpointText, EveryTruncationIsNoticed) {
  const std::string file = SampleFile();
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(Parse(file.substr(0, size)).note) << size;
  EXPECT_FALSE(Parse(RenderCheckpoint(Sample()) + "\n").note);
}

TEST(CheckpointText, SixteenSignaturesAreReadAndNoMore) {
  const std::string text = RenderCheckpoint(Sample());
  std::string file = text + "\n";
  for (std::uint8_t i = 0; i < kNoteSignaturesMax; ++i) file += SignNoteLine(text, Key(i));
  const auto parsed = Parse(file);
  ASSERT_TRUE(parsed.note);
  EXPECT_EQ(parsed.note->signatures.size(), 16u);
  EXPECT_EQ(Parse(file + SignNoteLine(text, Key(99))).line, 21u);
  for (int i = 0; i < 1'000; ++i) file += "\xe2\x80\x94 witness.example AAAAAAA=\n";
  EXPECT_EQ(Parse(file).line, 21u);
}

TEST(CheckpointText, RandomBytesNeverEndTheProcess) {
  SeededRandom random(16);
  const std::string file = SampleFile();
  for (int i = 0; i < 5'000; ++i) {
    std::string bad = file;
    for (std::uint64_t n = random.Below(4) + 1; n > 0; --n)
      bad[random.Below(bad.size())] =
          random.Below(3) == 0 ? '\n' : static_cast<char>(random.Below(256));
    if (const auto parsed = Parse(bad); parsed.note) {
      EXPECT_GT(parsed.note->checkpoint.size, 0u);
    }
  }
}

}  // namespace
}  // namespace geflecht::audit
