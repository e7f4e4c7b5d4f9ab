#include "crdt/document_file.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "crdt/graph_section.h"
#include "crdt/history.h"
#include "crdt/sections.h"
#include "crdt/state.h"
#include "crdt/state_section.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

constexpr std::string_view kMagic = "GFD\x01";
constexpr std::size_t kHashBytes = 32;

Engine& Settled(const Document& document) {
  CHECK(!document.HasOpen());
  return DocumentAccess::State(document).Current();
}

Bytes WriteNodes(const std::vector<Node>& nodes) {
  Bytes out;
  for (const Node node : nodes) AppendVarint(out, node);
  return out;
}

std::optional<std::vector<Node>> ReadNodes(ByteView bytes, const EventGraph& graph) {
  std::vector<Node> nodes;
  for (ByteReader in(bytes); !in.AtEnd();) {
    const auto node = in.Varint();
    if (!node || *node >= graph.size()) return std::nullopt;
    nodes.push_back(static_cast<Node>(*node));
  }
  return nodes;
}

void AppendHead(Bytes& out, const Schema& schema) {
  Append(out, kMagic);
  AppendVarint(out, schema.type.size());
  Append(out, schema.type);
  AppendVarint(out, schema.version);
}

void AppendColumns(Bytes& out, const columns::Views& views, ByteView state,
                   const Compressor& compressor) {
  for (std::size_t i = 0; i < views.size(); ++i)
    AppendSection(out, views[i], i == columns::kText ? state : ByteView(), compressor);
}

// The sections of a file, still packed.
struct Parts {
  Section state, writers, graph, ids;
  ByteView state_bytes;  // the state's section as it stands there
  ByteView columns;
};

Result<Parts> Split(ByteView file, const Schema& schema) {
  const auto failed = [] { return Fail(Code::kMalformed, "no file of a document"); };
  ByteReader in(file);
  const auto magic = in.Take(kMagic.size());
  if (!magic || AsText(*magic) != kMagic) return failed();
  const auto size = in.Varint();
  const auto type = size ? in.Take(*size) : std::nullopt;
  const auto version = type ? in.Varint() : std::nullopt;
  if (!version) return failed();
  if (AsText(*type) != schema.type || *version != schema.version)
    return Fail(Code::kUsage, "a document of another type or schema version");
  Parts parts;
  const ByteView from_state = in.rest();
  const auto state = ReadSection(in);
  parts.state_bytes = from_state.first(from_state.size() - in.rest().size());
  const auto writers = state ? ReadSection(in) : std::nullopt;
  const auto graph = writers ? ReadSection(in) : std::nullopt;
  const auto ids = graph ? ReadSection(in) : std::nullopt;
  if (!ids) return failed();
  parts.state = *state;
  parts.writers = *writers;
  parts.graph = *graph;
  parts.ids = *ids;
  parts.columns = in.rest();
  return parts;
}

}  // namespace

Bytes SaveDocument(const Document& document, const Compressor& compressor, const Hash& hash) {
  Engine& engine = Settled(document);
  if (!engine.silent().empty()) {
    Result<Document> whole = Checkout(document, document.heads());
    CHECK(whole.has_value());
    for (const ChangeId& id : engine.excluded()) whole->Include(id);
    return SaveDocument(*whole, compressor, hash);
  }
  const StateSection state = WriteState(engine);
  Bytes out;
  AppendHead(out, document.schema());
  AppendSection(out, state.body, {}, compressor);
  AppendSection(out, WriteNodes(state.writers), {}, compressor);
  AppendSection(out, WriteGraph(engine), {}, compressor);
  AppendSection(out, WriteIds(engine.graph()), {}, compressor);
  const EditHistory& history = engine.history();
  if (const EditColumns* whole = history.whole()) {
    AppendColumns(out, whole->views(), state.body, compressor);
  } else {
    const Result<EditColumns> joined = history.Joined(engine.graph());
    CHECK(joined.has_value());
    AppendColumns(out, joined->views(), state.body, compressor);
  }
  Append(out, hash(out));
  return out;
}

bool OpensFromState(const Document& document) {
  return IsPlainState(DocumentAccess::State(document).Current());
}

Result<Document> LoadDocument(ByteView file, const Compressor& compressor, const Hash& hash,
                              const Schema& schema, const AgentId& self, Origin origin) {
  const auto failed = [] { return Fail(Code::kMalformed, "no file of a document"); };
  if (file.size() < kHashBytes) return failed();
  const ByteView sum = file.last(kHashBytes);
  file = file.first(file.size() - kHashBytes);
  const auto expected = hash(file);
  if (!std::equal(sum.begin(), sum.end(), expected.begin()))
    return Fail(Code::kCorruption, "the file of a document is damaged");
  ASSIGN(const Parts parts, Split(file, schema));
  const auto body = Unpack(parts.state, {}, compressor);
  const auto writers = Unpack(parts.writers, {}, compressor);
  const auto graph_bytes = Unpack(parts.graph, {}, compressor);
  const auto ids = Unpack(parts.ids, {}, compressor);
  if (!body || !writers || !graph_bytes || !ids) return failed();
  ASSIGN(GraphSection graph, ReadGraph(*graph_bytes, *ids));
  const auto nodes = ReadNodes(*writers, graph.graph);
  if (!nodes) return failed();

  Document document(schema, self);
  Engine& engine = DocumentAccess::State(document).engine;
  EditHistory::Packed packed{.columns = Bytes(parts.columns.begin(), parts.columns.end()),
                             .prefix = Bytes(parts.state_bytes.begin(), parts.state_bytes.end()),
                             .changes = static_cast<Node>(graph.graph.size()),
                             .compressor = compressor};
  engine.Restore(std::move(graph.graph), EditHistory::FromFile(std::move(packed)), graph.voids);
  const bool plain = !body->empty() && body->front() == kPlainState;
  if (origin == Origin::kOwn) {
    if (!plain) {
      engine.Rebuild();
      return document;
    }
    TRY(StateReader(*nodes, *body, engine).Read());
    return document;
  }
  TRY(engine.history().ForEach(engine.graph(), [](Node, std::vector<Edit>&) { return true; }));
  engine.Rebuild();
  const StateSection state = WriteState(engine);
  if (state.writers != *nodes || state.body != *body || WriteGraph(engine) != *graph_bytes)
    return failed();
  return document;
}

Bytes CanonicalState(const Document& document) {
  Engine& engine = Settled(document);
  const EventGraph& graph = engine.graph();
  const StateSection state = WriteState(engine);
  Bytes out;
  AppendHead(out, document.schema());
  AppendVarint(out, document.heads().size());
  for (const ChangeId& head : document.heads()) Append(out, head.view());
  AppendVarint(out, state.writers.size());
  for (const Node writer : state.writers) {
    Append(out, graph.id(writer).view());
    Append(out, graph.agent(writer).view());
  }
  Append(out, state.body);
  return out;
}

}  // namespace geflecht::crdt
