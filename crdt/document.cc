#include "crdt/document.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "crdt/content.h"
#include "crdt/path.h"
#include "crdt/state.h"

namespace geflecht::crdt {

Engine& Document::State::Current() {
  if (cut) AbandonCut();
  if (stale) {
    engine.Warm();
    stale = false;
  }
  inbox.Flush(engine);
  return engine;
}

void Document::State::Reset() {
  stale = true;
  if (observers.empty()) return;
  Patch patch;
  patch.kind = Patch::Kind::kReset;
  patches.push_back(std::move(patch));
  Tell();
}

void Document::State::AbandonCut() {
  engine.RollBack(OpenMark{});
  cut = false;
  edits_valid = false;
}

Result<Number> Document::State::At(std::string_view path, ContainerType type) {
  if (const Number number = Remembered(path, type); number != kNoNumber) return number;
  ASSIGN(const Number number, FindContainer(Current(), path, type));
  if (engine.at(number).creator == kNoNode) {
    last_path = path;
    last_number = number;
  }
  return number;
}

Document::Document(Schema schema, AgentId self)
    : state_(std::make_unique<State>(std::move(schema), self)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Applied Document::Apply(Change change) {
  State& state = *state_;
  CHECK(!HasOpen());
  if (state.cut) {
    state.engine.graph().Fetch(change.id);
    const bool same = change.agent == state.self && change.parents == heads() &&
                      change.edits.size() <= limits::kEditsPerChangeHardMax &&
                      state.engine.OpenEquals(change.edits) && !state.inbox.IsWaiting(change.id) &&
                      !state.engine.graph().Find(change.id);
    if (same) {
      state.engine.CommitOpen(change.id, change.edits);
      state.cut = false;
      state.edits_valid = false;
      state.inbox.Release(change.id, state.engine.graph());
      if (!state.observers.empty()) state.Notify();
      return Applied::kNew;
    }
    state.AbandonCut();
  }
  switch (state.inbox.Add(std::move(change), state.engine.graph())) {
    case Inbox::Taken::kReady:
      break;
    case Inbox::Taken::kKnown:
      return Applied::kKnown;
    case Inbox::Taken::kWaiting:
      return Applied::kWaiting;
  }
  if (!state.observers.empty()) state.Notify();
  return Applied::kNew;
}

Result<bool> Document::MergeContent(const ChangeId& change, const std::vector<crdt::Edit>& edits) {
  State& state = *state_;
  if (std::vector<crdt::Edit>* const known = state.inbox.FindEdits(change))
    return crdt::MergeContent(*known, edits);
  const std::optional<Node> node = state.engine.graph().Find(change);
  if (!node) return Fail(Code::kNotFound, "a change that is not here");
  ASSIGN(const bool different, state.engine.MergeContent(*node, edits));
  if (different) state.Reset();
  return different;
}

void Document::Exclude(const ChangeId& change) {
  if (state_->engine.SetCounts(change, false)) state_->Reset();
}

void Document::Include(const ChangeId& change) {
  if (state_->engine.SetCounts(change, true)) state_->Reset();
}

std::vector<Document::Void> Document::Voids() const {
  const Engine& engine = state_->Current();
  std::vector<Void> out;
  for (const auto& [node, reason] : engine.voids())
    out.push_back({engine.graph().id(node), std::string(reason)});
  std::sort(out.begin(), out.end(),
            [](const Void& left, const Void& right) { return left.change < right.change; });
  return out;
}

std::vector<ChangeId> Document::Waiting() const { return state_->inbox.Waiting(); }

Result<void> Document::Edit(const std::function<Result<void>(Transaction&)>& edits) {
  State& state = *state_;
  Engine& engine = state.Current();
  OpenMark mark = engine.MarkOpen();
  const std::size_t told = state.patches.size();
  Transaction transaction(*this);
  Result<void> result = edits(transaction);
  if (engine.wants_history()) {
    engine.CollectPatches(nullptr);
    engine.RollBack(mark);
    state.patches.resize(told);
    if (!state.observers.empty()) engine.CollectPatches(&state.patches);
    engine.Warm();
    mark = engine.MarkOpen();
    result = edits(transaction);
  }
  if (engine.open_events() == mark.events) return result;
  state.edits_valid = false;
  if (!result) {
    engine.CollectPatches(nullptr);
    engine.RollBack(mark);
    state.patches.resize(told);
    if (!state.observers.empty()) engine.CollectPatches(&state.patches);
    return result;
  }
  if (!state.observers.empty()) state.Notify();
  return result;
}

bool Document::HasOpen() const { return state_->engine.HasOpen() && !state_->cut; }

const std::vector<crdt::Edit>& Document::OpenEdits() const {
  State& state = *state_;
  if (state.cut) state.AbandonCut();
  if (!state.edits_valid) state.open_edits = state.engine.OpenEdits();
  state.edits_valid = true;
  return state.open_edits;
}

std::uint64_t Document::OpenEvents() const {
  return state_->cut ? 0 : state_->engine.open_events();
}

Result<void> Document::RestoreOpen(std::vector<crdt::Edit> edits) {
  CHECK(!HasOpen());
  return Edit([&](Transaction&) -> Result<void> {
    for (const crdt::Edit& edit : edits)
      if (const std::string_view reason = state_->engine.Stage(edit); !reason.empty())
        return Fail(Code::kMalformed, std::string(reason));
    return {};
  });
}

Document::Cut Document::TakeOpen() {
  State& state = *state_;
  Cut cut{.parents = heads(), .edits = {}};
  if (!HasOpen()) return cut;
  cut.edits = state.engine.OpenEdits();
  state.cut = true;
  state.edits_valid = false;
  return cut;
}

const Heads& Document::heads() const {
  State& state = *state_;
  state.inbox.Flush(state.engine);
  const EventGraph& graph = state.engine.graph();
  if (state.heads_of != graph.size()) {
    state.heads.clear();
    for (const Node node : graph.heads()) state.heads.push_back(graph.id(node));
    std::sort(state.heads.begin(), state.heads.end());
    state.heads_of = graph.size();
  }
  return state.heads;
}

const Schema& Document::schema() const { return state_->schema; }

bool Document::Contains(const ChangeId& other, const ChangeId& change) const {
  const EventGraph& graph = state_->Current().graph();
  const auto left = graph.Find(other), right = graph.Find(change);
  CHECK(left && right);
  return graph.Contains(*left, *right);
}

Result<Register> Document::Get(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const KeyPlace place, FindKey(engine, path));
  Register found = ReadRegister(engine, place.map, place.key);
  if (found.writings.empty() || found.writings[0].removed)
    return Fail(Code::kNotFound, "the key is not set");
  return found;
}

Result<std::vector<Register>> Document::Map(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kMap));
  return ReadMap(engine, number);
}

Result<std::vector<Slot>> Document::List(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kList));
  return ReadList(engine, number);
}

Result<std::vector<ListItem>> Document::Items(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kList));
  return engine.ReadItems(number);
}

Result<Tree> Document::ReadTree(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kTree));
  return engine.ReadTree(number);
}

Result<std::string> Document::Text(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kText));
  return engine.at(number).sequence->rope.Text();
}

Result<std::vector<Span>> Document::Spans(std::string_view path) const {
  Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kText));
  return engine.ReadSpans(number);
}

Result<std::int64_t> Document::Counter(std::string_view path) const {
  const Engine& engine = state_->Current();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kCounter));
  return ReadCounter(engine, number);
}

}  // namespace geflecht::crdt
