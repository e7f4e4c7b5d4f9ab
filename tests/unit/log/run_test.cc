#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"
#include "node/log/entry.h"

namespace geflecht::log {
namespace {

using namespace testing;

FeedHead Start() { return {}; }

// Refused with `code` and a detail that begins with `detail`; the run stays as it was.
void ExpectRefused(const FeedHead& head, log::Run run, Code code, std::string_view detail,
                   const NetworkId& network = Network()) {
  const log::Run before = run;
  const Result<void> verified = VerifyRun(network, head, run);
  ASSERT_FALSE(verified) << detail;
  EXPECT_EQ(verified.error().code, code);
  EXPECT_TRUE(verified.error().detail.starts_with(detail)) << verified.error().detail;
  EXPECT_EQ(run, before);
}

Entry Resigned(Header header) { return Sign(std::move(header), Key(1)); }

TEST(Run, OneSignatureCoversTheEntriesInFrontOfIt) {
  log::Run run = SignedRun({"change", "gather", "blob", "change"});
  for (std::size_t i = 0; i < 3; ++i) run[i].signature.reset();
  ASSERT_TRUE(VerifyRun(Network(), Start(), run));
  const FeedHead head = HeadAfter(run);
  EXPECT_EQ(head.next_seq, 4u);
  EXPECT_EQ(head.head, run.back().id);
  EXPECT_EQ(head.basis, run.back().header.basis);
}

TEST(Run, ContinuesWhereTheFeedStands) {
  log::Run all = SignedRun({"change", "change", "change"});
  log::Run first(all.begin(), all.begin() + 1);
  log::Run rest(all.begin() + 1, all.end());
  ASSERT_TRUE(VerifyRun(Network(), Start(), first));
  ASSERT_TRUE(VerifyRun(Network(), HeadAfter(first), rest));
  EXPECT_EQ(HeadAfter(rest).next_seq, 3u);
  ExpectRefused(Start(), rest, Code::kVerification, "entry 0 of the run: seq");
  ExpectRefused(HeadAfter(rest), rest, Code::kVerification, "entry 0 of the run: seq");
  FeedHead other = HeadAfter(first);
  other.head = Filled<EntryId>(9);
  ExpectRefused(other, rest, Code::kVerification, "entry 0 of the run: prev");
}

TEST(Run, EmptyAndOverlongAreRefused) {
  ExpectRefused(Start(), {}, Code::kMalformed, "empty run");
  log::Run run = SignedRun(std::vector<std::string>(limits::kRunEntriesMax + 1, "change"));
  ExpectRefused(Start(), run, Code::kMalformed, "run of more than 256");
  log::Run forged = run;  // too long to compute its ids
  forged[0].id = Filled<EntryId>(9);
  ExpectRefused(Start(), forged, Code::kMalformed, "run of more than 256");
  run.pop_back();
  EXPECT_TRUE(VerifyRun(Network(), Start(), run));
}

TEST(Run, GapIsRefused) {
  log::Run run = SignedRun({"change", "change", "change"});
  run.erase(run.begin() + 1);
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: seq");
}

TEST(Run, DuplicateIsRefused) {
  log::Run run = SignedRun({"change", "change"});
  run.insert(run.begin() + 1, run[0]);
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: seq");
}

TEST(Run, PrevOfAnotherBranchIsRefused) {
  log::Run run = SignedRun({"change", "change"});
  Header header = run[1].header;
  header.prev = Filled<EntryId>(7);
  run[1] = Resigned(header);
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: prev");
}

TEST(Run, OtherFeedWithinIsRefused) {
  log::Run run = SignedRun({"change", "change"});
  Header header = run[1].header;
  header.life = Filled<LifeId>(0x12);
  run[1] = Resigned(header);
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: belongs to another feed");
  header = run[0].header;
  header.seq = 1;
  header.prev = run[0].id;
  header.space = Filled<SpaceId>(4);
  run[1] = Resigned(header);
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: belongs to another feed");
}

TEST(Run, OtherNetworkIsRefused) {
  const log::Run run = SignedRun({"change"});
  ExpectRefused(Start(), run, Code::kVerification, "entry 0 of the run: belongs to another network",
                Filled<NetworkId>(0xab));
}

TEST(Run, UnsignedTailIsRefused) {
  log::Run run = SignedRun({"change", "change"});
  run[1].signature.reset();
  ExpectRefused(Start(), run, Code::kVerification, "entry 1 of the run: signature missing");
}

TEST(Run, KindsThatNeedTheirOwnSignatureAreNotCovered) {
  for (const std::string& kind : std::vector<std::string>{"vote", "proposal", "erase", "seal",
                                                          "fork.evidence", "unheard.of"}) {
    EXPECT_FALSE(MayBeCovered(kind));
    log::Run run = SignedRun({"change", kind, "change"});
    run[0].signature.reset();
    EXPECT_TRUE(VerifyRun(Network(), Start(), run)) << kind;
    EXPECT_TRUE(run[1].signature.has_value());
    log::Run missing = run;
    missing[1].signature.reset();
    ExpectRefused(Start(), missing, Code::kVerification, "entry 1 of the run: signature missing");
    log::Run wrong = run;
    wrong[1].signature->bytes[0] ^= 1;
    ExpectRefused(Start(), wrong, Code::kVerification, "entry 1 of the run: signature does not");
  }
}

TEST(Run, UncheckedSignaturesAreRemoved) {
  log::Run run = SignedRun({"change", "vote", "gather", "change"});
  run[0].signature->bytes[3] ^= 1;  // not valid, and nobody looks
  ASSERT_TRUE(VerifyRun(Network(), Start(), run));
  EXPECT_FALSE(run[0].signature.has_value());
  EXPECT_TRUE(run[1].signature.has_value());
  EXPECT_FALSE(run[2].signature.has_value());
  EXPECT_TRUE(run[3].signature.has_value());
}

TEST(Run, SignatureOfAnotherKeyNamespaceOrPlaceIsRefused) {
  log::Run run = SignedRun({"change"});
  const std::string text = Render(run[0].header);
  run[0].signature = Key(2).Sign(kEntryNamespace, AsBytes(text));
  ExpectRefused(Start(), run, Code::kVerification, "entry 0 of the run: signature does not");
  run[0].signature = Key(1).Sign(kCharterNamespace, AsBytes(text));
  ExpectRefused(Start(), run, Code::kVerification, "entry 0 of the run: signature does not");
  log::Run two = SignedRun({"change", "change"});
  two[1].signature = two[0].signature;
  ExpectRefused(Start(), two, Code::kVerification, "entry 1 of the run: signature does not");
}

TEST(Run, IdThatIsNotTheHeadersIsRefused) {
  log::Run run = SignedRun({"change"});
  run[0].id.bytes[31] ^= 1;
  ExpectRefused(Start(), run, Code::kVerification, "entry 0 of the run: id is not the header's");
}

TEST(Run, CharterIsItsOwnNetwork) {
  const Founding founding = Draft();
  log::Run run = {founding.charter};
  EXPECT_TRUE(VerifyRun(founding.network(), Start(), run));
  ExpectRefused(Start(), run, Code::kVerification,
                "entry 0 of the run: belongs to another network");
  run[0].signature.reset();
  ExpectRefused(Start(), run, Code::kVerification, "entry 0 of the run: signature missing",
                founding.network());
}

TEST(Run, EverySingleBitFlipIsRefused) {
  log::Run good = SignedRun({"change", "change", "change"});
  ASSERT_TRUE(VerifyRun(Network(), Start(), good));
  std::size_t verified = 0;
  for (std::size_t place = 0; place < good.size(); ++place) {
    const std::string text = Render(good[place].header);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      const Result<Header> header = ParseHeader(FlipBit(text, bit));
      if (!header) continue;
      log::Run run = good;
      run[place] = Entry::Of(*header, good[place].signature);
      EXPECT_FALSE(VerifyRun(Network(), Start(), run)) << place << " bit " << bit;
      ++verified;
    }
  }
  EXPECT_GT(verified, 1'000u);
  for (std::size_t bit = 0; bit < 8 * crypto::Signature::kSize; ++bit) {
    log::Run run = good;
    run.back().signature->bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(VerifyRun(Network(), Start(), run)) << "signature bit " << bit;
  }
}

}  // namespace
}  // namespace geflecht::log
