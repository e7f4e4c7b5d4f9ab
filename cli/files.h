// The files that commands read and write.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "node/crypto/secret.h"

namespace geflecht::cli {

// The whole file; "-" is standard input. kNotFound, kNotPermitted, kTooLarge, kUsage for a folder,
// kIo; the detail names the path.
Result<Bytes> ReadInput(const std::filesystem::path& path, std::size_t bytes_max);

// The text that comes by standard input, without a byte order mark, its lines ended with LF. kUsage
// if it is a terminal or no UTF-8, kTooLarge above what a document holds.
Result<std::string> ReadPipedText();

// Writes the whole file or, if that fails, leaves what was there before. `mode` counts for new
// files and for replaced ones.
Result<void> WriteOutput(const std::filesystem::path& path, ByteView bytes, unsigned mode);

// A file with mode 0600 that was not there before. Without Keep it goes away again.
class NewSecretFile {
 public:
  // kConflict with "hint.sheet-exists" if there is something at `path`.
  static Result<NewSecretFile> Create(const std::filesystem::path& path);
  NewSecretFile(NewSecretFile&& other) noexcept;
  NewSecretFile& operator=(NewSecretFile&&) = delete;
  ~NewSecretFile();
  // Writes and syncs. kNoSpace, kIo.
  Result<void> Keep(ByteView bytes);

 private:
  NewSecretFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::filesystem::path path_;
  bool kept_ = false;
};

// The first line of a file as a secret. kUsage with "hint.passphrase-empty" if it is empty.
Result<crypto::SecretBytes> ReadPassphraseFile(const std::filesystem::path& path);

}  // namespace geflecht::cli
