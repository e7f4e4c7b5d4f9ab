// stored_records DIR DOCUMENT...: the end of each record of these documents' bodies and files as it
// lies in the database of DIR, sealed, one hex string a line. DIR has no passphrase, and no node
// runs in it. For the test that looks for them in the files after an erasure.
#include <cstdio>
#include <string>

#include "base/hex.h"
#include "node/crypto/init.h"
#include "node/crypto/kdf.h"
#include "node/replica/records.h"
#include "node/runtime/directory.h"
#include "node/store/rocks/rocks_store.h"

int main(int argc, char** argv) {
  using namespace geflecht;
  constexpr std::size_t kEnd = 32;
  if (argc < 3) return std::fprintf(stderr, "usage: stored_records DIR DOCUMENT...\n"), 2;
  if (!crypto::Init()) return 2;
  const runtime::Paths paths{argv[1]};
  const auto open = runtime::OpenKeyFiles(paths, {});
  if (!open) return std::fprintf(stderr, "%s\n", open.error().detail.c_str()), 1;
  const auto store = store::OpenRocksStore(paths.store());
  if (!store) return std::fprintf(stderr, "%s\n", store.error().detail.c_str()), 1;
  const auto names = crypto::DeriveKey(open->storage_key, "geflecht-store-names@v1");
  for (int i = 2; i < argc; ++i) {
    const auto document = crdt::DocumentId::FromHexText(argv[i]);
    if (!document) return std::fprintf(stderr, "no id: %s\n", argv[i]), 2;
    const store::Key file = replica::DocumentFileKey(*document);
    Bytes name{static_cast<std::uint8_t>(file.table)};
    Append(name, file.group);
    const auto hidden = crypto::KeyedName(names, name);
    const auto print = [&](const store::Record& record) {
      const ByteView value(record.value);
      if (value.size() >= kEnd) std::printf("%s\n", ToHex(value.last(kEnd)).c_str());
      return true;
    };
    const auto done = (*store)->Scan(file.table, hidden.view(), 0, print);
    if (!done) return std::fprintf(stderr, "%s\n", done.error().detail.c_str()), 1;
  }
  return 0;
}
