// The sealed records of a backup, one behind the other (docs/formats/backup.md).
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "node/backup/header.h"
#include "node/crypto/running_hash.h"

namespace geflecht::backup {

// What a record is. A reader leaves out kinds in lower case that it does not know and refuses the
// backup for others.
inline constexpr char kManifestRecord = 'M';
inline constexpr char kCardRecord = 'C';
inline constexpr char kDeviceRecord = 'D';
inline constexpr char kFoundingRecord = 'F';
inline constexpr char kEntryRecord = 'E';
inline constexpr char kEndRecord = 'Z';

struct Record {
  char kind = 0;
  Bytes content;
};

inline constexpr std::size_t kChunkBytes = 256 * 1024;           // then a chunk is sealed
inline constexpr std::size_t kRecordBytesMax = 2 * 1024 * 1024;  // an entry with its body
inline constexpr std::size_t kChunkBytesMax = 3 * 1024 * 1024;   // sealed

// Gets what is to be written next.
using Sink = std::function<Result<void>(ByteView)>;
// Fills the front of the span; the number of bytes, 0 at the end.
using Source = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

class Writer {
 public:
  // `stream_key` is the one in header.key_box and is used for nothing else.
  Writer(const Header& header, const crypto::SecretBytes& stream_key, Sink sink);
  // `content` has at most kRecordBytesMax. Errors are the sink's; nothing may follow one.
  Result<void> Add(char kind, ByteView content);
  // The end. Without it the backup is refused as cut off.
  Result<void> Finish();
  std::uint64_t bytes_written() const { return written_; }

 private:
  Result<void> Put(ByteView bytes);
  Result<void> PutChunk(bool last);

  Bytes associated_;  // the header's text
  crypto::StreamSealer sealer_;
  Sink sink_;
  crypto::RunningHash hash_;
  Bytes chunk_;
  std::uint64_t written_ = 0;
  bool started_ = false;
};

class Reader {
 public:
  // Reads the header. The errors of ParseHeader; "hint.backup-cut" for an empty file or one that
  // ends in the header; the source's.
  static Result<Reader> Open(Source source);
  const Header& header() const { return header_; }
  std::uint64_t bytes_read() const { return read_; }

  // kVerification with "hint.backup-other-sheet" if this sheet is not that of the organisation,
  // kCorruption if the key's box does not open.
  Result<void> Unlock(const crypto::SecretBytes& root_seed);

  // The next record; nothing behind the last one, when the end and the checksum were found in
  // order. kCorruption with "hint.backup-damaged" or "hint.backup-cut". After Unlock.
  Result<std::optional<Record>> Next();
  // Reads on to the end without opening anything: whether all bytes are those that were written.
  // `passed` hears how far it is.
  Result<void> SkipToEnd(const std::function<void(std::uint64_t)>& passed);

 private:
  explicit Reader(Source source) : source_(std::move(source)) {}
  Result<void> Fill(std::span<std::uint8_t> out);
  // The next sealed chunk; nothing behind the last one.
  Result<std::optional<Bytes>> NextChunk();
  Result<void> CheckEnd();

  Source source_;
  Header header_;
  Bytes associated_;
  crypto::StreamStart start_;
  std::optional<crypto::StreamOpener> opener_;
  crypto::RunningHash hash_;
  Bytes chunk_;
  std::size_t at_ = 0;
  bool last_opened_ = false;
  std::uint64_t read_ = 0;
};

}  // namespace geflecht::backup
