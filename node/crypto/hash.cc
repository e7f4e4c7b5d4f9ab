#include "node/crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <memory>

#include "base/check.h"

namespace geflecht::crypto {
namespace {

// Fetching an algorithm and making a context cost more than hashing a header, so each thread keeps
// one context per algorithm and starts it anew.
class Hasher {
 public:
  explicit Hasher(const char* algorithm)
      : algorithm_(EVP_MD_fetch(nullptr, algorithm, nullptr)), context_(EVP_MD_CTX_new()) {
    CHECK(algorithm_ != nullptr && context_ != nullptr);
    CHECK(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1);
  }

  void Hash(std::initializer_list<ByteView> parts, std::span<std::uint8_t> out) {
    CHECK(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1);
    for (const ByteView part : parts)
      CHECK(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1);
    unsigned size = 0;
    CHECK(EVP_DigestFinal_ex(context_.get(), out.data(), &size) == 1 && size == out.size());
  }

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> algorithm_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

// By its own functions: they hash with the same machine code, and what EVP does around it costs as
// much as hashing a node of a Merkle tree.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
Hash256 Sha256(std::initializer_list<ByteView> parts) {
  Hash256 hash;
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  for (const ByteView part : parts)
    CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  CHECK(SHA256_Final(hash.bytes.data(), &context) == 1);
  return hash;
}
#pragma GCC diagnostic pop

Hash512 Sha512(std::initializer_list<ByteView> parts) {
  thread_local Hasher hasher("SHA512");
  Hash512 hash;
  hasher.Hash(parts, hash.bytes);
  return hash;
}

}  // namespace geflecht::crypto
