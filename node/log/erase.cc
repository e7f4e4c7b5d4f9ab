#include "node/log/erase.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "node/log/lines.h"

namespace geflecht::log {
namespace {

constexpr std::string_view kReasonField = "reason";
constexpr std::string_view kTargetsField = "targets";
constexpr std::string_view kErasuresField = "erasures";
constexpr std::string_view kDocument = "document ";

bool IsReason(std::string_view text) {
  return std::find(kEraseReasons.begin(), kEraseReasons.end(), text) != kEraseReasons.end();
}

Result<std::vector<std::uint32_t>> ReadFields(LineReader& lines, std::string_view text) {
  std::vector<std::uint32_t> fields;
  while (true) {
    const std::size_t end = std::min(text.find(','), text.size());
    const auto number = ParseDecimal(text.substr(0, end), limits::kFieldsMax - 1);
    if (!number || (!fields.empty() && *number <= fields.back()))
      return lines.Bad("ascending numbers of fields expected");
    fields.push_back(static_cast<std::uint32_t>(*number));
    if (end == text.size()) return fields;
    text.remove_prefix(end + 1);
  }
}

// Entries, then documents.
Result<Erasure> ReadTargets(std::string_view text) {
  constexpr std::size_t kHex = 2 * EntryId::kSize;
  Erasure erasure;
  std::vector<EraseTarget>& targets = erasure.targets;
  std::vector<RecordId>& documents = erasure.documents;
  for (LineReader lines(text); !lines.AtEnd();) {
    ASSIGN(const std::string_view line, lines.Line());
    if (targets.size() + documents.size() == kEraseTargetsMax)
      return Fail(Code::kTooLarge, "too many entries");
    if (line.starts_with(kDocument)) {
      const auto document = RecordId::FromHexText(line.substr(kDocument.size()));
      if (!document || (!documents.empty() && *document <= documents.back()))
        return lines.Bad("ascending documents expected");
      documents.push_back(*document);
      continue;
    }
    const auto entry = EntryId::FromHexText(line.substr(0, kHex));
    if (!entry || line.size() <= kHex + 1 || line[kHex] != ' ' || !documents.empty())
      return lines.Bad("an entry and numbers of fields expected");
    if (!targets.empty() && *entry <= targets.back().entry)
      return lines.Bad("the entries do not ascend");
    ASSIGN(auto fields, ReadFields(lines, line.substr(kHex + 1)));
    targets.push_back({*entry, std::move(fields)});
  }
  if (targets.empty() && documents.empty()) return Fail(Code::kMalformed, "an erasure of nothing");
  return erasure;
}

std::string RenderTargets(const Erasure& erasure) {
  std::string text;
  for (const EraseTarget& target : erasure.targets) {
    text.append(target.entry.Hex());
    char before = ' ';
    for (const std::uint32_t field : target.fields)
      text.append(1, std::exchange(before, ',')).append(std::to_string(field));
    text.append("\n");
  }
  for (const RecordId& document : erasure.documents)
    text.append(kDocument).append(document.Hex()).append("\n");
  return text;
}

Result<std::vector<EntryId>> ReadIds(std::string_view text) {
  std::vector<EntryId> ids;
  for (LineReader lines(text); !lines.AtEnd();) {
    ASSIGN(const std::string_view line, lines.Line());
    const auto id = EntryId::FromHexText(line);
    if (!id || (!ids.empty() && *id <= ids.back())) return lines.Bad("ascending ids expected");
    if (ids.size() == kEraseTargetsMax) return Fail(Code::kTooLarge, "too many erasures");
    ids.push_back(*id);
  }
  if (ids.empty()) return Fail(Code::kMalformed, "a receipt of nothing");
  return ids;
}

}  // namespace

Result<Body> SayErasure(const Erasure& erasure, Random& random) {
  if (!IsReason(erasure.reason)) return Fail(Code::kMalformed, "no reason of an erasure");
  const std::string targets = RenderTargets(erasure);
  ASSIGN(Erasure read, ReadTargets(targets));
  read.reason = erasure.reason;
  if (read != erasure) return Fail(Code::kMalformed, "an erasure that cannot be written");
  Body body;
  body.slots.emplace_back(MakeField(std::string(kReasonField), ToBytes(erasure.reason), random));
  body.slots.emplace_back(MakeField(std::string(kTargetsField), ToBytes(targets), random));
  TRY(CheckBody(body));
  return body;
}

Result<Erasure> ReadErasure(const Header& header, const Body& body) {
  if (header.kind != kErase || header.evidence != kEraseEvidence || header.about ||
      body.slots.size() != kEraseEvidence)
    return Fail(Code::kMalformed, "no erasure");
  const auto* reason = std::get_if<Field>(&body.slots[0]);
  const auto* targets = std::get_if<Field>(&body.slots[1]);
  if (reason == nullptr || targets == nullptr || reason->name != kReasonField ||
      targets->name != kTargetsField || !IsReason(AsText(reason->value)))
    return Fail(Code::kMalformed, "no erasure");
  ASSIGN(Erasure erasure, ReadTargets(AsText(targets->value)));
  erasure.reason = AsText(reason->value);
  return erasure;
}

Result<Body> SayEraseReceipt(const std::vector<EntryId>& erasures, Random& random) {
  std::string text;
  for (const EntryId& id : erasures) text.append(id.Hex()).append("\n");
  TRY(ReadIds(text));
  Body body;
  body.slots.emplace_back(MakeField(std::string(kErasuresField), ToBytes(text), random));
  TRY(CheckBody(body));
  return body;
}

Result<std::vector<EntryId>> ReadEraseReceipt(const Header& header, const Body& body) {
  const auto* field =
      body.slots.size() == kEraseReceiptEvidence ? std::get_if<Field>(&body.slots[0]) : nullptr;
  if (header.kind != kEraseReceipt || header.evidence != kEraseReceiptEvidence || header.about ||
      field == nullptr || field->name != kErasuresField)
    return Fail(Code::kMalformed, "no receipt of erasures");
  return ReadIds(AsText(field->value));
}

bool TakeOut(Body& body, const std::set<std::uint32_t>& fields) {
  bool taken = false;
  for (const std::uint32_t i : fields) {
    if (i >= body.slots.size()) break;
    const Field* field = std::get_if<Field>(&body.slots[i]);
    if (field == nullptr) continue;
    body.slots[i] = FieldLeaf(*field);
    taken = true;
  }
  return taken;
}

std::uint32_t FirstErasable(const Header& header) {
  // As docs/formats/kinds.md gives the fields, whatever a header calls evidence.
  constexpr std::uint32_t kProposalFields = 7;
  std::uint32_t first = header.fields;
  if (header.kind == "change" || header.kind == "vote" || header.kind == "notice") first = 1;
  if (header.kind == "person.add") first = 2;
  // Names of persons: how many other fields there are is what the header says.
  if (header.kind == "freeze" || header.kind == "amend") first = header.evidence;
  if (header.kind == "comment") first = 0;
  if (header.kind == "proposal" && header.fields >= kProposalFields) first = header.fields - 1;
  return std::min(std::max(header.evidence, first), header.fields);
}

}  // namespace geflecht::log
