#include "cli/bundle_zip.h"

#include <fcntl.h>
#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace geflecht::cli {
namespace {

namespace fs = std::filesystem;

struct CloseArchive {
  void operator()(void* archive) const { unzClose(archive); }
};
using Archive = std::unique_ptr<void, CloseArchive>;

constexpr uLong kEncrypted = 1;          // of the general purpose flags (APPNOTE.TXT 4.4.4)
constexpr uLong kUnixMode = 16;          // where external attributes hold the mode
constexpr uLong kFirstEntryTime = 0x21;  // 1980-01-01 in the form of MS-DOS

std::string LowerCase(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

Result<Bytes> ReadContent(unzFile archive, std::uint64_t size) {
  if (unzOpenCurrentFile(archive) != UNZ_OK)
    return Fail(Code::kMalformed, "an entry of the archive cannot be opened");
  Bytes content;
  std::array<std::uint8_t, 64 * 1024> buffer;
  while (true) {
    const int got = unzReadCurrentFile(archive, buffer.data(), buffer.size());
    if (got < 0) return Fail(Code::kMalformed, "an entry of the archive cannot be read");
    if (got == 0) break;
    Append(content, ByteView(buffer.data(), static_cast<std::size_t>(got)));
    if (content.size() > size) break;
  }
  if (unzCloseCurrentFile(archive) != UNZ_OK || content.size() != size)
    return Fail(Code::kMalformed, "an entry of the archive has another size or checksum");
  return content;
}

// Nothing for an empty folder.
Result<std::optional<audit::BundleFile>> ReadEntry(unzFile archive, std::uint64_t left) {
  unz_file_info64 info{};
  std::array<char, audit::kBundleNameBytesMax + 1> raw_name{};
  if (unzGetCurrentFileInfo64(archive, &info, raw_name.data(), raw_name.size(), nullptr, 0, nullptr,
                              0) != UNZ_OK)
    return Fail(Code::kMalformed, "an entry of the archive cannot be read");
  if (info.size_filename > audit::kBundleNameBytesMax)
    return Fail(Code::kMalformed, "a name that no bundle holds");
  std::string name(raw_name.data(), info.size_filename);
  const auto mode = static_cast<mode_t>(info.external_fa >> kUnixMode);
  if (name.ends_with('/') && info.uncompressed_size == 0) return std::optional<audit::BundleFile>();
  if (!IsSafeName(name)) return Fail(Code::kMalformed, "a name that no bundle holds");
  if (mode != 0 && !S_ISREG(mode) && (mode & S_IFMT) != 0)
    return Fail(Code::kMalformed, "a link or another special file in the archive");
  if (info.compression_method != 0 || info.compressed_size != info.uncompressed_size)
    return Fail(Code::kMalformed, "the entries of the archive have to be stored, not compressed");
  if ((info.flag & kEncrypted) != 0) return Fail(Code::kMalformed, "an entry that is encrypted");
  if (info.uncompressed_size > left) return Fail(Code::kTooLarge, "the bundle is too large");
  ASSIGN(Bytes content, ReadContent(archive, info.uncompressed_size));
  return std::optional(audit::BundleFile{std::move(name), std::move(content)});
}

Result<void> WriteEntries(zipFile archive, const audit::Bundle& bundle) {
  for (const audit::BundleFile& file : bundle) {
    zip_fileinfo info{};
    info.dosDate = kFirstEntryTime << 16;
    info.external_fa = static_cast<uLong>(S_IFREG | S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)
                       << kUnixMode;
    constexpr uLong kMadeByUnix = 3u << 8 | 20;  // version 2.0, external attributes hold a mode
    if (zipOpenNewFileInZip4_64(archive, file.name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                                0, 0, 0, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nullptr, 0,
                                kMadeByUnix, 0, 0) != ZIP_OK ||
        zipWriteInFileInZip(archive, file.content.data(),
                            static_cast<unsigned>(file.content.size())) != ZIP_OK ||
        zipCloseFileInZip(archive) != ZIP_OK)
      return Fail(Code::kIo, "writing the archive of the bundle");
  }
  return {};
}

Result<void> Flush(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  const bool flushed = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!flushed) return Fail(Code::kIo, "writing the archive of the bundle");
  return {};
}

}  // namespace

Result<audit::Bundle> ReadBundleZip(const fs::path& file, const BundleLimits& limits) {
  const Archive archive(unzOpen64(file.c_str()));
  if (!archive) return Fail(Code::kMalformed, "neither a folder nor a zip archive");
  audit::Bundle bundle;
  std::set<std::string> names;
  std::uint64_t left = limits.bytes;
  std::size_t entries = 0;
  int step = unzGoToFirstFile(archive.get());
  for (; step == UNZ_OK; step = unzGoToNextFile(archive.get())) {
    if (++entries > limits.files) return Fail(Code::kTooLarge, "too many files");
    ASSIGN(auto entry, ReadEntry(archive.get(), left));
    if (!entry) continue;
    if (!names.insert(LowerCase(entry->name)).second)
      return Fail(Code::kMalformed, "a name is there twice, or in another case");
    left -= entry->content.size();
    bundle.push_back(*std::move(entry));
  }
  if (step != UNZ_END_OF_LIST_OF_FILE) return Fail(Code::kMalformed, "the archive is damaged");
  std::sort(bundle.begin(), bundle.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return bundle;
}

Result<void> WriteBundleZip(const fs::path& file, const audit::Bundle& bundle) {
  for (const audit::BundleFile& entry : bundle)
    if (!IsSafeName(entry.name)) return Fail(Code::kMalformed, "a name that no bundle holds");
  const int fd =
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (fd < 0)
    return Fail(errno == EEXIST ? Code::kNotPermitted : Code::kIo,
                "the bundle needs a file that does not exist yet");
  ::close(fd);
  Result<void> written = Fail(Code::kIo, "writing the archive of the bundle");
  if (zipFile archive = zipOpen64(file.c_str(), APPEND_STATUS_CREATE)) {
    written = WriteEntries(archive, bundle);
    if (zipClose(archive, nullptr) != ZIP_OK && written)
      written = Fail(Code::kIo, "writing the archive of the bundle");
  }
  if (written) written = Flush(file);
  if (!written) ::unlink(file.c_str());
  return written;
}

Result<audit::Bundle> ReadBundle(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) ? ReadBundleZip(path) : ReadBundleFolder(path);
}

Result<void> WriteBundle(const fs::path& path, const audit::Bundle& bundle) {
  return path.extension() == ".zip" ? WriteBundleZip(path, bundle)
                                    : WriteBundleFolder(path, bundle);
}

}  // namespace geflecht::cli
