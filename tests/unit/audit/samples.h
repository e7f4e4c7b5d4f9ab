// Bundles of all sorts of networks: whole, forked, governed, sealed, disputed, with agreements and
// minutes, of a part, of one entry.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/governance/agreement.h"
#include "node/governance/mandates.h"
#include "node/governance/minutes.h"
#include "node/governance/space.h"
#include "tests/unit/audit/circled.h"
#include "tests/unit/audit/erasing.h"
#include "tests/unit/audit/fixture.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit::testing {

// A feed of one organisation that goes on behind its first entry twice.
inline World ForkedWorld() {
  World world = MergedWorld();
  const log::Entry first = world.At(world.FeedOf(1)).entries[0];
  world.Change(1, {}, [&](log::Header& header) {
    header.prev = first.id;
    header.seq = 1;
  });
  return world;
}

inline World LivesWorld() {
  World world(2);
  const auto last = world.Change(1);
  world.Change(1, {}, nullptr, 0x21);
  world.Change(2, {last});
  world.Gather(2, {}, [&](log::Header& header) { header.about = last; });
  return world;
}

inline ExportOptions ReceiptOf(const log::EntryId& entry, bool open) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kReceipt;
  options.entry = entry;
  if (open) options.open_entries.insert(entry);
  return options;
}

inline void Complete(SealedWorld& sealed) {
  sealed.SealAndGather();
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
}

inline governance::ProposalBody About(std::string matter, std::string subject, std::string value) {
  return {std::move(matter), std::move(subject), std::move(value), std::nullopt, "Antrag", "", ""};
}

inline log::EntryId Decide(Council& council, const governance::ProposalBody& body,
                           const Orgs& orgs) {
  const log::EntryId proposal = council.Propose(body);
  std::vector<log::EntryId> votes;
  for (const std::uint8_t org : orgs)
    votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
  return council.Enact(proposal, votes);
}

// Rules, roles, a removal, an admission; certificates that do not hold; votes for seals that
// exclude one another.
inline void Dispute(SealedWorld& world) {
  Council& council = world.council;
  Decide(council, Council::Admission(4), {1, 2});
  const std::string second = OrgCard(2).org().Hex();
  Decide(council, About("role", second, "+body:rat"), {1, 2, 3});
  Decide(council, About("rule", "money", "consent 3"), {1, 2, 3});
  Decide(council, About("money", "", ""), {1, 2, 3});
  governance::ProposalBody words = About("rule", "", "");
  words.text = "Ein Punkt.\n";
  words.terms.points = true;
  words.terms.review_s = 1'767'225'600;  // 2026-01-01
  Decide(council, words, {1, 2, 3});
  governance::ProposalBody advice = About("haus", "", "");
  advice.terms.recommendation = true;
  Decide(council, advice, {1, 2, 3});
  advice.matter = "remove";  // fits no removal: a proposal of nothing
  advice.subject = OrgCard(3).org().Hex();
  Decide(council, advice, {1, 2, 4});
  Decide(council, About("body:rat", "", ""), {1});
  council.Seal({1, 2, 3, 4});
  Decide(council, About("remove", OrgCard(3).org().Hex(), ""), {1, 2, 4});
  Decide(council, About("geld", "", ""), {1});
  const std::vector<log::EntryId> heads = council.Heads();
  const log::EntryId a =
      council.Write(1, governance::kSeal, council.SealOf(heads), {}, council.Heads(1));
  std::vector<log::EntryId> others;
  for (const log::EntryId& head : heads)
    if (!council.IsOwn(2, head)) others.push_back(head);
  const log::EntryId b = council.Write(2, governance::kSeal, council.SealOf(heads), {}, others);
  council.WriteAll(4, governance::kSealVote, {}, a);
  council.WriteAll(4, governance::kSealVote, {}, b);
}

// A charter with a date of review, which two decisions change, known to some; one by all rules of
// decision; an objection that is settled; a decision that another one replaces.
struct RuledWorld {
  RuledWorld() : world(Founded(4, Text())), council(world) {
    for (const char* const rule : {"unanimity", "two-thirds", "quorum 3", "votes-cast 3"})
      Decide(council, About("rule", "stoff" + std::string(1, rule[0]), rule), {1, 2, 3});
    for (const char* const matter : {"stoffu", "stofft", "stoffq", "stoffv"})
      Decide(council, About(matter, "", ""), {1, 2, 3, 4});
    const log::EntryId first = council.Propose(About("money", "", ""));
    council.Vote(2, first, governance::Position::kObjection);
    std::vector<log::EntryId> votes{council.Vote(1, first, governance::Position::kYes)};
    votes.push_back(council.Write(2, governance::kVote, Says(governance::Position::kYes), first));
    votes.push_back(council.Vote(3, first, governance::Position::kYes));
    council.Vote(4, first, governance::Position::kAbstain);
    council.Enact(first, votes);
    governance::ProposalBody later = About("money", "", "");
    later.title = "Anders";
    later.deadline_s = log::testing::kNoon;
    later.terms.supersedes = first;
    Decide(council, later, {1, 3, 4});
    governance::ProposalBody review = About("rule", "", "");
    review.terms.review_s = 1'798'761'600;  // 2027-01-01
    const log::EntryId changed = Decide(council, review, {1, 2, 3});
    const log::EntryId about = *world.At(council.FeedOf(1)).entries.back().header.about;
    council.WriteAll(4, governance::kAcknowledge, {}, about);
    council.Seal({1, 2, 3, 4});
    council.WriteAll(3, governance::kComment, *governance::SayComment("Gut so.\n", random),
                     changed);
    Decide(council, About("rule", "money", "majority"), {1, 2, 3});
    const std::string both = " both " + std::min(OrgCard(1).org(), OrgCard(2).org()).Hex() +
                             " both " + std::max(OrgCard(1).org(), OrgCard(2).org()).Hex();
    Decide(council, About("rule", "vereinbarung", "majority" + both), {1, 2, 4});
    Decide(council, About("vereinbarung", "", ""), {1, 2, 3});
  }
  static log::CharterText Text() {
    log::CharterText text{"Runder Tisch", {}, 3};
    text.review_s = 1'772'409'600;  // 2026-03-02
    text.purpose = "Hilfe.";
    text.points = {"Erstens."};
    text.rules = {{"*", "majority"}, {"money", "consent 3"}};
    return text;
  }
  governance::Said Says(governance::Position position) {
    return *governance::SayVote({position, "nun doch\n"}, random);
  }
  SeededRandom random{29};
  World world;
  Council council;
};

// Devices that come, go and fork; an organisation that leaves; one with a new root key.
struct DevicesWorld {
  DevicesWorld() : world(MergedWorld()), council(world) {
    const log::Card card =
        log::SignCard("Verein 1 e. V.", Key(1), Key(151).public_key(), Key(152).public_key());
    const governance::Said add =
        governance::SayDeviceAdd({card.org(), log::ProveCard(card, Key(151))}, random);
    council.WriteAll(2, governance::kDeviceAdd, add);
    council.WriteAll(1, governance::kDeviceRevoke,
                     governance::SayDeviceRevoke(Key(151).public_key(), random));
    council.WriteAll(3, governance::kDeviceAdd, add);  // posted again: brings nobody back
    Decide(council, Council::Admission(4), {1, 2});
    council.WriteAll(3, governance::kOrgLeave);
    const log::Card again =
        log::SignCard("Verein 2 neu", Key(12), Key(162).public_key(), Key(163).public_key());
    Decide(council,
           About("rekey", OrgCard(2).org().Hex(),
                 log::RenderProvenCard(log::ProveCard(again, Key(162)))),
           {1, 4});
    Decide(council, About("inactive", OrgCard(4).org().Hex(), ""), {1, 2});
    world.Change(4, {}, [&](log::Header& header) { header.basis = {council.Heads().front()}; });
  }
  SeededRandom random{31};
  World world;
  Council council;
};

// Spaces that are founded, changed, and those that nobody may found or change so; sealed and not.
struct CircleWorld {
  CircleWorld() : world(Founded(4, {"Kreise", {}, 3})), council(world) {
    const std::string founding = "kind steering\nname Kreis\n" + Seats({1, 2}, "member");
    const log::SpaceId circle = Open(founding + Seats({4}, "observer", " 2030-01-01"), {1, 2, 3});
    Change(circle, Seats({3}, "+member"), {1, 2});
    Change(circle, Seats({4}, "+member"), {1, 4});  // too few of its members
    council.Seal({1, 2, 3, 4});
    Change(circle, Seats({1, 2}, "-member") + Seats({4}, "-observer", " 2030-01-01"), {1, 2, 3});
    Change(circle, Seats({4}, "+member"), {3});  // alone
    Open("kind bilateral\nname Zu zweit\n" + Seats({1, 4}, "member"), {1, 2, 4});
    for (const std::string& bad :
         {founding + "\n", "kind bilateral\nname N\n" + Seats({1, 2, 3}, "member"),
          "kind steering\nname N\n" + Seats({1}, "member"),
          founding + Seats({1}, "observer", " 2030-01-01"),
          founding + Seats({4}, "observer", " 2030-02-30"), founding + Seats({4}, "+member")})
      Open(bad, {1, 2, 3});
    for (const std::string& bad : {std::string(), founding, Seats({4}, "member"),
                                   Seats({4}, "+member") + Seats({4}, "-member")})
      Change(circle, bad, {1, 2, 3});
    Decide(council, About("space", "", ""), {1, 2, 3});
    Decide(council, About("space", "Kreis", Seats({4}, "+member")), {1, 2, 3});
  }
  // Lines of these organisations in their order.
  static std::string Seats(const Orgs& orgs, const std::string& word, const std::string& day = "") {
    std::vector<log::OrgId> ids;
    for (const std::uint8_t org : orgs) ids.push_back(OrgCard(org).org());
    std::sort(ids.begin(), ids.end());
    std::string out;
    for (const log::OrgId& id : ids) out += word + " " + id.Hex() + day + "\n";
    return out;
  }
  log::SpaceId Open(const std::string& value, const Orgs& orgs) {
    const log::EntryId proposal = council.Propose(About("space", "new", value));
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : orgs)
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    council.Enact(proposal, votes);
    return governance::SpaceOf(proposal);
  }
  void Change(const log::SpaceId& circle, const std::string& value, const Orgs& orgs) {
    Decide(council, About("space", circle.Hex(), value), orgs);
  }
  World world;
  Council council;
};

// Mandates, agreements in every phase, signatures and notices that count and that do not, minutes:
// where all members read, or in a circle of three of four.
struct PapersWorld {
  explicit PapersWorld(bool in_circle = false)
      : world(in_circle ? World(Founded(4)) : MergedWorld()), council(world) {
    if (in_circle) {
      Decide(council,
             About("space", "new",
                   "kind working\nname Kreis\n" + CircleWorld::Seats({1, 2, 3}, "member")),
             {1, 2, 3});
      for (const log::Entry& entry : world.At(council.FeedOf(1)).entries)
        if (entry.header.kind == governance::kProposal) circle = governance::SpaceOf(entry.id);
      world.GoTo(circle);
    }
    for (const std::uint8_t org : Orgs{1, 2, 3}) mandates.push_back(Mandate(org, "sign - -"));
    const log::EntryId expired = Mandate(2, "sign - 2026-03-01");
    const log::EntryId ended = Mandate(3, "sign 2026-01-01 -");
    council.WriteAll(3, governance::kPersonEnd, {}, ended);
    const log::EntryId other = Mandate(3, "coordinate - -");
    basis = council.Heads();
    std::sort(basis.begin(), basis.end());

    const log::EntryId held = Freeze(1, Text("Räume", {1, 2, 3}, true));
    for (const std::uint8_t org : Orgs{1, 2, 3}) Sign(org, held, mandates[org - 1], 3 * org);
    Sign(2, held, expired, 1);
    Sign(3, held, ended, 2);
    Sign(3, held, other, 2);
    const log::EntryId amend = Freeze(2, Text("Räume, zwei", {1, 2, 3}, true), held);
    for (const std::uint8_t org : Orgs{1, 2, 3}) Sign(org, amend, mandates[org - 1], 20);
    Freeze(3, Text("Räume, drei", {1, 3}, false), held);
    const log::EntryId notice = Notice(1, amend, 40);
    last[2] = world.Gather(2, {notice}, [&](log::Header& header) {
      header.basis = basis;
      header.time_s = log::testing::kNoon + 50 * kHour;
    });
    Notice(2, held, 60, mandates[0]);

    governance::Frozen written = Text("Auto", {1, 2}, true);
    written.terms = Replaced(written.terms, "form text", "form written");
    written.evidence = {{"Scan.pdf", Bytes{1, 2, 3}}};
    const log::EntryId with_scan = Freeze(1, written);
    for (const std::uint8_t org : Orgs{1, 2}) Sign(org, with_scan, mandates[org - 1], 4);
    Sign(3, with_scan, mandates[2], 4);  // no party
    written.evidence.clear();
    written.title = "Auto, ohne Scan";
    const log::EntryId without = Freeze(1, written);
    for (const std::uint8_t org : Orgs{1, 2}) Sign(org, without, mandates[org - 1], 4);
    Freeze(2, Text("Nur ein Entwurf", {2, 3}, true));
    const log::EntryId partly = Freeze(2, Text("Halb", {2, 3}, true));
    Sign(2, partly, mandates[1], 5);
    governance::Frozen over = Text("Vorbei", {1, 2}, true);
    over.terms = Replaced(over.terms, "end -", "end 2026-03-04");
    const log::EntryId past = Freeze(1, over);
    for (const std::uint8_t org : Orgs{1, 2}) Sign(org, past, mandates[org - 1], 5);
    governance::Frozen soon = Text("Bald", {1, 2}, true);
    soon.terms = Replaced(soon.terms, "start -", "start 2026-12-24");
    const log::EntryId to_come = Freeze(1, soon);
    for (const std::uint8_t org : Orgs{1, 2}) Sign(org, to_come, mandates[org - 1], 5);
    Approve();
  }

  // What another program could write: papers of one space about texts of the other.
  void Cross() {
    const std::map<std::uint8_t, log::EntryId> apart = std::exchange(last, {});
    const auto freeze = [&](std::optional<log::SpaceId> space) {
      world.GoTo(space);
      last = space ? apart : std::map<std::uint8_t, log::EntryId>();
      return Freeze(1, Text("Überkreuz", {1, 2}, true));
    };
    const log::EntryId there = freeze(circle), here = freeze(std::nullopt);
    for (const auto& [space, text] : {std::pair(std::optional(circle), here),
                                      std::pair(std::optional<log::SpaceId>(), there)}) {
      world.GoTo(space);
      last.clear();
      for (const std::uint8_t org : Orgs{1, 2}) Sign(org, text, mandates[org - 1], 80);
      Freeze(2, Text("Untergeschoben", {1, 2}, true), text);
      Notice(2, text, 81);
    }
    world.GoTo(std::nullopt);
  }

  void Approve() {
    governance::Frozen text{std::string(governance::kMinutes),
                            "Sitzung",
                            MinutesText({}),
                            {"Es wird gekauft.\n", "Beirat wählt [[1]].\n"},
                            {},
                            {"Erika Muster"}};
    const log::EntryId first = Freeze(1, text);
    text.terms = MinutesText(first);
    const log::EntryId second = Freeze(1, text);
    for (const log::EntryId& entry : {first, second}) {
      governance::ProposalBody body = About("minutes", "", "");
      body.terms.freeze = {world.where(), entry, RootOf(entry)};
      body.terms.meeting = Filled<governance::MeetingId>(0x44);
      Decide(council, body, {1, 2, 3});
    }
    governance::ProposalBody strange = About("minutes", "", "");
    strange.terms.freeze = {world.where(), first, RootOf(second)};
    Decide(council, strange, {1, 2});
  }
  static std::string MinutesText(const std::optional<log::EntryId>& corrects) {
    return governance::RenderMinutesTerms(
        {Filled<governance::MeetingId>(0x44),
         "2026-03-02",
         corrects,
         {{"00000001", "money", 1}, {"00000002", "body:rat", 2}}});
  }
  crypto::Hash256 RootOf(const log::EntryId& id) {
    for (const log::Entry& entry : world.At(world.FeedOf(1)).entries)
      if (entry.id == id) return entry.header.root;
    return {};
  }

  static constexpr std::int64_t kHour = 3600;
  static crypto::SigningKey Pen(std::uint8_t org) {
    return Key(static_cast<std::uint8_t>(60 + org));
  }
  static std::string Replaced(const std::string& text, std::string_view from, std::string_view to) {
    return log::testing::Replace(text, from, to);
  }
  log::EntryId Mandate(std::uint8_t org, const std::string& terms) {
    const auto said =
        governance::SayPersonAdd({Pen(org).public_key(),
                                  governance::SignStatement({world.network(),
                                                             std::string(governance::kActMandate),
                                                             {},
                                                             terms,
                                                             OrgCard(org).org(),
                                                             {},
                                                             log::testing::kNoon},
                                                            Pen(org)),
                                  "Person " + std::to_string(org)},
                                 random);
    CHECK(said.has_value());
    return council.WriteAll(org, governance::kPersonAdd, *said);
  }
  governance::Frozen Text(std::string title, const Orgs& parties, bool notice) {
    governance::AgreementTerms terms;
    for (const std::uint8_t org : parties) terms.parties.push_back(OrgCard(org).org());
    std::sort(terms.parties.begin(), terms.parties.end());
    if (notice) terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kWeek};
    return {std::string(governance::kAgreement),
            std::move(title),
            governance::RenderAgreementTerms(terms),
            {"Es hilft [[1]].\n"},
            {},
            {"Erika Muster"}};
  }
  World::Edit With(std::uint8_t org, std::optional<log::EntryId> about, std::int64_t hour) {
    return [this, org, about, hour](log::Header& header) {
      header.basis = basis;
      header.about = about;
      header.time_s = log::testing::kNoon + kHour * hour;
      // Each knows what the one before it wrote.
      for (const auto& [by, id] : last)
        if (by != org) header.seen.push_back(id);
      std::sort(header.seen.begin(), header.seen.end());
    };
  }
  log::EntryId Freeze(std::uint8_t org, const governance::Frozen& text,
                      std::optional<log::EntryId> amends = {}) {
    const auto said = governance::SayFrozen(text, random);
    CHECK(said.has_value());
    return last[org] = world.Write(org, amends ? governance::kAmend : governance::kFreeze, *said,
                                   {}, With(org, amends, 0));
  }
  governance::SignedStatement Stated(std::uint8_t org, std::string_view act,
                                     const log::EntryId& version, const log::EntryId& mandate,
                                     std::int64_t hour) {
    return governance::SignStatement(
        {world.network(), std::string(act), version, "", OrgCard(org).org(), mandate,
         log::testing::kNoon + kHour * hour},
        Pen(org));
  }
  void Sign(std::uint8_t org, const log::EntryId& version, const log::EntryId& mandate,
            std::int64_t hour) {
    const auto said = governance::SaySign(
        {Stated(org, governance::kActSign, version, mandate, hour), {}}, random);
    CHECK(said.has_value());
    last[org] = world.Write(org, governance::kSign, *said, {}, With(org, version, hour));
  }
  log::EntryId Notice(std::uint8_t org, const log::EntryId& version, std::int64_t hour,
                      std::optional<log::EntryId> mandate = {}) {
    const auto said = governance::SayNotice(
        {Stated(org, governance::kActNotice, version, mandate.value_or(mandates[org - 1]), hour),
         "Umzug\n"},
        random);
    CHECK(said.has_value());
    return last[org] = world.Write(org, governance::kNotice, *said, {}, With(org, version, hour));
  }

  SeededRandom random{37};
  World world;
  Council council;
  log::SpaceId circle;
  std::vector<log::EntryId> mandates, basis;
  std::map<std::uint8_t, log::EntryId> last;  // of each organisation in the papers' space
};

inline ExportOptions FirstHours(const World& world) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kScope;
  options.to_s = log::testing::kNoon;
  options.nonce = "00ff";
  options.open_spaces.insert(world.space());
  return options;
}

inline ExportOptions OpenAgreements(std::int64_t time_s) {
  ExportOptions options = ExportedAt(time_s);
  options.open_agreements = true;
  return options;
}

struct Sample {
  std::string name;
  World world;
  Bundle bundle;
};

inline std::vector<Sample> Samples() {
  std::vector<Sample> samples;
  const auto add = [&](std::string name, World& world, const ExportOptions& options) {
    Bundle bundle = world.Exported(options);
    samples.push_back({std::move(name), world, std::move(bundle)});
  };
  const auto open = [](const World& world) {
    ExportOptions options = ExportedAt(log::testing::kNoon);
    options.open_spaces.insert(world.space());
    return options;
  };
  const ExportOptions plain = ExportedAt(log::testing::kNoon + 60);
  World merged = MergedWorld();
  World covered = WorldOfOne(12);
  World forked = ForkedWorld(), lives = LivesWorld();
  GovernedWorld governed = Admitted();
  SealedWorld sealed, missing, disputed;
  Complete(sealed);
  missing.council.Seal({1, 2, 3});
  missing.Gather(1);
  missing.Ask();
  missing.Answer(3);
  Dispute(disputed);
  RuledWorld ruled;
  DevicesWorld devices;
  PapersWorld papers;
  add("leaves", merged, plain);
  add("open", merged, open(merged));
  add("covered", covered, open(covered));
  add("forked", forked, open(forked));
  add("lives", lives, plain);
  add("governed", governed.world, plain);
  add("sealed", sealed.world, plain);
  add("missing", missing.world, plain);
  add("disputed", disputed.world, plain);
  add("scope", merged, FirstHours(merged));
  add("receipt", merged, ReceiptOf(merged.At(merged.FeedOf(2)).entries[1].id, true));
  add("covering", covered, ReceiptOf(covered.At(covered.FeedOf(1)).entries[5].id, false));
  add("ruled", ruled.world, ExportedAt(log::testing::kNoon));
  add("devices", devices.world, plain);
  add("papers", papers.world, OpenAgreements(log::testing::kNoon + 100 * PapersWorld::kHour));
  add("papers-closed", papers.world, plain);
  DecidedErasing erasing, asked(false);
  add("erasing", erasing.world, open(erasing.world));
  add("erasing-asked", asked.world, open(asked.world));
  CircledWorld circled;
  ExportOptions along = circled.Along();
  along.open_spaces = {circled.circle};
  add("circled", circled.world, along);
  PapersWorld apart(/*in_circle=*/true);
  ExportOptions papers_along = OpenAgreements(log::testing::kNoon + 100 * PapersWorld::kHour);
  papers_along.spaces = {apart.circle};
  add("circle-papers", apart.world, papers_along);
  papers_along.spaces.clear();
  add("circle-papers-away", apart.world, papers_along);
  apart.Cross();
  papers_along.spaces = {apart.circle};
  add("circle-papers-crossed", apart.world, papers_along);
  return samples;
}

}  // namespace geflecht::audit::testing
