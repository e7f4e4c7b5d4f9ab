#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>

#include "node/runtime/inspect.h"

namespace geflecht::runtime {
namespace {

namespace fs = std::filesystem;

// A made-up /sys, in which the device of the test's own folder is what a test says.
struct DiskEncryption : testing::Test {
  fs::path sys = fs::path(testing::TempDir()) / "geflecht-disk-encryption";
  fs::path device;

  void SetUp() override {
    fs::remove_all(sys);
    fs::create_directories(sys);
    struct stat info {};
    ASSERT_EQ(stat(sys.c_str(), &info), 0);
    device = sys / "dev" / "block" /
             (std::to_string(major(info.st_dev)) + ":" + std::to_string(minor(info.st_dev)));
  }
  void TearDown() override { fs::remove_all(sys); }
  static void SayUuid(const fs::path& at, const std::string& uuid) {
    fs::create_directories(at / "dm");
    std::ofstream(at / "dm" / "uuid") << uuid << "\n";
  }
};

TEST_F(DiskEncryption, NobodyKnowsWithoutABlockDevice) {
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), std::nullopt);
  EXPECT_EQ(IsOnEncryptedDisk(sys / "missing", sys), std::nullopt);
}

TEST_F(DiskEncryption, APlainPartitionIsNot) {
  fs::create_directories(device);
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), false);
  SayUuid(device, "LVM-abc");
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), false);
}

TEST_F(DiskEncryption, AnEncryptedOneIsAlsoBelowAVolume) {
  SayUuid(device, "CRYPT-LUKS2-abc-root");
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), true);
  SayUuid(device, "LVM-abc");
  SayUuid(device / "slaves" / "dm-0", "CRYPT-LUKS2-abc-root");
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), true);
  fs::create_directories(device / "slaves" / "sdb1");  // one of two is plain
  EXPECT_EQ(IsOnEncryptedDisk(sys, sys), false);
}

}  // namespace
}  // namespace geflecht::runtime
