#include "node/backup/header.h"

#include <utility>

#include "base/check.h"
#include "node/crypto/base64.h"
#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::backup {
namespace {

constexpr std::string_view kFileMark = "geflecht-backup@v";
constexpr std::string_view kFileFormat = "geflecht-backup@v1";

std::string HeaderClaims(const Header& header) {
  std::string out(kFileFormat);
  out.append("\nroot ").append(header.root.Hex());
  out.append("\ndevice ").append(header.device.Hex());
  out.append("\ntime ").append(log::RenderTime(header.time_s));
  out.append("\nkey ").append(header.key_box.Hex()).append("\n");
  return out;
}

Result<Header> ReadLines(std::string_view text) {
  log::LineReader lines(text);
  Header header;
  TRY(lines.Literal(kFileFormat));
  ASSIGN(header.root, lines.Hex<crypto::PublicKey>("root"));
  ASSIGN(header.device, lines.Hex<log::DeviceId>("device"));
  ASSIGN(const std::string_view time_text, lines.Value("time"));
  const auto time_s = log::ParseTime(time_text);
  if (!time_s) return lines.Bad("no time");
  header.time_s = *time_s;
  ASSIGN(header.key_box, lines.Hex<KeyBox>("key"));
  ASSIGN(header.signature, log::ReadSignature(lines, "signature"));
  TRY(lines.End());
  return header;
}

}  // namespace

Result<Header> MakeHeader(const BackupKey& key, const crypto::SecretBytes& stream_key,
                          std::int64_t time_s, const crypto::SigningKey& device) {
  ASSIGN(const Bytes box, crypto::SealTo(key.key, stream_key.view()));
  const auto key_box = KeyBox::From(box);
  CHECK(key_box.has_value());
  Header header{key.root, device.public_key(), time_s, *key_box, {}};
  header.signature = device.Sign(kFileFormat, AsBytes(HeaderClaims(header)));
  return header;
}

std::string RenderHeader(const Header& header) {
  std::string text =
      HeaderClaims(header) + "signature " + crypto::ToBase64(header.signature.view()) + "\n";
  CHECK(text.size() == kHeaderBytes);
  return text;
}

Result<Header> ParseHeader(std::string_view text) {
  if (!text.starts_with(kFileMark))
    return Fail(Code::kMalformed, "the file does not begin like a backup", "hint.backup-foreign");
  const std::string_view version =
      text.substr(kFileMark.size(), text.find('\n') - kFileMark.size());
  if (version != "1" && log::ParseDecimal(version, 1'000'000))
    return Fail(Code::kFormatVersion,
                "the backup has version " + std::string(version) + ", this program reads 1",
                "hint.backup-version");
  auto header = ReadLines(text);
  if (!header) return Damaged("header: " + header.error().detail);
  if (!crypto::Verify(header->device, kFileFormat, AsBytes(HeaderClaims(*header)),
                      header->signature))
    return Damaged("the header's signature does not hold");
  return header;
}

tl::unexpected<Error> Damaged(std::string detail) {
  return Fail(Code::kCorruption, std::move(detail), "hint.backup-damaged");
}

tl::unexpected<Error> CutOff() {
  return Fail(Code::kCorruption, "the file ends in the middle of the backup", "hint.backup-cut");
}

}  // namespace geflecht::backup
