// The commands that README.txt of a bundle prints, run as they stand by sh, sha256sum, openssl and
// ssh-keygen.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/bundle_folder.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit {
namespace {

namespace fs = std::filesystem;
using namespace testing;

class ReadmeScript : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string program : {"sh", "sha256sum", "openssl", "ssh-keygen", "awk", "od"})
      if (std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) != 0)
        GTEST_SKIP() << program << " is not installed";
    std::string pattern = (fs::temp_directory_path() / "geflecht-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    if (!root_.empty()) fs::remove_all(root_);
  }

  // The indented lines, as the auditor's sed takes them.
  static std::string Script(Bundle bundle) {
    std::istringstream readme(Text(bundle, kReadmeFile));
    std::string script;
    for (std::string line; std::getline(readme, line);)
      if (line.starts_with("    ")) script += line.substr(4) + "\n";
    return script;
  }
  // Whether the script ends with 0 in the folder of `bundle`; its output is in output_.
  bool Holds(const Bundle& bundle, const std::string& script) {
    const fs::path folder = root_ / "bundle";
    fs::remove_all(folder);
    const auto written = cli::WriteBundleFolder(folder, bundle);
    if (!written) ADD_FAILURE() << written.error().detail;
    std::ofstream(root_ / "check.sh", std::ios::binary) << script;
    const std::string command = "cd '" + folder.string() + "' && sh ../check.sh > ../out 2>&1";
    const bool holds = std::system(command.c_str()) == 0;
    std::ifstream out(root_ / "out");
    output_ = {std::istreambuf_iterator<char>(out), {}};
    return holds;
  }

  fs::path root_;
  std::string output_;
  World world_ = MergedWorld();
  Bundle bundle_ = world_.Exported();
  std::string script_ = Script(bundle_);
};

std::size_t Count(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

TEST_F(ReadmeScript, HoldsAndChecksEverySignature) {
  ASSERT_TRUE(Holds(bundle_, script_)) << output_;
  EXPECT_EQ(Count(output_, "Good \"geflecht-bundle@v1\" signature"), 1u) << output_;
  EXPECT_EQ(Count(output_, "Good \"geflecht-charter@v1\" signature"), 3u) << output_;
  EXPECT_EQ(Count(output_, "Good \"geflecht-entry@v1\" signature"), 7u) << output_;
  EXPECT_EQ(Count(output_, "Signature Verified Successfully"), 7u + 4u) << output_;
}

TEST_F(ReadmeScript, IsTakenOutByTheCommandThatTheTextNames) {
  ASSERT_TRUE(Holds(bundle_, script_)) << output_;
  const std::string readme = Text(bundle_, kReadmeFile);
  const std::size_t at = readme.find("\n  sed -n");
  ASSERT_NE(at, std::string::npos);
  const std::string command = readme.substr(at + 3, readme.find('\n', at + 1) - at - 3);
  fs::remove(root_ / "check.sh");
  const std::string line =
      "cd '" + (root_ / "bundle").string() + "' && " + command + " > ../out 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0) << command;
}

TEST_F(ReadmeScript, HoldsForUnsignedEntriesThatAreCovered) {
  world_.At(world_.FeedOf(1)).entries[0].signature.reset();
  const Bundle bundle = world_.Exported();
  EXPECT_TRUE(Holds(bundle, Script(bundle))) << output_;
  EXPECT_EQ(Count(output_, "Good \"geflecht-entry@v1\" signature"), 6u) << output_;
}

TEST_F(ReadmeScript, HoldsForAnAdmittedOrganisationAndForAReceipt) {
  const GovernedWorld governed = Admitted();
  const Bundle bundle = governed.world.Exported();
  EXPECT_TRUE(Holds(bundle, Script(bundle))) << output_;
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kReceipt;
  options.entry = governed.written;
  const Bundle receipt = governed.world.Exported(options);
  EXPECT_TRUE(Holds(receipt, Script(receipt))) << output_;
}

TEST_F(ReadmeScript, OneBitInAnyFileIsNoticed) {
  for (std::size_t i = 0; i < bundle_.size(); ++i) {
    Bundle bundle = bundle_;
    bundle[i].content[bundle[i].content.size() / 2] ^= 0x04;
    EXPECT_FALSE(Holds(bundle, script_)) << bundle[i].name << "\n" << output_;
  }
}

TEST_F(ReadmeScript, EndsAtAForkedFeed) {
  const log::Entry first = world_.At(world_.FeedOf(1)).entries[0];
  world_.Change(1, {}, [&](log::Header& header) {
    header.prev = first.id;
    header.seq = 1;
  });
  const Bundle bundle = world_.Exported();
  ASSERT_EQ(Verify(bundle, world_.network()).exit_code, 3);
  EXPECT_FALSE(Holds(bundle, Script(bundle))) << output_;
}

// One that signs the manifest anew does not get past the signatures of the others.
TEST_F(ReadmeScript, OneBitUnderANewManifestIsNoticed) {
  for (const BundleFile& file : bundle_) {
    if (!file.name.starts_with("feeds/") && !file.name.starts_with("keys/") &&
        file.name != kFoundersFile)
      continue;
    Bundle bundle = bundle_;
    Bytes& content = Find(bundle, file.name)->content;
    // The first byte of a key in allowed_signers, else one in the middle.
    content[file.name == kAllowedSignersFile ? 3 : content.size() / 2] ^= 0x01;
    const bool feed = file.name.ends_with(".log");
    bundle = feed ? Resealed(bundle, world_.network()) : WithManifest(bundle);
    EXPECT_FALSE(Holds(bundle, script_)) << file.name << "\n" << output_;
    EXPECT_EQ(output_.find("FAILED"), std::string::npos) << output_;  // of sha256sum
  }
}

TEST_F(ReadmeScript, AFileTooManyAndAnotherNetworkAreNoticed) {
  Bundle more = bundle_;
  more.push_back({"keys/more", {}});
  EXPECT_FALSE(Holds(more, script_)) << output_;
  const std::string other =
      log::testing::Replace(script_, world_.network().Hex(), std::string(64, '1'));
  EXPECT_FALSE(Holds(bundle_, other)) << output_;
}

}  // namespace
}  // namespace geflecht::audit
