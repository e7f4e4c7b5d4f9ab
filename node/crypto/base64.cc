#include "node/crypto/base64.h"

#include <sodium.h>

namespace geflecht::crypto {

std::string ToBase64(ByteView bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // the terminating zero
  return text;
}

Result<Bytes> FromBase64(std::string_view text) {
  if (text.empty()) return Bytes{};
  Bytes bytes(text.size());  // more than enough
  std::size_t size = 0;
  // Without an end pointer, libsodium refuses everything behind the last group.
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    return Fail(Code::kMalformed, "not canonical base64");
  bytes.resize(size);
  // libsodium 1.0.18 reads bytes from 0x80 on as '/': only the spelling that we would write counts.
  if (ToBase64(bytes) != text) return Fail(Code::kMalformed, "not canonical base64");
  return bytes;
}

}  // namespace geflecht::crypto
