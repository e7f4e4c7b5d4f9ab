#include "tests/property/governance_world.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "node/governance/space.h"

namespace geflecht::governance {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

template <class Id>
Id Numbered(std::uint64_t number, std::uint8_t kind) {
  Id id;
  id.bytes[0] = kind;
  for (std::size_t i = 0; i < 8; ++i)
    id.bytes[31 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

}  // namespace

World::World(const WorldSetup& setup, std::uint64_t seed) : setup_(setup), random_(seed) {
  Charter charter;
  charter.rules = setup.rules;
  const std::size_t founders = setup.honest + setup.colluding;
  for (std::size_t i = 0; i < founders + 3; ++i) {
    Party party;
    party.org = Numbered<OrgId>(i, 1);
    party.key = Numbered<crypto::PublicKey>(i, 2);
    party.honest = i < setup.honest;
    party.founder = i < founders;  // the others are invented
    parties_.push_back(party);
    if (party.founder) charter.founders.push_back({party.org, party.key, party.key});
  }
  Party nobody = parties_.back();
  Add(nobody, {}, charter);
  for (Party& party : parties_) party.knows.set(0);
}

Set World::PastOf(std::size_t entry) const {
  Set past = pasts_[entry];
  past.set(entry);
  return past;
}

std::vector<std::size_t> World::HeadsOf(const Set& set) const {
  Set heads = set;
  for (std::size_t entry = 0; entry < entries_.size(); ++entry)
    if (set.test(entry))
      for (const std::size_t parent : parents_[entry]) heads.reset(parent);
  std::vector<std::size_t> out;
  for (std::size_t entry = 0; entry < entries_.size(); ++entry)
    if (heads.test(entry) && !std::holds_alternative<Content>(entries_[entry].act))
      out.push_back(entry);
  return out;
}

std::size_t World::Add(Party& party, const Set& past, Act act, bool root) {
  Entry entry{random_.Make<EntryId>(), {}, {party.org, party.key, root}, std::move(act)};
  parents_.push_back(HeadsOf(past));
  for (const std::size_t head : parents_.back()) entry.parents.push_back(entries_[head].id);
  const std::size_t index = entries_.size();
  CHECK(evaluator_.Add(entry));
  entries_.push_back(std::move(entry));
  pasts_.push_back(past);
  party.knows.set(index);
  return index;
}

template <class Kind>
std::vector<std::size_t> World::Of(const Set& set) const {
  std::vector<std::size_t> out;
  for (std::size_t entry = 0; entry < entries_.size(); ++entry)
    if (set.test(entry) && std::holds_alternative<Kind>(entries_[entry].act)) out.push_back(entry);
  return out;
}

template <class Kind>
std::size_t World::OneOf(const Set& set) {
  const auto all = Of<Kind>(set);
  return all.empty() ? kNowhere : all[random_.Below(all.size())];
}

World::Party& World::AnyHonest() { return parties_[random_.Below(setup_.honest)]; }

void World::Learn(Party& party, std::size_t entry) { party.knows |= PastOf(entry); }

void World::Run(std::size_t steps) {
  for (std::size_t step = 0; step < steps; ++step) {
    const std::uint64_t choice = random_.Below(20);
    if (choice < 6) {
      Decide();
    } else if (choice < 10) {
      SealInRounds();
    } else if (choice < 13) {
      HonestStep(AnyHonest());
    } else if (choice < 16) {
      Plot();
    } else {
      ColludingStep();
    }
    if (random_.Below(5) == 0) TakeSnapshot(AnyHonest().knows);
    if (random_.Below(5) == 0) {
      Set set;
      for (std::uint64_t i = 0; i < 1 + random_.Below(5); ++i) set |= PastOf(AnyEntry());
      TakeSnapshot(set);
    }
  }
}

void World::TakeSnapshot(const Set& set) {
  std::vector<EntryId> heads;
  for (const std::size_t head : HeadsOf(set)) heads.push_back(entries_[head].id);
  snapshots_.push_back({heads, At(heads)});
}

std::size_t World::AnyEntry() {
  std::size_t entry =
      entries_.size() - 1 - random_.Below(std::min<std::size_t>(entries_.size(), 40));
  while (std::holds_alternative<Content>(entries_[entry].act)) --entry;
  return entry;
}

void World::Heal() {
  for (Party& party : parties_)
    for (std::size_t entry = 0; party.honest && entry < entries_.size(); ++entry)
      party.knows.set(entry);
}

void World::HonestStep(Party& party) {
  switch (random_.Below(8)) {
    case 0: {
      const std::size_t proposal = OneOf<Proposal>(party.knows);
      if (proposal != kNowhere) HonestVote(party, proposal);
      return;
    }
    case 1: {
      const std::size_t proposal = OneOf<Proposal>(party.knows);
      if (proposal != kNowhere) HonestEnact(party, proposal);
      return;
    }
    case 2: {
      const std::size_t seal = OneOf<Seal>(party.knows);
      if (seal != kNowhere) HonestSealVote(party, seal);
      return;
    }
    case 3:
    case 4:
      return HonestContent(party);
    case 5:
      if (setup_.leaves && random_.Below(8) == 0) Add(party, party.knows, Leave{});
      return;
    default: {
      if (setup_.split) return;
      const Party& other = parties_[random_.Below(parties_.size())];
      if (other.honest) {
        party.knows |= other.knows;
      } else {
        Learn(party, random_.Below(entries_.size()));
      }
    }
  }
}

// Those who hear of one another for a while.
std::vector<bool> World::Side() {
  std::vector<bool> side(setup_.honest, true);
  if (setup_.split) {
    const std::size_t half = random_.Below(2);
    for (std::size_t i = 0; i < side.size(); ++i) side[i] = setup_.honest > 1 && i % 2 == half;
  } else if (random_.Below(2) == 0) {
    for (std::size_t i = 0; i < side.size(); ++i) side[i] = random_.Below(2) == 0;
  }
  if (std::find(side.begin(), side.end(), true) == side.end()) side[0] = true;
  Set known;
  for (std::size_t i = 0; i < side.size(); ++i)
    if (side[i]) known |= parties_[i].knows;
  if (random_.Below(4) != 0)
    for (std::size_t i = 0; i < side.size(); ++i)
      if (side[i]) parties_[i].knows = known;
  return side;
}

World::Party& World::OneOfSide(const std::vector<bool>& side) {
  std::size_t at = random_.Below(side.size());
  while (!side[at]) at = (at + 1) % side.size();
  return parties_[at];
}

void World::Decide() {
  const std::vector<bool> side = Side();
  const std::size_t proposal = HonestProposal(OneOfSide(side));
  const std::size_t from = entries_.size();
  for (std::size_t i = 0; i < setup_.honest; ++i) {
    if (!side[i] || random_.Below(10) == 0) continue;
    Learn(parties_[i], proposal);
    HonestVote(parties_[i], proposal);
  }
  for (std::size_t i = 0; i < setup_.colluding; ++i)
    if (random_.Below(4) != 0)
      Add(parties_[setup_.honest + i], PastOf(proposal),
          Vote{entries_[proposal].id, Position::kYes});
  if (random_.Below(8) == 0) return;
  Party& enacter = OneOfSide(side);
  for (std::size_t vote = from; vote < entries_.size(); ++vote) Learn(enacter, vote);
  Learn(enacter, proposal);
  HonestEnact(enacter, proposal);
}

void World::SealInRounds() {
  const std::vector<bool> side = Side();
  Party& proposer = OneOfSide(side);
  const std::size_t seal = Add(proposer, proposer.knows, Seal{});
  std::vector<std::size_t> votes{seal};
  const int rounds = random_.Below(3) == 0 ? 1 : 2;
  const std::uint64_t unheard = random_.Below(2) == 0 ? 12 : 3;  // one in so many
  for (int round = 0; round < rounds; ++round) {
    const std::size_t from = entries_.size();
    for (std::size_t i = 0; i < setup_.honest; ++i) {
      if (!side[i] || random_.Below(12) == 0) continue;
      for (const std::size_t vote : votes)
        if (vote == seal || random_.Below(unheard) != 0) Learn(parties_[i], vote);
      HonestSealVote(parties_[i], seal);
    }
    for (std::size_t i = 0; i < setup_.colluding; ++i) {
      if (random_.Below(12) == 0) continue;
      Set past = PastOf(seal);
      for (const std::size_t vote : votes) past |= PastOf(vote);
      Add(parties_[setup_.honest + i], past, SealVote{entries_[seal].id});
    }
    for (std::size_t vote = from; vote < entries_.size(); ++vote) votes.push_back(vote);
  }
  for (std::size_t i = 0; i < setup_.honest; ++i)
    for (const std::size_t vote : votes)
      if (side[i] && random_.Below(unheard) != 0) Learn(parties_[i], vote);
}

// The colluding ones decide, or seal, among themselves, in front of a past of their choice.
void World::Plot() {
  std::size_t anchor = random_.Below(entries_.size());
  if (setup_.spaces && random_.Below(2) == 0) anchor = Latest();
  if (setup_.colluding == 0 || std::holds_alternative<Content>(entries_[anchor].act)) return;
  const Set past = PastOf(anchor);
  const auto colluder = [&](std::size_t i) -> Party& { return parties_[setup_.honest + i]; };
  const std::size_t all = parties_.size() - setup_.honest;
  const bool seals = random_.Below(2) == 0;
  Act act = Seal{};
  if (!seals) act = Proposal{HostileMeasure()};
  const std::size_t about = Add(colluder(0), past, std::move(act));
  Set known = PastOf(about);
  for (int round = 0; round < (seals ? 2 : 1); ++round) {
    Set next = known;
    for (std::size_t i = 0; i < all; ++i) {
      Act vote = SealVote{entries_[about].id};
      if (!seals) vote = Vote{entries_[about].id, Position::kYes};
      next |= (PastOf(Add(colluder(i), known, std::move(vote))));
    }
    known = next;
  }
  if (seals) return;
  Enact enact{entries_[about].id, {}};
  for (const std::size_t vote : Of<Vote>(known))
    if (std::get<Vote>(entries_[vote].act).about == enact.about &&
        (IsFounder(entries_[vote].author.org) || random_.Below(4) == 0))
      enact.votes.push_back(entries_[vote].id);
  // Enacted where the proposal was made, or wherever it suits.
  if (random_.Below(2) == 0) known |= (PastOf(Latest()));
  Add(colluder(0), known, enact);
}

std::size_t World::OpenWhereAlone() {
  constexpr std::size_t kTriesMax = 20;
  std::size_t tries = 0;
  const std::vector<Snapshot> before = snapshots_;
  for (const Snapshot& then : before) {
    for (const SpaceState& space : then.state.spaces) {
      if (tries == kTriesMax) return tries;
      if (space.members.size() != 1 || IsHonest(space.members[0])) continue;
      if (!IsHonest(EntryOf(space.founded_by).author.org)) continue;
      const auto alone =
          std::find_if(parties_.begin(), parties_.end(),
                       [&](const Party& party) { return party.org == space.members[0]; });
      const auto outsider =
          std::find_if(parties_.begin(), parties_.end(),
                       [&](const Party& party) { return !IsOffered(space.id, party.org); });
      if (alone == parties_.end() || outsider == parties_.end()) continue;
      Set past;
      for (std::size_t i = 0; i < entries_.size(); ++i)
        if (std::find(then.heads.begin(), then.heads.end(), entries_[i].id) != then.heads.end())
          past |= PastOf(i);
      const std::size_t proposal =
          Add(*alone, past, Proposal{ChangeSpace{space.id, {}, {}, {{outsider->org, {}, true}}}});
      const EntryId about = entries_[proposal].id;
      const std::size_t vote = Add(*alone, PastOf(proposal), Vote{about, Position::kYes});
      const std::size_t enact = Add(*alone, PastOf(vote), Enact{about, {entries_[vote].id}});
      snapshots_.push_back({{entries_[enact].id}, At({entries_[enact].id})});
      ++tries;
    }
  }
  return tries;
}

std::size_t World::Latest() const {
  std::size_t latest = entries_.size() - 1;
  while (std::holds_alternative<Content>(entries_[latest].act)) --latest;
  return latest;
}

std::size_t World::HonestProposal(Party& party) {
  const Party& colluder =
      parties_[setup_.honest + random_.Below(std::max<std::size_t>(setup_.colluding, 1))];
  constexpr std::uint64_t kNewcomer = 100;
  Measure measure = Resolve{"content"};
  switch (random_.Below(7)) {
    case 0:
    case 1:
      measure = Remove{colluder.org};
      break;
    case 2:
      measure = SetInactive{colluder.org};
      break;
    case 3:
      if (!setup_.newcomers || newcomer_) break;
      newcomer_ = true;
      measure = Admit{{Numbered<OrgId>(kNewcomer, 1), Numbered<crypto::PublicKey>(kNewcomer, 2),
                       Numbered<crypto::PublicKey>(kNewcomer, 2)}};
      break;
    case 4:
      measure = Admit{{colluder.org, colluder.key, colluder.key}};
      break;
    case 5:
      measure = ChangeRule{"content", {RuleKind::kUnanimity, 0, {}}};
      break;
    default:
      measure = ChangeRole{party.org, "space:w", random_.Below(2) == 0};
      break;
  }
  if (setup_.colluding == 0 && random_.Below(2) == 0) measure = Resolve{"content"};
  if (setup_.spaces && random_.Below(2) == 0) measure = HonestSpace();
  const std::size_t proposal = Add(party, party.knows, Proposal{measure});
  if (const auto* const change = std::get_if<ChangeSpace>(&measure)) {
    const log::SpaceId space = change->space.value_or(SpaceOf(entries_[proposal].id));
    if (!change->space) spaces_.push_back(space);
    for (const Seat& seat : change->seats)
      if (seat.give) offered_.emplace(space, seat.org);
  }
  return proposal;
}

Measure World::HonestSpace() {
  const Day until = static_cast<Day>(20'000 + random_.Below(3));
  const auto anybody = [&] { return parties_[random_.Below(setup_.honest)].org; };
  ChangeSpace change;
  if (spaces_.empty() || random_.Below(3) == 0) {
    for (std::size_t i = 0; i < setup_.honest; ++i)
      if (i < 2 || random_.Below(2) == 0) change.seats.push_back({parties_[i].org, {}, true});
    if (random_.Below(2) == 0) change.seats.back().org = parties_[setup_.honest].org;
  } else {
    change.space = spaces_[random_.Below(spaces_.size())];
    change.seats.push_back({anybody(), {}, random_.Below(3) == 0});
  }
  if (random_.Below(3) == 0) change.seats.push_back({anybody(), until, true});
  return change;
}

// Lets somebody in, or puts others out until one of them is left.
Measure World::HostileSpace() {
  ChangeSpace change{spaces_[random_.Below(spaces_.size())], {}, {}, {{Anybody(), {}, true}}};
  // Where it is alone, if there is such a space.
  for (const SpaceState& space : Final().spaces)
    if (space.members == std::vector{parties_[setup_.honest].org}) change.space = space.id;
  if (random_.Below(3) == 0) change.seats[0].until = 30'000;
  if (random_.Below(3) == 0) change.seats[0].give = false;
  return change;
}

void World::HonestVote(Party& party, std::size_t proposal) {
  // Whoever keeps the rules says nothing to what the colluding ones propose.
  if (!IsHonest(entries_[proposal].author.org)) return;
  if (party.voted.test(proposal) && random_.Below(4) != 0) return;
  party.voted.set(proposal);
  const std::uint64_t choice = random_.Below(12);
  const Position position = choice == 0   ? Position::kNo
                            : choice == 1 ? Position::kObjection
                                          : Position::kYes;
  Add(party, party.knows, Vote{entries_[proposal].id, position});
}

void World::HonestEnact(Party& party, std::size_t proposal) {
  Enact enact{entries_[proposal].id, {}};
  std::map<OrgId, std::size_t> latest;
  for (const std::size_t vote : Of<Vote>(party.knows)) {
    const auto& cast = std::get<Vote>(entries_[vote].act);
    if (cast.about == enact.about && cast.position == Position::kYes)
      latest[entries_[vote].author.org] = vote;
  }
  const std::uint64_t dropped = random_.Below(3);  // of four, on average
  for (const auto& [org, vote] : latest)
    if (dropped == 0 || random_.Below(4) >= dropped) enact.votes.push_back(entries_[vote].id);
  Add(party, party.knows, enact);
}

bool World::SignsSeal(const Party& party, std::size_t seal) const {
  for (const std::size_t vote : party.seal_votes)
    if (std::get<SealVote>(entries_[vote].act).about != entries_[seal].id &&
        !pasts_[seal].test(vote))
      return false;
  for (const std::size_t enact : Of<Enact>(party.knows))
    if (!pasts_[seal].test(enact) && !pasts_[enact].test(seal)) return false;
  return true;
}

void World::HonestSealVote(Party& party, std::size_t seal) {
  if (!SignsSeal(party, seal)) return;
  const auto newest = [&](const Set& set) {
    std::vector<EntryId> heads;
    for (const std::size_t head : HeadsOf(set)) heads.push_back(entries_[head].id);
    const State state = At(heads);
    return state.seals.empty() ? EntryId{} : state.seals.back();
  };
  if (newest(pasts_[seal]) != newest(party.knows)) return;
  party.seal_votes.push_back(Add(party, party.knows, SealVote{entries_[seal].id}));
}

void World::SealTogether(std::size_t proposer) {
  Heal();
  const std::size_t seal = Add(parties_[proposer], parties_[proposer].knows, Seal{});
  for (int round = 0; round < 2; ++round) {
    Heal();
    for (std::size_t i = 0; i < setup_.honest; ++i) {
      Party& party = parties_[i];
      if (SignsSeal(party, seal))
        party.seal_votes.push_back(Add(party, party.knows, SealVote{entries_[seal].id}));
    }
  }
  Heal();
}

void World::HonestContent(Party& party) {
  Entry entry{random_.Make<EntryId>(), {}, {party.org, party.key, false}, {}};
  Content content;
  for (const std::size_t head : HeadsOf(party.knows)) content.basis.push_back(entries_[head].id);
  Set past;
  if (!party.contents.empty()) {
    entry.parents.push_back(entries_[party.contents.back()].id);
    past.set(party.contents.back());
  }
  entry.act = content;
  CHECK(evaluator_.Add(entry));
  party.contents.push_back(entries_.size());
  entries_.push_back(std::move(entry));
  parents_.push_back({});
  pasts_.push_back(past);
}

OrgId World::Anybody() { return parties_[random_.Below(parties_.size())].org; }

Measure World::HostileMeasure() {
  const Party& victim = parties_[random_.Below(parties_.size())];
  const Party& invented = parties_[setup_.honest + setup_.colluding + random_.Below(3)];
  if (!spaces_.empty() && random_.Below(2) == 0) return HostileSpace();
  switch (random_.Below(6)) {
    case 0:
    case 1:
      return Admit{{invented.org, invented.key, invented.key}};
    case 2:
      return Remove{victim.org};
    case 3:
      return Rekey{{victim.org, invented.key, invented.key}};
    case 4:
      return SetInactive{victim.org};
    default:
      return ChangeRule{Matter(kEveryMatter), {RuleKind::kQuorum, 1, {}}};
  }
}

Act World::HostileAct(Party& party, const Set& past, bool& root) {
  const std::size_t proposal = OneOf<Proposal>(past);
  const std::size_t seal = OneOf<Seal>(past);
  switch (random_.Below(10)) {
    case 0:
      return Proposal{HostileMeasure()};
    case 1:
      return Seal{};
    case 2:
    case 3:
      if (seal != kNowhere) return SealVote{entries_[seal].id};
      return Proposal{HostileMeasure()};
    case 4:
      root = true;
      return AddDevice{Numbered<crypto::PublicKey>(random_.Below(40), 2)};
    case 5:
      if (proposal != kNowhere) {
        Enact enact{entries_[proposal].id, {}};
        for (const std::size_t vote : Of<Vote>(past))
          if (std::get<Vote>(entries_[vote].act).about == enact.about && random_.Below(8) != 0)
            enact.votes.push_back(entries_[vote].id);
        return enact;
      }
      return Other{};
    case 6:
      return ForkEvidence{{party.org, party.key}, Numbered<ForkPosition>(random_.Below(4), 4)};
    default:
      root = random_.Below(20) == 0;
      if (proposal == kNowhere) return Other{};
      return Vote{entries_[proposal].id,
                  random_.Below(6) == 0 ? Position::kObjection : Position::kYes};
  }
}

void World::ColludingStep() {
  Party& party = parties_[setup_.honest + random_.Below(parties_.size() - setup_.honest)];
  Set past;
  past.set(0);
  if (random_.Below(3) == 0) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (!std::holds_alternative<Content>(entries_[i].act)) past.set(i);
  } else {
    for (std::uint64_t i = 0; i < 1 + random_.Below(4); ++i) {
      const std::size_t entry = random_.Below(entries_.size());
      if (std::holds_alternative<Content>(entries_[entry].act)) continue;
      past |= (PastOf(entry));
    }
  }
  bool root = false;
  Act act = HostileAct(party, past, root);
  Add(party, past, std::move(act), root);
}

std::vector<Entry> World::Shuffled() {
  std::vector<Entry> out;
  std::set<EntryId> done;
  std::vector<const Entry*> waiting;
  for (const Entry& entry : entries_) waiting.push_back(&entry);
  while (!waiting.empty()) {
    const std::size_t at = random_.Below(waiting.size());
    const Entry& entry = *waiting[at];
    const auto* const content = std::get_if<Content>(&entry.act);
    const auto known = [&](const EntryId& id) { return done.contains(id); };
    if (!std::all_of(entry.parents.begin(), entry.parents.end(), known)) continue;
    if (content != nullptr && !std::all_of(content->basis.begin(), content->basis.end(), known))
      continue;
    done.insert(entry.id);
    out.push_back(entry);
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return out;
}

bool World::IsHonest(const OrgId& org) const {
  return std::any_of(parties_.begin(), parties_.end(),
                     [&](const Party& party) { return party.honest && party.org == org; });
}

bool World::IsFounder(const OrgId& org) const {
  return std::any_of(parties_.begin(), parties_.end(),
                     [&](const Party& party) { return party.founder && party.org == org; });
}

crypto::PublicKey World::KeyOf(const OrgId& org) const {
  return std::find_if(parties_.begin(), parties_.end(),
                      [&](const Party& party) { return party.org == org; })
      ->key;
}

std::vector<OrgId> World::honest() const {
  std::vector<OrgId> out;
  for (const Party& party : parties_)
    if (party.honest) out.push_back(party.org);
  return out;
}

const Entry& World::EntryOf(const EntryId& id) const {
  return *std::find_if(entries_.begin(), entries_.end(),
                       [&](const Entry& entry) { return entry.id == id; });
}

std::string World::Story() const {
  std::string out;
  for (const Entry& entry : entries_) {
    out += entry.id.Hex().substr(0, 8) + " kind " + std::to_string(entry.act.index()) + " by " +
           entry.author.org.Hex().substr(60) + " <-";
    for (const EntryId& parent : entry.parents) out += " " + parent.Hex().substr(0, 8);
    out += "\n";
  }
  return out;
}

}  // namespace geflecht::governance
