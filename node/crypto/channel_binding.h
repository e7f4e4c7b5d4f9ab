// What ties a proof to one connection.
#pragma once

#include "base/strong_id.h"

namespace geflecht::crypto {

// 32 bytes that both ends of one TLS 1.3 connection know and nobody else does: exported keying
// material (RFC 8446 section 7.5). It covers the listener's certificate, not the other side's.
using ChannelBinding = StrongId<struct ChannelBindingTag, 32>;

}  // namespace geflecht::crypto
