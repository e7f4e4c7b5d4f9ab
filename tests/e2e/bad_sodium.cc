// Preloaded into a program under test (LD_PRELOAD): functions of libsodium as a library without
// them would answer. GEFLECHT_BAD_SODIUM chooses: "accepts" takes every signature for good,
// "refuses" none, "orders" takes every point for one of the prime order (CVE-2025-69277), "starts"
// does not initialise. Anything else leaves them as they are.
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>

namespace {

bool Asked(const char* fault) {
  const char* chosen = std::getenv("GEFLECHT_BAD_SODIUM");
  return chosen != nullptr && std::strcmp(chosen, fault) == 0;
}

template <class Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int sodium_init() {
  if (Asked("starts")) return -1;
  return Real<int()>("sodium_init")();
}

extern "C" int crypto_sign_verify_detached(const unsigned char* signature,
                                           const unsigned char* message, unsigned long long size,
                                           const unsigned char* key) {
  if (Asked("accepts")) return 0;
  if (Asked("refuses")) return -1;
  using Verify = int(const unsigned char*, const unsigned char*, unsigned long long,
                     const unsigned char*);
  return Real<Verify>("crypto_sign_verify_detached")(signature, message, size, key);
}

extern "C" int crypto_core_ed25519_is_valid_point(const unsigned char* point) {
  if (Asked("orders")) return 1;
  return Real<int(const unsigned char*)>("crypto_core_ed25519_is_valid_point")(point);
}
