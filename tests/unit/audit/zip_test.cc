// Bundles as zip archives: ours come back, everything else is refused.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/bundle_zip.h"
#include "fixture.h"

namespace geflecht::cli {
namespace {

namespace fs = std::filesystem;
using audit::Bundle;
using log::testing::Replace;

class BundleZip : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "geflecht-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    file_ = root_ / "bundle.zip";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string Raw() {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Code CodeOf(const std::string& raw, const BundleLimits& limits = {}) {
    std::ofstream(file_, std::ios::binary) << raw;
    const auto read = ReadBundleZip(file_, limits);
    return read ? Code::kInternal : read.error().code;
  }
  // The archive of these names, each with two bytes.
  std::string Archive(const std::vector<std::string>& names) {
    Bundle bundle;
    for (const std::string& name : names) bundle.push_back({name, {'o', 'k'}});
    fs::remove(file_);
    const auto written = WriteBundle(file_, bundle);
    EXPECT_TRUE(written) << written.error().detail;
    return Raw();
  }
  // Every place of `from` in the archive, local headers and the directory.
  static std::string All(std::string raw, std::string_view from, std::string_view to) {
    for (std::size_t at = raw.find(from); at != std::string::npos; at = raw.find(from, at + 1))
      raw.replace(at, from.size(), to);
    return raw;
  }

  fs::path root_;
  fs::path file_;
  const Bundle bundle_ = audit::testing::MergedWorld().Exported();
};

TEST_F(BundleZip, ComesBackAndIsPrivate) {
  ASSERT_TRUE(WriteBundle(file_, bundle_));
  const auto read = ReadBundle(file_);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, bundle_);
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::string first = Raw();
  EXPECT_EQ(WriteBundle(file_, bundle_).error().code, Code::kNotPermitted);
  EXPECT_EQ(Raw(), first);
}

TEST_F(BundleZip, NamesThatNoBundleHoldsAreRefused) {
  const std::string raw = Archive({"ab/cd", "xy/zw"});
  for (const std::string name : {"../cd", "/b/cd", "ab//d", "a/b/c", "ab/..", "./abc"}) {
    ASSERT_EQ(name.size(), 5u);
    EXPECT_EQ(CodeOf(All(raw, "ab/cd", name)), Code::kMalformed) << name;
  }
  EXPECT_EQ(CodeOf(All(raw, "xy/zw", "ab/cd")), Code::kMalformed);
  EXPECT_EQ(CodeOf(All(raw, "xy/zw", "AB/cd")), Code::kMalformed);
  EXPECT_EQ(CodeOf(raw), Code::kInternal);  // as it was
  Bundle bad = {{"../x", {}}};
  EXPECT_EQ(WriteBundleZip(root_ / "bad.zip", bad).error().code, Code::kMalformed);
  EXPECT_FALSE(fs::exists(root_ / "bad.zip"));
}

TEST_F(BundleZip, LinksCompressedEncryptedAndDamagedEntriesAreRefused) {
  const std::string raw = Archive({"ab/cd"});
  const std::size_t directory = raw.find("PK\1\2");
  ASSERT_NE(directory, std::string::npos);
  const auto with = [&](std::size_t at, std::string_view bytes) {
    std::string other = raw;
    return other.replace(at, bytes.size(), bytes);
  };
  // Offsets of the central header: flags 8, method 10, checksum 16, size 24, mode 40.
  std::string link = with(directory + 40, {"\xff\xa1", 2});
  EXPECT_EQ(CodeOf(link), Code::kMalformed);
  EXPECT_EQ(CodeOf(with(directory + 10, "\x08")), Code::kMalformed);
  EXPECT_EQ(CodeOf(with(directory + 8, "\x01")), Code::kMalformed);
  EXPECT_EQ(CodeOf(with(directory + 16, "\x01")), Code::kMalformed);
  EXPECT_EQ(CodeOf(with(directory + 24, {"\xff\xff\xff\x7f", 4})), Code::kMalformed);
  const std::size_t content = raw.find("ok");
  EXPECT_EQ(CodeOf(with(content, "no")), Code::kMalformed);
  EXPECT_EQ(CodeOf(raw.substr(0, directory)), Code::kMalformed);
  EXPECT_EQ(CodeOf("no archive"), Code::kMalformed);
  EXPECT_EQ(CodeOf(raw), Code::kInternal);
}

TEST_F(BundleZip, TooManyAndTooLargeAreRefused) {
  const std::string raw = Archive({"ab/cd", "ef"});
  EXPECT_EQ(CodeOf(raw, {1, 100}), Code::kTooLarge);
  EXPECT_EQ(CodeOf(raw, {2, 3}), Code::kTooLarge);
  EXPECT_EQ(CodeOf(raw, {2, 4}), Code::kInternal);
}

TEST_F(BundleZip, EachThirdBitOfAnArchiveChangesWhatIsReadOrNothing) {
  const std::string raw = Archive({"ab/cd", "ef"});
  const auto whole = ReadBundleZip(file_);
  ASSERT_TRUE(whole);
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * raw.size(); bit += 3) {
    std::string other = raw;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    std::ofstream(file_, std::ios::binary) << other;
    const auto read = ReadBundleZip(file_);
    refused += !read;
    // Contents are guarded by their checksums; names that change are for the verifier.
    for (const audit::BundleFile& entry : read.value_or(Bundle()))
      EXPECT_EQ(ToText(entry.content), "ok") << bit;
  }
  EXPECT_GT(refused, raw.size() / 3);
}

}  // namespace
}  // namespace geflecht::cli
