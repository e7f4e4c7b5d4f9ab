// Checkpoints: tree heads against the entries, signatures of members' devices under them.
#include <set>
#include <string>

#include "node/audit/checkpoint_file.h"
#include "node/audit/examination.h"

namespace geflecht::audit {
namespace {

// The member's device whose key the line names. Lines of other keys say nothing.
std::optional<log::DeviceId> SignerOf(const Examination& exam, const NoteSignature& signature) {
  const auto device = DeviceOfNoteKeyName(signature.name);
  if (!device || signature.key != NoteKeyIdOf(signature.name, *device) ||
      exam.members->ByDevice(*device) == nullptr)
    return std::nullopt;
  return device;
}

void CheckTree(Examination& exam, const FoundFeed& feed, const std::string& file,
               const Checkpoint& claimed) {
  const Checkpoint found = CheckpointOf(exam.report.network, feed.key, FirstBranch(feed.items));
  exam.report.heads.heads[feed.key] = {found.size, found.root};
  if (claimed.origin != found.origin) {
    exam.Bad(file, 1, "checkpoint", "the origin is not this feed's");
  } else if (claimed.size != found.size) {
    exam.Bad(file, 2, "checkpoint", "the number of entries is not this feed's");
  } else if (claimed.root != found.root) {
    exam.Bad(file, 3, "checkpoint", "the root is not that of the entries");
  }
}

}  // namespace

void CheckNoteSignatures(Examination& exam, const std::string& file, std::size_t lines_before,
                         const CheckpointNote& note) {
  std::set<log::DeviceId> signers;
  for (const NoteSignature& line : note.signatures) {
    const auto device = SignerOf(exam, line);
    if (!device) continue;
    const auto signature = crypto::Signature::From(line.signature);
    if (!signature || !crypto::VerifyNote(*device, note.text, *signature))
      exam.Bad(file, lines_before + line.line, "checkpoint-signature");
    if (!signers.insert(*device).second)
      exam.Bad(file, lines_before + line.line, "checkpoint-signature", "a second one of this key");
  }
  if (exam.report.exporter && !signers.contains(*exam.report.exporter))
    exam.Bad(file, 0, "checkpoint-signature", "none of the exporter's device");
}

void CheckCheckpoints(Examination& exam) {
  exam.report.heads.network = exam.report.network;
  for (const FoundFeed& feed : exam.feeds) {
    const std::string file = CheckpointFileName(feed.key);
    const auto text = exam.Text(file);
    if (!text) {
      exam.Bad(file, 0, "missing-file");
      continue;
    }
    const auto note = ParseCheckpoint(*text, [&](std::size_t line, std::string detail) {
      exam.Bad(file, line, "checkpoint", std::move(detail));
    });
    if (!note) continue;
    CheckTree(exam, feed, file, note->checkpoint);
    if (exam.members) CheckNoteSignatures(exam, file, 0, *note);
  }
  for (const auto& [name, file] : exam.files) {
    const auto parsed = ParseFileName(name);
    if (parsed->kind == FileKind::kCheckpoint && !exam.files.contains(FeedFileName(parsed->feed)))
      exam.Bad(std::string(name), 0, "checkpoint", "there is no such feed");
  }
}

}  // namespace geflecht::audit
