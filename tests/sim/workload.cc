#include "tests/sim/workload.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/governance/kinds.h"
#include "tests/sim/utf32.h"

namespace geflecht::sim {
namespace {

void MustHold(const Result<void>& result, const std::string& what) {
  Require(result.has_value(), what + ": " + (result ? std::string() : result.error().detail));
}

void Tell(const std::vector<std::function<void()>>& facts) {
  for (const auto& fact : facts) fact();
}

Result<void> SetEnvelope(crdt::Transaction& edit) {
  TRY(edit.Set("/purpose", std::string("network_coordination")));
  TRY(edit.Set("/legal_basis", std::string("contract")));
  return edit.Set("/retention_class", std::string("L1"));
}

Result<void> SetNote(crdt::Transaction& edit) {
  TRY(edit.SetChild("/count", crdt::ContainerType::kCounter));
  return edit.SetChild("/items", crdt::ContainerType::kList);
}

}  // namespace

bool MayWork(const Site& site) {
  return site.up() && site.node().replica() != nullptr && site.node().MayWrite().has_value();
}

void CreateForeignNote(Site& site, const std::string& title) {
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        (void)node.replica()->Create(
            domain::kNote,
            [&](crdt::Transaction& edit) -> Result<void> {
              TRY(SetEnvelope(edit));
              TRY(SetNote(edit));
              return edit.Set("/title", title);
            },
            now);
        node.Finish(now, actions);
      },
      [] {});
}

Workload::Workload(const Options& options, Ledger& ledger, Trace& trace)
    : ledger_(ledger),
      trace_(trace),
      random_(options.seed ^ 0x776F726Bull),
      documents_max_(1 + static_cast<int>(random_.Below(6))) {}

std::vector<std::uint32_t> Workload::NewText(const crdt::DocumentId& id, std::size_t length,
                                             Facts& facts) {
  std::vector<std::uint32_t> text;
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint32_t point = ledger_.NextCodePoint();
    ledger_.typed[point].document = id;
    facts.push_back([this, point] { ledger_.typed[point].acknowledged = true; });
    text.push_back(point);
  }
  return text;
}

void Workload::RemoveFacts(const std::vector<std::uint32_t>& gone, Facts& facts) {
  for (const std::uint32_t point : gone) {
    ledger_.typed[point].removed = true;
    facts.push_back([this, point] { ledger_.typed[point].removal_acknowledged = true; });
  }
}

void Workload::Create(Site& site) {
  ++documents_;
  const bool note = random_.Below(3) != 0;
  const auto facts = std::make_shared<Facts>();
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        const auto id = node.replica()->Create(
            note ? domain::kNote : domain::kContact,
            [&](crdt::Transaction& edit) -> Result<void> {
              TRY(SetEnvelope(edit));
              if (!note) return edit.Set("/city", std::string("Musterstadt"));
              return SetNote(edit);
            },
            now);
        Require(id.has_value(),
                "a document cannot be created: " + (id ? std::string() : id.error().detail));
        facts->push_back([this, made = *id] { ledger_.created.insert(made); });
        node.Finish(now, actions);
      },
      [facts] { Tell(*facts); });
}

Result<void> Workload::Type(crdt::Transaction& edit, const crdt::DocumentId& id,
                            std::vector<std::uint32_t>& text, Facts& facts) {
  const std::size_t at = random_.Below(text.size() + 1);
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
  const std::uint64_t how = random_.Below(5);
  if (how < 3 || text.empty()) {
    const auto typed = NewText(id, 1 + random_.Below(4), facts);
    text.insert(begin, typed.begin(), typed.end());
    return edit.InsertText("/body", at, ToUtf8(typed));
  }
  const std::size_t count = std::min<std::size_t>(text.size() - at, 1 + random_.Below(3));
  RemoveFacts({begin, begin + static_cast<std::ptrdiff_t>(count)}, facts);
  const auto behind = text.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  if (how == 3) return count == 0 ? Result<void>() : edit.RemoveText("/body", at, count);
  const auto typed = NewText(id, random_.Below(3), facts);
  text.insert(behind, typed.begin(), typed.end());
  return edit.ReplaceText("/body", ToUtf8(text));
}

Result<void> Workload::SetField(crdt::Transaction& edit, Site& site, const crdt::DocumentId& id,
                                bool note, Facts& facts) {
  const std::string key = note ? (random_.Below(2) == 0 ? "title" : "colour")
                               : (random_.Below(2) == 0 ? "phone" : "email");
  const std::string value = "value " + std::to_string(ledger_.sets.size());
  const std::size_t index = ledger_.sets.size();
  ledger_.sets.push_back({id, site.number(), key, value, false});
  facts.push_back([this, index] { ledger_.sets[index].acknowledged = true; });
  return edit.Set("/" + key, value);
}

Result<void> Workload::Count(crdt::Transaction& edit, Site& site, const crdt::DocumentId& id,
                             Facts& facts) {
  const std::size_t index = ledger_.added.size();
  const auto delta = static_cast<std::int64_t>(1'000 + index) * (random_.Below(2) == 0 ? 1 : -1);
  ledger_.added.push_back({id, site.number(), delta, false});
  facts.push_back([this, index] { ledger_.added[index].acknowledged = true; });
  return edit.Increment("/count", delta);
}

void Workload::EditDocument(Site& site, const crdt::DocumentId& id) {
  const auto facts = std::make_shared<Facts>();
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        const auto open = node.replica()->Open(id);
        if (!open || (*open)->void_reason) return node.Finish(now, actions);
        const bool note = (*open)->info.type == domain::kNote;
        std::vector<std::uint32_t> text;
        if (note) text = ToCodePoints((*open)->document.Text("/body").value_or(""));
        const std::uint64_t edits = 1 + random_.Below(3);
        const auto edited = node.replica()->Edit(
            id,
            [&](crdt::Transaction& edit) -> Result<void> {
              for (std::uint64_t i = 0; i < edits; ++i) {
                const std::uint64_t what = note ? random_.Below(10) : 9;
                if (what < 6) {
                  TRY(Type(edit, id, text, *facts));
                } else if (what < 7) {
                  TRY(edit.InsertItem("/items", 0, std::int64_t{ledger_.next_number}));
                } else if (what < 8) {
                  TRY(Count(edit, site, id, *facts));
                } else {
                  TRY(SetField(edit, site, id, note, *facts));
                }
              }
              return {};
            },
            now);
        MustHold(edited, "an edit is refused");
        node.Finish(now, actions);
      },
      [facts] { Tell(*facts); });
}

void Workload::ResolveOne(Site& site, const crdt::DocumentId& id,
                          const std::vector<crdt::Conflict>& open) {
  const crdt::Conflict& conflict = open[random_.Below(open.size())];
  const std::size_t take = random_.Below(conflict.writings.size());
  trace_.counts.Hit(Mark::kConflictResolved);
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        MustHold(node.replica()->Resolve(id, conflict.path, take, now),
                 "a conflict is not settled");
        node.Finish(now, actions);
      },
      [] {});
}

void Workload::Cut(Site& site, const crdt::DocumentId& id) {
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        MustHold(node.replica()->Cut(id, now), "a change is not cut");
        node.Finish(now, actions);
      },
      [] {});
}

void Workload::PasteMuch(Site& site) {
  if (!MayWork(site)) return;
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        const std::string much(520'000, static_cast<char>('a' + random_.Below(26)));
        const auto id = node.replica()->Create(
            domain::kNote,
            [&](crdt::Transaction& edit) -> Result<void> {
              TRY(SetEnvelope(edit));
              TRY(SetNote(edit));
              return edit.Set("/pasted", much);
            },
            now);
        Require(id.has_value(),
                "a large document cannot be created: " + (id ? std::string() : id.error().detail));
        node.Finish(now, actions);
      },
      [] {});
}

void Workload::Erase(Site& site, const crdt::DocumentId& id) {
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        const auto erased = node.replica()->EraseDocument(id, std::nullopt, "request", now);
        if (erased) {
          ledger_.erased.insert(id);
          trace_.counts.Hit(Mark::kErased);
        } else {
          const Code code = erased.error().code;
          Require(code == Code::kNotPermitted || code == Code::kNotFound,
                  "an erasure is refused: " + erased.error().detail);
        }
        node.Finish(now, actions);
      },
      [] {});
}

void Workload::Decide(Site& site) {
  constexpr std::size_t kProposalsMax = 6;
  const auto said = std::make_shared<std::optional<log::EntryId>>();
  site.Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        replica::Replica& replica = *node.replica();
        const std::vector<log::EntryId>& proposals =
            replica.council().OfKind(governance::kProposal);
        Result<log::EntryId> id = Fail(Code::kNotFound, "nothing to decide");
        if (proposals.empty() || (proposals.size() < kProposalsMax && random_.Below(4) == 0)) {
          id = replica.Propose({"money", "", "", std::nullopt, "A proposal", "", ""}, now);
          Require(id.has_value(), "a proposal is refused");
        } else {
          const log::EntryId proposal = proposals[random_.Below(proposals.size())];
          const auto position =
              random_.Below(4) == 0 ? governance::Position::kNo : governance::Position::kYes;
          id = replica.Vote(proposal, {position, ""}, now);
          Require(id.has_value() || id.error().code == Code::kConflict, "a vote is refused");
        }
        if (id) *said = *id;
        node.Finish(now, actions);
      },
      [this, said] {
        if (*said) ledger_.said.push_back(**said);
      });
}

void Workload::DoSomething(Site& site) {
  if (!MayWork(site)) return;
  if (random_.Below(12) == 0) return Decide(site);
  auto documents = site.node().replica()->ListDocuments();
  Require(documents.has_value(), "documents cannot be listed");
  std::erase_if(*documents, [](const codec::StoredDocument& item) { return item.type.empty(); });
  if (documents->empty() || (documents_ < documents_max_ && random_.Below(5) == 0)) {
    if (documents_ < 3 * documents_max_) Create(site);
    return;
  }
  const crdt::DocumentId id = (*documents)[random_.Below(documents->size())].id;
  if (ledger_.erased.contains(id)) return;
  if (random_.Below(12) == 0) return Cut(site, id);
  if (random_.Below(25) == 0) return Erase(site, id);
  const auto open = site.node().replica()->Open(id);
  if (!open) return;
  const std::vector<crdt::Conflict> conflicts = (*open)->document.Contests();
  if (!conflicts.empty()) {
    trace_.counts.Hit(Mark::kConflictListed);
    if (random_.Below(3) == 0) return ResolveOne(site, id, conflicts);
  }
  EditDocument(site, id);
}

}  // namespace geflecht::sim
