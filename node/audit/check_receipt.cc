// A receipt: one entry, the proof that it is in its feed, and its fields in files of their own.
#include "base/limits.h"
#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/audit/proof_file.h"

namespace geflecht::audit {
namespace {

void CheckRights(Examination& exam, const FeedItem& entry) {
  const std::string file(kReceiptEntryFile);
  const log::Header& header = entry.header;
  const governance::Members& members = *exam.members;
  if (header.net != exam.report.network) exam.Bad(file, 1, "network");
  if (!exam.Knows(header.device)) {
    exam.Bad(file, 1, "device");
  } else if (!exam.KnowsSpace(header.space)) {
    exam.Bad(file, 1, "space");
  } else if (members.WhyNoKind(header.space, header.kind)) {
    exam.Bad(file, 1, "kind");
  } else if (exam.root_is_whole && header.space != members.root_space() &&
             !exam.WasEntitled(header.space, header.basis, header.device)) {
    exam.Bad(file, 1, "not-entitled");
  }
  for (const log::EntryId& basis : header.basis) {
    const std::optional<Place> place = exam.entries.Find(basis);
    if (!place || !exam.IsRoot(place->feed->key.space)) exam.Bad(file, 1, "basis-missing");
  }
}

// The entry carries a signature itself, or the last of those behind it does.
void CheckRun(Examination& exam, const std::vector<FeedItem>& items) {
  const std::string file(kReceiptEntryFile);
  for (std::size_t i = 1; i < items.size(); ++i) {
    if (items[i].header.feed() != items[0].header.feed()) exam.Bad(file, items[i].line, "feed");
    if (items[i].header.seq != items[i - 1].header.seq + 1 ||
        items[i].header.prev != items[i - 1].id)
      exam.Bad(file, items[i].line, "prev");
    if (items[i - 1].HasSignature())
      exam.Bad(file, items[i].line, "receipt", "an entry behind the signature");
  }
  const FeedItem& last = items.back();
  if (items.size() > limits::kRunEntriesMax) exam.Bad(file, last.line, "run-too-long");
  if (!last.HasSignature() || (items.size() > 1 && !log::MayBeCovered(items[0].header.kind))) {
    exam.Bad(file, items[0].line, "signature-missing");
  } else if (!Holds(last)) {
    exam.Bad(file, last.SignatureLine(), "signature");
  } else if (Coverage* coverage = exam.CoverageOf(last.header.space)) {
    ++coverage->counters.signatures;
  }
}

void CheckProof(Examination& exam, const FeedItem& entry) {
  const std::string file(kReceiptProofFile);
  const auto text = exam.Text(kReceiptProofFile);
  if (!text) return exam.Bad(file, 0, "missing-file");
  const auto proof = ParseProof(*text, [&](std::size_t line, std::string detail) {
    exam.Bad(file, line, "proof", std::move(detail));
  });
  if (!proof) return;
  const std::size_t before = proof->line - 1;
  const auto note = ParseCheckpoint(proof->checkpoint, [&](std::size_t line, std::string detail) {
    exam.Bad(file, before + line, "checkpoint", std::move(detail));
  });
  if (!note) return;
  if (proof->index != entry.header.seq)
    exam.Bad(file, 2, "proof", "the index is not the entry's position");
  const auto root = RootByPath({entry.id.bytes}, proof->index, note->checkpoint.size, proof->path);
  if (root != note->checkpoint.root)
    exam.Bad(file, 3, "proof", "the hashes do not lead to the root");
  if (note->checkpoint.origin != CheckpointOrigin(exam.report.network, entry.header.feed()))
    exam.Bad(file, proof->line, "checkpoint", "the origin is not this feed's");
  if (exam.members) CheckNoteSignatures(exam, file, before, *note);
}

std::optional<log::Slot> ReadSlot(Examination& exam, std::size_t index) {
  const auto field = exam.Text(ReceiptFieldFileName(index));
  const auto leaf = exam.Text(ReceiptLeafFileName(index));
  const std::string name = leaf ? ReceiptLeafFileName(index) : ReceiptFieldFileName(index);
  if (!field && !leaf) {
    exam.Bad(name, 0, "missing-file");
    return std::nullopt;
  }
  std::optional<log::Slot> slot;
  if (field && !leaf) {
    if (auto parsed = ParseFieldText(*field)) slot = *std::move(parsed);
  } else if (!field && leaf->ends_with('\n')) {
    if (const auto hash = crypto::Hash256::FromHexText(leaf->substr(0, leaf->size() - 1)))
      slot = *hash;
  }
  if (!slot) exam.Bad(name, 1, "field");
  return slot;
}

void CheckFields(Examination& exam, const FeedItem& entry) {
  log::Body body;
  bool whole = true;
  for (std::size_t i = 0; i < entry.header.fields; ++i) {
    auto slot = ReadSlot(exam, i);
    whole = whole && slot.has_value();
    if (slot) body.slots.push_back(*std::move(slot));
  }
  if (!whole) return;
  const auto checked = log::CheckBodyOf(entry.header, body);
  if (!checked) {
    exam.Bad(std::string(kReceiptEntryFile), 1, "body", checked.error().detail);
  } else if (Coverage* coverage = exam.CoverageOf(entry.header.space)) {
    CountBody(exam, entry.header, entry.id, body, *coverage);
  }
}

// Files of a receipt in a bundle that is none, and of fields that the entry does not have.
void CheckNamesOfReceipt(Examination& exam) {
  const bool has_entry = exam.receipt && !exam.receipt->items.empty();
  const std::size_t fields = has_entry ? exam.receipt->items.front().header.fields : 0;
  for (const auto& [name, file] : exam.files) {
    if (ParseFileName(name)->kind != FileKind::kReceipt) continue;
    if (!exam.IsReceipt()) {
      exam.Bad(std::string(name), 0, "receipt", "this bundle is no receipt");
    } else if (has_entry && name != kReceiptEntryFile && name != kReceiptProofFile &&
               fields < limits::kFieldsMax && name >= ReceiptFieldFileName(fields)) {
      exam.Bad(std::string(name), 0, "field", "the entry has no such field");
    }
  }
}

}  // namespace

void CheckReceipt(Examination& exam) {
  CheckNamesOfReceipt(exam);
  if (!exam.IsReceipt()) return;
  if (!exam.receipt) return exam.Bad(std::string(kReceiptEntryFile), 0, "missing-file");
  const std::vector<FeedItem>& items = exam.receipt->items;
  if (items.empty()) return exam.Bad(exam.receipt->file, 0, "empty-feed");
  if (Coverage* coverage = exam.CoverageOf(items.front().header.space))
    ++coverage->counters.entries;
  if (exam.members) CheckRights(exam, items.front());
  CheckRun(exam, items);
  CheckProof(exam, items.front());
  CheckFields(exam, items.front());
}

}  // namespace geflecht::audit
