// A document's file without its checksum. One that loads is a document: its history leaves the
// state that stands in front of it, and what is saved from it loads again, performed or not, and
// takes edits.
#include <utility>

#include "base/check.h"
#include "crdt/document_file.h"
#include "crdt/history.h"
#include "tests/fuzz/targets.h"
#include "tests/property/histories.h"

namespace geflecht::fuzz {
namespace {

Result<crdt::Document> Load(ByteView file, crdt::Origin origin) {
  return crdt::LoadDocument(file, crdt::NoCompressor(), crdt::Checksum, crdt::HistorySchema(),
                            crdt::HistoryAgent(0), origin);
}

}  // namespace

void Document(ByteView input) {
  Bytes file(input.begin(), input.end());
  Append(file, crdt::Checksum(file));
  const auto loaded = Load(file, crdt::Origin::kForeign);
  if (!loaded) return;
  const Bytes state = crdt::CanonicalState(*loaded);
  const Bytes again = crdt::SaveDocument(*loaded, crdt::NoCompressor(), crdt::Checksum);
  auto own = Load(again, crdt::Origin::kOwn);
  CHECK(own.has_value());
  CHECK(crdt::CanonicalState(*own) == state);
  const auto checked_out = crdt::Checkout(*own, own->heads());
  CHECK(checked_out.has_value());
  CHECK(crdt::CanonicalState(*checked_out) == state);
  const auto edited = own->Edit([&](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.InsertText("/body", 0, "a"));
    TRY(edit.Mark("/body", 0, 1, "bold", crdt::Value(true), crdt::Expand::kAfter));
    return edit.Set("/title", crdt::Value(true));
  });
  if (edited) {
    crdt::Document::Cut cut = own->TakeOpen();
    crdt::ChangeId id;
    id.bytes.fill(0xEE);
    own->Apply({id, crdt::HistoryAgent(0), std::move(cut.parents), std::move(cut.edits)});
  }
  const Bytes after = crdt::SaveDocument(*own, crdt::NoCompressor(), crdt::Checksum);
  CHECK(Load(after, crdt::Origin::kForeign).has_value());
}

}  // namespace geflecht::fuzz
