// One target as a libFuzzer program (LLVM, "libFuzzer - a library for coverage-guided fuzz
// testing"). GEFLECHT_FUZZ_TARGET is the target's function.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "node/crypto/init.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerInitialize(int*, char***);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerInitialize(int*, char***) {
  CHECK(geflecht::crypto::Init().has_value());
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  geflecht::fuzz::GEFLECHT_FUZZ_TARGET({data, size});
  return 0;
}
