#include "tests/sim/year_story.h"

#include "tests/sim/workload.h"

namespace geflecht::sim {
namespace {

using governance::Position;
using governance::ProposalBody;
using governance::Verdict;

// Machines. The first nine found the network; the last one replaces what kRekeyed has lost.
constexpr std::size_t kFounders = 9;
constexpr std::size_t kCounselling = 0;
constexpr std::size_t kObjector = 4;
constexpr std::size_t kRekeyed = 5;
constexpr std::size_t kVanished = 7;
constexpr std::size_t kRemoved = 8;
constexpr std::size_t kFirstAdmitted = 9;
constexpr std::size_t kLastAdmitted = 11;
constexpr std::size_t kNewMachine = 12;

const std::vector<std::string>& Machines() {
  static const std::vector<std::string> machines = {
      "Beratungsstelle Kranichgrund e. V.",
      "Klinikum Silbertannen gGmbH",
      "Jugendamt Weidenbruck",
      "Lotsendienst Ammerfeld",
      "Hebammenpraxis Moorwiesen",
      "Familienzentrum Steinfurche",
      "Gesundheitsamt Weidenbruck",
      "Kita Regenpfeifer",
      "Verein Frühstart Ammerfeld e. V.",
      "Frauenhaus Silbertannen",
      "Kinderarztpraxis Kranichgrund",
      "Schwangerenberatung Weidenbruck",
      "Familienzentrum Steinfurche",
  };
  return machines;
}

ProposalBody About(const std::string& matter, const std::string& title) {
  return {matter, "", "", std::nullopt, title, "", ""};
}

ProposalBody OnOrganisation(const std::string& matter, const log::OrgId& org,
                            const std::string& title) {
  return {matter, org.Hex(), "", std::nullopt, title, "", ""};
}

// January to March: three more organisations are admitted, each by those who are there.
void Admissions(Year& year, Told& told) {
  year.Open();
  for (std::size_t machine = kFirstAdmitted; machine <= kLastAdmitted; ++machine) {
    ProposalBody admit =
        OnOrganisation("admit", year.OrgOf(machine), "Aufnahme: " + Machines()[machine]);
    admit.value = year.ProvenCard(machine);
    const log::EntryId id = year.Decide(machine - kFirstAdmitted, admit, {0, 1, 2, 3, 4, 5});
    told[admit.title] = id;
    year.Joins(machine);
    year.Open();
    year.AwaitEqual();
    year.Sleep(14);
    year.AwaitSeal();
    Require(year.VerdictOn(id) == Verdict::kEffective, "an admission is not effective");
  }
  Require(year.state(kLastAdmitted).members.size() == 12, "there are not twelve organisations");
}

// April: money by consent. An objection with its reason, a comment, and the objector's other vote.
void DisputedDecision(Year& year, Told& told) {
  ProposalBody money = About("money", "Sprechstunde im Familienzentrum");
  money.text = "Das Netzwerk bezahlt 1.200 Euro im Jahr.\n";
  money.deadline_s = year.site(0).Now().wall_ms / 1000 + 10 * 24 * 3600;
  const log::EntryId id =
      year.Do(2, [&](replica::Replica& replica, Time now) { return replica.Propose(money, now); });
  for (const std::size_t machine : {0, 1, 2, 3, 6, 9, 10, 11})
    year.Vote(machine, id, Position::kYes);
  year.Vote(kObjector, id, Position::kObjection, "Die Räume sind nicht barrierefrei.\n");
  year.AwaitEqual();
  Require(!year.VerdictOn(id), "an objection is passed over");
  year.Do(2, [&](replica::Replica& replica, Time now) {
    return replica.Comment(id, "Die Sprechstunde zieht ins Erdgeschoss.\n", now);
  });
  year.AwaitEqual();
  year.Vote(kObjector, id, Position::kYes);
  year.Await("a certificate", [&] { return year.VerdictOn(id).has_value(); });
  Require(year.VerdictOn(id) == Verdict::kProvisional, "consent takes effect before its seal");
  year.Sleep(12);
  year.AwaitSeal();
  Require(year.VerdictOn(id) == Verdict::kEffective, "a resolved objection stops a decision");
  told[money.title] = id;
}

// June: an organisation is removed while it writes offline. Nothing of that reaches the others.
void Removal(Year& year, Told& told) {
  // Its line is cut; the others go on without it.
  const auto documents = [&](std::size_t machine) {
    return year.replica(machine).DocumentCounts();
  };
  const auto before = documents(kCounselling);
  year.Cut(kRemoved);
  CreateForeignNote(year.site(kRemoved), "Was niemand mehr bekommt");
  const ProposalBody removal =
      OnOrganisation("remove", year.OrgOf(kRemoved), "Ausschluss nach Nummer 2");
  const log::EntryId id = year.Decide(1, removal, {0, 1, 2, 3, 4, 5, 6, 9});
  year.AwaitSeal();
  year.Sleep(7);
  year.ComesBack(kRemoved);
  CreateForeignNote(year.site(kCounselling), "Was der Ausgeschlossene nicht bekommt");
  const auto its_own = documents(kRemoved);
  year.AwaitEqual();
  year.Wait(600);
  Require(documents(kCounselling) != before, "nobody wrote anything");
  Require(documents(kRemoved) == its_own, "a removed organisation gets what is written");
  Require(year.state(kCounselling).Member(year.OrgOf(kRemoved)) == nullptr, "it is a member");
  year.Leaves(kRemoved);
  told[removal.title] = id;
}

// August: one does not answer any more and is set inactive, so that it counts for nothing.
void Inactive(Year& year, Told& told) {
  year.Leaves(kVanished);
  year.Sleep(45);
  const ProposalBody inactive =
      OnOrganisation("inactive", year.OrgOf(kVanished), "Seit Juni nicht erreichbar");
  const log::EntryId id = year.Decide(3, inactive, {0, 1, 2, 3, 4, 5, 6, 9});
  year.Sleep(9);
  year.AwaitSeal();
  const governance::MemberState* member = year.state(0).Member(year.OrgOf(kVanished));
  Require(member != nullptr && !member->active, "the vanished organisation is still counted");
  told[inactive.title] = id;
}

// October: a fire destroys a machine and its recovery sheet. New keys, by decision.
void Rekeyed(Year& year, Told& told) {
  const log::OrgId org = year.OrgOf(kRekeyed);
  year.Leaves(kRekeyed);
  ProposalBody rekey = OnOrganisation("rekey", org, "Neue Schlüssel nach dem Brand");
  rekey.value = year.ProvenCard(kNewMachine);
  const log::EntryId id = year.Decide(6, rekey, {0, 1, 2, 3, 4, 6, 9, 10});
  year.Joins(kNewMachine);
  year.Open();
  year.AwaitEqual();
  Require(year.replica(kNewMachine).members().ByDevice(year.site(kNewMachine).device())->org == org,
          "the new machine is not the organisation's");
  year.Sleep(9);
  year.AwaitSeal();
  told[rekey.title] = id;
}

}  // namespace

std::unique_ptr<Year> FoundYear() {
  log::CharterText rules;
  rules.name = "Netzwerk Kranichgrund";
  rules.purpose = "Familien früh erreichen";
  rules.offline_days = 60;
  rules.rules = {{"*", "majority"},
                 {"inactive", "two-thirds"},
                 {"money", "consent 7"},
                 {"rekey", "two-thirds"},
                 {"remove", "two-thirds"}};
  rules.points = {"Wir treffen uns einmal im Quartal.", "Wir speichern keine Daten von Familien."};
  return std::make_unique<Year>(Machines(), kFounders, std::move(rules));
}

Told TellYear(Year& year) {
  Told told;
  Admissions(year, told);
  DisputedDecision(year, told);
  Removal(year, told);
  Inactive(year, told);
  Rekeyed(year, told);
  return told;
}

}  // namespace geflecht::sim
