// Bodies of own changes, and changes that only join others.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "node/log/body.h"
#include "node/replica/replica.h"

namespace geflecht::replica {

Result<log::Body> Replica::ChangeBody(const SpaceLog& log, const OpenDocument& open,
                                      const crdt::Document::Cut& cut,
                                      const std::vector<crdt::ErasureId>& known) {
  const log::FeedKey feed{log.space(), self(), self_.life};
  crdt::ChangeHead head{open.info.id, std::nullopt, 0, {}, 0, {}};
  std::optional<std::uint64_t> own_seq;
  for (const crdt::ChangeId& parent : cut.parents) {
    ASSIGN(const auto stored, log.EntryOf({parent.bytes}));
    if (!stored) return Fail(Code::kCorruption, "an edit stands on a change that is not here");
    if (stored->feed() == feed) {
      own_seq = stored->entry.header.seq;
    } else {
      head.parents.push_back(parent);
    }
  }
  if (own_seq) head.own_distance = log.Head(feed).next_seq - *own_seq;
  ASSIGN(head.erasures, ErasuresToName(open, cut.edits, known));
  log::Body body;
  for (crdt::EncodedField& field : crdt::EncodeChange(head, cut.edits, open.document.schema()))
    body.slots.emplace_back(log::MakeField(std::move(field.name), std::move(field.value), random_));
  TRY(log::CheckBody(body));
  return body;
}

Result<void> Replica::JoinHeads(const crdt::DocumentId& id, Time now) {
  for (;;) {
    const OpenDocument& open = *documents_.FindOpen(id);
    if (open.document.HasOpen() || open.document.heads().size() <= limits::kHeadsUnjoinedMax)
      return {};
    SpaceLog& log = *FindLog(open.info.space);
    TRY(PrepareToWrite(log, now));
    crdt::Heads parents = open.document.heads();
    parents.resize(std::min(parents.size(), limits::kHeadsJoinedMax));
    // An edit without effect, as a change has at least one: a key that is not set is removed.
    std::string key = "joined";
    while (open.document.Get("/" + key)) key += '-';
    ASSIGN(const auto known, ErasuresKnownTo(log, id));
    const crdt::Document::Cut cut{std::move(parents), {crdt::SetKey{"", key, std::nullopt}}};
    ASSIGN(const log::Body body, ChangeBody(log, open, cut, known));
    TRY(WriteOwn(log, {"change", std::nullopt, &body}, now));
    TRY(Open(id));
  }
}

}  // namespace geflecht::replica
