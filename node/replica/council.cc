#include "node/replica/council.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/governance/read_entry.h"

namespace geflecht::replica {

Council::Council(const log::Founding& founding, ReadBody read_body)
    : read_body_(std::move(read_body)),
      network_(founding.network()),
      directory_(founding),
      mandates_(network_),
      evaluator_(std::make_unique<governance::Evaluator>()) {
  CHECK(evaluator_->Add(governance::ReadCharter(founding)).has_value());
  const log::Header& header = founding.charter.header;
  records_[founding.charter.id] = {header.device, std::nullopt, header.kind, {}, header.time_s};
  by_kind_[header.kind].push_back(founding.charter.id);
  tips_ = {founding.charter.id};
}

void Council::Append(const log::Entry& entry) {
  if (Counts(entry.id)) return;
  Waiting waiting{entry, false, 0};
  for (const log::EntryId& cause : governance::ParentsOf(entry.header)) {
    if (Counts(cause)) continue;
    awaited_by_[cause].push_back(entry.id);
    ++waiting.causes;
  }
  const bool ready = waiting.causes == 0 && entry.header.fields == 0;
  waiting_.emplace(entry.id, std::move(waiting));
  if (ready) Count(entry.id, nullptr);
}

void Council::AddBody(const log::EntryId& entry, const log::Body& body) {
  const auto it = waiting_.find(entry);
  if (it == waiting_.end()) return;
  it->second.body_here = true;
  if (it->second.causes == 0) Count(entry, &body);
}

void Council::Count(const log::EntryId& first, const log::Body* body) {
  std::vector<log::EntryId> ready{first};
  while (!ready.empty()) {
    const auto node = waiting_.extract(ready.back());
    ready.pop_back();
    const log::Entry& entry = node.mapped().entry;
    if (node.key() == first || entry.header.fields == 0) {
      CountOne(entry, node.key() == first ? body : nullptr);
    } else {
      const log::Body again = read_body_(node.key());
      CountOne(entry, &again);
    }
    auto freed = awaited_by_.extract(node.key());
    if (freed.empty()) continue;
    for (const log::EntryId& id : freed.mapped()) {
      Waiting& waiting = waiting_.at(id);
      --waiting.causes;
      if (waiting.causes == 0 && (waiting.body_here || waiting.entry.header.fields == 0))
        ready.push_back(id);
    }
  }
}

void Council::CountOne(const log::Entry& entry, const log::Body* body) {
  const std::vector<log::EntryId> parents = governance::ParentsOf(entry.header);
  const auto in_past = [&](const log::EntryId& past) {
    return std::any_of(parents.begin(), parents.end(), [&](const log::EntryId& parent) {
      return Counts(past) && Covers(parent, past);
    });
  };
  governance::Entry read = governance::ReadEntry(entry, body, directory_, in_past);
  Record record{entry.header.device, directory_.OrgOfDevice(entry.header.device, in_past),
                entry.header.kind, entry.header.about, entry.header.time_s};
  CHECK(evaluator_->Add(std::move(read)).has_value());
  if (record.about) about_[*record.about].push_back(entry.id);
  by_kind_[record.kind].push_back(entry.id);
  mandates_.Note(entry.header, entry.id, record.org, body);
  records_.emplace(entry.id, std::move(record));
  if (governance::MayChangeMembers(entry.header.kind)) members_.reset();
  counted_.push_back(entry.id);
  for (const log::EntryId& parent : parents) std::erase(tips_, parent);
  tips_.insert(std::lower_bound(tips_.begin(), tips_.end(), entry.id), entry.id);
}

bool Council::CountsInFrontOf(const log::Header& header) const {
  const std::vector<log::EntryId> past =
      header.basis.empty() ? governance::ParentsOf(header) : header.basis;
  return std::all_of(past.begin(), past.end(),
                     [this](const log::EntryId& entry) { return Counts(entry); });
}

std::vector<log::EntryId> Council::TakeCounted() { return std::exchange(counted_, {}); }

const Council::Record* Council::Find(const log::EntryId& entry) const {
  const auto it = records_.find(entry);
  return it == records_.end() ? nullptr : &it->second;
}

const std::vector<log::EntryId>& Council::About(const log::EntryId& entry) const {
  static const std::vector<log::EntryId> kNone;
  const auto it = about_.find(entry);
  return it == about_.end() ? kNone : it->second;
}

const std::vector<log::EntryId>& Council::OfKind(std::string_view kind) const {
  static const std::vector<log::EntryId> kNone;
  const auto it = by_kind_.find(kind);
  return it == by_kind_.end() ? kNone : it->second;
}

bool Council::Covers(const log::EntryId& entry, const log::EntryId& past) const {
  const governance::Graph& graph = evaluator_->graph();
  const governance::Index of = graph.Find(entry);
  const governance::Index in_it = graph.Find(past);
  return of != governance::kNone && in_it != governance::kNone && graph.Covers(of, in_it);
}

const governance::Measure* Council::MeasureOf(const log::EntryId& proposal) const {
  const governance::Graph& graph = evaluator_->graph();
  const governance::Index index = graph.Find(proposal);
  if (index == governance::kNone) return nullptr;
  const auto* said = graph[index].As<governance::Proposal>();
  return said == nullptr ? nullptr : &said->measure;
}

const std::vector<log::EntryId>& Council::ParentsOf(const log::EntryId& entry) const {
  const governance::Graph& graph = evaluator_->graph();
  return graph[graph.Find(entry)].entry.parents;
}

const governance::State& Council::state() const { return evaluator_->Evaluate(); }

std::optional<log::OrgId> Council::OrgAt(const log::DeviceId& device,
                                         const std::vector<log::EntryId>& heads) const {
  return directory_.OrgOfDevice(device, [&](const log::EntryId& past) {
    return std::any_of(heads.begin(), heads.end(),
                       [&](const log::EntryId& head) { return Covers(head, past); });
  });
}

bool Council::IsEntitled(const log::DeviceId& device,
                         const std::vector<log::EntryId>& heads) const {
  const auto org = OrgAt(device, heads);
  if (!org) return false;
  const auto entitled = evaluator_->EntitledAt(heads, {*org, device}, {});
  return entitled && *entitled;
}

bool Council::IsMemberAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) const {
  const auto powers = evaluator_->PowersAt(heads);
  return powers && (*powers)->Find(evaluator_->graph().orgs().Find(org)) != nullptr;
}

bool Council::IsActiveAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) const {
  const auto powers = evaluator_->PowersAt(heads);
  return powers && (*powers)->IsActive(evaluator_->graph().orgs().Find(org));
}

bool Council::HasSeat(const log::DeviceId& device, const std::vector<log::EntryId>& heads,
                      const log::SpaceId& space) const {
  const auto org = OrgAt(device, heads);
  if (!org) return false;
  const auto seat = evaluator_->HasSeatAt(heads, {*org, device}, space);
  return seat && *seat;
}

bool Council::SomebodyHadTlsKey(const governance::Member& member,
                                const std::vector<governance::Member>& present) const {
  const auto said_by = [&](const governance::Member& one) {
    const log::EntryId* first = nullptr;
    for (const governance::Directory::Claim& claim : directory_.ClaimsOn(one.device))
      if (claim.org == one.org && claim.card.tls_key == one.tls_key &&
          (first == nullptr || claim.said_by < *first))
        first = &claim.said_by;
    return first;
  };
  const log::EntryId* own = said_by(member);
  return std::any_of(present.begin(), present.end(), [&](const governance::Member& other) {
    if (other.device == member.device || other.tls_key != member.tls_key) return false;
    const log::EntryId* first = said_by(other);
    if (own == nullptr || first == nullptr) return false;
    return *own != *first && (Covers(*own, *first) || (!Covers(*first, *own) && *first < *own));
  });
}

const governance::Members& Council::members() const {
  if (members_) return *members_;
  const governance::State& now = state();
  const auto members_of = [&](const std::vector<governance::OrgDevice>& devices) {
    std::vector<governance::Member> members;
    for (const governance::OrgDevice& device : devices) {
      const governance::MemberState* member = now.Member(device.org);
      const log::Card* card =
          directory_.CardOf(device.org, device.device,
                            member == nullptr ? std::nullopt : std::optional(member->root));
      if (card == nullptr) continue;
      members.push_back({device.org, directory_.NameOf(device.org),
                         member == nullptr ? card->root_key : member->root, device.device,
                         card->tls_key, member != nullptr && member->active});
    }
    return members;
  };
  std::vector<governance::Member> present = members_of(now.devices);
  for (governance::Member& member : present)
    if (SomebodyHadTlsKey(member, present)) member.tls_key = {};
  members_ =
      governance::Members::Of(network_, std::move(present), members_of(now.deprived), now.spaces);
  return *members_;
}

}  // namespace geflecht::replica
