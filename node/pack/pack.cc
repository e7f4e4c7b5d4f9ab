#include "node/pack/pack.h"

#include <zstd.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "node/crypto/hash.h"

namespace geflecht::pack {
namespace {

// As far back as a text refers to its state: no file of a document is that large.
constexpr int kWindowLog = 24;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Bytes Pack(ByteView data, ByteView prefix, int level) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  CHECK(context != nullptr);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  if (!prefix.empty()) {
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kWindowLog);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  }
  Bytes out(ZSTD_compressBound(data.size()));
  const std::size_t size =
      ZSTD_compress2(context.get(), out.data(), out.size(), data.data(), data.size());
  CHECK(!ZSTD_isError(size));
  out.resize(size);
  return out;
}

// `size` was checked against the bytes that are there (crdt/sections.cc).
std::optional<Bytes> Unpack(ByteView packed, ByteView prefix, std::size_t size) {
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  CHECK(context != nullptr);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLog);
  if (!prefix.empty()) ZSTD_DCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  Bytes out(size);
  const std::size_t done =
      ZSTD_decompressDCtx(context.get(), out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(done) || done != size) return std::nullopt;
  return out;
}

}  // namespace

crdt::Compressor Zstd(int level) {
  return {.pack = [level](ByteView data, ByteView prefix) { return Pack(data, prefix, level); },
          .unpack = Unpack};
}

const crdt::Hash& Sha256() {
  static const crdt::Hash hash = [](ByteView data) { return crypto::Sha256(data).bytes; };
  return hash;
}

}  // namespace geflecht::pack
