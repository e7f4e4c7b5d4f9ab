// Built for this machine and for WebAssembly: two people edit a document without seeing each other,
// exchange their changes as bytes, and save it. Prints what both builds have to agree on.
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hex.h"
#include "crdt/codec.h"
#include "crdt/document.h"
#include "crdt/document_file.h"
#include "crdt/history.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{.type = "minutes",
                     .version = 1,
                     .fields = {{"title", FieldType::kValue, false},
                                {"text", FieldType::kText, true},
                                {"tasks", FieldType::kList, false},
                                {"votes", FieldType::kCounter, false},
                                {"agenda", FieldType::kTree, false},
                                {"people", FieldType::kMap, true}}};

using Edits = std::function<Result<void>(Transaction&)>;
using Message = std::vector<EncodedField>;  // with the writer and the id beside it in a log

struct Sent {
  AgentId agent;
  ChangeId id;
  Message message;
};

struct Site {
  AgentId agent;
  Document document;

  explicit Site(std::uint8_t number) : agent{{number}}, document(kSchema, agent) {}

  Sent Write(const Edits& edits) {
    CHECK(document.Edit(edits));
    Document::Cut cut = document.TakeOpen();
    ChangeHead head;
    if (cut.parents.empty()) {
      head.type = kSchema.type;
      head.schema_version = kSchema.version;
    }
    head.parents = cut.parents;
    Sent sent{agent, {}, EncodeChange(head, cut.edits, kSchema)};
    Bytes all(agent.bytes.begin(), agent.bytes.end());
    for (const EncodedField& field : sent.message)
      all.insert(all.end(), field.value.begin(), field.value.end());
    sent.id.bytes = Checksum(all);
    const Change change{sent.id, agent, std::move(cut.parents), std::move(cut.edits)};
    CHECK(document.Apply(change) == Applied::kNew);
    return sent;
  }
  void Read(const Sent& sent) {
    Result<DecodedChange> decoded = DecodeChange(sent.message, kSchema);
    CHECK(decoded);
    CHECK(decoded->unreadable.empty());
    const Change change{sent.id, sent.agent, decoded->head.parents, std::move(decoded->edits)};
    CHECK(document.Apply(change) == Applied::kNew);
  }
};

Result<void> Begin(Transaction& edit) {
  TRY(edit.Set("/title", Value(std::string("Sitzung"))));
  TRY(edit.InsertText("/text", 0, "Wir treffen uns am Montag. \U0001F33B"));
  for (std::int64_t i = 0; i < 5; ++i)
    TRY(edit.InsertItem("/tasks", static_cast<std::uint64_t>(i), Value(i)));
  TRY(edit.SetChild("/people/a", ContainerType::kMap));
  return edit.Stage(CreateNode{"/agenda", "", "m"});
}

Result<void> LeftEdits(Transaction& edit) {
  TRY(edit.Set("/title", Value(std::string("Sitzung im Mai"))));
  TRY(edit.RemoveText("/text", 19, 6));
  TRY(edit.InsertText("/text", 19, "Dienstag"));
  TRY(edit.Mark("/text", 4, 11, "bold", Value(true), Expand::kAfter));
  TRY(edit.Stage(MoveItem{"/tasks", 4, 0}));
  TRY(edit.Set("/people/a/name", Value(std::string("A"))));
  return edit.Increment("/votes", 3);
}

Result<void> RightEdits(Transaction& edit) {
  TRY(edit.Set("/title", Value(std::string("Treffen"))));
  TRY(edit.InsertText("/text", 25, " oder Mittwoch"));
  TRY(edit.InsertBlock("/text", 0, {{"type", Value(std::string("heading"))}}));
  TRY(edit.Stage(SetItem{"/tasks", 4, Value(std::string("neu"))}));
  TRY(edit.RemoveItems("/tasks", 1, 2));
  TRY(edit.Stage(CreateNode{"/agenda", "", "m"}));
  TRY(edit.Set("/people/a/phone", Value(std::int64_t{-42})));
  return edit.Increment("/votes", -1);
}

void Print(const char* what, const Bytes& bytes) {
  const std::string digest = ToHex(Checksum(bytes));
  std::printf("%s %zu bytes %s\n", what, bytes.size(), digest.c_str());
}

Bytes Save(const Document& document) { return SaveDocument(document, NoCompressor(), Checksum); }

Document Load(const Bytes& file, const AgentId& agent, Origin origin) {
  Result<Document> loaded = LoadDocument(file, NoCompressor(), Checksum, kSchema, agent, origin);
  CHECK(loaded);
  return *std::move(loaded);
}

void Run() {
  Site left(1), right(2);
  const Sent first = left.Write(Begin);
  right.Read(first);
  const Bytes begin = CanonicalState(left.document);
  const Sent of_left = left.Write(LeftEdits), of_right = right.Write(RightEdits);
  left.Read(of_right);
  right.Read(of_left);

  const Bytes state = CanonicalState(left.document);
  CHECK(state == CanonicalState(right.document));
  CHECK(left.document.Voids().empty());
  CHECK(left.document.Contests().size() == 1);
  CHECK(left.document.Conflicts().size() == right.document.Conflicts().size());
  Print("state", state);

  const Bytes file = Save(left.document);
  Print("file", file);
  CHECK(CanonicalState(Load(file, left.agent, Origin::kForeign)) == state);
  left.document = Load(file, left.agent, Origin::kOwn);
  CHECK(CanonicalState(left.document) == state);
  const Sent last = left.Write([](Transaction& edit) { return edit.InsertText("/text", 0, "§ "); });
  right.Read(last);
  Print("then", CanonicalState(right.document));

  Result<Document> past = Checkout(left.document, {first.id});
  CHECK(past);
  CHECK(CanonicalState(*past) == begin);
  Print("past", begin);
  std::printf("text %s\n", right.document.Text("/text").value().c_str());
}

}  // namespace
}  // namespace geflecht::crdt

int main() {
  geflecht::crdt::Run();
  return 0;
}
