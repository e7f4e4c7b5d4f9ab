// What the root space's entries decide, as far as this node can read them: an entry counts once it
// and its whole past are here with their bodies. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/governance/directory.h"
#include "node/governance/evaluate.h"
#include "node/governance/mandates.h"
#include "node/governance/members.h"
#include "node/log/charter.h"

namespace geflecht::replica {

class Council {
 public:
  // An entry of the root space that counts.
  struct Record {
    log::DeviceId device;
    std::optional<log::OrgId> org;  // for which the device signs; nothing: for nobody
    std::string kind;
    std::optional<log::EntryId> about;
    std::int64_t time_s = 0;  // the writer's claim
  };

  // The body of an entry that AddBody brought before its causes could be read. Not kept in memory:
  // whoever withholds a cause must not fill it.
  using ReadBody = std::function<log::Body(const log::EntryId&)>;
  Council(const log::Founding& founding, ReadBody read_body);

  // An entry of the root space that is in the log, so that its causes are too.
  void Append(const log::Entry& entry);
  // The body of such an entry.
  void AddBody(const log::EntryId& entry, const log::Body& body);
  // The entries that count since the last call, causes first.
  std::vector<log::EntryId> TakeCounted();

  // Heads of what counts, ascending: what this node relies on.
  const std::vector<log::EntryId>& tips() const { return tips_; }
  bool Counts(const log::EntryId& entry) const { return records_.contains(entry); }
  // All that an entry relies on: its basis, or in the root space what it has seen.
  bool CountsInFrontOf(const log::Header& header) const;
  const Record* Find(const log::EntryId& entry) const;  // nullptr if it does not count
  // Votes, comments, certificates and whatever else is about an entry, causes first.
  const std::vector<log::EntryId>& About(const log::EntryId& entry) const;
  const std::vector<log::EntryId>& OfKind(std::string_view kind) const;  // causes first
  // What a proposal that counts would change; nullptr for other entries. Valid until the next
  // Append or AddBody.
  const governance::Measure* MeasureOf(const log::EntryId& proposal) const;
  const std::vector<log::EntryId>& ParentsOf(const log::EntryId& entry) const;  // which counts
  // Whether `entry` is `past` or has it in its past. Both count.
  bool Covers(const log::EntryId& entry, const log::EntryId& past) const;

  // Of all that counts. Valid until the next call of Append or AddBody.
  const governance::State& state() const;
  const governance::Members& members() const;
  const governance::Directory& directory() const { return directory_; }
  // What organisations say of persons who sign for them.
  const governance::Mandates& mandates() const { return mandates_; }
  // What can be erased of this entry is: nothing decided changes.
  void ForgetErased(const log::EntryId& entry) { mandates_.ForgetName(entry); }
  governance::Evaluator& evaluator() const { return *evaluator_; }
  // For which organisation the device signed in the joint past of these entries, which count.
  std::optional<log::OrgId> OrgAt(const log::DeviceId& device,
                                  const std::vector<log::EntryId>& heads) const;
  // Whether the device is a member's in the joint past of these entries, which count.
  bool IsEntitled(const log::DeviceId& device, const std::vector<log::EntryId>& heads) const;
  // Whether the organisation is a member, and an active one, in that past.
  bool IsMemberAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) const;
  bool IsActiveAt(const log::OrgId& org, const std::vector<log::EntryId>& heads) const;
  // Whether it may write in a space that a decision has founded, in that past.
  bool HasSeat(const log::DeviceId& device, const std::vector<log::EntryId>& heads,
               const log::SpaceId& space) const;
  // Now: also of an inactive member.
  bool IsEntitled(const log::DeviceId& device) const {
    return members().ByDevice(device) != nullptr;
  }

 private:
  // Nobody proves a TLS key: it belongs to the card that was there first.
  bool SomebodyHadTlsKey(const governance::Member& member,
                         const std::vector<governance::Member>& present) const;
  struct Waiting {
    log::Entry entry;
    bool body_here = false;
    std::size_t causes = 0;  // that do not count yet
  };
  void Count(const log::EntryId& first, const log::Body* body);
  void CountOne(const log::Entry& entry, const log::Body* body);

  ReadBody read_body_;
  log::NetworkId network_;
  governance::Directory directory_;
  governance::Mandates mandates_;
  std::unique_ptr<governance::Evaluator> evaluator_;
  std::map<log::EntryId, Waiting> waiting_;
  std::map<log::EntryId, std::vector<log::EntryId>> awaited_by_;
  std::map<log::EntryId, Record> records_;
  std::map<log::EntryId, std::vector<log::EntryId>> about_;
  std::map<std::string, std::vector<log::EntryId>, std::less<>> by_kind_;
  std::vector<log::EntryId> counted_, tips_;
  mutable std::optional<governance::Members> members_;  // made when somebody asks
};

}  // namespace geflecht::replica
