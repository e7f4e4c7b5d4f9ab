// Values of stored records. The first byte chooses the kind. Whatever decodes comes back from its
// own encoding.
#include "base/check.h"
#include "proto/codec/record_codec.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

template <class Decode, class Encode>
void CheckValue(ByteView bytes, Decode decode, Encode encode) {
  const auto value = decode(bytes);
  if (!value) return;
  const Bytes encoded = encode(*value);
  const auto again = decode(encoded);
  CHECK(again.has_value() && *again == *value);
  CHECK(encode(*again) == encoded);
}

}  // namespace

void Record(ByteView input) {
  Input in(input);
  switch (in.Below(7)) {
    case 0:
      return CheckValue(in.Rest(), codec::DecodeStoredEntry, codec::EncodeStoredEntry);
    case 1:
      return CheckValue(in.Rest(), codec::DecodeBody, codec::EncodeBody);
    case 2:
      return CheckValue(in.Rest(), codec::DecodeStoredFeed, codec::EncodeStoredFeed);
    case 3:
      return CheckValue(in.Rest(), codec::DecodePosition, codec::EncodePosition);
    case 4:
      return CheckValue(in.Rest(), codec::DecodeIds, codec::EncodeIds);
    case 5:
      return CheckValue(in.Rest(), codec::DecodeStoredDocument, codec::EncodeStoredDocument);
    default:
      return CheckValue(in.Rest(), codec::DecodeDocumentCounts, codec::EncodeDocumentCounts);
  }
}

}  // namespace geflecht::fuzz
