// The year's agreement and the minutes of its meeting.
#include <algorithm>

#include "node/crypto/hash.h"
#include "node/governance/mandates.h"
#include "node/governance/minutes.h"
#include "tests/sim/year_story.h"

namespace geflecht::sim {
namespace {

using governance::AgreementPhase;
using governance::Position;

const std::vector<std::size_t>& Parties() {
  static const std::vector<std::size_t> parties = {1, 2, 3};
  return parties;
}

// A person of each party, with a key that no node knows.
struct Person {
  crypto::SigningKey key;
  log::EntryId mandate;
};

governance::Statement StatementOf(Year& year, std::size_t machine, std::string_view act) {
  return {year.founding().network(),
          std::string(act),
          std::nullopt,
          "",
          year.OrgOf(machine),
          std::nullopt,
          year.site(machine).Now().wall_ms / 1000};
}

Person AddPerson(Year& year, std::size_t machine, const std::string& name, Random& random) {
  Person person{crypto::SigningKey::Generate(random), {}};
  governance::Statement agrees = StatementOf(year, machine, governance::kActMandate);
  agrees.value = governance::RenderMandateTerms(
      {std::string(governance::kRoleSign), std::nullopt, std::nullopt});
  const governance::PersonAddBody add{person.key.public_key(),
                                      governance::SignStatement(agrees, person.key), name};
  person.mandate = year.Do(
      machine, [&](replica::Replica& replica, Time now) { return replica.AddPerson(add, now); });
  return person;
}

void Sign(Year& year, std::size_t machine, const Person& person, const log::EntryId& version) {
  year.Await("the text is at the party", [&] { return year.HasPaper(machine, version); });
  governance::Statement says = StatementOf(year, machine, governance::kActSign);
  says.object = version;
  says.mandate = person.mandate;
  const governance::SignBody sign{governance::SignStatement(says, person.key), {}};
  year.Do(machine,
          [&](replica::Replica& replica, Time now) { return replica.Sign(version, sign, now); });
}

governance::Frozen Text(Year& year, const std::string& amount) {
  governance::AgreementTerms terms;
  for (const std::size_t machine : Parties()) terms.parties.push_back(year.OrgOf(machine));
  std::sort(terms.parties.begin(), terms.parties.end());
  terms.notice = governance::NoticePeriod{3, governance::NoticePeriod::Unit::kMonth};
  governance::Frozen frozen;
  frozen.what = governance::kAgreement;
  frozen.title = "Kooperationsvereinbarung Lotsendienst";
  frozen.terms = governance::RenderAgreementTerms(terms);
  frozen.blocks = {"Die Partner halten einen Lotsendienst vor.\n",
                   "Jeder Partner trägt " + amount + " Euro im Jahr.\n", "Ansprechperson: [[1]]\n"};
  frozen.persons = {std::string("Frau Beispiel")};
  return frozen;
}

AgreementPhase PhaseAt(Year& year, std::size_t machine, const log::EntryId& version) {
  std::optional<AgreementPhase> phase;
  year.Ask(machine, [&](replica::Replica& replica, Time now) {
    const auto agreement = replica.AgreementOf(version);
    Require(agreement.has_value(), "there is no agreement");
    phase = governance::StateOf(agreement->papers, now.wall_ms / 1000).phase;
  });
  return *phase;
}

}  // namespace

void Agreement(Year& year) {
  SeededRandom random(7);
  std::vector<Person> persons;
  for (const std::size_t machine : Parties())
    persons.push_back(AddPerson(year, machine, "Frau Beispiel " + std::to_string(machine), random));
  year.AwaitEqual();
  const log::EntryId first = year.Do(1, [&](replica::Replica& replica, Time now) {
    return replica.Freeze(Text(year, "400"), replica.members().network_space(), now);
  });
  for (std::size_t i = 0; i < persons.size(); ++i) {
    Sign(year, Parties()[i], persons[i], first);
    year.AwaitEqual();
    const AgreementPhase expected =
        i + 1 < persons.size() ? AgreementPhase::kPartlySigned : AgreementPhase::kInForce;
    Require(PhaseAt(year, 10, first) == expected, "an agreement stands otherwise");
  }
  year.Sleep(30);
  const log::EntryId second = year.Do(2, [&](replica::Replica& replica, Time now) {
    return replica.Amend(first, Text(year, "500"), now);
  });
  for (std::size_t i = 0; i < persons.size(); ++i) Sign(year, Parties()[i], persons[i], second);
  year.AwaitEqual();
  Require(PhaseAt(year, 10, first) == AgreementPhase::kInForce, "an amended agreement has ended");
}

// A meeting's minutes are frozen, approved by decision, and corrected by others that are approved
// too.
void Minutes(Year& year, Told& told) {
  const auto freeze = [&](const std::string& text, std::optional<log::EntryId> corrects) {
    governance::MinutesTerms terms;
    terms.meeting.bytes[0] = 7;
    terms.date = "2026-06-17";
    terms.corrects = corrects;
    governance::Frozen frozen;
    frozen.what = governance::kMinutes;
    frozen.title = "Netzwerktreffen";
    frozen.terms = governance::RenderMinutesTerms(terms);
    frozen.blocks = {"Anwesend: [[1]]\n", text};
    frozen.persons = {std::string("Frau Beispiel, Herr Muster")};
    return year.Do(4, [&](replica::Replica& replica, Time now) {
      return replica.Freeze(frozen, replica.members().network_space(), now);
    });
  };
  const auto approve = [&](const log::EntryId& minutes, const std::string& title) {
    governance::ProposalBody proposal;
    proposal.matter = governance::kMinutesMatter;
    proposal.title = title;
    year.Ask(4, [&](replica::Replica& replica, Time) {
      const log::SpaceId space = replica.members().network_space();
      const auto entry = replica.EntryOf(minutes);
      Require(entry.has_value() && entry->has_value(), "the minutes are gone");
      proposal.terms.freeze = governance::FreezeRef{space, minutes, (*entry)->entry.header.root};
    });
    told[title] = year.Decide(4, proposal, {0, 1, 2, 3, 4, 6, 9});
  };
  const log::EntryId first = freeze("Der Lotsendienst beginnt im Juli.\n", std::nullopt);
  approve(first, "Protokoll vom 17. Juni");
  year.Sleep(14);
  const log::EntryId second = freeze("Der Lotsendienst beginnt im August.\n", first);
  approve(second, "Protokoll vom 17. Juni, berichtigt");
  year.Sleep(9);
  year.AwaitSeal();
}

}  // namespace geflecht::sim
