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
constexpr std::string_view kDecisionField = "decision";
constexpr std::string_view kErasuresField = "erasures";
constexpr std::string_view kDocument = "document ";
constexpr std::string_view kContainer = "container ";
constexpr std::size_t kContainerKeyMax = 64;

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

Result<EraseTarget> ReadEntry(LineReader& lines, std::string_view line) {
  constexpr std::size_t kHex = 2 * EntryId::kSize;
  const auto entry = EntryId::FromHexText(line.substr(0, kHex));
  if (!entry || line.size() <= kHex + 1 || line[kHex] != ' ')
    return lines.Bad("an entry and numbers of fields expected");
  ASSIGN(auto fields, ReadFields(lines, line.substr(kHex + 1)));
  return EraseTarget{*entry, std::move(fields)};
}

Result<ErasedContainer> ReadContainer(LineReader& lines, std::string_view line) {
  constexpr std::size_t kHex = 2 * RecordId::kSize;
  const auto document = RecordId::FromHexText(line.substr(0, kHex));
  if (!document || line.size() <= kHex + 1 || line[kHex] != ' ' ||
      !IsContainerKey(line.substr(kHex + 1)))
    return lines.Bad("a document and a key expected");
  return ErasedContainer{*document, std::string(line.substr(kHex + 1))};
}

// Entries, then documents, then containers.
Result<Erasure> ReadTargets(std::string_view text) {
  Erasure erasure;
  std::vector<EraseTarget>& targets = erasure.targets;
  std::vector<RecordId>& documents = erasure.documents;
  std::vector<ErasedContainer>& containers = erasure.containers;
  for (LineReader lines(text); !lines.AtEnd();) {
    ASSIGN(const std::string_view line, lines.Line());
    if (targets.size() + documents.size() + containers.size() == kEraseTargetsMax)
      return Fail(Code::kTooLarge, "too many entries");
    if (line.starts_with(kContainer)) {
      ASSIGN(ErasedContainer container, ReadContainer(lines, line.substr(kContainer.size())));
      if (!containers.empty() && container <= containers.back())
        return lines.Bad("ascending containers expected");
      containers.push_back(std::move(container));
    } else if (line.starts_with(kDocument)) {
      const auto document = RecordId::FromHexText(line.substr(kDocument.size()));
      if (!document || !containers.empty() || (!documents.empty() && *document <= documents.back()))
        return lines.Bad("ascending documents expected");
      documents.push_back(*document);
    } else {
      ASSIGN(EraseTarget target, ReadEntry(lines, line));
      if (!documents.empty() || !containers.empty() ||
          (!targets.empty() && target.entry <= targets.back().entry))
        return lines.Bad("the entries do not ascend");
      targets.push_back(std::move(target));
    }
  }
  if (targets.empty() && documents.empty() && containers.empty())
    return Fail(Code::kMalformed, "an erasure of nothing");
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
  for (const ErasedContainer& container : erasure.containers)
    text.append(kContainer)
        .append(container.document.Hex())
        .append(" ")
        .append(container.key)
        .append("\n");
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

bool IsContainerKey(std::string_view key) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !key.empty() && key.size() <= kContainerKeyMax && is_letter(key.front()) &&
         std::all_of(key.begin(), key.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

Result<Body> SayErasure(const Erasure& erasure, Random& random) {
  ASSIGN(Erasure read, ParseErasure(RenderErasure(erasure)));
  read.decision = erasure.decision;
  if (read != erasure) return Fail(Code::kMalformed, "an erasure that cannot be written");
  Body body;
  const auto add = [&](std::string_view name, const std::string& value) {
    body.slots.emplace_back(MakeField(std::string(name), ToBytes(value), random));
  };
  add(kReasonField, erasure.reason);
  add(kTargetsField, RenderTargets(erasure));
  if (erasure.decision) add(kDecisionField, erasure.decision->Hex());
  TRY(CheckBody(body));
  return body;
}

Result<Erasure> ReadErasure(const Header& header, const Body& body) {
  const std::size_t count = body.slots.size();
  const auto value = [&](std::size_t i, std::string_view name) {
    const auto* field = i < count ? std::get_if<Field>(&body.slots[i]) : nullptr;
    return field != nullptr && field->name == name ? std::optional(AsText(field->value))
                                                   : std::nullopt;
  };
  const auto reason = value(0, kReasonField), targets = value(1, kTargetsField);
  const auto decision = value(2, kDecisionField);
  const std::size_t expected = decision ? kEraseEvidence + 1 : kEraseEvidence;
  if (header.kind != kErase || header.about || count != expected || header.evidence != count ||
      !reason || !targets || !IsReason(*reason))
    return Fail(Code::kMalformed, "no erasure");
  ASSIGN(Erasure erasure, ReadTargets(*targets));
  erasure.reason = *reason;
  if (!decision) return erasure;
  erasure.decision = EntryId::FromHexText(*decision);
  if (!erasure.decision) return Fail(Code::kMalformed, "no decision");
  return erasure;
}

std::string RenderErasure(const Erasure& erasure) {
  return std::string(kReasonField) + " " + erasure.reason + "\n" + RenderTargets(erasure);
}

Result<Erasure> ParseErasure(std::string_view text) {
  LineReader lines(text);
  ASSIGN(const std::string_view reason, lines.Value(kReasonField));
  if (!IsReason(reason)) return lines.Bad("no reason of an erasure");
  ASSIGN(Erasure erasure, ReadTargets(text.substr(kReasonField.size() + reason.size() + 2)));
  erasure.reason = reason;
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
