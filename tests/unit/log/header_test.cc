#include "node/log/header.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

std::string Reason(const Result<void>& result) { return result ? "" : result.error().detail; }

void ExpectRoundTrip(const Header& header) {
  ASSERT_EQ(Reason(CheckHeader(header)), "");
  const std::string text = Render(header);
  const Result<Header> parsed = ParseHeader(text);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, header);
  EXPECT_EQ(Render(*parsed), text);
}

TEST(Header, TextIsExactToTheByte) {
  const std::string b22(64, '2'), b33(64, '3'), b44(64, '4'), b55(64, '5'), b66(64, '6');
  EXPECT_EQ(Render(ChangeHeader()),
            "geflecht-entry@v1\n"
            "net " +
                std::string(64, 'a') +
                "\n"
                "space " +
                NetworkSpace(Network()).Hex() +
                "\n"
                "device " +
                Key(1).public_key().Hex() +
                "\n"
                "life 1111111111111111\n"
                "seq 7\n"
                "prev " +
                b22 +
                "\n"
                "seen " +
                b33 +
                "\n"
                "seen " +
                b44 +
                "\n"
                "basis " +
                b55 +
                "\n"
                "time 2026-03-02T12:00:00Z\n"
                "kind change\n"
                "about -\n"
                "body 2 1 " +
                b66 + "\n");
}

TEST(Header, IdIsTheLeafHashOfTheText) {
  const std::string text = Render(ChangeHeader());
  const std::string prefixed = std::string(1, '\0') + text;
  EXPECT_EQ(IdOf(text).Hex(), crypto::Sha256(AsBytes(prefixed)).Hex());
}

TEST(Header, RoundTripOfEveryShape) {
  ExpectRoundTrip(ChangeHeader());
  ExpectRoundTrip(RootHeader("proposal"));
  ExpectRoundTrip(CharterHeader());
  Header first = ChangeHeader();
  first.seq = 0;
  first.prev.reset();
  first.seen.clear();
  ExpectRoundTrip(first);
  Header vote = RootHeader("vote");
  vote.about = Filled<EntryId>(9);
  vote.time_s = kNoon + 3599;
  ExpectRoundTrip(vote);
}

TEST(Header, LargestHeaderFitsIntoTheLimit) {
  Header header = ChangeHeader();
  header.kind = std::string(32, 'k');
  header.about = Filled<EntryId>(0xff);
  header.seq = limits::kSeqMax - 1;
  header.fields = limits::kFieldsMax;
  header.evidence = limits::kFieldsMax;
  header.time_s = kTimeMax;
  header.seen.clear();
  header.basis.clear();
  for (std::uint8_t i = 0; i < limits::kSeenMax; ++i) header.seen.push_back(Filled<EntryId>(i));
  header.prev = Filled<EntryId>(0xfe);
  for (std::uint8_t i = 0; i < limits::kBasisMax; ++i) header.basis.push_back(Filled<EntryId>(i));
  ExpectRoundTrip(header);
  EXPECT_LE(Render(header).size(), limits::kHeaderBytesMax);
}

TEST(Header, CheckRefusesWhatAParserWouldRefuse) {
  const auto refused = [](auto change, std::string_view reason, Header header = ChangeHeader()) {
    change(header);
    const Result<void> checked = CheckHeader(header);
    ASSERT_FALSE(checked) << reason;
    EXPECT_EQ(checked.error().code, Code::kMalformed);
    EXPECT_EQ(checked.error().detail, reason);
  };
  refused([](Header& h) { h.seq = limits::kSeqMax; }, "line 6: seq is not below 2^53");
  refused([](Header& h) { h.seq = 0; }, "line 7: prev is \"-\" exactly where seq is 0");
  refused([](Header& h) { h.prev.reset(); }, "line 7: prev is \"-\" exactly where seq is 0");
  refused([](Header& h) { std::swap(h.seen[0], h.seen[1]); }, "line 9: not strictly ascending");
  refused([](Header& h) { h.seen[1] = h.seen[0]; }, "line 9: not strictly ascending");
  refused(
      [](Header& h) {
        h.seen[1] = *h.prev;
        h.seen[0] = Filled<EntryId>(0x01);
      },
      "line 9: prev is of this feed, seen names other feeds");
  refused([](Header& h) { h.seen.assign(limits::kSeenMax + 1, EntryId()); },
          "line 136: more than 128 seen lines");
  refused([](Header& h) { h.basis.push_back(h.basis[0]); }, "line 11: not strictly ascending");
  refused([](Header& h) { h.basis.assign(limits::kBasisMax + 1, EntryId()); },
          "line 14: more than 4 basis lines");
  refused([](Header& h) { h.basis.clear(); }, "line 10: basis missing outside of the root space");
  refused([](Header& h) { h.space = RootSpace(Network()); }, "line 10: no basis in the root space");
  refused([](Header& h) { h.space = SpaceId(); }, "line 3: all zeros are the charter's space");
  refused([](Header& h) { h.time_s = -1; }, "line 11: year outside of 1970 to 9999");
  refused([](Header& h) { h.time_s = kTimeMax + 1; }, "line 11: year outside of 1970 to 9999");
  refused([](Header& h) { h.time_s += 1; },
          "line 11: time of this kind is not rounded to the hour");
  refused(
      [](Header& h) {
        h.time_s += 60;
        h.kind = "gather";
      },
      "line 11: time of this kind is not rounded to the hour");
  refused([](Header& h) { h.kind = "gather"; }, "line 14: a gather has no fields");
  refused([](Header& h) { h.kind = ""; }, "line 12: no kind: [a-z][a-z0-9.-]{0,31}");
  refused([](Header& h) { h.kind = std::string(33, 'k'); },
          "line 12: no kind: [a-z][a-z0-9.-]{0,31}");
  refused([](Header& h) { h.about = h.prev; }, "line 13: a change is about \"-\"");
  refused([](Header& h) { h.evidence = 3; }, "line 14: more evidence fields than fields");
  refused([](Header& h) { h.fields = limits::kFieldsMax + 1; }, "line 14: more than 4096 fields");
  refused([](Header& h) { h.fields = h.evidence = 0; },
          "line 14: root of a body without fields is the SHA-256 of nothing");
}

TEST(Header, CharterStandsAlone) {
  const auto refused = [](auto change, std::string_view reason) {
    Header header = CharterHeader();
    change(header);
    EXPECT_EQ(Reason(CheckHeader(header)), reason);
  };
  refused([](Header& h) { h.net = Network(); }, "line 3: all zeros are the charter's space");
  refused(
      [](Header& h) {
        h.net = Network();
        h.space = RootSpace(Network());
      },
      "line 2: a charter names no network");
  refused([](Header& h) { h.space = Filled<SpaceId>(1); },
          "line 3: the charter's space is all zeros");
  refused(
      [](Header& h) {
        h.seq = 1;
        h.prev = EntryId();
      },
      "line 6: the charter is the only entry of its feed");
  refused([](Header& h) { h.seen = {EntryId()}; }, "line 8: the charter has seen nothing");
  refused([](Header& h) { h.basis = {EntryId()}; }, "line 8: the charter has no basis");
  refused([](Header& h) { h.kind = "vote"; }, "line 10: only a charter has no network");
  refused([](Header& h) { h.about = EntryId(); }, "line 11: the charter is about nothing earlier");
}

TEST(HeaderDeathTest, RenderRefusesToWriteABadHeader) {
  Header header = ChangeHeader();
  header.time_s += 1;
  EXPECT_DEATH(Render(header), "CheckHeader");
}

TEST(Header, EverySingleBitFlipIsRefusedOrChangesTheId) {
  std::size_t refused = 0;
  std::size_t accepted = 0;
  for (const Header& header : {ChangeHeader(), RootHeader("vote"), CharterHeader()}) {
    const std::string text = Render(header);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      const std::string flipped = FlipBit(text, bit);
      const Result<Header> parsed = ParseHeader(flipped);
      ++(parsed ? accepted : refused);
      if (!parsed) continue;
      EXPECT_EQ(Render(*parsed), flipped) << "bit " << bit;
      EXPECT_NE(IdOf(Render(*parsed)), IdOf(text)) << "bit " << bit;
      EXPECT_NE(*parsed, header) << "bit " << bit;
    }
  }
  EXPECT_GT(refused, 5'000u);
  EXPECT_GT(accepted, 1'000u);
}

TEST(Header, TimesRoundTrip) {
  const std::pair<std::int64_t, std::string> times[] = {{0, "1970-01-01T00:00:00Z"},
                                                        {951'782'400, "2000-02-29T00:00:00Z"},
                                                        {1'709'251'199, "2024-02-29T23:59:59Z"},
                                                        {kNoon, "2026-03-02T12:00:00Z"},
                                                        {4'107'542'400, "2100-03-01T00:00:00Z"},
                                                        {kTimeMax, "9999-12-31T23:59:59Z"}};
  for (const auto& [time_s, text] : times) {
    EXPECT_EQ(RenderTime(time_s), text);
    EXPECT_EQ(ParseTime(text), time_s);
  }
}

TEST(Header, TimesThatDoNotExistAreRefused) {
  for (const char* text : {"2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
                           "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
                           "1969-12-31T23:59:59Z", "2026-01-01T00:00:00", "2026-01-01t00:00:00Z",
                           "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+", "+026-01-01T00:00:00Z",
                           "2026-1-01T000:00:00Z", "10000-01-01T00:00:00Z", ""})
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
}

TEST(Ids, AreHashesOfTheirLabels) {
  const std::string hex(64, 'a');
  EXPECT_EQ(RootSpace(Network()).Hex(),
            crypto::Sha256(AsBytes("geflecht-root@v1\n" + hex)).Hex().substr(0, 32));
  EXPECT_EQ(NetworkSpace(Network()).Hex(),
            crypto::Sha256(AsBytes("geflecht-network@v1\n" + hex)).Hex().substr(0, 32));
  EXPECT_EQ(OrgOf(Filled<crypto::PublicKey>(0xaa)).Hex(),
            crypto::Sha256(AsBytes("geflecht-org@v1\n" + hex)).Hex());
}

}  // namespace
}  // namespace geflecht::log
