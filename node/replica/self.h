// The device for which a replica writes.
#pragma once

#include "node/crypto/sign.h"
#include "node/log/ids.h"

namespace geflecht::replica {

struct Self {
  const crypto::SigningKey* key = nullptr;  // outlives the replica
  log::LifeId life;
  // The directory may be older than what the device has written, or a copy: the first entry that it
  // writes begins a new life.
  bool life_ended = false;
};

}  // namespace geflecht::replica
