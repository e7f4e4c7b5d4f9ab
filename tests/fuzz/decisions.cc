// Decisions. First byte: 0 a body of the root space (a byte for its kind, then the values of its
// fields with a byte 0xff between), 1 entries of up to seven organisations, of which some are
// invented, as evaluate() reads them, 2 the terms and bodies of agreements and minutes. What is
// read is said again in the same bytes; the order of arrival and what else is known change no
// state.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "node/governance/agreement.h"
#include "node/governance/bodies.h"
#include "node/governance/evaluate.h"
#include "node/governance/frozen.h"
#include "node/governance/mandates.h"
#include "node/governance/minutes.h"
#include "node/governance/read_entry.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

namespace gov = governance;
using gov::EntryId;

constexpr std::size_t kEntriesMax = 96;
constexpr std::uint8_t kOrgs = 7;

// ---- bodies
std::vector<std::string> Values(ByteView input) {
  std::vector<std::string> values(1);
  for (const std::uint8_t byte : input) {
    if (byte == 0xff && values.size() < 16) {
      values.emplace_back();
    } else {
      values.back().push_back(static_cast<char>(byte));
    }
  }
  return values;
}

log::Body BodyOf(const std::vector<std::string_view>& names,
                 const std::vector<std::string>& values) {
  log::Body body;
  for (std::size_t i = 0; i < names.size(); ++i)
    body.slots.push_back(log::Field{
        {}, std::string(names[i]), ToBytes(i < values.size() ? values[i] : std::string())});
  return body;
}

void CheckSame(const log::Body& read, const Result<gov::Said>& said) {
  CHECK(said.has_value() && said->body.slots.size() == read.slots.size());
  for (std::size_t i = 0; i < read.slots.size(); ++i) {
    const auto& one = std::get<log::Field>(read.slots[i]);
    const auto& other = std::get<log::Field>(said->body.slots[i]);
    // What can be erased and is no text counts as erased.
    const bool erasable = one.name == "note" || one.name == "reason";
    CHECK(one.name == other.name &&
          (one.value == other.value || (erasable && other.value.empty())));
  }
}

void CheckBody(std::uint8_t kind, ByteView input) {
  SeededRandom random(1);
  const std::vector<std::string> values = Values(input);
  const auto body = [&](const std::vector<std::string_view>& names) {
    return BodyOf(names, values);
  };
  switch (kind % 8) {
    case 0: {
      const log::Body read =
          body({"matter", "subject", "value", "deadline", "title", "text", "note"});
      if (const auto said = gov::ReadProposal(read)) {
        CheckSame(read, gov::SayProposal(*said, random));
        (void)gov::MeasureOf(*said);
      }
      break;
    }
    case 1: {
      const log::Body read = body({"position", "reason"});
      const auto said = gov::ReadVote(read);
      if (!said || (said->position == gov::Position::kObjection && said->reason.empty())) break;
      CheckSame(read, gov::SayVote(*said, random));
      break;
    }
    case 2: {
      const log::Body read = body({"text"});
      const auto said = gov::ReadComment(read);
      if (said && !said->empty()) CheckSame(read, gov::SayComment(*said, random));
      break;
    }
    case 3: {
      const log::Body read = body({"votes"});
      if (const auto said = gov::ReadEnact(read)) CheckSame(read, gov::SayEnact(*said, random));
      break;
    }
    case 4: {
      const log::Body read = body({"state"});
      if (const auto said = gov::ReadSeal(read)) CheckSame(read, gov::SaySeal(*said, random));
      break;
    }
    case 5: {
      const log::Body read = body({"org", "card"});
      if (const auto said = gov::ReadDeviceAdd(read))
        CheckSame(read, gov::SayDeviceAdd(*said, random));
      break;
    }
    case 6: {
      const log::Body read =
          body({"matter", "subject", "value", "deadline", "title", "text", "terms", "note"});
      if (const auto said = gov::ReadProposal(read)) {
        CheckSame(read, gov::SayProposal(*said, random));
        (void)gov::MeasureOf(*said);
      }
      break;
    }
    default: {
      const log::Body read = body({"device"});
      if (const auto said = gov::ReadDeviceRevoke(read))
        CheckSame(read, gov::SayDeviceRevoke(*said, random));
    }
  }
}

// ---- papers
void CheckFrozen(const std::vector<std::string>& values) {
  std::vector<std::string> names{"what", "title", "terms"};
  while (names.size() < values.size()) names.push_back("block." + std::to_string(names.size() - 2));
  const log::Body read = BodyOf({names.begin(), names.end()}, values);
  SeededRandom random(1);
  const auto frozen = gov::ReadFrozen(read, static_cast<std::uint32_t>(names.size()));
  if (frozen) CheckSame(read, gov::SayFrozen(*frozen, random));
}

void CheckPaper(std::uint8_t kind, ByteView input) {
  const std::string text = ToText(input);
  switch (kind % 6) {
    case 0:
      if (const auto terms = gov::ParseAgreementTerms(text))
        CHECK(gov::RenderAgreementTerms(*terms) == text);
      break;
    case 1:
      if (const auto terms = gov::ParseMinutesTerms(text, 4))
        CHECK(gov::RenderMinutesTerms(*terms) == text);
      break;
    case 2:
      if (const auto said = gov::ParseSigned(text)) CHECK(gov::RenderSigned(*said) == text);
      break;
    case 3:
      if (const auto terms = gov::ParseMandateTerms(text))
        CHECK(gov::RenderMandateTerms(*terms) == text);
      break;
    case 4: {
      const std::vector<std::string> values = Values(input);
      const log::Body read = BodyOf({"statement", "reason"}, values);
      SeededRandom random(1);
      if (const auto notice = gov::ReadNotice(read, 1))
        CheckSame(read, gov::SayNotice(*notice, random));
      break;
    }
    default:
      CheckFrozen(Values(input));
  }
}

// ---- graphs
template <class Id>
Id IdOf(std::uint8_t number, std::uint8_t kind) {
  Id id;
  // Ids are in another order than entries.
  id.bytes[0] = static_cast<std::uint8_t>(number * 157 + 11);
  id.bytes[1] = number;
  id.bytes[2] = kind;
  return id;
}
gov::OrgId Org(std::uint8_t number) { return IdOf<gov::OrgId>(number, 1); }
crypto::PublicKey Key(std::uint8_t number) { return IdOf<crypto::PublicKey>(number, 2); }
EntryId At(std::size_t index) { return IdOf<EntryId>(static_cast<std::uint8_t>(index), 3); }
// The first device of an organisation has the key of its root.
gov::CardKeys Keys(std::uint8_t org, std::uint8_t root, std::uint8_t device) {
  return {Org(org), Key(root), Key(device)};
}

gov::Rule RuleFrom(Input& in) {
  gov::Rule rule;
  rule.kind = static_cast<gov::RuleKind>(in.Below(6));
  if (rule.kind == gov::RuleKind::kConsent || rule.kind == gov::RuleKind::kQuorum ||
      rule.kind == gov::RuleKind::kVotesCast)
    rule.k = static_cast<std::uint32_t>(1 + in.Below(5));
  return rule;
}

gov::Measure MeasureFrom(Input& in) {
  const std::uint8_t org = in.Byte() % kOrgs;
  const std::uint8_t key = in.Byte() % 16;
  switch (in.Below(7)) {
    case 0:
      return gov::Admit{Keys(org, org, org)};
    case 1:
      return gov::Admit{Keys(org, key, key)};
    case 2:
      return gov::Remove{Org(org)};
    case 3:
      return gov::SetInactive{Org(org)};
    case 4:
      return gov::Rekey{Keys(org, key, key)};
    case 5:
      return gov::ChangeRole{Org(org), "body:rat", key % 2 == 0};
    default:
      return gov::ChangeRule{key % 2 == 0 ? "*" : "remove", RuleFrom(in)};
  }
}

gov::Act ActFrom(Input& in, std::size_t index) {
  const EntryId about = At(in.Below(index));
  switch (in.Below(12)) {
    case 0:
    case 1:
      return gov::Proposal{MeasureFrom(in)};
    case 2:
      return gov::Proposal{gov::Resolve{"money"}};
    case 3:
    case 4:
      return gov::Vote{about, static_cast<gov::Position>(in.Below(4))};
    case 5: {
      gov::Enact enact{about, {}};
      for (std::size_t votes = in.Below(6); votes > 0; --votes)
        enact.votes.push_back(At(in.Below(index)));
      return enact;
    }
    case 6:
      return gov::Seal{};
    case 7:
    case 8:
      return gov::SealVote{about};
    case 9:
      return gov::AddDevice{Key(in.Byte() % 16)};
    case 10:
      return gov::RevokeDevice{Key(in.Byte() % 16)};
    default:
      if (in.Below(2) == 0) return gov::Leave{};
      return gov::ForkEvidence{{Org(in.Byte() % kOrgs), Key(in.Byte() % 16)},
                               IdOf<gov::ForkPosition>(in.Byte() % 3, 4)};
  }
}

std::vector<gov::Entry> GraphFrom(Input& in) {
  gov::Charter charter;
  const std::uint8_t founders = static_cast<std::uint8_t>(1 + in.Below(kOrgs));
  for (std::uint8_t org = 0; org < founders; ++org) charter.founders.push_back(Keys(org, org, org));
  if (in.Below(2) == 1) charter.rules.every = RuleFrom(in);
  std::vector<gov::Entry> entries{{At(0), {}, {Org(0), Key(0), true}, charter}};
  std::array<std::size_t, kOrgs> last{};
  while (!in.AtEnd() && entries.size() < kEntriesMax) {
    const std::uint8_t org = in.Byte() % kOrgs;
    const std::uint8_t how = in.Byte();
    const std::size_t index = entries.size();
    const bool invented = (how & 7) == 7;
    gov::Entry entry{
        At(index), {}, {Org(org), Key(invented ? how % 16 : org), (how & 24) == 24}, {}};
    entry.act = ActFrom(in, index);
    // Mostly behind its own last entry and the newest of all; some stash, some fork.
    if ((how & 32) == 0) entry.parents.push_back(At(last[org]));
    entry.parents.push_back(At((how & 64) == 0 ? index - 1 : in.Below(index)));
    std::sort(entry.parents.begin(), entry.parents.end());
    entry.parents.erase(std::unique(entry.parents.begin(), entry.parents.end()),
                        entry.parents.end());
    last[org] = index;
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool Contains(const std::vector<EntryId>& ids, const EntryId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void CheckGraph(Input& in) {
  const std::size_t chosen = in.Byte();
  const std::vector<gov::Entry> entries = GraphFrom(in);
  gov::Evaluator forward;
  for (const gov::Entry& entry : entries) CHECK(forward.Add(entry).has_value());
  const gov::State state = forward.Evaluate();
  // The newest first, as far as what it stands on is there.
  gov::Evaluator other;
  std::vector<const gov::Entry*> left;
  for (const gov::Entry& entry : entries) left.push_back(&entry);
  while (!left.empty()) {
    auto next = left.end();
    for (auto it = left.begin(); it != left.end(); ++it)
      if (std::all_of((*it)->parents.begin(), (*it)->parents.end(),
                      [&](const EntryId& parent) { return other.Has(parent); }))
        next = it;
    CHECK(next != left.end());
    CHECK(other.Add(**next).has_value());
    if (left.size() % 7 == 0) (void)other.Evaluate();
    left.erase(next);
  }
  CHECK(other.Evaluate() == state);
  // A past is judged alike by those who know more.
  const std::size_t head = chosen % entries.size();
  std::vector<EntryId> past{entries[head].id};
  gov::Evaluator alone;
  for (std::size_t i = head + 1; i-- > 0;)
    if (Contains(past, entries[i].id))
      past.insert(past.end(), entries[i].parents.begin(), entries[i].parents.end());
  for (std::size_t i = 0; i <= head; ++i)
    if (Contains(past, entries[i].id)) CHECK(alone.Add(entries[i]).has_value());
  const auto among_all = forward.Evaluate({entries[head].id});
  CHECK(among_all.has_value() && *among_all == alone.Evaluate());
}

}  // namespace

void Decisions(ByteView input) {
  Input in(input);
  switch (in.Below(3)) {
    case 0: {
      const std::uint8_t kind = in.Byte();
      return CheckBody(kind, in.Rest());
    }
    case 1:
      return CheckGraph(in);
    default: {
      const std::uint8_t kind = in.Byte();
      return CheckPaper(kind, in.Rest());
    }
  }
}

}  // namespace geflecht::fuzz
