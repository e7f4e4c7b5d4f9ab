// What must hold when the network is whole again and everything has come to rest.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "node/domain/document_types.h"
#include "node/governance/state_text.h"
#include "node/replica/records.h"
#include "tests/sim/checkers.h"
#include "tests/sim/utf32.h"

namespace geflecht::sim {
namespace {

std::string Short(const crdt::DocumentId& id) { return id.Hex().substr(0, 8); }

std::string Rendered(const crdt::Slot& slot) {
  if (const auto* child = std::get_if<crdt::Child>(&slot)) return "child " + child->id;
  const auto& value = std::get<crdt::Value>(slot);
  if (const auto* absent = std::get_if<crdt::Absent>(&value))
    return (absent->gap == crdt::Gap::kErased ? "erased " : "missing ") +
           std::to_string(absent->bytes);
  if (const auto* text = std::get_if<std::string>(&value)) return "text " + *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return "null";
}

std::string RenderedAll(const std::vector<crdt::Writing>& writings) {
  std::string out;
  for (const crdt::Writing& writing : writings)
    out += "  " + (writing.removed ? std::string("removed") : Rendered(writing.slot)) + " by " +
           writing.change.Hex() + " of " + writing.agent.Hex() + "\n";
  return out;
}

// Two changes of different devices, neither of which knew the other, both typed.
void NoteMerges(const std::vector<replica::ChangeInfo>& history, const replica::OpenDocument& open,
                Trace& trace) {
  const auto typed = [](const replica::ChangeInfo& info) {
    return std::any_of(info.edits.begin(), info.edits.end(), [](const crdt::Edit& edit) {
      return std::holds_alternative<crdt::InsertText>(edit);
    });
  };
  for (std::size_t i = 1; i < history.size(); ++i) {
    const replica::ChangeInfo& a = history[i - 1];
    const replica::ChangeInfo& b = history[i];
    if (a.device == b.device || !typed(a) || !typed(b)) continue;
    if (open.document.Contains({a.id.bytes}, {b.id.bytes}) ||
        open.document.Contains({b.id.bytes}, {a.id.bytes}))
      continue;
    trace.counts.Hit(Mark::kTextMerged);
    return;
  }
}

struct Written {  // of the history of one document
  std::set<std::pair<std::string, std::string>> sets;
  std::multiset<std::int64_t> added;
  std::int64_t sum = 0;
};

Written WrittenIn(const std::vector<replica::ChangeInfo>& history,
                  const std::set<log::DeviceId>& hostile) {
  Written written;
  for (const replica::ChangeInfo& info : history) {
    Require(!info.void_reason || hostile.contains(info.device),
            "a change of an honest device is void: " + info.void_reason.value_or(""));
    for (const crdt::Edit& edit : info.edits) {
      if (const auto* add = std::get_if<crdt::Add>(&edit)) {
        written.added.insert(add->delta);
        written.sum += add->delta;
      }
      const auto* set = std::get_if<crdt::SetKey>(&edit);
      if (set == nullptr || !set->slot) continue;
      const auto* value = std::get_if<crdt::Value>(&*set->slot);
      const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
      if (text != nullptr) written.sets.emplace(set->key, *text);
    }
  }
  return written;
}

void CheckText(const crdt::DocumentId& id, const std::string& text, const Ledger& ledger) {
  std::set<std::uint32_t> there;
  for (const std::uint32_t point : ToCodePoints(text)) {
    Require(there.insert(point).second, "text stands twice in document " + Short(id));
    const auto typed = ledger.typed.find(point);
    Require(typed != ledger.typed.end() && typed->second.document == id,
            "nobody typed this into document " + Short(id));
    Require(!typed->second.removal_acknowledged, "removed text is back in document " + Short(id));
  }
  for (const auto& [point, typed] : ledger.typed)
    if (typed.document == id && typed.acknowledged && !typed.removed)
      Require(there.contains(point), "acknowledged text is lost in document " + Short(id));
}

void CheckAcknowledged(replica::Replica& replica, const crdt::DocumentId& id, const Ledger& ledger,
                       const std::set<log::DeviceId>& hostile, Trace& trace) {
  const auto history = replica.History(id);
  Require(history.has_value(), "no history of document " + Short(id));
  const Written written = WrittenIn(*history, hostile);
  const auto open = replica.Open(id);
  Require(open.has_value(), "document " + Short(id) + " does not open");
  for (const Ledger::Set& set : ledger.sets)
    if (set.acknowledged && set.document == id)
      Require(written.sets.contains({set.key, set.value}),
              "an acknowledged value is in no change of document " + Short(id));
  for (const Ledger::Added& added : ledger.added)
    if (added.acknowledged && added.document == id)
      Require(written.added.count(added.delta) == 1,
              "an acknowledged count is not in document " + Short(id) + " exactly once");
  if ((*open)->info.type != domain::kNote) return;
  CheckText(id, (*open)->document.Text("/body").value_or(""), ledger);
  if (const auto count = (*open)->document.Counter("/count"))
    Require(*count == written.sum, "a counter is not the sum of what was added");
  NoteMerges(*history, **open, trace);
}

}  // namespace

std::string Rendered(const replica::OpenDocument& open) {
  const crdt::Document& document = open.document;
  std::string out = open.info.type + " " + open.void_reason.value_or("") + "\n";
  for (const crdt::ChangeId& head : document.heads()) out += "head " + head.Hex() + "\n";
  if (const auto map = document.Map(""); map.has_value()) {
    for (const crdt::Register& item : *map) {
      out += item.key + "\n" + RenderedAll(item.writings);
      const std::string path = "/" + item.key;
      if (const auto text = document.Text(path)) out += "  text " + *text + "\n";
      if (const auto count = document.Counter(path)) out += "  sum " + std::to_string(*count);
      if (const auto list = document.List(path))
        for (const crdt::Slot& slot : *list) out += "  item " + Rendered(slot) + "\n";
    }
  }
  for (const crdt::Conflict& conflict : document.Contests())
    out += "conflict " + conflict.path + "\n" + RenderedAll(conflict.writings);
  for (const auto& [change, reason] : open.voids) out += "void " + change.Hex() + reason + "\n";
  for (const crdt::Document::Void& item : document.Voids())
    out += "void " + item.change.Hex() + item.reason + "\n";
  return out;
}

namespace {

std::set<log::DeviceId> HostileOf(const std::vector<std::unique_ptr<Site>>& sites) {
  std::set<log::DeviceId> hostile;
  for (const auto& site : sites)
    if (site->hostile()) hostile.insert(site->device());
  return hostile;
}

// The bodies that a replica lacks: a hostile author may have given them to nobody. By entry, as two
// machines of one key write two entries at one position.
using Lacked = std::pair<log::DeviceId, log::EntryId>;
std::set<Lacked> Lacking(const replica::SpaceLog& log) {
  const auto missing = log.MissingBodies(log.missing_bodies());
  Require(missing.has_value(), "missing bodies cannot be listed");
  std::set<Lacked> lacking;
  for (const codec::Position& at : *missing) {
    const auto entry = log.EntryAt(at.feed, at.seq);
    Require(entry.has_value() && entry->has_value(), "a body is missing of no entry");
    lacking.emplace(at.feed.device, (*entry)->entry.id);
  }
  return lacking;
}

std::set<Lacked> Without(const std::set<Lacked>& excused, std::set<Lacked> lacking) {
  for (const Lacked& body : excused) lacking.erase(body);
  return lacking;
}

// What `off`, which has no power, wrote and still has on its disk.
std::set<Lacked> HeldBy(const Site& off, const log::Founding& founding) {
  SeededRandom random(0);
  const auto replica = replica::Replica::Load(founding, {&off.device_key(), off.life()},
                                              off.disk().synced(), random);
  Require(replica.has_value(), "a disk cannot be read");
  const replica::SpaceLog& log = (*replica)->Log((*replica)->members().network_space());
  const auto arrivals = log.Arrivals(1, log.last_arrival());
  Require(arrivals.has_value(), "the entries of a space cannot be read");
  std::set<Lacked> held;
  for (const codec::StoredEntry& stored : *arrivals)
    if (stored.body_here && stored.feed().device == off.device())
      held.emplace(stored.feed().device, stored.entry.id);
  return held;
}

std::optional<std::string> WhyNotConnected(const Site& site, const std::set<log::DeviceId>& hostile,
                                           bool complete) {
  bool any = false;
  for (const core::SessionState& session : site.node().sessions()) {
    if (session.device && hostile.contains(*session.device)) continue;
    if (complete && !session.all_equal) return "has a session that is not equal";
    any = true;
  }
  if (!any) return "has no session";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> WhyNotConverged(const std::vector<std::unique_ptr<Site>>& sites,
                                           const Site* off) {
  const std::set<log::DeviceId> hostile = HostileOf(sites);
  const replica::Replica* first = nullptr;
  for (const auto& site : sites) {
    if (site->hostile()) continue;
    if (!site->up() && site->twin() != nullptr) continue;  // one of two machines of one key
    const std::string name = "site " + std::to_string(site->number());
    if (!site->up() || site->node().replica() == nullptr) return name + " is not up";
    const replica::Replica& replica = *site->node().replica();
    if (replica.NextCutMs()) return name + " has an open change";
    if (replica.NextExpungeMs()) return name + " has something to expunge";
    if (!site->disk().idle()) return name + " still writes";
    if (first == nullptr) first = &replica;
    bool complete = true;
    for (const log::SpaceId& space :
         {replica.members().root_space(), replica.members().network_space()}) {
      const replica::SpaceLog& log = replica.Log(space);
      if (log::HeadsOf(log.Frontier()) != log::HeadsOf(first->Log(space).Frontier()))
        return name + " has another frontier";
      // Also of one that lacks nothing: it has what the first one still waits for.
      if (log.missing_bodies() == 0 && first->Log(space).missing_bodies() == 0) continue;
      complete = complete && log.missing_bodies() == 0;
      const std::set<Lacked> excused =
          off != nullptr ? HeldBy(*off, replica.founding()) : std::set<Lacked>();
      const std::set<Lacked> lacking = Without(excused, Lacking(log));
      if (std::any_of(lacking.begin(), lacking.end(), [&](const Lacked& body) {
            return !hostile.contains(body.first);
          }))
        return name + " lacks bodies";
      if (lacking != Without(excused, Lacking(first->Log(space))))
        return name + " lacks other bodies";
    }
    if (const auto why = WhyNotConnected(*site, hostile, complete)) return name + " " + *why;
  }
  return std::nullopt;
}

// What came was there in the order of causes: nothing stands in front of what it has seen.
void CheckOrder(const replica::Replica& replica) {
  std::set<log::EntryId> before;
  for (const log::SpaceId& space :
       {replica.members().root_space(), replica.members().network_space()}) {
    const replica::SpaceLog& log = replica.Log(space);
    const auto arrivals = log.Arrivals(1, log.last_arrival());
    Require(arrivals.has_value(), "the entries of a space cannot be read");
    for (const codec::StoredEntry& stored : *arrivals) {
      const log::Header& header = stored.entry.header;
      std::vector<log::EntryId> causes = header.seen;
      causes.insert(causes.end(), header.basis.begin(), header.basis.end());
      if (header.prev) causes.push_back(*header.prev);
      if (header.about) causes.push_back(*header.about);
      for (const log::EntryId& cause : causes)
        Require(before.contains(cause), "an entry came before what it has seen");
      before.insert(stored.entry.id);
    }
  }
}

namespace {

// Everybody has come to the same decisions, and so has whoever reads the disk anew.
void CheckCouncil(const replica::Replica& replica, const replica::Replica& anew,
                  const replica::Replica& first, const Ledger& ledger, Trace& trace) {
  const replica::Council& council = replica.council();
  const std::string state = governance::RenderState(council.state());
  Require(state == governance::RenderState(anew.council().state()),
          "decisions differ when read anew");
  Require(state == governance::RenderState(first.council().state()), "decisions differ");
  for (const log::EntryId& id : ledger.said)
    Require(council.Counts(id), "an acknowledged proposal or vote is lost");
  if (!council.state().With(governance::Verdict::kEffective).empty())
    trace.counts.Hit(Mark::kDecided);
}

}  // namespace

namespace {

// Nobody holds what an erasure names. Honest devices write only such as count.
void CheckErasures(const replica::Replica& replica, const std::set<log::DeviceId>& hostile,
                   Trace& trace) {
  const replica::SpaceLog& log = replica.Log(replica.members().network_space());
  const auto arrivals = log.Arrivals(1, log.last_arrival());
  Require(arrivals.has_value(), "the entries of a space cannot be read");
  for (const codec::StoredEntry& stored : *arrivals) {
    const log::Header& header = stored.entry.header;
    if (header.kind != log::kErase || !stored.body_here || hostile.contains(header.device))
      continue;
    const auto body = log.BodyOf(stored);
    Require(body.has_value() && *body, "an erasure cannot be read");
    const auto erasure = log::ReadErasure(header, **body);
    Require(erasure.has_value(), "an erasure of an honest device is none");
    if (header.device != replica.self()) trace.counts.Hit(Mark::kErasedElsewhere);
    for (const log::RecordId& document : erasure->documents) {
      for (const codec::StoredEntry& change : *arrivals) {
        if (!change.body_here || !change.document || change.document->bytes != document.bytes)
          continue;
        const auto left = log.BodyOf(change);
        Require(left.has_value() && *left, "a body cannot be read");
        for (std::size_t field = 1; field < (*left)->slots.size(); ++field)
          Require(!std::holds_alternative<log::Field>((*left)->slots[field]),
                  "an erased document still says something");
      }
    }
    for (const log::EraseTarget& target : erasure->targets) {
      const auto named = log.EntryOf(target.entry);
      Require(named.has_value() && *named, "an erasure names an entry that is not here");
      if (!(*named)->body_here) continue;
      const auto left = log.BodyOf(**named);
      Require(left.has_value() && *left, "a body cannot be read");
      for (const std::uint32_t field : target.fields)
        Require(!std::holds_alternative<log::Field>((*left)->slots[field]),
                "an erased field is still here");
    }
  }
}

}  // namespace

void CheckDocuments(const std::vector<std::unique_ptr<Site>>& sites, const Ledger& ledger,
                    Trace& trace) {
  std::map<crdt::DocumentId, std::string> expected;
  const std::set<log::DeviceId> hostile = HostileOf(sites);
  for (const auto& site : sites) {
    if (site->hostile() || !site->up()) continue;
    replica::Replica& replica = *site->node().replica();
    CheckOrder(replica);
    CheckErasures(replica, hostile, trace);
    // Read anew from the disk: what stayed open in memory must be the same.
    SeededRandom random(0);
    auto anew = replica::Replica::Load(replica.founding(), {&site->device_key(), site->life()},
                                       site->disk().synced(), random);
    Require(anew.has_value(), "a disk cannot be read anew");
    CheckErasures(**anew, hostile, trace);
    CheckCouncil(replica, **anew, *sites.front()->node().replica(), ledger, trace);
    const auto documents = replica.ListDocuments();
    Require(documents.has_value(), "documents cannot be listed");
    for (const codec::StoredDocument& document : *documents) {
      if (document.type.empty()) continue;  // its first change has not come
      const auto open = replica.Open(document.id);
      const auto again = (*anew)->Open(document.id);
      Require(open.has_value() && again.has_value(), "a document does not open everywhere");
      const std::string state = Rendered(**open);
      const auto file = site->disk().synced().Get(replica::DocumentFileKey(document.id));
      if (file.has_value() && *file) trace.counts.Hit(Mark::kReadFromFile);
      Require(state == Rendered(**again), "a document differs when read anew");
      const auto [known, added] = expected.try_emplace(document.id, state);
      Require(added == (site == sites.front()), "a document is not everywhere");
      Require(known->second == state, "document " + Short(document.id) + " differs");
    }
    const auto begun = std::count_if(documents->begin(), documents->end(),
                                     [](const auto& document) { return !document.type.empty(); });
    Require(static_cast<std::size_t>(begun) == expected.size(), "a document is missing");
  }
  for (const crdt::DocumentId& id : ledger.created)
    Require(expected.contains(id), "an acknowledged document is lost");
  for (const auto& [id, state] : expected)
    if (!ledger.erased.contains(id))
      CheckAcknowledged(*sites.front()->node().replica(), id, ledger, hostile, trace);
}

}  // namespace geflecht::sim
