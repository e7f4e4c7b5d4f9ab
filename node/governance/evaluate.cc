#include "node/governance/evaluate.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/space.h"

namespace geflecht::governance {

Result<void> Evaluator::Add(Entry entry) {
  if (Has(entry.id)) return Fail(Code::kConflict, "the entry is already there");
  if (const auto* const content = std::get_if<Content>(&entry.act))
    return AddContent(entry, *content);
  ASSIGN(const Index index, graph_.Add(std::move(entry)));
  const Node& node = graph_[index];
  if (all_.size() <= node.chain) all_.resize(node.chain + 1);
  all_[node.chain] = node.place + 1;
  std::erase_if(heads_, [&](Index head) { return graph_.Precedes(head, index); });
  heads_.push_back(index);
  seals_.Add(index);
  present_.reset();
  return {};
}

bool Evaluator::Has(const EntryId& id) const {
  return graph_.Find(id) != kNone || content_index_.contains(id);
}

Result<void> Evaluator::AddContent(const Entry& entry, const Content& content) {
  ContentNode node{entry.id,
                   {},
                   {},
                   graph_.orgs().Find(entry.author.org),
                   graph_.devices().Find({entry.author.org, entry.author.key}),
                   content.space};
  for (const EntryId& parent : entry.parents) {
    const auto at = content_index_.find(parent);
    if (at == content_index_.end()) return Fail(Code::kNotFound, "the entry's past is not there");
    node.parents.push_back(at->second);
  }
  for (const EntryId& basis : content.basis) {
    node.basis.push_back(graph_.Find(basis));
    if (node.basis.back() == kNone) return Fail(Code::kNotFound, "the entry's basis is not there");
  }
  if (node.basis.empty()) return Fail(Code::kMalformed, "an entry has no basis");
  content_index_.emplace(entry.id, contents_.size());
  contents_.push_back(std::move(node));
  present_.reset();
  return {};
}

const State& Evaluator::Evaluate() {
  if (!present_) {
    State state = Describe(all_, heads_);
    present_ = std::move(state);
  }
  return *present_;
}

Result<State> Evaluator::Evaluate(const std::vector<EntryId>& heads) {
  std::vector<Index> known;
  for (const EntryId& head : heads) {
    known.push_back(graph_.Find(head));
    if (known.back() == kNone) return Fail(Code::kNotFound, "no such entry");
  }
  if (known.empty()) return Fail(Code::kNotFound, "no entry");
  std::vector<ContentNode> aside;
  aside.swap(contents_);
  State state = Describe(graph_.ClosureOf(known), known);
  aside.swap(contents_);
  return state;
}

const Powers& Evaluator::PowersAt(const std::vector<Index>& basis) {
  return views_.At(graph_.CutOf(basis), seals_.ChainOf(graph_.ClosureOf(basis), basis));
}

Result<const Powers*> Evaluator::PowersAt(const std::vector<EntryId>& heads) {
  std::vector<Index> known;
  for (const EntryId& id : heads) {
    known.push_back(graph_.Find(id));
    if (known.back() == kNone) return Fail(Code::kNotFound, "no such entry");
  }
  if (known.empty()) return Fail(Code::kNotFound, "no entry");
  return &PowersAt(known);
}

const Powers& Evaluator::PresentPowers() {
  return views_.At(graph_.CutOf(heads_), seals_.ChainOf(all_, heads_));
}

bool Evaluator::IsEntitled(const Powers& powers, Index org, Index device,
                           std::string_view space) const {
  if (device == kNone || !powers.IsEntitled(device)) return false;
  if (space.empty()) return true;
  const Index role = graph_.roles().Find(Role(kSpacePrefix).append(space));
  return role != kNone && powers.HasRole(org, role);
}

Result<bool> Evaluator::EntitledAt(const std::vector<EntryId>& basis, const OrgDevice& device,
                                   std::string_view space) {
  ASSIGN(const Powers* const powers, PowersAt(basis));
  return IsEntitled(*powers, graph_.orgs().Find(device.org), graph_.devices().Find(device), space);
}

Result<bool> Evaluator::HasSeatAt(const std::vector<EntryId>& basis, const OrgDevice& device,
                                  const log::SpaceId& space) {
  ASSIGN(const Powers* const powers, PowersAt(basis));
  const Index org = graph_.orgs().Find(device.org);
  const Index role = graph_.roles().Find(MemberRole(space));
  return role != kNone && IsEntitled(*powers, org, graph_.devices().Find(device), {}) &&
         powers->HasRole(org, role);
}

Result<bool> Evaluator::IsSealedAt(const std::vector<EntryId>& basis, const EntryId& seal) const {
  std::vector<Index> known;
  for (const EntryId& id : basis) {
    known.push_back(graph_.Find(id));
    if (known.back() == kNone) return Fail(Code::kNotFound, "no such entry");
  }
  const Index index = graph_.Find(seal);
  if (known.empty() || index == kNone) return Fail(Code::kNotFound, "no such entry");
  Index chain = seals_.ChainOf(graph_.ClosureOf(known), known);
  while (chain != 0 && chain != index) chain = views_.Predecessor(chain);
  return chain == index;
}

Result<Seals::Weight> Evaluator::WeightOfVote(const EntryId& seal, const OrgId& org) const {
  const Index index = graph_.Find(seal);
  if (index == kNone || graph_[index].As<Seal>() == nullptr)
    return Fail(Code::kNotFound, "no such seal");
  return seals_.WeightOfVote(index, graph_.orgs().Find(org), all_);
}

}  // namespace geflecht::governance
