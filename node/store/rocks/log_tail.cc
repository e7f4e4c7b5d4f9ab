#include "node/store/rocks/log_tail.h"

#include <fcntl.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/bytes.h"
#include "node/store/errno_error.h"
#include "node/store/file_descriptor.h"
#include "node/store/files.h"

namespace geflecht::store {
namespace {

constexpr std::size_t kBlockBytes = 32 * 1024;
constexpr std::size_t kHeaderBytes = 7;  // checksum 4, length 2, type 1
constexpr std::uint8_t kLastType = 4;  // full, first, middle, last; RocksDB recycles no log of ours
constexpr std::size_t kCurrentBytesMax = 64;

struct Header {
  std::uint32_t checksum;
  std::size_t length;
  std::uint8_t type;
};

// `at` holds at least kHeaderBytes; numbers are little-endian.
Header ReadHeader(ByteView at) {
  std::uint32_t checksum = 0;
  for (std::size_t i = 4; i-- > 0;) checksum = checksum << 8 | at[i];
  return {checksum, static_cast<std::size_t>(at[4] | at[5] << 8), at[6]};
}

// CRC-32C over type and payload, rotated and shifted as RocksDB stores it.
std::uint32_t Checksum(std::uint8_t type, ByteView payload) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_byte(type);
  crc.process_bytes(payload.data(), payload.size());
  const std::uint32_t sum = crc.checksum();
  return (sum >> 15 | sum << 17) + 0xA282EAD8u;
}

bool AllZero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Where the records of `block` stop fitting one after the other; its size if they fill it. A type
// above the last one ends them too: RocksDB takes a recycled record of another log for the end.
std::size_t FindBreak(ByteView block) {
  std::size_t at = 0;
  while (block.size() - at >= kHeaderBytes) {
    const Header header = ReadHeader(block.subspan(at));
    const bool empty = header.type == 0 && header.length == 0;
    const bool foreign = header.type > kLastType;
    if (empty || foreign || header.length > block.size() - at - kHeaderBytes) return at;
    at += kHeaderBytes + header.length;
  }
  return block.size();
}

bool IntactRecordAt(ByteView at) {
  const Header header = ReadHeader(at);
  const ByteView rest = at.subspan(kHeaderBytes);
  return header.type >= 1 && header.type <= kLastType && header.length <= rest.size() &&
         Checksum(header.type, rest.first(header.length)) == header.checksum;
}

// Whether the record at `at` is intact but for its type.
bool IntactWithAnotherType(ByteView at) {
  const Header header = ReadHeader(at);
  const ByteView rest = at.subspan(kHeaderBytes);
  if (header.length > rest.size()) return false;
  for (std::uint8_t type = 1; type <= kLastType; ++type) {
    if (Checksum(type, rest.first(header.length)) == header.checksum) return true;
  }
  return false;
}

// True if `rest`, which begins where the records break off, is more than a record that was cut off:
// a whole one whose length or type is wrong, or one with intact ones behind it.
bool Damaged(ByteView rest) {
  if (rest.size() < kHeaderBytes || AllZero(rest)) return false;
  const Header first = ReadHeader(rest);
  if (IntactWithAnotherType(rest)) return true;
  if (Checksum(first.type, rest.subspan(kHeaderBytes)) == first.checksum) return true;
  for (std::size_t at = 1; at + kHeaderBytes <= rest.size(); ++at) {
    if (IntactRecordAt(rest.subspan(at))) return true;
  }
  return false;
}

// Fills `block` from the file; less than kBlockBytes only at its end.
Result<void> ReadBlock(const FileDescriptor& file, Bytes& block) {
  block.resize(kBlockBytes);
  std::size_t have = 0;
  while (have < kBlockBytes) {
    const ssize_t done = read(file.get(), block.data() + have, kBlockBytes - have);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return Fail(ErrnoError(errno, "read of a log"));
    if (done == 0) break;
    have += static_cast<std::size_t>(done);
  }
  block.resize(have);
  return {};
}

}  // namespace

Result<void> CheckLogTail(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return Fail(ErrnoError(errno, "open of " + name));
  Bytes block;
  bool broken = false;
  for (std::uintmax_t number = 0;; ++number) {
    TRY(ReadBlock(file, block));
    const std::size_t at = broken ? 0 : FindBreak(block);
    const ByteView rest = ByteView(block).subspan(at);
    // Behind a break only zeros are harmless: a torn write is the last thing in a log.
    if ((broken && !AllZero(rest)) || Damaged(rest)) {
      return Fail(Code::kCorruption, name + ": damaged record at or after byte " +
                                         std::to_string(number * kBlockBytes + at));
    }
    if (block.size() < kBlockBytes) return {};
    broken = broken || at < block.size();
  }
}

Result<void> CheckLogTails(const std::filesystem::path& directory) {
  std::error_code failure;
  for (std::filesystem::directory_iterator it(directory, failure), end; !failure && it != end;
       it.increment(failure)) {
    if (it->path().extension() == ".log") TRY(CheckLogTail(it->path()));
  }
  if (failure) return Fail(ErrnoError(failure.value(), "listing of the store"));
  ASSIGN(const Bytes current, ReadFile(directory / "CURRENT", kCurrentBytesMax));
  std::string manifest = ToText(current);
  if (!manifest.starts_with("MANIFEST-") || !manifest.ends_with('\n')) {
    return Fail(Code::kCorruption, "CURRENT names no manifest");
  }
  manifest.pop_back();
  if (!std::filesystem::exists(directory / manifest, failure)) {
    return Fail(Code::kCorruption, "CURRENT names a manifest that is missing");
  }
  return CheckLogTail(directory / manifest);
}

}  // namespace geflecht::store
