// Bytes that were erased occur in no output of a document, whatever else happens beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "crdt/codec.h"
#include "crdt/content.h"
#include "crdt/cursor.h"
#include "crdt/document_file.h"
#include "crdt/history.h"
#include "crdt/layout.h"
#include "crdt/passages.h"
#include "crdt/undo.h"
#include "crdt/utf8.h"
#include "engine.h"
#include "histories.h"
#include "tests/oracle/describe.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

constexpr std::size_t kFields = 8;

// The one sign that all content of a field consists of.
std::string SignOf(std::size_t change, std::size_t field) {
  return EncodeUtf8(std::u32string(1, static_cast<char32_t>(0xF0000 + change * kFields + field)));
}

std::string Repeated(const std::string& sign, std::size_t count) {
  std::string out;
  for (; count > 0; --count) out += sign;
  return out;
}

// Writes all content anew, so that it can be told whose it is. Keys that several set stay.
class Signer {
 public:
  explicit Signer(std::size_t change) : change_(change) {}

  void operator()(const layout::Group& group, SetKey& set) {
    const std::string sign = Sign(group, true);
    if (set.key == "ä/~") set.key = sign;
  }
  void operator()(const layout::Group& group, InsertText& text) {
    text.inserted = Repeated(Sign(group, true), CountCodePoints(text.inserted));
  }
  void operator()(const layout::Group& group, Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    const bool number = std::holds_alternative<std::int64_t>(value);
    const bool flag = std::holds_alternative<bool>(value);
    const std::string sign = Sign(group, flag || number || (text != nullptr && !text->empty()));
    if (text != nullptr) value = Repeated(sign, CountCodePoints(*text));
    if (number) value = sign;
  }

 private:
  // A field is counted when its first byte comes.
  std::string Sign(const layout::Group& group, bool has_content) {
    if (!has_content) return {};
    return SignOf(change_, fields_.emplace(group, fields_.size()).first->second);
  }

  const std::size_t change_;
  std::map<layout::Group, std::size_t> fields_;
};

History Signed(History history) {
  for (std::size_t i = 0; i < history.changes.size(); ++i) {
    Signer sign(i);
    for (Edit& edit : history.changes[i].edits)
      layout::VisitContent(edit, HistorySchema(),
                           [&](const layout::Group& group, auto& piece) { sign(group, piece); });
  }
  return history;
}

std::string SlotText(const Writing& one) { return oracle::DescribeSlot(one.slot) + " "; }

// All that the library tells of a document, and what makes it tell that.
class Outputs {
 public:
  Outputs(Document& document, const Heads& earlier, const Heads& later) : document_(document) {
    all = Describe(document) + DescribePassages(document);
    for (const Conflict& conflict : document.Conflicts()) {
      all += conflict.path;
      for (const Writing& one : conflict.writings) all += SlotText(one);
      for (const ConcurrentSide& side : conflict.sides) all += side.inserted + side.removed;
    }
    AddDifference(earlier, later);
    AddDifference(later, document.heads());
    const Result<Document> then = Checkout(document, earlier);
    all += Describe(*then) + DescribePassages(*then);
    if (document.HasOpen()) return;
    const Bytes file = SaveDocument(document, NoCompressor(), Checksum);
    all += AsText(file);
    all += AsText(CanonicalState(document));
    AddLoaded(file);
    all += AsText(SaveDocument(*then, NoCompressor(), Checksum));
  }

  std::string all;

 private:
  void AddDifference(const Heads& from, const Heads& to) {
    const Result<VersionDifference> difference = DiffVersions(document_, from, to);
    for (const VersionDifference::Text& text : difference->texts)
      for (const TextChange& change : text.changes) all += change.before + change.after;
    for (const FieldChange& field : difference->fields) {
      all += field.path;
      if (field.before) all += SlotText(*field.before);
      if (field.after) all += SlotText(*field.after);
    }
  }

  void AddLoaded(const Bytes& file) {
    for (const Origin origin : {Origin::kOwn, Origin::kForeign}) {
      Result<Document> loaded =
          LoadDocument(file, NoCompressor(), Checksum, HistorySchema(), HistoryAgent(0), origin);
      ASSERT_TRUE(loaded);
      all += Describe(*loaded);
      const Result<Cursor> cursor = CursorAt(*loaded, "/notes", 0, Stick::kBack);
      all += cursor->container;
      const auto passages = Blame(*loaded, "/notes");
      all += passages->empty() ? "" : "blame";
    }
  }

  Document& document_;
};

class Erasure {
 public:
  explicit Erasure(std::uint64_t seed)
      : random_(seed), history_(Signed(MakeHistory(random_, Shape()))) {
    for (std::size_t i = 0; i < history_.changes.size(); ++i) number_[history_.changes[i].id] = i;
    document_.Observe([this](const std::vector<Patch>& patches) {
      for (const Patch& patch : patches) told_ += patch.path + patch.text;
    });
  }

  void Run() {
    std::vector<Change> changes = history_.changes;
    if (random_.Below(2) == 0) Shuffle(changes, random_);
    for (Change& change : changes) {
      if (random_.Below(4) == 0) Withhold(change);
      document_.Apply(change);
      if (random_.Below(8) == 0) Exclude(change.id, true);
      if (random_.Below(6) == 0) Erase();
      if (random_.Below(10) == 0) Describe(document_);
    }
    for (int i = 0; i < 4; ++i) Erase();
    Look();
    // All content comes late, also what is erased.
    for (const Change& change : history_.changes)
      if (random_.Below(3) != 0) {
        ASSERT_TRUE(document_.MergeContent(change.id, change.edits));
      }
    for (const ChangeId& id : std::set<ChangeId>(excluded_))
      if (random_.Below(2) == 0) Exclude(id, false);
    Look();
    TakeBack();
    Look();
  }

  std::size_t erased() const { return erased_.size(); }
  std::size_t undone() const { return undone_; }

 private:
  static HistoryShape Shape() {
    HistoryShape shape;
    shape.actions_max = 90;
    return shape;
  }

  void Withhold(Change& change) {
    static_cast<void>(
        TakeContentOut(change.edits, HistorySchema(), random_.Below(3), Gap::kMissing));
  }

  void Exclude(const ChangeId& id, bool out) {
    if (out) {
      document_.Exclude(id);
      excluded_.insert(id);
    } else {
      document_.Include(id);
      excluded_.erase(id);
    }
  }

  // A field of a change that is here.
  void Erase() {
    Change change = history_.changes[random_.Below(history_.changes.size())];
    const std::size_t field = random_.Below(3);
    if (!TakeContentOut(change.edits, HistorySchema(), field, Gap::kErased)) return;
    if (!document_.MergeContent(change.id, change.edits)) return;
    erased_.insert(SignOf(number_.at(change.id), field));
    told_.clear();
  }

  void Look() {
    const std::size_t count = history_.changes.size();
    const Heads earlier{history_.changes[random_.Below(count)].id};
    const Heads later{history_.changes[random_.Below(count)].id};
    Find(Outputs(document_, earlier, later).all, "an output");
    Find(told_, "a patch");
  }

  void Find(const std::string& where, const char* what) {
    for (const std::string& sign : erased_)
      if (where.find(sign) != std::string::npos)
        ADD_FAILURE() << what << " holds " << oracle::DescribeSlot(Value(sign));
  }

  void TakeBack() {
    UndoStack stack;
    for (const Change& change : history_.changes)
      if (change.agent == HistoryAgent(0)) stack.Done(change.id);
    const std::size_t steps = random_.Below(12);
    for (std::size_t step = 0; step < steps && stack.CanUndo(); ++step) {
      const bool again = stack.CanRedo() && random_.Below(3) == 0;
      const Result<bool> staged = again ? stack.Redo(document_) : stack.Undo(document_);
      ASSERT_TRUE(staged);
      if (!*staged) continue;
      ++undone_;
      Document::Cut cut = document_.TakeOpen();
      ChangeHead head;
      head.parents = cut.parents;
      for (const EncodedField& field : EncodeChange(head, cut.edits, HistorySchema()))
        Find(std::string(AsText(field.value)), "a change");
      const Change change{random_.Make<ChangeId>(), HistoryAgent(0), cut.parents, cut.edits};
      document_.Apply(change);
      if (again) {
        stack.Redone(change.id);
      } else {
        stack.Undone(change.id);
      }
    }
  }

  SeededRandom random_;
  History history_;
  std::map<ChangeId, std::size_t> number_;
  Document document_{HistorySchema(), HistoryAgent(0)};
  std::set<std::string> erased_;
  std::set<ChangeId> excluded_;
  std::string told_;
  std::size_t undone_ = 0;
};

TEST(Erasure, ErasedBytesOccurInNoOutput) {
  std::size_t erased = 0, undone = 0;
  for (const std::uint64_t seed : Seeds(40)) {
    SCOPED_TRACE(Repeat(seed));
    Erasure erasure(seed);
    erasure.Run();
    ASSERT_FALSE(testing::Test::HasFailure());
    erased += erasure.erased();
    undone += erasure.undone();
  }
  EXPECT_TRUE(erased > 40 && undone > 20) << erased << " " << undone;
}

}  // namespace
}  // namespace geflecht::crdt
