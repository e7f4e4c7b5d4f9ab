#include "cli/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace geflecht::cli {
namespace {

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "geflecht-cli-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path Write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  static unsigned ModeOf(const std::filesystem::path& path) {
    struct stat info {};
    ::stat(path.c_str(), &info);
    return info.st_mode & 0777;
  }
  std::filesystem::path folder_;
};

TEST_F(FilesTest, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(*ReadInput(Write("a", "abc"), 3), ToBytes("abc"));
  EXPECT_EQ(ReadInput(folder_ / "a", 2).error().code, Code::kTooLarge);
  const auto missing = ReadInput(folder_ / "missing", 10);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_NE(missing.error().detail.find("missing"), std::string::npos);
  EXPECT_EQ(ReadInput(folder_, 10).error().hint, "hint.file-is-folder");
  if (::geteuid() != 0) {
    ::chmod((folder_ / "a").c_str(), 0);
    EXPECT_EQ(ReadInput(folder_ / "a", 10).error().code, Code::kNotPermitted);
  }
}

TEST_F(FilesTest, AResultReplacesAFileWithTheModeOfItsContent) {
  const auto path = Write("out", "before");
  ASSERT_TRUE(WriteOutput(path, AsBytes("after"), 0600));
  EXPECT_EQ(*ReadInput(path, 100), ToBytes("after"));
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(WriteOutput(folder_, AsBytes("x"), 0600).error().hint, "hint.file-is-folder");
  EXPECT_EQ(WriteOutput(folder_ / "no" / "out", AsBytes("x"), 0600).error().hint,
            "hint.folder-missing");
}

TEST_F(FilesTest, ASheetNeverReplacesAFile) {
  const auto path = Write("sheet", "before");
  EXPECT_EQ(NewSecretFile::Create(path).error().hint, "hint.sheet-exists");
  EXPECT_EQ(*ReadInput(path, 100), ToBytes("before"));
}

TEST_F(FilesTest, ASheetIsForItsOwnerOnlyAndGoesIfItWasNotWritten) {
  {
    auto kept = NewSecretFile::Create(folder_ / "kept");
    ASSERT_TRUE(kept);
    EXPECT_EQ(ModeOf(folder_ / "kept"), 0600u);
    ASSERT_TRUE(kept->Keep(AsBytes("code")));
    const auto dropped = NewSecretFile::Create(folder_ / "dropped");
    ASSERT_TRUE(dropped);
  }
  EXPECT_EQ(*ReadInput(folder_ / "kept", 100), ToBytes("code"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "dropped"));
}

TEST_F(FilesTest, APassphraseIsTheFirstLine) {
  EXPECT_EQ(AsText(ReadPassphraseFile(Write("p", "geheim wort\n"))->view()), "geheim wort");
  EXPECT_EQ(AsText(ReadPassphraseFile(Write("p", "geheim\r\nmore"))->view()), "geheim");
  EXPECT_EQ(AsText(ReadPassphraseFile(Write("p", "geheim"))->view()), "geheim");
  for (const char* empty : {"", "\n", "\r\nx"})
    EXPECT_EQ(ReadPassphraseFile(Write("p", empty)).error().hint, "hint.passphrase-empty");
}

}  // namespace
}  // namespace geflecht::cli
