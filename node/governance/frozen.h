// A text that is settled: what people sign or approve. Rendered text, never bytes of the engine;
// names of persons stand beside it, so that they can be erased (docs/formats/frozen.md). Pure;
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/rng.h"
#include "node/governance/body_fields.h"

namespace geflecht::governance {

inline constexpr std::string_view kAgreement = "agreement";
inline constexpr std::string_view kMinutes = "minutes";

inline constexpr std::size_t kBlocksMax = 2000;
inline constexpr std::size_t kBlockBytesMax = 64 * 1024;
inline constexpr std::size_t kTermsBytesMax = 32 * 1024;
inline constexpr std::size_t kPersonsMax = 1000;
inline constexpr std::size_t kPersonBytesMax = 512;
inline constexpr std::size_t kEvidenceFilesMax = 16;
inline constexpr std::size_t kEvidenceNameBytesMax = 256;
// A field without its name and the file's name in front of the content: 511 KiB.
inline constexpr std::size_t kEvidenceBytesMax = limits::kFieldBytesMax - 1024;

// A file that belongs to a text or a signature: a scan, a PDF with qualified signatures.
struct EvidenceFile {
  std::string name;  // one line
  Bytes content;
  bool operator==(const EvidenceFile&) const = default;
};

struct Frozen {
  std::string what;   // kAgreement, kMinutes: what `terms` means and what may be written about it
  std::string title;  // one line
  std::string terms;  // text
  // Texts. "[[1]]", "[[2]]", ... stand for `persons`; "[[" occurs nowhere else.
  std::vector<std::string> blocks;
  std::vector<EvidenceFile> evidence;
  std::vector<std::optional<std::string>> persons;  // erasable; nothing: erased or withheld
  bool operator==(const Frozen&) const = default;
};

// Everything but the persons is evidence. What a person typed is judged by the reader: kMalformed,
// or kTooLarge with a hint that names the limit.
Result<Said> SayFrozen(const Frozen& frozen, Random& random);
// `evidence`: how many fields the header says are. kMalformed, kTooLarge.
Result<Frozen> ReadFrozen(const log::Body& body, std::uint32_t evidence);

// The fields "evidence.1", ... of a body from slot `first` on, up to slot `end`.
Result<std::vector<EvidenceFile>> ReadEvidence(const log::Body& body, std::size_t first,
                                               std::size_t end);
Result<void> SayEvidence(const std::vector<EvidenceFile>& files, log::Body& body, Random& random);

// The blocks and persons of a text as somebody typed it: empty lines part blocks, names of persons
// stand in "[[" and "]]". One name is one person. kUsage with a hint.
struct TypedText {
  std::vector<std::string> blocks;
  std::vector<std::optional<std::string>> persons;
};
Result<TypedText> BlocksOf(std::string_view text);

// A block with the names in it; `erased` for those that are gone.
std::string WithPersons(std::string_view block,
                        const std::vector<std::optional<std::string>>& persons,
                        std::string_view erased);

}  // namespace geflecht::governance
