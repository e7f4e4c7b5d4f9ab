#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::codec {

Result<log::Run> CompleteRun(const log::NetworkId& network, const log::SpaceId& space,
                             const log::FeedHead& head, const Run& run) {
  if (run.entries.empty() || run.entries.size() > limits::kRunEntriesMax)
    return Fail(Code::kMalformed, "number of entries in a run");
  if (run.first_seq != head.next_seq) return Fail(Code::kMalformed, "run starts elsewhere");
  const bool is_root = space == log::RootSpace(network);
  std::optional<log::EntryId> prev = head.head;
  std::vector<log::EntryId> basis = head.basis;
  log::Run entries;
  entries.reserve(run.entries.size());
  for (const EntryPart& part : run.entries) {
    if (is_root || !part.basis.empty()) basis = part.basis;
    log::Header header;
    header.net = network;
    header.space = space;
    header.device = run.device;
    header.life = run.life;
    header.seq = run.first_seq + entries.size();
    header.prev = prev;
    header.seen = part.seen;
    header.basis = basis;
    header.time_s = part.time_s;
    header.kind = part.kind;
    header.about = part.about;
    header.fields = part.fields;
    header.evidence = part.evidence;
    header.root = part.root;
    TRY(log::CheckHeader(header, is_root));
    entries.push_back(log::Entry::Of(std::move(header), part.signature));
    prev = entries.back().id;
  }
  return entries;
}

Run PartsOf(const log::FeedHead& head, const log::Run& entries, std::uint64_t arrival) {
  CHECK(!entries.empty() && entries.front().header.seq == head.next_seq);
  CHECK(entries.front().header.net.has_value());
  const log::Header& first = entries.front().header;
  const bool is_root = first.space == log::RootSpace(*first.net);
  Run run;
  run.space = PrefixOf(first.space);
  run.device = first.device;
  run.life = first.life;
  run.first_seq = first.seq;
  if (first.prev) run.prev = ShortOf(*first.prev);
  run.arrival = arrival;
  run.entries.reserve(entries.size());
  const std::vector<log::EntryId>* basis = &head.basis;
  for (const log::Entry& entry : entries) {
    const log::Header& header = entry.header;
    EntryPart part;
    part.seen = header.seen;
    if (is_root || header.basis != *basis) part.basis = header.basis;
    basis = &header.basis;
    part.time_s = header.time_s;
    part.kind = header.kind;
    part.about = header.about;
    part.fields = header.fields;
    part.evidence = header.evidence;
    part.root = header.root;
    if (&entry == &entries.back() || !log::MayBeCovered(header.kind))
      part.signature = entry.signature;
    run.entries.push_back(std::move(part));
  }
  return run;
}

std::size_t MemoryOf(const Run& run) {
  std::size_t bytes = sizeof run;
  for (const EntryPart& part : run.entries)
    bytes += sizeof part + (part.seen.size() + part.basis.size()) * sizeof(log::EntryId);
  return bytes;
}

}  // namespace geflecht::codec
