// From arrivals to runs: entries that the peer lacks and that stand one behind the other, both in
// one feed and in the order of arrival, become one run. A run that reached past an entry of another
// feed could be a cause of its own causes.
#include <algorithm>
#include <iterator>
#include <utility>

#include "node/sync/pace.h"
#include "node/sync/session.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::sync {
namespace {

std::size_t AboutBytes(const log::Header& header) {
  constexpr std::size_t kFixed = 192;  // time, kind, about, root, signature and their tags
  return kFixed + (header.seen.size() + header.basis.size()) * log::EntryId::kSize;
}

}  // namespace

bool Session::ReadArrivals(SpaceState& state, Outputs& out) {
  const std::uint64_t last = LastToSend(state);
  if (state.cursor > last) return false;
  auto arrivals = source_.Arrivals(state.id, state.cursor,
                                   static_cast<std::size_t>(std::min<std::uint64_t>(
                                       limits::kRunEntriesMax, last - state.cursor + 1)));
  if (!arrivals) {
    FailOnSource(arrivals.error(), out);
    return false;
  }
  if (arrivals->empty()) state.cursor = last + 1;
  for (Arrival& arrival : *arrivals) {
    state.cursor = arrival.number + 1;
    AddToStretch(state, std::move(arrival), out);
    if (closed_) return false;
  }
  if (state.current && state.open.contains(*state.current))
    FlushStretch(state, *state.current, out);
  return !closed_;
}

void Session::AddToStretch(SpaceState& state, Arrival arrival, Outputs& out) {
  const log::Header& header = arrival.entry.header;
  const log::FeedKey feed = arrival.feed;
  if (feed.space != state.id) return;  // the founding charter: every member has it
  const auto next = state.peer_next.find(feed);
  if (next != state.peer_next.end() && header.seq < next->second) return;
  if (state.current && *state.current != feed && state.open.contains(*state.current))
    FlushStretch(state, *state.current, out);
  state.current = feed;

  const std::size_t bytes = AboutBytes(header);
  if (const auto open = state.open.find(feed); open != state.open.end()) {
    const Stretch& stretch = open->second;
    const bool continues = stretch.entries.back().entry.header.seq + 1 == header.seq;
    if (!continues || stretch.entries.size() == limits::kRunEntriesMax ||
        (stretch.covered != 0 && stretch.bytes + bytes > kFrameBytesSoft))
      FlushStretch(state, feed, out);
    // What no signature covers within a run's length, or in front of a gap, is part of no run.
    const auto rest = state.open.find(feed);
    if (rest != state.open.end() &&
        (!continues || rest->second.entries.size() == limits::kRunEntriesMax))
      state.open.erase(rest);
  }
  Stretch& stretch = state.open[feed];
  stretch.bytes += bytes;
  stretch.entries.push_back(std::move(arrival));
  if (stretch.entries.back().entry.signature) stretch.covered = stretch.entries.size();
}

void Session::FlushStretch(SpaceState& state, const log::FeedKey& feed, Outputs& out) {
  Stretch& stretch = state.open.at(feed);
  if (stretch.covered == 0) return;
  const auto end = stretch.entries.begin() + static_cast<std::ptrdiff_t>(stretch.covered);
  log::Run entries;
  for (auto it = stretch.entries.begin(); it != end; ++it) entries.push_back(std::move(it->entry));
  std::uint64_t arrival = std::prev(end)->number;
  stretch.entries.erase(stretch.entries.begin(), end);
  stretch.covered = 0;
  stretch.bytes = 0;
  for (const Arrival& rest : stretch.entries) stretch.bytes += AboutBytes(rest.entry.header);
  if (stretch.entries.empty()) state.open.erase(feed);
  // The peer's acknowledgement covers everything up to the number that it echoes.
  for (const auto& [other, held] : state.open)
    arrival = std::min(arrival, held.entries.front().number - 1);

  const log::Header& first = entries.front().header;
  log::FeedHead head{first.seq, first.prev, {}};
  if (first.seq != 0 && !first.basis.empty()) {
    const auto previous = source_.EntryAt(feed, first.seq - 1);
    if (!previous) return FailOnSource(previous.error(), out);
    if (*previous) head.basis = (*previous)->header.basis;
  }
  Outgoing outgoing{feed, codec::PartsOf(head, entries, arrival), 0, {}};
  outgoing.frame_bytes = codec::FrameSize(outgoing.run);
  log::FeedKey whole = feed;
  whole.branch = 0;
  if (!state.unclear.contains(whole))
    for (const log::Entry& entry : entries)
      if (entry.header.fields != 0) outgoing.bodies.emplace_back(feed, entry.header.seq);
  if (outgoing.frame_bytes <= kRunFrameBytesMax) state.ready.push_back(std::move(outgoing));
}

}  // namespace geflecht::sync
