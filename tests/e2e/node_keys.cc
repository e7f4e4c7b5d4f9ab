// node_keys DIR PASSPHRASE_FILE: the keys that a running node of DIR holds, one "NAME HEX" a line.
// For the test that looks for them in its memory.
#include <cstdio>
#include <fstream>
#include <string>

#include "node/crypto/init.h"
#include "node/crypto/kdf.h"
#include "node/runtime/directory.h"

int main(int argc, char** argv) {
  using namespace geflecht;
  if (argc != 3) return std::fprintf(stderr, "usage: node_keys DIR PASSPHRASE_FILE\n"), 2;
  std::string line;
  std::ifstream file(argv[2]);
  if (!std::getline(file, line) || !crypto::Init()) return 2;
  const auto open =
      runtime::OpenKeyFiles(runtime::Paths(argv[1]), crypto::SecretBytes::Copy(AsBytes(line)));
  if (!open) return std::fprintf(stderr, "%s\n", open.error().detail.c_str()), 1;
  const auto print = [](const char* name, ByteView key) {
    std::printf("%s %s\n", name, ToHex(key).c_str());
  };
  print("storage", open->storage_key.view());
  print("device", open->keys.device.seed());
  print("tls", open->keys.tls.seed());
  // As docs/formats/store.md names them.
  for (const char* purpose : {"geflecht-store-values@v1", "geflecht-store-names@v1"})
    print(purpose, crypto::DeriveKey(open->storage_key, purpose).view());
  return 0;
}
