#include "node/store/files.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "tests/store/places.h"

namespace geflecht::store {
namespace {

namespace fs = std::filesystem;

// No file may grow beyond `bytes` while it lives: what a full disk looks like to a writer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

std::size_t FilesIn(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

mode_t ModeOf(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

TEST(Files, ReadsBackWhatWasWrittenWithExactlyTheMode) {
  const TempDirectory directory;
  const fs::path path = directory.path() / "file";
  Bytes large(300'000);
  SeededRandom(3).Fill(large);
  for (const Bytes& bytes : {Bytes{}, ToBytes("text"), large}) {
    Must(WriteFileAtomically(path, bytes, 0600));
    EXPECT_TRUE(Must(ReadFile(path, 300'000)) == bytes);
    EXPECT_EQ(ModeOf(path), 0600u);
  }
  Must(WriteFileAtomically(path, AsBytes("text"), 0666));  // whatever the umask says
  EXPECT_EQ(ModeOf(path), 0666u);
  EXPECT_EQ(FilesIn(directory.path()), 1u);
}

TEST(Files, ReadingIsBounded) {
  const TempDirectory directory;
  const fs::path path = directory.path() / "file";
  Must(WriteFileAtomically(path, Bytes(100'000, 1), 0600));
  EXPECT_EQ(Must(ReadFile(path, 100'000)).size(), 100'000u);
  EXPECT_EQ(ReadFile(path, 99'999).error().code, Code::kTooLarge);
  EXPECT_EQ(ReadFile(path, 0).error().code, Code::kTooLarge);
  EXPECT_EQ(ReadFile(directory.path() / "none", 10).error().code, Code::kNotFound);
  EXPECT_EQ(ReadFile(directory.path(), 10).error().code, Code::kIo);
  ASSERT_EQ(mkfifo((directory.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(directory.path() / "pipe", 10).error().code, Code::kIo);
}

TEST(Files, AFailedReplacementKeepsTheOldFile) {
  const TempDirectory directory;
  const fs::path path = directory.path() / "file";
  Must(WriteFileAtomically(path, AsBytes("old"), 0600));
  {
    const FileSizeLimit limit(64 * 1024);
    const Result<void> failed = WriteFileAtomically(path, Bytes(200'000, 7), 0600);
    ASSERT_FALSE(failed);
    EXPECT_TRUE(failed.error().code == Code::kIo || failed.error().code == Code::kNoSpace);
  }
  EXPECT_EQ(ToText(Must(ReadFile(path, 10))), "old");
  EXPECT_EQ(FilesIn(directory.path()), 1u) << "the temporary file is still there";
  Must(WriteFileAtomically(path, AsBytes("new"), 0600));
  EXPECT_EQ(ToText(Must(ReadFile(path, 10))), "new");
}

TEST(Files, WhatACrashLeftBehindIsReplacedAndNotFollowed) {
  const TempDirectory directory;
  const fs::path path = directory.path() / "file";
  const fs::path elsewhere = directory.path() / "elsewhere";
  std::ofstream(elsewhere) << "untouched";
  fs::create_symlink(elsewhere, directory.path() / "file.tmp");
  Must(WriteFileAtomically(path, AsBytes("new"), 0600));
  EXPECT_EQ(ToText(Must(ReadFile(path, 10))), "new");
  EXPECT_EQ(ToText(Must(ReadFile(elsewhere, 100))), "untouched");
}

TEST(Files, ErrorsNameTheFileButNotItsDirectories) {
  const TempDirectory directory;
  const Result<void> failed =
      WriteFileAtomically(directory.path() / "missing" / "file", AsBytes("x"), 0600);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::kNotFound);
  EXPECT_EQ(failed.error().detail.find(directory.path().string()), std::string::npos);
}

}  // namespace
}  // namespace geflecht::store
