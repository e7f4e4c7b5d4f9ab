#include "node/log/ids.h"

#include <algorithm>
#include <string>

namespace geflecht::log {
namespace {

SpaceId SpaceFor(std::string_view label, const NetworkId& network) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes(label), AsBytes(network.Hex())});
  SpaceId space;
  std::copy_n(hash.bytes.begin(), SpaceId::kSize, space.bytes.begin());
  return space;
}

}  // namespace

SpaceId RootSpace(const NetworkId& network) { return SpaceFor("geflecht-root@v1\n", network); }

SpaceId NetworkSpace(const NetworkId& network) {
  return SpaceFor("geflecht-network@v1\n", network);
}

OrgId OrgOf(const crypto::PublicKey& first_root_key) {
  return OrgId{crypto::Sha256({AsBytes("geflecht-org@v1\n"), AsBytes(first_root_key.Hex())}).bytes};
}

}  // namespace geflecht::log
