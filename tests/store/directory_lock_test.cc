#include "node/store/directory_lock.h"

#include <sys/stat.h>

#include "node/store/files.h"
#include "tests/store/child.h"
#include "tests/store/places.h"

namespace geflecht::store {
namespace {

TEST(DirectoryLock, ASecondProcessIsRefusedAndToldWhoHoldsIt) {
  const TempDirectory directory;
  Child holder("lock", directory.path());
  ASSERT_EQ(holder.Line(), "held");
  const Result<DirectoryLock> lock = DirectoryLock::Take(directory.path());
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Code::kLocked);
  EXPECT_TRUE(lock.error().detail.ends_with(" " + std::to_string(holder.id())))
      << lock.error().detail;
}

TEST(DirectoryLock, KillingTheHolderFreesIt) {
  const TempDirectory directory;
  Child holder("lock", directory.path());
  ASSERT_EQ(holder.Line(), "held");
  holder.Kill();
  // A longer text than any process id, as if the disk had garbled it.
  Must(WriteFileAtomically(directory.path() / "lock", AsBytes("1234567890123\n"), 0600));
  const DirectoryLock lock = Must(DirectoryLock::Take(directory.path()));
  EXPECT_EQ(ToText(Must(ReadFile(directory.path() / "lock", 100))),
            std::to_string(getpid()) + "\n");
  Child second("lock", directory.path());
  EXPECT_EQ(second.Line(), "locked the directory is in use by process " + std::to_string(getpid()));
}

TEST(DirectoryLock, IsHeldOnceWithinAProcessAndFreedAtTheEnd) {
  const TempDirectory directory;
  {
    DirectoryLock first = Must(DirectoryLock::Take(directory.path()));
    const DirectoryLock moved = std::move(first);
    EXPECT_EQ(DirectoryLock::Take(directory.path()).error().code, Code::kLocked);
  }
  EXPECT_TRUE(DirectoryLock::Take(directory.path()));
}

TEST(DirectoryLock, OnlyTheOwnerMayReadItsFile) {
  const TempDirectory directory;
  const DirectoryLock lock = Must(DirectoryLock::Take(directory.path()));
  struct stat info {};
  ASSERT_EQ(stat((directory.path() / "lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST(DirectoryLock, AMissingDirectoryIsNotFound) {
  const TempDirectory directory;
  EXPECT_EQ(DirectoryLock::Take(directory.path() / "none").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace geflecht::store
