#include "node/governance/frozen.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "node/governance/bodies.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

constexpr std::string_view kOpen = "[[", kClose = "]]";
constexpr std::size_t kFixed = 3;  // what, title, terms
constexpr std::string_view kHintTooLarge = "hint.freeze-too-large";

tl::unexpected<Error> Bad(std::string detail) { return Fail(Code::kMalformed, std::move(detail)); }
tl::unexpected<Error> TooLarge(std::string detail) {
  return Fail(Code::kTooLarge, std::move(detail), std::string(kHintTooLarge));
}

std::string Numbered(std::string_view name, std::size_t number) {
  return std::string(name) + "." + std::to_string(number);
}

// The person that the text after "[[" names, and how many bytes "N]]" has.
std::optional<std::pair<std::size_t, std::size_t>> PlaceholderIn(std::string_view rest,
                                                                 std::size_t persons) {
  const std::size_t close = rest.substr(0, 8).find(kClose);
  if (close == std::string_view::npos) return std::nullopt;
  const auto number = log::ParseDecimal(rest.substr(0, close), persons);
  if (!number || *number == 0) return std::nullopt;
  return std::pair(static_cast<std::size_t>(*number - 1), close + kClose.size());
}

Result<void> CheckBlock(std::string_view block, std::size_t persons) {
  if (block.empty()) return Bad("an empty block");
  TRY(log::CheckText(block, kBlockBytesMax));
  for (std::size_t at = 0; (at = block.find(kOpen, at)) != std::string_view::npos;) {
    at += kOpen.size();
    const auto found = PlaceholderIn(block.substr(at), persons);
    if (!found) return Bad("a placeholder that stands for nobody");
    at += found->second;
  }
  return {};
}

Result<void> CheckFile(const EvidenceFile& file) {
  if (const auto checked = log::CheckLine(file.name, kEvidenceNameBytesMax); !checked)
    return Fail(checked.error().code, "the name of a file: " + checked.error().detail);
  if (file.content.size() <= kEvidenceBytesMax) return {};
  return Fail(Code::kTooLarge, "a file has more than 511 KiB", "hint.evidence-too-large");
}

Result<void> CheckFrozen(const Frozen& frozen) {
  if (frozen.what != kAgreement && frozen.what != kMinutes) return Bad("no such kind of text");
  TRY(log::CheckLine(frozen.title, kTitleBytesMax));
  TRY(log::CheckText(frozen.terms, kTermsBytesMax));
  if (frozen.blocks.empty()) return Bad("a text without blocks");
  if (frozen.blocks.size() > kBlocksMax) return TooLarge("more than 2000 blocks");
  if (frozen.persons.size() > kPersonsMax) return TooLarge("more than 1000 persons");
  for (const std::string& block : frozen.blocks) TRY(CheckBlock(block, frozen.persons.size()));
  for (const auto& person : frozen.persons)
    if (person) TRY(log::CheckLine(*person, kPersonBytesMax));
  return {};
}

const log::Field* FieldNamed(const log::Slot& slot, std::string_view name) {
  const auto* field = std::get_if<log::Field>(&slot);
  return field != nullptr && field->name == name ? field : nullptr;
}

}  // namespace

Result<void> SayEvidence(const std::vector<EvidenceFile>& files, log::Body& body, Random& random) {
  if (files.size() > kEvidenceFilesMax)
    return Fail(Code::kTooLarge, "more than 16 files", "hint.evidence-too-many");
  for (std::size_t i = 0; i < files.size(); ++i) {
    TRY(CheckFile(files[i]));
    Bytes value = ToBytes(files[i].name + "\n");
    Append(value, files[i].content);
    body.slots.emplace_back(log::MakeField(Numbered("evidence", i + 1), std::move(value), random));
  }
  return {};
}

Result<std::vector<EvidenceFile>> ReadEvidence(const log::Body& body, std::size_t first,
                                               std::size_t end) {
  if (end - first > kEvidenceFilesMax) return Fail(Code::kTooLarge, "more than 16 files");
  std::vector<EvidenceFile> files;
  for (std::size_t i = first; i < end; ++i) {
    const log::Field* field = FieldNamed(body.slots[i], Numbered("evidence", i - first + 1));
    if (field == nullptr) return Bad("another field than evidence");
    const std::string_view value = AsText(field->value);
    const std::size_t line = value.substr(0, kEvidenceNameBytesMax + 1).find('\n');
    if (line == std::string_view::npos) return Bad("a file without a name");
    files.push_back({std::string(value.substr(0, line)), ToBytes(value.substr(line + 1))});
    TRY(CheckFile(files.back()));
  }
  return files;
}

Result<Said> SayFrozen(const Frozen& frozen, Random& random) {
  TRY(CheckFrozen(frozen));
  Said said = SayFields({{"what", frozen.what}, {"title", frozen.title}, {"terms", frozen.terms}},
                        0, random);
  std::vector<log::Slot>& slots = said.body.slots;
  for (const std::string& block : frozen.blocks)
    slots.emplace_back(
        log::MakeField(Numbered("block", slots.size() - kFixed + 1), ToBytes(block), random));
  TRY(SayEvidence(frozen.evidence, said.body, random));
  said.evidence = static_cast<std::uint32_t>(slots.size());
  for (std::size_t i = 0; i < frozen.persons.size(); ++i)
    slots.emplace_back(log::MakeField(Numbered("person", i + 1),
                                      ToBytes(frozen.persons[i].value_or(std::string())), random));
  if (const auto checked = log::CheckBody(said.body); !checked)
    return TooLarge(checked.error().detail);
  return said;
}

Result<Frozen> ReadFrozen(const log::Body& body, std::uint32_t evidence) {
  const std::vector<log::Slot>& slots = body.slots;
  if (evidence > slots.size() || evidence < kFixed) return Bad("another number of fields");
  Frozen frozen;
  const std::pair<std::string_view, std::string*> fixed[kFixed] = {
      {"what", &frozen.what}, {"title", &frozen.title}, {"terms", &frozen.terms}};
  for (std::size_t i = 0; i < kFixed; ++i) {
    const log::Field* field = FieldNamed(slots[i], fixed[i].first);
    if (field == nullptr) return Bad("another field in front");
    *fixed[i].second = AsText(field->value);
  }
  std::size_t at = kFixed;
  for (; at < evidence; ++at) {
    const log::Field* field = FieldNamed(slots[at], Numbered("block", at - kFixed + 1));
    if (field == nullptr) break;
    frozen.blocks.emplace_back(AsText(field->value));
  }
  ASSIGN(frozen.evidence, ReadEvidence(body, at, evidence));
  for (at = evidence; at < slots.size(); ++at) {
    frozen.persons.emplace_back();
    const auto* field = std::get_if<log::Field>(&slots[at]);
    // What can be erased voids nothing by what it is.
    if (field == nullptr || field->name != Numbered("person", at - evidence + 1) ||
        !log::CheckLine(AsText(field->value), kPersonBytesMax))
      continue;
    frozen.persons.back() = AsText(field->value);
  }
  TRY(CheckFrozen(frozen));
  return frozen;
}

Result<TypedText> BlocksOf(std::string_view text) {
  const auto fail = [](std::string detail, std::string hint) {
    return Fail(Code::kUsage, std::move(detail), std::move(hint));
  };
  TypedText typed;
  std::string block;
  const auto end_block = [&] {
    if (!block.empty()) typed.blocks.push_back(std::exchange(block, {}));
  };
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view raw = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(raw.size() + 1, rest.size()));
    const auto clean = log::ToText(raw.substr(0, raw.find_last_not_of('\r') + 1), kBlockBytesMax);
    if (!clean) return fail(clean.error().detail, "hint.text-encoding");
    std::string_view line = *clean;
    if (!line.empty()) line.remove_suffix(1);
    if (line.find_first_not_of(' ') == std::string_view::npos) {
      end_block();
      continue;
    }
    for (std::size_t open; (open = line.find(kOpen)) != std::string_view::npos;) {
      const std::size_t close = line.find(kClose, open);
      if (close == std::string_view::npos)
        return fail("[[ without ]] on a line", "hint.freeze-brackets");
      const auto name = log::ToLine(line.substr(open + kOpen.size(), close - open - kOpen.size()),
                                    kPersonBytesMax);
      if (!name) return fail("no name in [[ ]]", "hint.freeze-brackets");
      auto known = std::find(typed.persons.begin(), typed.persons.end(), *name);
      if (known == typed.persons.end()) known = typed.persons.insert(known, *name);
      block.append(line.substr(0, open + kOpen.size()))
          .append(std::to_string(known - typed.persons.begin() + 1))
          .append(kClose);
      line.remove_prefix(close + kClose.size());
    }
    block.append(line).append("\n");
  }
  end_block();
  if (typed.blocks.empty()) return fail("there is no text", "hint.freeze-empty");
  return typed;
}

std::string WithPersons(std::string_view block,
                        const std::vector<std::optional<std::string>>& persons,
                        std::string_view erased) {
  std::string shown;
  for (std::size_t open; (open = block.find(kOpen)) != std::string_view::npos;) {
    const std::string_view rest = block.substr(open + kOpen.size());
    const auto found = PlaceholderIn(rest, persons.size());
    if (!found) break;
    shown.append(block.substr(0, open)).append(persons[found->first].value_or(std::string(erased)));
    block = rest.substr(found->second);
  }
  return shown.append(block);
}

}  // namespace geflecht::governance
