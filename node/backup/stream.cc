#include "node/backup/stream.h"

#include <array>
#include <utility>

#include "base/check.h"

namespace geflecht::backup {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kRecordFrontBytes = 1 + kLengthBytes;

static_assert(kChunkBytes + kRecordFrontBytes + kRecordBytesMax + crypto::kStreamOverheadBytes <=
              kChunkBytesMax);

Bytes LengthOf(std::size_t bytes) {
  Bytes out;
  AppendBe32(out, static_cast<std::uint32_t>(bytes));
  return out;
}

}  // namespace

Writer::Writer(const Header& header, const crypto::SecretBytes& stream_key, Sink sink)
    : associated_(ToBytes(RenderHeader(header))), sealer_(stream_key), sink_(std::move(sink)) {}

Result<void> Writer::Put(ByteView bytes) {
  hash_.Add(bytes);
  written_ += bytes.size();
  return sink_(bytes);
}

Result<void> Writer::PutChunk(bool last) {
  if (!std::exchange(started_, true)) {
    TRY(Put(associated_));
    TRY(Put(sealer_.start().view()));
  }
  const Bytes sealed = sealer_.Seal(associated_, chunk_, last);
  crypto::Wipe(chunk_);
  chunk_.clear();
  TRY(Put(LengthOf(sealed.size())));
  return Put(sealed);
}

Result<void> Writer::Add(char kind, ByteView content) {
  CHECK(content.size() <= kRecordBytesMax);
  chunk_.push_back(static_cast<std::uint8_t>(kind));
  AppendBe32(chunk_, static_cast<std::uint32_t>(content.size()));
  Append(chunk_, content);
  if (chunk_.size() < kChunkBytes) return {};
  return PutChunk(/*last=*/false);
}

Result<void> Writer::Finish() {
  TRY(PutChunk(/*last=*/true));
  TRY(Put(LengthOf(0)));
  const crypto::Hash256 sum = hash_.End();
  written_ += sum.bytes.size();
  return sink_(sum.view());
}

Result<void> Reader::Fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    ASSIGN(const std::size_t got, source_(out));
    if (got == 0) return CutOff();
    hash_.Add(out.first(got));
    read_ += got;
    out = out.subspan(got);
  }
  return {};
}

Result<Reader> Reader::Open(Source source) {
  Reader reader(std::move(source));
  reader.associated_.resize(kHeaderBytes);
  std::size_t have = 0;
  // A foreign file may be shorter than a header; then it is foreign, not cut off.
  while (have < kHeaderBytes) {
    ASSIGN(const std::size_t got, reader.source_(std::span(reader.associated_).subspan(have)));
    if (got == 0) break;
    have += got;
  }
  constexpr std::string_view kMark = "geflecht-backup@v1\n";
  const std::string_view text = AsText(reader.associated_).substr(0, have);
  if (have < kHeaderBytes && kMark.starts_with(text.substr(0, kMark.size()))) return CutOff();
  ASSIGN(reader.header_, ParseHeader(text));
  reader.hash_.Add(reader.associated_);
  reader.read_ = have;
  TRY(reader.Fill(reader.start_.bytes));
  return reader;
}

Result<void> Reader::Unlock(const crypto::SecretBytes& root_seed) {
  if (crypto::SigningKey::FromSeed(root_seed).public_key() != header_.root)
    return Fail(Code::kVerification, "the recovery sheet is not that of the organisation",
                "hint.backup-other-sheet");
  const auto key = crypto::OpenBox(BackupSecret(root_seed), header_.key_box.view());
  if (!key || key->size() != crypto::kStreamKeyBytes)
    return Damaged("the backup's key does not open");
  opener_.emplace(*key, start_);
  return {};
}

Result<std::optional<Bytes>> Reader::NextChunk() {
  std::array<std::uint8_t, kLengthBytes> front;
  TRY(Fill(front));
  const std::uint32_t size = ReadBe32(front);
  if (size == 0) return std::optional<Bytes>();
  if (size > kChunkBytesMax) return Damaged("a chunk is longer than chunks are");
  Bytes sealed(size);
  TRY(Fill(sealed));
  return std::optional(std::move(sealed));
}

Result<void> Reader::CheckEnd() {
  const crypto::Hash256 sum = hash_.End();
  hash_ = crypto::RunningHash();
  crypto::Hash256 stored;
  TRY(Fill(stored.bytes));
  if (stored != sum) return Damaged("the checksum does not hold");
  std::uint8_t more = 0;
  ASSIGN(const std::size_t got, source_({&more, 1}));
  if (got != 0) return Damaged("something stands behind the end");
  return {};
}

Result<std::optional<Record>> Reader::Next() {
  CHECK(opener_.has_value());
  while (at_ == chunk_.size()) {
    ASSIGN(const std::optional<Bytes> sealed, NextChunk());
    if (!sealed) {
      if (!last_opened_) return Damaged("the end of the stream is missing");
      TRY(CheckEnd());
      return std::optional<Record>();
    }
    if (last_opened_) return Damaged("a chunk stands behind the last one");
    auto piece = opener_->Open(associated_, *sealed);
    if (!piece) return Damaged("a chunk does not open");
    last_opened_ = piece->last;
    chunk_ = std::move(piece->plaintext);
    at_ = 0;
  }
  const ByteView rest = ByteView(chunk_).subspan(at_);
  if (rest.size() < kRecordFrontBytes) return Damaged("a record is cut off");
  const std::size_t size = ReadBe32(rest.subspan(1));
  if (size > kRecordBytesMax || size > rest.size() - kRecordFrontBytes)
    return Damaged("a record is longer than its chunk");
  const ByteView content = rest.subspan(kRecordFrontBytes, size);
  at_ += kRecordFrontBytes + size;
  return std::optional(
      Record{static_cast<char>(rest.front()), Bytes(content.begin(), content.end())});
}

Result<void> Reader::SkipToEnd(const std::function<void(std::uint64_t)>& passed) {
  for (;;) {
    ASSIGN(const std::optional<Bytes> sealed, NextChunk());
    if (!sealed) return CheckEnd();
    passed(read_);
  }
}

}  // namespace geflecht::backup
