// Signed texts of the log against OpenSSH's own verifier.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

class SshKeygen : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v ssh-keygen >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "ssh-keygen is not installed";
    std::string pattern = ::testing::TempDir() + "log_foreign_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  bool Verifies(const crypto::PublicKey& key, std::string_view name_space,
                const std::string& message, const crypto::Signature& signature) const {
    Write("allowed", "signer " + crypto::OpenSshPublicKey(key) + "\n");
    Write("message", message);
    Write("message.sig", crypto::SshsigArmor(key, name_space, signature));
    const std::string command =
        "cd '" + folder_.string() + "' && ssh-keygen -Y verify -f allowed -I signer -n '" +
        std::string(name_space) + "' -s message.sig <message >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }

  std::filesystem::path folder_;
};

TEST_F(SshKeygen, VerifiesASignedEntry) {
  const Entry entry = Sign(ChangeHeader(), Key(1));
  const std::string text = Render(entry.header);
  EXPECT_TRUE(Verifies(entry.header.device, kEntryNamespace, text, *entry.signature));
  EXPECT_FALSE(Verifies(entry.header.device, kEntryNamespace, Replace(text, "seq 7", "seq 8"),
                        *entry.signature));
  EXPECT_FALSE(Verifies(entry.header.device, kCharterNamespace, text, *entry.signature));
  EXPECT_FALSE(Verifies(Key(2).public_key(), kEntryNamespace, text, *entry.signature));
}

TEST_F(SshKeygen, VerifiesCardAndFounderSignature) {
  const Card card = OrgCard(1);
  EXPECT_TRUE(Verifies(card.root_key, kCardNamespace, RenderCardBody(card), card.signature));
  const Founding founding = FullFounding();
  for (const auto& [root, signature] : founding.signatures)
    EXPECT_TRUE(Verifies(root, kCharterNamespace, Render(founding.charter.header), signature));
}

}  // namespace
}  // namespace geflecht::log
