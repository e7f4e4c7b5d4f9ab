// What the readers of governance answer to texts and bodies of which something is another: kept as
// tables.
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "node/governance/agreement.h"
#include "node/governance/audit_request.h"
#include "node/governance/bodies.h"
#include "node/governance/mandates.h"
#include "node/governance/minutes.h"
#include "node/governance/read_entry.h"
#include "node/log/charter.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::governance {
namespace {

template <class Id>
Id Ident(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}

crypto::SigningKey Pen(std::uint8_t number) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(Bytes(32, number)));
}

void ExpectAnswers(const std::string& name, const std::string& text) {
  ExpectGolden("governance-readers/" + name, text);
}

ProposalTerms FullTerms() {
  ProposalTerms terms;
  terms.freeze = {Ident<log::SpaceId>(1), Ident<EntryId>(2), Ident<crypto::Hash256>(3)};
  terms.meeting = Ident<MeetingId>(4);
  terms.points = terms.recommendation = true;
  terms.review_s = 1'798'761'600;
  terms.supersedes = Ident<EntryId>(5);
  return terms;
}

AgreementTerms FullAgreement() {
  return {{Ident<OrgId>(1), Ident<OrgId>(2), Ident<OrgId>(3)},
          ParseDay("2026-01-01"),
          ParseDay("2027-12-31"),
          NoticePeriod{3, NoticePeriod::Unit::kMonth},
          true,
          Ident<EntryId>(7),
          Ident<DocumentRef>(8)};
}

SignedStatement Stated(std::string_view act, std::string value = "",
                       std::optional<EntryId> object = Ident<EntryId>(20)) {
  return SignStatement(
      {Ident<log::NetworkId>(9), std::string(act), object, std::move(value), Ident<OrgId>(1),
       object ? std::optional(Ident<EntryId>(30)) : std::nullopt, 1'772'441'200},
      Pen(1));
}

TEST(GovernanceReaders, OfTermsOfProposals) {
  ExpectAnswers("proposal-terms", AnswersTo(RenderTerms(FullTerms()), [](const std::string& text) {
                  return AnswerOf(ParseTerms(text));
                }));
}

TEST(GovernanceReaders, OfTermsOfAgreements) {
  ExpectAnswers("agreement-terms",
                AnswersTo(RenderAgreementTerms(FullAgreement()), [](const std::string& text) {
                  return AnswerOf(ParseAgreementTerms(text));
                }));
}

TEST(GovernanceReaders, OfTermsOfMinutes) {
  MinutesTerms terms{Ident<MeetingId>(1),
                     "2026-12-01",
                     Ident<EntryId>(2),
                     {{"0000000a", "money", 2}, {"0000000b", "body:rat", 10}}};
  ExpectAnswers("minutes", AnswersTo(RenderMinutesTerms(terms), [](const std::string& text) {
                  return AnswerOf(ParseMinutesTerms(text, 10));
                }));
}

TEST(GovernanceReaders, OfStatements) {
  ExpectAnswers("statement", AnswersTo(RenderSigned(Stated("sign", "x y")), [](const auto& text) {
                  return AnswerOf(ParseSigned(text));
                }));
}

TEST(GovernanceReaders, OfShortTexts) {
  std::string out;
  const std::string org = Ident<OrgId>(1).Hex(), other = Ident<OrgId>(2).Hex();
  for (const std::string& text :
       {std::string("majority"), std::string("unanimity"), std::string("two-thirds"),
        std::string("consent 4294967295"), std::string("quorum 12"), std::string("votes-cast 1"),
        "majority both " + org + " both " + other, "consent 3 both " + org})
    out += "== " + text + "\n" + AnswersTo(text, [](const std::string& rule) {
             const auto read = ParseRule(rule);
             return read ? "accepted: " + RenderRule(*read) : AnswerOf(read);
           });
  for (const std::string text : {"sign 2026-01-01 2026-01-01", "coordinate - -",
                                 "sign 2026-01-02 2026-01-01", "sign - 2026-12-31", "other - -"})
    out += "== " + text + "\n" + AnswersTo(text, [](const std::string& terms) {
             return AnswerOf(ParseMandateTerms(terms));
           });
  for (const std::string text : {"3 month", "14 day", "1000 week", "1 day"})
    out += "== " + text + "\n" + AnswersTo(text, [](const std::string& period) {
             const auto read = ParseNoticePeriod(period);
             return read ? "accepted: " + RenderNoticePeriod(*read) : std::string("none");
           });
  for (const std::string text : {"2026-02-28", "1970-01-01", "9999-12-31"})
    out += "== " + text + "\n" + AnswersTo(text, [](const std::string& day) {
             const auto read = ParseDay(day);
             const auto or_dash = ParseDayOrDash(day);
             return (read ? "day " + std::to_string(*read) : std::string("none")) + " / " +
                    (or_dash ? RenderDayOrDash(*or_dash) : std::string("none"));
           });
  ExpectAnswers("short-texts", out);
}

TEST(GovernanceReaders, OfPeriodsAndDaysCountAsTheCalendarDoes) {
  const Day day = *ParseDay("2026-01-31");
  using Unit = NoticePeriod::Unit;
  EXPECT_EQ(RenderDay(LastDayOf({1, Unit::kDay}, day)), "2026-02-01");
  EXPECT_EQ(RenderDay(LastDayOf({2, Unit::kWeek}, day)), "2026-02-14");
  EXPECT_EQ(RenderDay(LastDayOf({1, Unit::kMonth}, day)), "2026-02-28");
  EXPECT_EQ(RenderDay(LastDayOf({25, Unit::kMonth}, day)), "2028-02-29");
  EXPECT_EQ(RenderDay(AddMonths(day, 2)), "2026-03-31");
  EXPECT_EQ(DayOf(86'399), 0);
  EXPECT_EQ(DayOf(86'400), 1);
  EXPECT_EQ(DayOf(0), 0);
  EXPECT_FALSE(ParseNoticePeriod("1001 day"));
  EXPECT_FALSE(ParseNoticePeriod("0 day"));
}

// The values, names and places of each field of a body.
template <class Read>
std::string AnswersToBody(const log::Body& body, const Read& read) {
  std::map<std::string, std::string> by_answer;
  const auto ask = [&](const std::string& what, const log::Body& other) {
    std::string& asked = by_answer[read(other)];
    asked += asked.empty() ? what : "; " + what;
  };
  ask("as it is", body);
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    const auto& field = std::get<log::Field>(body.slots[i]);
    const std::string name = field.name + " ";
    const auto at = static_cast<std::ptrdiff_t>(i);
    log::Body other = body;
    other.slots[i] = log::FieldLeaf(field);
    ask(name + "is a leaf", other);
    other = body;
    other.slots.erase(other.slots.begin() + at);
    ask(name + "is missing", other);
    other = body;
    other.slots.insert(other.slots.begin() + at, body.slots[i]);
    ask(name + "is there twice", other);
    other = body;
    std::get<log::Field>(other.slots[i]).name += "x";
    ask(name + "has another name", other);
    if (i > 0) {
      other = body;
      std::swap(other.slots[i], other.slots[i - 1]);
      ask(name + "has changed places", other);
    }
    for (const EditedText& edit : FineEdits(std::string(AsText(field.value)))) {
      other = body;
      std::get<log::Field>(other.slots[i]).value = ToBytes(edit.text);
      ask(name + edit.what, other);
    }
  }
  std::string out;
  for (const auto& [answer, edits] : by_answer) out += answer + "\n  " + edits + "\n";
  return out;
}

log::ProvenCard Card() {
  return log::ProveCard(
      log::SignCard("Verein", Pen(1), Pen(101).public_key(), Pen(201).public_key()), Pen(101));
}

ProposalBody About(std::string matter, std::string subject, std::string value) {
  return {std::move(matter), std::move(subject), std::move(value), 1'772'452'800,
          "Titel",           "Zeile.\n",         "Notiz.\n"};
}

std::string OfMeasure(const log::Body& body) {
  const auto read = ReadProposal(body);
  if (!read) return "no proposal: " + read.error().detail;
  const auto measure = MeasureOf(*read);
  return measure ? "accepted: " + std::string(MatterOf(*measure)) + " " +
                       std::to_string(measure->index())
                 : AnswerOf(measure);
}

TEST(GovernanceReaders, OfProposalsOfEachMatter) {
  SeededRandom random(1);
  const std::string org = Card().card.org().Hex();
  std::vector<ProposalBody> proposals = {About("admit", org, log::RenderProvenCard(Card())),
                                         About("rekey", org, log::RenderProvenCard(Card())),
                                         About("remove", org, ""),
                                         About("inactive", org, ""),
                                         About("role", org, "+body:rat"),
                                         About("role", org, "-space:0123"),
                                         About("rule", "*", "majority"),
                                         About("rule", "money", "consent 3"),
                                         About("money", "", ""),
                                         About("body:rat", "", "")};
  std::string out;
  for (const ProposalBody& proposal : proposals)
    out += "== " + proposal.matter + "\n" +
           AnswersToBody(SayProposal(proposal, random)->body, OfMeasure);
  ExpectAnswers("proposals", out);
}

// Which terms go with which matter.
TEST(GovernanceReaders, OfProposalsLetTermsStandWhereTheyBelong) {
  SeededRandom random(1);
  const std::string org = Card().card.org().Hex();
  std::string out;
  for (const auto& [matter, subject, value] : {std::tuple{"rule", "", ""},
                                               {"rule", "money", "majority"},
                                               {"rule", "", "majority"},
                                               {"rule", "money", ""},
                                               {"money", "", ""},
                                               {"minutes", "", ""},
                                               {"remove", org.c_str(), ""},
                                               {"money", "x", ""},
                                               {"money", "", "x"}})
    for (int bits = 0; bits < 32; ++bits) {
      ProposalBody body = About(matter, subject, value);
      const ProposalTerms full = FullTerms();
      if ((bits & 1) != 0) body.terms.freeze = full.freeze;
      body.terms.points = (bits & 2) != 0;
      body.terms.recommendation = (bits & 4) != 0;
      if ((bits & 8) != 0) body.terms.review_s = full.review_s;
      if ((bits & 16) != 0) body.terms.supersedes = full.supersedes;
      const auto said = SayProposal(body, random);
      out += std::string(matter) + " '" + subject + "' '" + value + "' " + std::to_string(bits) +
             ": " + (said ? OfMeasure(said->body) : said.error().detail) + "\n";
    }
  for (const std::size_t points : {0u, 1u, 256u, 257u}) {
    ProposalBody body = About("rule", "", "");
    body.terms.points = true;
    body.text.clear();
    for (std::size_t i = 0; i < points; ++i) body.text += "Punkt\n";
    out += std::to_string(points) + " points: " + OfMeasure(SayProposal(body, random)->body) + "\n";
  }
  for (const std::string text : {"\n", "a\n\n", "a\n", " a\n"}) {
    ProposalBody body = About("rule", "", "");
    body.terms.points = true;
    body.text = text;
    out += "point: " + OfMeasure(SayProposal(body, random)->body) + "\n";
  }
  ProposalBody body = About("rule", "", "");
  body.terms.points = true;
  for (const std::size_t size : {log::kPointBytesMax, log::kPointBytesMax + 1}) {
    body.text = std::string(size, 'x') + "\n";
    out += "long point: " + OfMeasure(SayProposal(body, random)->body) + "\n";
  }
  ExpectAnswers("proposals-with-terms", out);
}

TEST(GovernanceReaders, OfProposalsHaveTheseBounds) {
  SeededRandom random(1);
  const auto fits = [&](const std::function<void(ProposalBody&)>& edit) {
    ProposalBody body = About("money", "", "");
    edit(body);
    const auto said = SayProposal(body, random);
    return said && ReadProposal(said->body).has_value();
  };
  const auto bound = [&](std::size_t most, const auto& set) {
    EXPECT_TRUE(fits([&](ProposalBody& body) { set(body, most); }));
    EXPECT_FALSE(fits([&](ProposalBody& body) { set(body, most + 1); }));
  };
  bound(log::kMatterBytesMax, [](auto& b, std::size_t n) { b.matter = std::string(n, 'm'); });
  bound(log::kMatterBytesMax, [](auto& b, std::size_t n) { b.subject = std::string(n, 's'); });
  bound(log::kRuleBytesMax, [](auto& b, std::size_t n) { b.value = std::string(n, 'v'); });
  bound(kTitleBytesMax, [](auto& b, std::size_t n) { b.title = std::string(n, 't'); });
  bound(kTextBytesMax, [](auto& b, std::size_t n) { b.text = std::string(n - 1, 't') + "\n"; });
  bound(kTextBytesMax, [](auto& b, std::size_t n) { b.note = std::string(n - 1, 't') + "\n"; });
  std::vector<EntryId> votes;
  for (std::size_t i = 0; i <= kListedVotesMax; ++i) {
    EntryId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    votes.push_back(id);
  }
  EXPECT_FALSE(SayEnact(votes, random));
  votes.pop_back();
  EXPECT_EQ(*ReadEnact(SayEnact(votes, random)->body), votes);
}

TEST(GovernanceReaders, OfTheOtherBodies) {
  SeededRandom random(1);
  std::string out;
  const auto add = [&](const std::string& what, const log::Body& body, const auto& read) {
    out += "== " + what + "\n" +
           AnswersToBody(body, [&](const log::Body& other) { return AnswerOf(read(other)); });
  };
  for (const Position position :
       {Position::kYes, Position::kNo, Position::kAbstain, Position::kObjection}) {
    const auto said = SayVote({position, "Grund.\n"}, random);
    EXPECT_EQ(said->evidence, 1u);
    add("vote", said->body, ReadVote);
  }
  add("comment", SayComment("Wort.\n", random)->body, ReadComment);
  add("enact", SayEnact({Ident<EntryId>(1), Ident<EntryId>(2)}, random)->body, ReadEnact);
  add("seal", SaySeal(Ident<crypto::Hash256>(1), random).body, ReadSeal);
  add("device.add", SayDeviceAdd({Ident<OrgId>(1), Card()}, random).body, ReadDeviceAdd);
  add("device.revoke", SayDeviceRevoke(Pen(1).public_key(), random).body, ReadDeviceRevoke);
  add("audit.request",
      SayAuditRequest(
          {"00112233445566778899aabbccddeeff", {Ident<log::SpaceId>(1), Ident<log::SpaceId>(2)}},
          random)
          .body,
      ReadAuditRequest);
  const PersonAddBody person{Pen(1).public_key(), Stated("mandate", "sign - -", std::nullopt),
                             "Frau Muster"};
  add("person.add", SayPersonAdd(person, random)->body,
      [](const log::Body& body) { return ReadPersonAdd(body, Ident<log::NetworkId>(9)); });
  const auto sign = SaySign({Stated("sign"), {{"a.pdf", Bytes{1, 2}}, {"b.pdf", {}}}}, random);
  add("sign", sign->body, [&](const log::Body& body) { return ReadSign(body, sign->evidence); });
  const auto notice = SayNotice({Stated("notice"), "Grund.\n"}, random);
  add("notice", notice->body,
      [&](const log::Body& body) { return ReadNotice(body, notice->evidence); });
  Frozen frozen{"agreement",
                "Titel",
                "terms\n",
                {"Es hilft [[1]] und [[2]].\n", "Zwei.\n"},
                {{"a.pdf", Bytes{'x', 'y'}}},
                {"Erika", "Max"}};
  const auto said = SayFrozen(frozen, random);
  EXPECT_EQ(said->evidence, 6u);
  for (const std::uint32_t evidence : {5u, 6u, 7u})
    add("frozen " + std::to_string(evidence), said->body,
        [&](const log::Body& body) { return ReadFrozen(body, evidence); });
  ExpectAnswers("bodies", out);
}

TEST(GovernanceReaders, OfStatementsAndNamesHaveTheseBounds) {
  SeededRandom random(1);
  const auto said = [](std::size_t size) {
    return ParseSigned(RenderSigned(Stated("sign", std::string(size, 'v')))).has_value();
  };
  EXPECT_TRUE(said(kStatementValueBytesMax));
  EXPECT_FALSE(said(kStatementValueBytesMax + 1));
  EXPECT_EQ(ParseSigned(std::string(kStatementBytesMax, 'x')).error().code, Code::kMalformed);
  EXPECT_EQ(ParseSigned(std::string(kStatementBytesMax + 1, 'x')).error().code, Code::kTooLarge);
  const auto named = [&](std::size_t size) {
    return SayPersonAdd({Pen(1).public_key(), Stated("mandate", "sign - -", std::nullopt),
                         std::string(size, 'n')},
                        random)
        .has_value();
  };
  EXPECT_TRUE(named(kPersonNameBytesMax));
  EXPECT_FALSE(named(kPersonNameBytesMax + 1));
  for (const std::string& name :
       {std::string("Erika\n"), std::string(kPersonNameBytesMax + 1, 'n')}) {
    const Said added = SayFields({{"key", Pen(1).public_key().Hex()},
                                  {"statement", RenderSigned(Stated("mandate", "sign - -", {}))},
                                  {"name", name}},
                                 2, random);
    const auto read = ReadPersonAdd(added.body, Ident<log::NetworkId>(9));
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(read->name, "");
  }
  const auto because = [&](std::size_t size) {
    return SayNotice({Stated("notice"), std::string(size - 1, 'r') + "\n"}, random).has_value();
  };
  EXPECT_TRUE(because(kReasonBytesMax));
  EXPECT_FALSE(because(kReasonBytesMax + 1));
  for (const auto& [size, fits] : {std::pair{14u, false},
                                   {15u, false},
                                   {16u, true},
                                   {17u, false},
                                   {64u, true},
                                   {65u, false},
                                   {66u, false}})
    EXPECT_EQ(IsAuditNonce(std::string(size, 'a')), fits) << size;
  EXPECT_FALSE(IsAuditNonce(std::string(16, 'g')));
  EXPECT_FALSE(IsAuditNonce(std::string(16, 'A')));
}

TEST(GovernanceReaders, OfRulesHaveTheseBounds) {
  const auto carriers = [](std::size_t count) {
    std::string text = "majority";
    for (std::size_t i = 0; i < count; ++i) {
      OrgId org;
      org.bytes[0] = static_cast<std::uint8_t>(i >> 8);
      org.bytes[1] = static_cast<std::uint8_t>(i);
      text += " both " + org.Hex();
    }
    return ParseRule(text).has_value();
  };
  EXPECT_TRUE(carriers(256));
  EXPECT_FALSE(carriers(257));
  EXPECT_TRUE(ParseRule("quorum 4294967295"));
  EXPECT_FALSE(ParseRule("quorum 4294967296"));
  const std::vector<OrgId> members = {Ident<OrgId>(1), Ident<OrgId>(2), Ident<OrgId>(3),
                                      Ident<OrgId>(4), Ident<OrgId>(5)};
  std::string out;
  for (const char* const matter :
       {"*", "money", "admit", "remove", "role", "rule", "rekey", "inactive", "space", "audit",
        "relay", "merge", "body:rat", "body:", "body:Rat", "", "A", "a_b", "x.y-z9"}) {
    out += std::string(matter) + ":" + (IsMatter(matter) ? " matter" : "") +
           (MayBeDecidedByFew(matter) ? " few" : "") +
           (ExcludesSubject(matter) ? " excludes" : "") +
           (CanBeRecorded(matter) ? " recorded" : "") + "\n";
    for (const char* const rule :
         {"majority", "unanimity", "two-thirds", "consent", "quorum", "votes-cast"})
      for (const std::uint32_t k : {0u, 1u, 2u, 3u, 5u, 6u}) {
        Rule table = *ParseRule(std::string(rule) +
                                (rule[0] == 'c' || rule[0] == 'q' || rule[0] == 'v' ? " 1" : ""));
        table.k = k;
        const auto why = CheckRule(matter, table, members);
        out += "  " + std::string(rule) + " " + std::to_string(k) + " " +
               (why ? std::string(MessageKey(*why)) : "safe") + "\n";
      }
  }
  const auto both = [&](std::vector<OrgId> who) {
    return CheckRule("money", {RuleKind::kMajority, 0, std::move(who)}, members);
  };
  EXPECT_EQ(both({}), std::nullopt);
  EXPECT_EQ(both({members[0], members[1]}), std::nullopt);
  EXPECT_EQ(both({members[0]}), UnsafeRule::kCarriers);
  EXPECT_EQ(both({members[0], members[0]}), UnsafeRule::kCarriers);
  EXPECT_EQ(both({members[1], members[0]}), UnsafeRule::kCarriers);
  EXPECT_EQ(both({members[0], members[1], members[2]}), UnsafeRule::kCarriers);
  EXPECT_EQ(both({members[0], Ident<OrgId>(9)}), UnsafeRule::kCarriers);
  for (const std::size_t size : {64u, 65u})
    out += std::to_string(size) + (IsMatter(std::string(size, 'a')) ? " fits\n" : " does not\n");
  ExpectAnswers("rules", out);
}

}  // namespace
}  // namespace geflecht::governance
