// The file of a backup: written beside its place and put there when it is whole; read in pieces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "node/store/file_descriptor.h"

namespace geflecht::cli {

class NewBackupFile {
 public:
  // Makes PATH.part with mode 0600; one that an earlier attempt left is replaced. kConflict with
  // "hint.backup-exists" if there is something at `path` and not `replace`; kUsage for a folder,
  // kNotFound with "hint.folder-missing", kNotPermitted, kNoSpace, kIo.
  static Result<NewBackupFile> Create(const std::filesystem::path& path, bool replace);
  NewBackupFile(NewBackupFile&& other) noexcept;
  NewBackupFile& operator=(NewBackupFile&&) = delete;
  // Without Keep nothing stays.
  ~NewBackupFile();
  Result<void> Write(ByteView bytes);
  // Syncs and gives it its name. Without `replace` kConflict if the name was taken meanwhile.
  Result<void> Keep();

 private:
  NewBackupFile(store::FileDescriptor file, std::filesystem::path path, bool replace)
      : file_(std::move(file)), path_(std::move(path)), replace_(replace) {}
  std::filesystem::path Part() const;

  store::FileDescriptor file_;
  std::filesystem::path path_;
  bool replace_;
  bool is_mine_ = true;  // PATH.part
};

class BackupFile {
 public:
  // kNotFound, kUsage for a folder, kNotPermitted, kIo. "-" is no file here.
  static Result<BackupFile> Open(const std::filesystem::path& path);
  std::uint64_t size() const { return size_; }
  // 0 at the end.
  Result<std::size_t> Read(std::span<std::uint8_t> out);

 private:
  BackupFile(store::FileDescriptor file, std::filesystem::path path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}
  store::FileDescriptor file_;
  std::filesystem::path path_;
  std::uint64_t size_;
};

}  // namespace geflecht::cli
