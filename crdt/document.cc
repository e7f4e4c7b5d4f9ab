#include "crdt/document.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

Result<void> Document::State::Stage(crdt::Edit edit) {
  if (!open) {
    replay.Update();
    open = replay;
    open->Open();
  }
  const std::string_view reason = open->PerformOpen(edit, open_events);
  if (!reason.empty()) {
    if (open_edits.empty()) CloseOpen();
    return Fail(Code::kUsage, std::string(reason));
  }
  open_events += EventCount(edit);
  open_edits.push_back(std::move(edit));
  return {};
}

void Document::State::Restage(std::vector<crdt::Edit> edits) {
  CloseOpen();
  for (crdt::Edit& edit : edits) CHECK(Stage(std::move(edit)).has_value());
}

void Document::State::CloseOpen() {
  open.reset();
  open_edits.clear();
  open_events = 0;
}

Document::Document(Schema schema, AgentId self)
    : state_(std::make_unique<State>(std::move(schema), self)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Applied Document::Apply(const Change& change) {
  CHECK(!state_->open);
  const Applied applied = state_->graph.Add(change);
  if (applied == Applied::kNew) {
    if (change.agent == state_->self && change.edits == state_->cut_edits)
      Rename(state_->shown, change.id);
    state_->cut_edits.clear();
    state_->Notify();
  }
  return applied;
}

std::vector<Document::Void> Document::Voids() const {
  state_->replay.Update();
  std::vector<Void> out;
  for (const auto& [node, reason] : state_->replay.voids())
    out.push_back({state_->graph.at(node).change.id, std::string(reason)});
  std::sort(out.begin(), out.end(),
            [](const Void& left, const Void& right) { return left.change < right.change; });
  return out;
}

std::vector<ChangeId> Document::Waiting() const { return state_->graph.Waiting(); }

Result<void> Document::Edit(const std::function<Result<void>(Transaction&)>& edits) {
  const std::size_t before = state_->open_edits.size();
  Transaction transaction(*this);
  Result<void> result = edits(transaction);
  if (state_->open_edits.size() == before) return result;
  if (!result) {
    std::vector<crdt::Edit> kept = state_->open_edits;
    kept.resize(before);
    state_->Restage(std::move(kept));
    return result;
  }
  state_->Notify();
  return result;
}

bool Document::HasOpen() const { return state_->open.has_value(); }

const std::vector<crdt::Edit>& Document::OpenEdits() const { return state_->open_edits; }

Result<void> Document::RestoreOpen(std::vector<crdt::Edit> edits) {
  CHECK(!state_->open);
  for (crdt::Edit& edit : edits) {
    Result<void> staged = state_->Stage(std::move(edit));
    if (staged) continue;
    state_->CloseOpen();
    return Fail(Code::kMalformed, staged.error().detail);
  }
  state_->Notify();
  return {};
}

Document::Cut Document::TakeOpen() {
  Cut cut{.parents = heads(), .edits = std::move(state_->open_edits)};
  state_->CloseOpen();
  if (!state_->observers.empty()) state_->cut_edits = cut.edits;
  return cut;
}

const Heads& Document::heads() const { return state_->graph.heads(); }
const Schema& Document::schema() const { return state_->schema; }

bool Document::Contains(const ChangeId& other, const ChangeId& change) const {
  const Graph& graph = state_->graph;
  return graph.Contains(graph.NodeOf(other), graph.NodeOf(change));
}

Result<Register> Document::Get(std::string_view path) const {
  const Replay& replay = state_->Current();
  ASSIGN(const KeyPlace place, FindKey(replay, path));
  Register found = ReadRegister(replay, place.map, place.key);
  if (found.writings.empty() || found.writings[0].removed)
    return Fail(Code::kNotFound, "the key is not set");
  return found;
}

Result<std::vector<Register>> Document::Map(std::string_view path) const {
  const Replay& replay = state_->Current();
  ASSIGN(const Replay::Number number, FindContainer(replay, path, ContainerType::kMap));
  return ReadMap(replay, number);
}

Result<std::vector<Slot>> Document::List(std::string_view path) const {
  const Replay& replay = state_->Current();
  ASSIGN(const Replay::Number number, FindContainer(replay, path, ContainerType::kList));
  return ReadList(replay, number);
}

Result<std::string> Document::Text(std::string_view path) const {
  const Replay& replay = state_->Current();
  ASSIGN(const Replay::Number number, FindContainer(replay, path, ContainerType::kText));
  return EncodeUtf8(ReadText(replay, number));
}

Result<std::int64_t> Document::Counter(std::string_view path) const {
  const Replay& replay = state_->Current();
  ASSIGN(const Replay::Number number, FindContainer(replay, path, ContainerType::kCounter));
  return ReadCounter(replay, number);
}

std::vector<Conflict> Document::Conflicts() const {
  std::vector<Conflict> out;
  for (const Shown& shown : MakeView(state_->Current()))
    for (const Register& entry : shown.map)
      if (entry.writings.size() > 1)
        out.push_back({JoinPath(shown.path, entry.key), entry.writings});
  std::sort(out.begin(), out.end(),
            [](const Conflict& left, const Conflict& right) { return left.path < right.path; });
  return out;
}

}  // namespace geflecht::crdt
