#include "tests/unit/codec/samples.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "node/crypto/init.h"

namespace geflecht::codec {
namespace {

std::vector<log::EntryId> RandomIds(std::size_t count, Random& random) {
  std::vector<log::EntryId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(random.Make<log::EntryId>());
  std::sort(ids.begin(), ids.end());
  return ids;
}

Bytes RandomBytes(std::size_t size, Random& random) {
  Bytes bytes(size);
  random.Fill(bytes);
  return bytes;
}

std::uint64_t AnyNumber(Random& random) {
  return random.Below(std::uint64_t{1} << random.Below(64));
}

std::uint64_t AnySeq(Random& random) { return random.Below(std::uint64_t{1} << random.Below(53)); }

Message RandomLines(Random& random) {
  FrontierLines lines;
  lines.space = random.Make<Prefix>();
  const bool full = random.Below(2) == 0;
  if (full) lines.full.emplace();
  for (std::uint64_t i = random.Below(20); i > 0; --i) {
    if (full) {
      lines.full->push_back({random.Make<log::DeviceId>(), random.Make<log::LifeId>(),
                             AnySeq(random), random.Make<log::EntryId>()});
    } else {
      lines.short_lines.push_back({random.Make<Prefix>(), AnySeq(random), random.Make<Prefix>()});
    }
  }
  if (full) std::sort(lines.full->begin(), lines.full->end());
  return lines;
}

Message RandomRun(Random& random) {
  Run run{random.Make<Prefix>(),
          random.Make<log::DeviceId>(),
          random.Make<log::LifeId>(),
          AnySeq(random),
          std::nullopt,
          AnyNumber(random),
          {}};
  if (run.first_seq != 0) run.prev = random.Make<ShortId>();
  for (std::uint64_t i = random.Below(8); i > 0; --i) run.entries.push_back(RandomPart(random));
  run.entries.push_back(RandomPart(random));
  run.entries.back().signature = random.Make<crypto::Signature>();
  return run;
}

Message RandomBodies(Random& random) {
  Bodies bodies{
      random.Make<Prefix>(), random.Make<log::DeviceId>(), random.Make<log::LifeId>(), {}};
  for (std::uint64_t i = random.Below(8) + 1; i > 0; --i)
    bodies.items.push_back({AnySeq(random), RandomBody(random)});
  return bodies;
}

Message RandomErasures(Random& random) {
  Erasures erasures{random.Make<Prefix>(), random.Below(2) == 0, random.Below(2) == 0, {}};
  for (std::uint64_t i = random.Below(4) + 1; i > 0; --i)
    erasures.items.push_back({std::string(random.Below(500), 'h'), random.Make<crypto::Signature>(),
                              RandomBody(random)});
  return erasures;
}

}  // namespace

EntryPart RandomPart(Random& random) {
  EntryPart part;
  part.seen = RandomIds(random.Below(4), random);
  part.basis = RandomIds(random.Below(3), random);
  part.time_s = static_cast<std::int64_t>(random.Below(253'402'300'800));
  part.kind = random.Below(2) == 0 ? "change" : "device.add";
  if (random.Below(2) == 0) part.about = random.Make<log::EntryId>();
  part.fields = static_cast<std::uint32_t>(random.Below(4097));
  part.evidence = static_cast<std::uint32_t>(random.Below(part.fields + 1));
  part.root = random.Make<crypto::Hash256>();
  if (random.Below(2) == 0) part.signature = random.Make<crypto::Signature>();
  return part;
}

log::Body RandomBody(Random& random) {
  log::Body body;
  for (std::uint64_t i = random.Below(6); i > 0; --i) {
    if (random.Below(4) == 0) {
      body.slots.emplace_back(random.Make<crypto::Hash256>());
    } else {
      body.slots.emplace_back(
          log::MakeField("f." + std::to_string(i), RandomBytes(random.Below(300), random), random));
    }
  }
  return body;
}

Message RandomMessage(std::size_t type, Random& random) {
  switch (type) {
    case 0: {
      const auto min = static_cast<std::uint32_t>(1 + random.Below(200));
      return Hello{min, min + static_cast<std::uint32_t>(random.Below(9)), random.Make<Prefix>(),
                   random.Make<Prefix>(), random.Make<InstanceId>()};
    }
    case 1: {
      Spaces spaces;
      for (std::uint64_t i = random.Below(20); i > 0; --i)
        spaces.lines.push_back(
            {random.Make<Prefix>(), random.Make<ShortFingerprint>(), random.Below(2) == 1});
      return spaces;
    }
    case 2:
      return RandomLines(random);
    case 3: {
      Need need{random.Make<Prefix>(), {}};
      for (std::uint64_t i = random.Below(20); i > 0; --i)
        need.items.push_back(
            {random.Make<log::DeviceId>(), random.Make<log::LifeId>(), AnySeq(random)});
      return need;
    }
    case 4:
      return RandomRun(random);
    case 5:
      return RandomBodies(random);
    case 6:
      return Ack{random.Make<Prefix>(), AnyNumber(random), AnyNumber(random)};
    case 7:
      return Subscribe{random.Make<Prefix>()};
    case 8:
      return Status{random.Make<Prefix>(), random.Make<log::Fingerprint>(),
                    static_cast<std::uint32_t>(random.Below(1000))};
    case 11:
      return RandomErasures(random);
    case 9:
      return Ping{AnyNumber(random), random.Below(2) == 0};
    default:
      return Bye{static_cast<ErrorCode>(1 + random.Below(8)),
                 static_cast<std::uint32_t>(random.Below(100'000))};
  }
}

log::Run RandomFeed(const log::NetworkId& network, const log::SpaceId& space, std::size_t count,
                    Random& random) {
  CHECK(crypto::Init().has_value());
  const crypto::SigningKey key = crypto::SigningKey::Generate(random);
  const log::LifeId life = random.Make<log::LifeId>();
  log::Run run;
  std::vector<log::EntryId> basis;
  for (std::size_t i = 0; i < count; ++i) {
    const EntryPart part = RandomPart(random);
    log::Header header;
    header.net = network;
    header.space = space;
    header.device = key.public_key();
    header.life = life;
    header.seq = i;
    if (i != 0) header.prev = run.back().id;
    header.seen = part.seen;
    if (space != log::RootSpace(network)) {
      if (i == 0 || random.Below(3) == 0) basis = RandomIds(1 + random.Below(3), random);
      header.basis = basis;
    }
    header.time_s = part.time_s / 3600 * 3600;
    header.kind = "change";
    header.fields = part.fields + 1 > 4096 ? 4096 : part.fields + 1;
    header.evidence = part.evidence;
    header.root = part.root;
    run.push_back(log::Sign(std::move(header), key));
    if (i % 3 != 0 && i + 1 != count) run.back().signature.reset();
  }
  return run;
}

}  // namespace geflecht::codec
