// Devices of one network with their replicas in memory, without sessions between them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/replica/replica.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {

struct Device {
  explicit Device(std::uint64_t seed);

  SeededRandom random;
  crypto::SigningKey root;
  crypto::SigningKey key;
  crypto::SigningKey tls;
  log::LifeId life;
  bool life_ended = false;  // as the next Load is told
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Replica> replica;
  std::uint64_t ticket = 0;
  std::vector<store::Batch> written;

  log::Card Card() const;
  void Load(const log::Founding& founding);
  // What a copy of the disk becomes elsewhere: the same key, life and store, other randomness.
  std::unique_ptr<Device> Clone(std::uint64_t seed) const;
  // Ends the batch and writes it.
  void Write();
  const SpaceLog& Log() const;
  const SpaceLog& Log(const log::SpaceId& space) const { return replica->Log(space); }
  log::FeedKey Feed() const;
  // A note with a text in it.
  crdt::DocumentId MakeNote(const std::string& text);
  Result<void> Type(const crdt::DocumentId& id, std::uint64_t at, const std::string& text,
                    std::int64_t now_ms = 0);
  std::string Text(const crdt::DocumentId& id);
};

struct Network {
  explicit Network(std::size_t devices, std::vector<log::RuleLine> rules = {});
  std::vector<std::unique_ptr<Device>> devices;
  log::Founding founding;
  log::SpaceId space;
  Device& operator[](std::size_t i) { return *devices[i]; }
};

// Entries `first` to `last` of `feed` as `device` would send them.
codec::Run RunOf(const Device& device, const log::FeedKey& feed, std::uint64_t first,
                 std::uint64_t last);
codec::Bodies BodiesOf(const Device& device, const log::FeedKey& feed, std::uint64_t first,
                       std::uint64_t last);
// Everything of a space of `from` to `to`, in the order of arrival.
void BringSpace(const Device& from, Device& to, const log::SpaceId& space);
// The same of the network space of `from`.
void Bring(const Device& from, Device& to);
void BringRoot(const Device& from, Device& to);
// Both spaces, the root space first.
void BringAll(const Device& from, Device& to);

}  // namespace geflecht::replica
