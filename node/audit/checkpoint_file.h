// feeds/*.checkpoint: the Merkle tree head of the entries of one feed, as a signed note.
// Source: C2SP signed-note (https://c2sp.org/signed-note) and tlog-checkpoint
// (https://c2sp.org/tlog-checkpoint), RFC 6962 section 2.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/feed_file.h"
#include "node/crypto/hash.h"

namespace geflecht::audit {

// Lines of signatures that a note may have; signed-note asks readers to take 16.
inline constexpr std::size_t kNoteSignaturesMax = 16;

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  crypto::Hash256 root;
  bool operator==(const Checkpoint&) const = default;
};

// "geflecht/" and SHA-256(network || space || device || life) in hex, ids as raw bytes. The space
// of the charter's feed is the one that its header names, the zeros.
std::string CheckpointOrigin(const log::NetworkId& network, const log::FeedKey& feed);
Checkpoint CheckpointOf(const log::NetworkId& network, const log::FeedKey& feed,
                        const std::vector<crypto::Hash256>& leaves);

// The ids, which are leaf hashes, of the entries in front of the first one that does not continue
// the one before it. `Item` is log::Entry or FeedItem.
template <class Item>
std::vector<crypto::Hash256> FirstBranch(const std::vector<Item>& items) {
  std::vector<crypto::Hash256> leaves;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0 && items[i].header.prev != items[i - 1].id) break;
    leaves.push_back({items[i].id.bytes});
  }
  return leaves;
}

using NoteKeyId = StrongId<struct NoteKeyIdTag, 4>;

// The name under which a device signs notes: "geflecht/device/" and its key in hex.
std::string NoteKeyName(const log::DeviceId& device);
std::optional<log::DeviceId> DeviceOfNoteKeyName(std::string_view name);
// Of an Ed25519 key: SHA-256(name || LF || 0x01 || key), cut to 4 bytes.
NoteKeyId NoteKeyIdOf(std::string_view name, const crypto::PublicKey& key);

// The three lines that are signed.
std::string RenderCheckpoint(const Checkpoint& checkpoint);
// One line of a signature under `text`, which is that of a note.
std::string SignNoteLine(std::string_view text, const crypto::SigningKey& device_key);
// The whole file, with one signature.
std::string SignCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& device_key);

struct NoteSignature {
  std::string_view name;
  NoteKeyId key;
  Bytes signature;  // not checked, not even its size
  std::size_t line = 0;
};

struct CheckpointNote {
  Checkpoint checkpoint;
  std::string_view text;                  // what is signed; lives as long as the file's content
  std::vector<NoteSignature> signatures;  // 1 to kNoteSignaturesMax
};

// Nothing for a file that does not follow the format strictly: `error` is called once.
std::optional<CheckpointNote> ParseCheckpoint(std::string_view file, const FeedError& error);

}  // namespace geflecht::audit
