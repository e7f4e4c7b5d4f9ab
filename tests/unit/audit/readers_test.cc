// What the readers of a bundle's files answer to texts of which something is another: kept as
// tables.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "crdt/utf8.h"
#include "node/audit/body_file.h"
#include "node/audit/html.h"
#include "node/audit/known_heads.h"
#include "node/audit/proof_file.h"
#include "node/crypto/base64.h"
#include "node/governance/kinds.h"
#include "samples.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::audit {
namespace {

using namespace testing;

void ExpectAnswers(const std::string& name, const std::string& text) {
  ExpectGolden("audit-readers/" + name, text);
}

struct Troubles {
  FeedError Into() {
    return [this](std::size_t line, const std::string& detail) {
      said += " " + std::to_string(line) + " " + detail + ".";
    };
  }
  std::string said;
};

TEST(BundleReaders, OfAProof) {
  std::vector<crypto::Hash256> path(3, Filled<crypto::Hash256>(7));
  ExpectAnswers("proof", AnswersTo(RenderProof(3, path, "note\n"), [](const std::string& text) {
                  Troubles troubles;
                  const auto proof = ParseProof(text, troubles.Into());
                  return !proof ? "refused:" + troubles.said
                                : std::to_string(proof->index) + " " +
                                      std::to_string(proof->path.size()) + " " +
                                      std::to_string(proof->line) + troubles.said;
                }));
  for (const auto& [size, fits] : {std::pair{0u, true}, {63u, true}, {64u, false}}) {
    path.resize(size);
    Troubles troubles;
    EXPECT_EQ(ParseProof(RenderProof(0, path, "x"), troubles.Into()).has_value(), fits);
  }
}

TEST(BundleReaders, OfACheckpoint) {
  const World world = MergedWorld();
  const std::string note =
      SignCheckpoint({CheckpointOrigin(world.network(), world.FeedOf(1)), 12, {}}, Device(1));
  ExpectAnswers("checkpoint", AnswersTo(note, [](const std::string& text) {
                  Troubles troubles;
                  const auto read = ParseCheckpoint(text, troubles.Into());
                  return !read ? "refused:" + troubles.said
                               : std::to_string(read->checkpoint.size) + " " +
                                     std::to_string(read->signatures.size()) + troubles.said;
                }));
  std::string out;
  const auto named = [&](const std::string& name) {
    Troubles troubles;
    const std::string line = "\xe2\x80\x94 " + name + " " + crypto::ToBase64(Bytes(8, 1)) + "\n";
    return ParseCheckpoint(name + "\n1\n" + crypto::ToBase64(Bytes(32, 1)) + "\n\n" + line,
                           troubles.Into())
        .has_value();
  };
  for (char32_t point = 0; point < 0x3100; ++point) {
    if (point > 0x180 && point < 0x1600) point = 0x1600;
    if (point == 0 || named("a" + crdt::EncodeUtf8(std::u32string_view(&point, 1)))) continue;
    out += " " + std::to_string(point);
  }
  ExpectAnswers("checkpoint-names", out + "\n");
  for (const auto& [bytes, fits] : {std::pair{3u, false}, {4u, false}, {5u, true}}) {
    Troubles troubles;
    const std::string text = "a\n1\n" + crypto::ToBase64(Bytes(32, 1)) + "\n\n\xe2\x80\x94 a " +
                             crypto::ToBase64(Bytes(bytes, 1)) + "\n";
    EXPECT_EQ(ParseCheckpoint(text, troubles.Into()).has_value(), fits) << bytes;
  }
}

TEST(BundleReaders, OfBodies) {
  log::Body body;
  body.slots = {log::Field{Filled<log::Salt>(1), "text", ToBytes("ein Wort")},
                log::Field{Filled<log::Salt>(2), "bytes", Bytes{0xff, 0}},
                Filled<crypto::Hash256>(3)};
  std::string line = RenderBodyLine(Filled<log::EntryId>(4), body);
  line.pop_back();
  const auto read = [](const std::string& text) {
    const auto parsed = ParseBodyLine(text);
    return parsed ? "accepted, " + std::to_string(parsed->body.slots.size()) : AnswerOf(parsed);
  };
  std::string out = AnswersTo(line, read);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"value\"", "\"base64\""},
           {"\"base64\"", "\"value\""},
           {"\"slots\"", "\"slot\""},
           {"[{", "[[{"},
           {"}]", "}],\"x\":1"},
           {"\"name\":\"text\"", "\"name\":\"text\",\"x\":1"},
           {"\"name\":\"text\"", "\"name\":1"},
           {"\"name\":\"text\",", ""},
           {"\"name\":\"text\"", "\"name\":\"Text\""},
           {"\"leaf\"", "\"leef\""},
           {"\"leaf\":\"03", "\"leaf\":\"3"},
           {"\"leaf\":\"03", "\"leaf\":\"0G"},
           {"\"salt\":\"01", "\"salt\":\"1"},
           {"\"salt\":\"01", "\"salt\":\"0101"},
           {"ein Wort", "ein\\u0020Wort"},
           {"ein Wort", "ein \\n Wort"},
           {"/wA=", "/w=="},
           {"/wA=", "YQ=="},
           {"/wA=", "/wB="},
           {"\"entry\":\"04", "\"entry\":\"4"},
           {"\"entry\":\"04", "\"entri\":\"04"},
           {"{\"salt\"", "1,{\"salt\""},
           {"{\"salt\"", "null,{\"salt\""},
           {":[", ":[ "},
           {"[{", "{"}})
    out += from + " -> " + to + ": " + read(log::testing::Replace(line, from, to)) + "\n";
  for (const char* text : {"", "{}", "[]", "1", "{\"entry\":1,\"slots\":[]}", "[[[[[[1]]]]]]"})
    out += std::string(text) + ": " + read(text) + "\n";
  ExpectAnswers("body-line", out);
  const std::string field = RenderFieldText(std::get<log::Field>(body.slots[0]));
  ExpectAnswers("field", AnswersTo(field, [](const std::string& text) {
                  const auto parsed = ParseFieldText(text);
                  return parsed ? parsed->name + "=" + std::string(AsText(parsed->value))
                                : std::string("refused");
                }));
}

TEST(BundleReaders, OfKnownHeads) {
  const World world = MergedWorld();
  KnownHeads known{world.network(), {}};
  for (const std::uint8_t org : Orgs{1, 2, 3})
    known.heads.emplace(world.FeedOf(org), KnownHead{org + 8u, Filled<crypto::Hash256>(org)});
  ExpectAnswers("known-heads", AnswersTo(RenderKnownHeads(known), [](const std::string& text) {
                  return AnswerOf(ParseKnownHeads(text));
                }));
}

TEST(BundleReaders, OfNames) {
  const World world = MergedWorld();
  const log::FeedKey feed = world.FeedOf(1);
  std::string out;
  for (const std::string& name :
       {FeedFileName(feed), CheckpointFileName(feed), BodiesFileName(feed),
        KeyFileName(feed.device), ReceiptFieldFileName(0), ReceiptLeafFileName(4095),
        std::string(kReceiptEntryFile), std::string(kReceiptProofFile), std::string(kReadmeFile),
        std::string(kInfoFile)}) {
    std::string missing;
    EXPECT_TRUE(ParseFileName(name)) << name;
    for (std::size_t i = 0; i <= name.size(); ++i) {
      std::string changed = name;
      changed.insert(i, "0");
      if (ParseFileName(changed)) missing += " +" + std::to_string(i);
      if (i == name.size()) continue;
      changed = name;
      changed.erase(i, 1);
      if (ParseFileName(changed)) missing += " -" + std::to_string(i);
      for (const char c : {'-', '/', '0', '9', ':', 'a', 'G', '.'}) {
        changed = name;
        changed[i] = c;
        if (changed != name && ParseFileName(changed))
          missing += std::string(" ") + c + std::to_string(i);
      }
    }
    out +=
        name + " " + std::to_string(static_cast<int>(ParseFileName(name)->kind)) + missing + "\n";
  }
  ExpectAnswers("names", out);
  EXPECT_FALSE(ParseFileName("keys/.pem"));
  EXPECT_FALSE(ParseFileName("feeds/.log"));
  EXPECT_FALSE(ParseFileName("feeds.log"));
  EXPECT_FALSE(ParseFileName("receipt/4096.leaf"));
  EXPECT_EQ(ReceiptFieldFileName(12), "receipt/0012.field");
}

TEST(BundleReaders, OfLinesOfFoundersAndOfTheManifest) {
  const World world = MergedWorld();
  const std::string founder = RenderFounders(world.founding().signatures);
  ExpectAnswers("founder", AnswersTo(founder.substr(0, founder.find('\n')), [](const auto& text) {
                  return std::string(ParseFounderLine(text) ? "accepted" : "refused");
                }));
  const std::string manifest = Filled<crypto::Hash256>(5).Hex() + "  a/b";
  ExpectAnswers("manifest", AnswersTo(manifest, [](const std::string& text) {
                  const auto line = ParseManifestLine(text);
                  return line ? "accepted: " + std::string(line->name) : std::string("refused");
                }));
  EXPECT_FALSE(ParseManifestLine(Filled<crypto::Hash256>(5).Hex() + "  "));
}

TEST(BundleReaders, OfWhatABundleSaysItIs) {
  std::string out;
  for (const testing::Sample& sample : Samples()) {
    if (sample.name != "open" && sample.name != "scope" && sample.name != "receipt") continue;
    Bundle bundle = sample.bundle;
    const std::string info = Text(bundle, kInfoFile);
    // Each place: one character less, one more, another one.
    std::string accepted;
    for (std::size_t i = 0; i < info.size(); ++i) {
      for (const char* const put : {"", "0", "00", "f"}) {
        std::string changed = info;
        changed.replace(i, 1, put);
        if (changed != info && ParseInfo(changed)) accepted += " " + std::to_string(i) + put;
      }
    }
    out += sample.name + accepted + "\n";
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"full\"", "\"scope\""},
             {"\"full\"", "\"receipt\""},
             {"\"full\"", "\"more\""},
             {"\"scope\"", "\"full\""},
             {"\"scope\":{\"from\":\"1970", "\"scope\":{\"from\":\"2970"},
             {"}\n", ",\"nonce\":\"" + std::string(64, 'a') + "\"}\n"},
             {"}\n", ",\"nonce\":\"" + std::string(66, 'a') + "\"}\n"},
             {"}\n", ",\"nonce\":\"abc\"}\n"},
             {"}\n", ",\"nonce\":\"AB\"}\n"},
             {"}\n", ",\"nonce\":\"\"}\n"},
             {"}\n", "}\n\n"}}) {
      if (info.find(from) == std::string::npos) continue;
      out += "  " + from + " -> " + to + ": " +
             AnswerOf(ParseInfo(log::testing::Replace(info, from, to))) + "\n";
    }
  }
  ExpectAnswers("info", out);
  EXPECT_FALSE(IsNonce(""));
  EXPECT_FALSE(IsNonce("a"));
  EXPECT_TRUE(IsNonce("ab"));
}

TEST(BundleReaders, OfFeeds) {
  World world = WorldOfOne(3);
  const std::string feed = RenderFeed(world.At(world.FeedOf(1)).entries);
  std::string out;
  for (const EditedText& edit : CoarseEdits(feed)) {
    Troubles troubles;
    const auto items = ParseFeed(edit.text, troubles.Into());
    out += edit.what + ":" + troubles.said;
    for (const FeedItem& item : items)
      out += " [" + std::to_string(item.header.seq) + " at " + std::to_string(item.line) + " " +
             std::to_string(item.SignatureLine()) + (item.HasSignature() ? " signed]" : "]");
    out += "\n";
  }
  ExpectAnswers("feed", out);
  // The last character of a signature has four bits that are nothing.
  out.clear();
  const std::size_t last = feed.rfind("==\n") - 1;
  for (int byte = 1; byte < 256; ++byte) {
    std::string changed = feed;
    changed[last] = static_cast<char>(byte);
    if (byte == '\n') continue;
    Troubles troubles;
    out += ParseFeed(changed, troubles.Into()).size() == 3 ? " " + std::to_string(byte) : "";
    changed[last] = feed[last];
    changed[last - 1] = static_cast<char>(byte);
    out += ParseFeed(changed, troubles.Into()).size() == 3 ? " +" + std::to_string(byte) : "";
  }
  ExpectAnswers("feed-signature", out + "\n");
}

TEST(BundleReaders, OfPagesShowEachCharacterOrItsNumber) {
  std::string out;
  for (char32_t point = 0; point < 0xe1002; ++point) {
    if (point == 0x700) point = 0x1800;
    if (point == 0x2100) point = 0xfe00;
    if (point == 0x10000) point = 0xe0000;
    const std::string text = crdt::EncodeUtf8(std::u32string_view(&point, 1));
    const std::string shown = EscapeHtml(text);
    if (shown != text) out += shown + "\n";
  }
  ExpectAnswers("html", out);
  EXPECT_EQ(EscapeHtml("a\x80\xff<"), "a[0x80][0xFF]&lt;");
  EXPECT_EQ(EscapeHtmlLines("a\nb\n"), "a<br>b");
  EXPECT_EQ(EscapeHtmlLines("\n\n"), "<br>");
  EXPECT_EQ(EscapeHtmlLines("<\n>"), "&lt;<br>&gt;");
  EXPECT_EQ(EscapeHtmlLines(""), "");
}

TEST(BundleReaders, OfKindsKnowWhatStandsWhere) {
  std::string out;
  for (const char* const kind :
       {"device.add",  "device.revoke", "org.leave", "person.add", "person.end", "proposal",
        "comment",     "vote",          "enact",     "seal",       "seal-vote",  "audit.request",
        "acknowledge", "gather",        "freeze",    "sign",       "amend",      "notice",
        "change",      "fork.evidence", "charter",   "blob",       "x"}) {
    log::Header header;
    header.kind = kind;
    header.fields = 5;
    out += std::string(kind) + (governance::IsRootKind(kind) ? " root" : "") +
           (governance::IsSpaceKind(kind) ? " network" : "") +
           (governance::IsPaperKind(kind) ? " paper" : "") +
           (governance::MayChangeMembers(kind) ? " members" : "") +
           (log::MayBeCovered(kind) ? " covered" : "");
    for (header.evidence = 0; header.evidence < 7; ++header.evidence)
      if (governance::HasItsEvidence(header)) out += " " + std::to_string(header.evidence);
    out += "\n";
  }
  ExpectAnswers("kinds", out);
}

}  // namespace
}  // namespace geflecht::audit
