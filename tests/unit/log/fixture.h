// Keys, headers and runs that the tests of the log start from.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "node/log/charter.h"
#include "node/log/merkle.h"

namespace geflecht::log::testing {

inline crypto::SigningKey Key(std::uint8_t number) {
  const Bytes seed(32, number);
  return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(seed));
}

template <class Id>
Id Filled(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}

inline constexpr std::int64_t kNoon = 1'772'452'800;  // 2026-03-02T12:00:00Z

inline NetworkId Network() { return Filled<NetworkId>(0xaa); }

// A change in the network space, all of whose optional lines are there.
inline Header ChangeHeader() {
  Header header;
  header.net = Network();
  header.space = NetworkSpace(Network());
  header.device = Key(1).public_key();
  header.life = Filled<LifeId>(0x11);
  header.seq = 7;
  header.prev = Filled<EntryId>(0x22);
  header.seen = {Filled<EntryId>(0x33), Filled<EntryId>(0x44)};
  header.basis = {Filled<EntryId>(0x55)};
  header.time_s = kNoon;
  header.kind = "change";
  header.fields = 2;
  header.evidence = 1;
  header.root = Filled<crypto::Hash256>(0x66);
  return header;
}

inline Header RootHeader(std::string kind) {
  Header header = ChangeHeader();
  header.space = RootSpace(Network());
  header.basis.clear();
  header.kind = std::move(kind);
  return header;
}

inline Header CharterHeader() {
  Header header = ChangeHeader();
  header.net.reset();
  header.space = SpaceId();
  header.seq = 0;
  header.prev.reset();
  header.seen.clear();
  header.basis.clear();
  header.kind = "charter";
  return header;
}

// `kinds.size()` entries of device 1 in the network space from seq 0 on, each of them signed.
inline Run SignedRun(const std::vector<std::string>& kinds) {
  Run run;
  for (const std::string& kind : kinds) {
    Header header = ChangeHeader();
    header.seq = run.size();
    header.prev.reset();
    if (!run.empty()) header.prev = run.back().id;
    header.kind = kind;
    header.fields = 0;
    header.evidence = 0;
    header.root = MerkleRoot({});
    run.push_back(Sign(header, Key(1)));
  }
  return run;
}

// Organisation number n has root key n, device key 100 + n and TLS key 200 + n.
inline Card OrgCard(std::uint8_t n) {
  return SignCard("Verein " + std::to_string(n) + " e. V.", Key(n),
                  Key(static_cast<std::uint8_t>(100 + n)).public_key(),
                  Key(static_cast<std::uint8_t>(200 + n)).public_key());
}

inline CharterText ThreeFounders() {
  return {"Hilfenetz Nord", {OrgCard(1), OrgCard(2), OrgCard(3)}, 1};
}

inline Founding Draft(std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return *DraftFounding(ThreeFounders(), Key(102), Filled<LifeId>(0x10), kNoon + 61, random);
}

inline FounderSignature SignatureOf(const Founding& founding, std::uint8_t org) {
  const crypto::SigningKey root = Key(org);
  return {founding.network(), root.public_key(), SignCharter(founding, root)};
}

inline Founding FullFounding() {
  Founding founding = Draft();
  for (std::uint8_t org = 1; org <= 3; ++org) {
    const Result<void> added = AddSignature(founding, SignatureOf(founding, org));
    if (!added) std::abort();
  }
  return founding;
}

inline std::string Replace(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) ADD_FAILURE() << "nothing to replace: " << from;
  if (at == std::string::npos) return text;
  return text.replace(at, from.size(), to);
}

inline std::string FlipBit(std::string text, std::size_t bit) {
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  return text;
}

}  // namespace geflecht::log::testing
