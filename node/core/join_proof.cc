#include "node/core/join_proof.h"

namespace geflecht::core {
namespace {

constexpr std::string_view kIdContext = "geflecht-join-id@v1";
constexpr std::string_view kKeyContext = "geflecht-join-key@v1";
constexpr std::string_view kCommitmentContext = "geflecht-join-commitment@v1";
constexpr std::string_view kTranscriptContext = "geflecht-join-transcript@v1";
constexpr std::string_view kNewcomerContext = "geflecht-join-newcomer@v1";
constexpr std::string_view kInviterContext = "geflecht-join-inviter@v1";
constexpr std::string_view kDigitsContext = "geflecht-join-digits@v1";

crypto::Mac128 Mac(const JoinSecret& secret, std::string_view context,
                   std::initializer_list<ByteView> parts) {
  const crypto::Hash256 key = crypto::Sha256({AsBytes(kKeyContext), secret.view()});
  Bytes data = ToBytes(context);
  for (const ByteView part : parts) Append(data, part);
  return crypto::KeyedName(crypto::SecretBytes::Copy(key.view()), data);
}

}  // namespace

JoinId JoinIdOf(const JoinSecret& secret) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes(kIdContext), secret.view()});
  return *JoinId::From(hash.view().first(JoinId::kSize));
}

crypto::Hash256 CommitmentTo(const JoinNonce& nonce, std::string_view card) {
  return crypto::Sha256({AsBytes(kCommitmentContext), nonce.view(), AsBytes(card)});
}

crypto::Hash256 HashOf(const JoinTranscript& transcript) {
  return crypto::Sha256({AsBytes(kTranscriptContext), transcript.binding.view(),
                         transcript.network.view(), transcript.id.view(),
                         transcript.newcomer.view(), transcript.inviter.view(),
                         AsBytes(transcript.card)});
}

crypto::Mac128 NewcomerProof(const JoinSecret& secret, const crypto::Hash256& transcript) {
  return Mac(secret, kNewcomerContext, {transcript.view()});
}

crypto::Mac128 InviterProof(const JoinSecret& secret, const crypto::Hash256& transcript,
                            const log::DeviceId& device, std::string_view founding) {
  return Mac(secret, kInviterContext, {transcript.view(), device.view(), AsBytes(founding)});
}

std::string JoinDigits(const crypto::Hash256& transcript) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes(kDigitsContext), transcript.view()});
  constexpr std::uint64_t kTwelveDigits = 1'000'000'000'000;
  std::string digits = std::to_string(ReadBe64(hash.view()) % kTwelveDigits);
  digits.insert(0, 12 - digits.size(), '0');
  return digits.substr(0, 4) + ' ' + digits.substr(4, 4) + ' ' + digits.substr(8);
}

}  // namespace geflecht::core
