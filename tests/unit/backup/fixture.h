// A backup of a small network, and the means to make bad ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/check.h"
#include "node/backup/check.h"
#include "node/replica/records.h"
#include "tests/unit/replica/network.h"

namespace geflecht::backup {

struct Parts {
  Header header;
  crypto::SecretBytes stream_key;
  std::vector<Record> records;
};

class Fixture {
 public:
  Fixture() : net_(2), random_(7) {
    net_[0].MakeNote("first");
    net_[0].Write();
    net_[1].MakeNote("second");
    net_[1].Write();
    replica::BringAll(net_[1], net_[0]);
    net_[0].Write();
    net_[0].MakeNote("third");
    net_[0].Write();
  }

  replica::Device& device() { return net_[0]; }
  crypto::SecretBytes seed() { return crypto::SecretBytes::Copy(net_[0].root.seed()); }
  crypto::SecretBytes other_seed() { return crypto::SecretBytes::Copy(net_[1].root.seed()); }

  Parts MakeParts() {
    replica::Device& device = net_[0];
    Parts parts{{}, crypto::SecretBytes::Generate(crypto::kStreamKeyBytes, random_), {}};
    auto header = MakeHeader(MakeBackupKey(seed()), parts.stream_key, 1'800'000'000, device.key);
    CHECK(header.has_value());
    parts.header = *header;
    const auto& members = device.replica->members();
    Manifest manifest{members.network(), {}};
    std::vector<Record> entries;
    Counts counts;
    for (const log::SpaceId& space : {members.root_space(), members.network_space()}) {
      const std::uint64_t last = device.Log(space).durable_arrival();
      manifest.spaces.push_back({space, last});
      for (std::uint64_t arrival = 1; arrival <= last; ++arrival)
        entries.push_back({kEntryRecord, Item(space, arrival, counts)});
    }
    const auto box = crypto::SealTo(MakeBackupKey(seed()).key, AsBytes("the device's keys"));
    parts.records = {{kManifestRecord, ToBytes(RenderManifest(manifest))},
                     {kCardRecord, ToBytes(log::RenderCard(device.Card()))},
                     {kDeviceRecord, *box},
                     {kFoundingRecord, ToBytes(log::RenderFounding(device.replica->founding()))}};
    parts.records.insert(parts.records.end(), entries.begin(), entries.end());
    parts.records.push_back({kEndRecord, EncodeEnd(counts)});
    return parts;
  }

 private:
  Bytes Item(const log::SpaceId& space, std::uint64_t arrival, Counts& counts) {
    const auto bytes = net_[0].store->Get(replica::EntryKey(space, arrival));
    const auto stored = codec::DecodeStoredEntry(**bytes);
    Bytes body;
    if (stored->body_here && stored->entry.header.fields > 0)
      body = **net_[0].store->Get(replica::BodyKeyOf(space, *stored));
    ++counts.entries;
    if (!body.empty()) ++counts.bodies;
    return EncodeItem(**bytes, body);
  }

  replica::Network net_;
  SeededRandom random_;
};

inline Bytes Written(const Parts& parts) {
  Bytes out;
  Writer writer(parts.header, parts.stream_key, [&](ByteView bytes) -> Result<void> {
    Append(out, bytes);
    return {};
  });
  for (const Record& record : parts.records) CHECK(writer.Add(record.kind, record.content));
  CHECK(writer.Finish().has_value());
  CHECK(writer.bytes_written() == out.size());
  return out;
}

// Hands out at most 1000 bytes at a time.
inline Source SourceOf(ByteView bytes) {
  return [bytes](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
    const std::size_t size = std::min({out.size(), bytes.size(), std::size_t{1000}});
    std::copy_n(bytes.begin(), size, out.begin());
    bytes = bytes.subspan(size);
    return size;
  };
}

// As `backup verify --sheet` reads it.
inline Result<Counts> Checked(ByteView bytes, const crypto::SecretBytes& seed) {
  ASSIGN(Reader reader, Reader::Open(SourceOf(bytes)));
  TRY(reader.Unlock(seed));
  ASSIGN(Contents contents, Contents::Read(reader));
  return CheckContents(contents, [] {});
}

// As `backup verify` without a sheet.
inline Result<void> Skimmed(ByteView bytes) {
  ASSIGN(Reader reader, Reader::Open(SourceOf(bytes)));
  return reader.SkipToEnd([](std::uint64_t) {});
}

// Empty if it holds.
template <class T>
std::string HintOf(const Result<T>& result) {
  return result ? std::string() : result.error().hint;
}

}  // namespace geflecht::backup
