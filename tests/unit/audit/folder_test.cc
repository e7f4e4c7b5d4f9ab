#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/bundle_folder.h"
#include "fixture.h"

namespace geflecht::cli {
namespace {

namespace fs = std::filesystem;
using audit::Bundle;

class BundleFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "geflecht-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    folder_ = root_ / "bundle";
  }
  void TearDown() override { fs::remove_all(root_); }

  void Put(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  Code ReadCode(const BundleLimits& limits = {}) {
    const auto read = ReadBundleFolder(folder_, limits);
    EXPECT_FALSE(read);
    return read ? Code::kInternal : read.error().code;
  }

  fs::path root_;
  fs::path folder_;
  const Bundle bundle_ = audit::testing::MergedWorld().Exported();
};

TEST_F(BundleFolder, ComesBackAsItWas) {
  ASSERT_TRUE(WriteBundleFolder(folder_, bundle_));
  const auto read = ReadBundleFolder(folder_);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, bundle_);
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    struct stat status {};
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, entry.is_directory() ? 0700u : 0600u) << entry.path();
  }
}

TEST_F(BundleFolder, EmptyFolderIsTakenAndAnyOtherIsNot) {
  fs::create_directory(folder_);
  EXPECT_TRUE(WriteBundleFolder(folder_, bundle_));
  EXPECT_EQ(WriteBundleFolder(folder_, bundle_).error().code, Code::kNotPermitted);
  EXPECT_TRUE(ReadBundleFolder(folder_));
  Put(root_ / "file", "x");
  EXPECT_EQ(WriteBundleFolder(root_ / "file", bundle_).error().code, Code::kNotPermitted);
  fs::create_directory(root_ / "empty");
  fs::create_directory_symlink(root_ / "empty", root_ / "link");
  EXPECT_EQ(WriteBundleFolder(root_ / "link", bundle_).error().code, Code::kNotPermitted);
  EXPECT_EQ(WriteBundleFolder(root_ / "no" / "such", bundle_).error().code, Code::kNotFound);
}

TEST_F(BundleFolder, NamesThatLeaveTheFolderAreNotWritten) {
  for (const std::string name :
       {"../x", "/x", "", ".", "..", "a/..", "a/../b", "a//b", "a/b/c", "a/", "./a"}) {
    EXPECT_EQ(WriteBundleFolder(folder_, {{name, {}}}).error().code, Code::kMalformed) << name;
    EXPECT_FALSE(fs::exists(folder_)) << name;
  }
  EXPECT_EQ(WriteBundleFolder(folder_, {{std::string("a\0b", 3), {}}}).error().code,
            Code::kMalformed);
  EXPECT_FALSE(fs::exists(root_ / "x"));
}

TEST_F(BundleFolder, LinksPipesAndDeepFoldersAreNotRead) {
  ASSERT_TRUE(WriteBundleFolder(folder_, bundle_));
  const fs::path extra = folder_ / "keys" / "extra";
  Put(root_ / "secret", "x");
  fs::create_symlink(root_ / "secret", extra);
  EXPECT_EQ(ReadCode(), Code::kMalformed);
  fs::remove(extra);
  fs::create_symlink(root_ / "nowhere", extra);
  EXPECT_EQ(ReadCode(), Code::kMalformed);
  fs::remove(extra);
  fs::create_directory_symlink(root_, folder_ / "more");
  EXPECT_EQ(ReadCode(), Code::kMalformed);
  fs::remove(folder_ / "more");
  ASSERT_EQ(mkfifo(extra.c_str(), 0600), 0);
  EXPECT_EQ(ReadCode(), Code::kMalformed);
  fs::remove(extra);
  fs::create_directories(extra / "deep");
  EXPECT_EQ(ReadCode(), Code::kMalformed);
  fs::remove_all(extra);
  EXPECT_TRUE(ReadBundleFolder(folder_));
}

TEST_F(BundleFolder, LimitsHold) {
  ASSERT_TRUE(WriteBundleFolder(folder_, bundle_));
  std::uint64_t bytes = 0;
  for (const audit::BundleFile& file : bundle_) bytes += file.content.size();
  const std::size_t folders = 3;
  EXPECT_TRUE(ReadBundleFolder(folder_, {bundle_.size() + folders, bytes}));
  EXPECT_EQ(ReadCode({bundle_.size() + folders, bytes - 1}), Code::kTooLarge);
  EXPECT_EQ(ReadCode({bundle_.size() - 1, bytes}), Code::kTooLarge);
}

TEST_F(BundleFolder, WhatIsNoFolderIsNotFound) {
  EXPECT_EQ(ReadCode(), Code::kNotFound);
  Put(folder_, "x");
  EXPECT_EQ(ReadCode(), Code::kNotFound);
}

TEST_F(BundleFolder, HalfWrittenFolderHasNoManifest) {
  Bundle bundle = bundle_;
  bundle.push_back({"keys/" + std::string(150, 'x') + std::string(4, 'y'), {}});
  bundle.push_back({"keys", {}});  // a file where a folder stands: writing fails half-way
  EXPECT_FALSE(WriteBundleFolder(folder_, bundle));
  EXPECT_FALSE(fs::exists(folder_ / "MANIFEST.sha256"));
  EXPECT_TRUE(fs::exists(folder_ / "README.txt"));
}

}  // namespace
}  // namespace geflecht::cli
