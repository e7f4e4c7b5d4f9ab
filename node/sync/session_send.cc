// Towards the peer: runs, then their bodies, as far as the windows allow; status when nothing is
// left.
#include <algorithm>
#include <utility>

#include "node/sync/pace.h"
#include "node/sync/session.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::sync {

bool Session::WindowAllows(const SpaceState& state, std::size_t bytes) const {
  const bool space =
      state.in_flight == 0 || state.in_flight + bytes <= limits::kWindowBytesPerSpace;
  const bool session = in_flight_ == 0 || in_flight_ + bytes <= limits::kWindowBytesPerSession;
  return space && session;
}

void Session::SendCounted(SpaceState& state, codec::Message message, std::size_t bytes,
                          Outputs& out) {
  state.in_flight += bytes;
  in_flight_ += bytes;
  tokens_ = std::min(kTokensMax, tokens_ + kTokensPerFrame);
  out.push_back(SendMessage{std::move(message)});
}

std::uint64_t Session::LastToSend(const SpaceState& state) const {
  const std::uint64_t last = source_.LastArrival(state.id);
  return state.subscribed ? last : std::min(last, state.catch_up_to);
}

void Session::CountNew(SpaceState& state) {
  const std::uint64_t last = source_.LastArrival(state.id);
  if (last <= state.seen_arrival) return;
  ProgressOf(state).to_send += last - state.seen_arrival;
  state.seen_arrival = last;
}

bool Session::SendRun(SpaceState& state, Outputs& out) {
  Outgoing& outgoing = state.ready.front();
  const std::size_t count = outgoing.run.entries.size();
  const std::uint64_t end = outgoing.run.first_seq + count;
  std::uint64_t& next = state.peer_next[outgoing.feed];
  if (next >= end) {  // came from the peer while it waited
    state.ready.pop_front();
    return true;
  }
  if (!WindowAllows(state, outgoing.frame_bytes)) return false;
  next = end;
  state.sent_arrival = std::max(state.sent_arrival, outgoing.run.arrival);
  state.bodies_due.insert(state.bodies_due.end(), outgoing.bodies.begin(), outgoing.bodies.end());
  SpaceProgress& progress = ProgressOf(state);
  progress.sent += count;
  progress.to_send -= std::min<std::uint64_t>(progress.to_send, count);
  SendCounted(state, std::move(outgoing.run), outgoing.frame_bytes, out);
  state.ready.pop_front();
  return true;
}

bool Session::Lacks(const SpaceState& state, const Arrival& arrival) const {
  log::FeedKey whole = arrival.feed;
  whole.branch = 0;
  if (state.unclear.contains(whole)) return true;
  const auto next = state.peer_next.find(arrival.feed);
  return next == state.peer_next.end() || next->second <= arrival.entry.header.seq;
}

bool Session::SendErasures(SpaceState& state, Outputs& out) {
  while (!state.erasures_sent) {
    codec::Erasures message{state.prefix, /*last=*/true, source_.HeldBack(), {}};
    std::size_t bytes = codec::FrameSize(message);
    // Whoever has nothing of the space has nothing that could be erased.
    const std::uint64_t from = state.peer_next.empty() ? ~std::uint64_t{0} : state.erasures_from;
    auto erasures = source_.Erasures(state.id, from, codec::kErasureItemsMax);
    if (!erasures) {
      FailOnSource(erasures.error(), out);
      return false;
    }
    message.last = erasures->size() < codec::kErasureItemsMax;
    std::uint64_t next = state.erasures_from;
    for (const Arrival& arrival : *erasures) {
      if (Lacks(state, arrival) && arrival.entry.signature) {
        auto body = source_.BodyOf(arrival.feed, arrival.entry.header.seq);
        if (!body) {
          FailOnSource(body.error(), out);
          return false;
        }
        if (*body) {
          codec::ErasureItem item{log::Render(arrival.entry.header), *arrival.entry.signature,
                                  **std::move(body)};
          const std::size_t size = codec::SizeInFrame(item);
          message.last = message.last && (message.items.empty() || bytes + size <= kFrameBytesSoft);
          if (!message.items.empty() && bytes + size > kFrameBytesSoft) break;
          bytes += size;
          message.items.push_back(std::move(item));
        }
      }
      next = arrival.number + 1;
    }
    if (!WindowAllows(state, bytes)) return false;
    state.erasures_from = next;
    state.erasures_sent = message.last;
    if (message.last || !message.items.empty()) SendCounted(state, std::move(message), bytes, out);
  }
  return true;
}

bool Session::SendBodies(SpaceState& state, std::deque<BodyKey>& due, Outputs& out) {
  const log::FeedKey feed = due.front().first;
  codec::Bodies message{state.prefix, feed.device, feed.life, {}};
  std::size_t bytes = codec::FrameSize(message);
  const std::size_t empty = bytes;
  while (!due.empty() && due.front().first == feed && message.items.size() < codec::kBodyItemsMax) {
    const BodyKey key = due.front();
    const bool held_back = source_.HeldBack();
    auto body =
        held_back ? source_.EvidenceOf(feed, key.second) : source_.BodyOf(feed, key.second);
    if (!body) {
      FailOnSource(body.error(), out);
      return false;
    }
    if (!*body) {
      // What is held back is here: there are no more of these than own entries.
      if (held_back || state.owed.size() < kOwedMax) state.owed.insert(key);
      due.pop_front();
      continue;
    }
    if (held_back) {
      if (!(*body)->Complete()) state.withheld.insert(key);
    } else if (&due == &state.bodies_due && !(*body)->Complete()) {
      // The peer cannot take it before it has what explains the leaves.
      if (state.erased_due.size() < kBodiesDueMax) state.erased_due.push_back(key);
      due.pop_front();
      continue;
    }
    codec::BodyItem item{key.second, **std::move(body)};
    const std::size_t size =
        codec::SizeInFrame(item, message.items.empty() ? nullptr : &message.items.back());
    if (empty + size > limits::kFrameBytesMax) {  // many withheld fields beside large ones
      due.pop_front();
      continue;
    }
    if (!message.items.empty() && bytes + size > kFrameBytesSoft) break;
    if (!WindowAllows(state, bytes + size)) {
      if (message.items.empty()) return false;
      break;
    }
    bytes += size;
    message.items.push_back(std::move(item));
    due.pop_front();
  }
  if (!message.items.empty()) SendCounted(state, std::move(message), bytes, out);
  return true;
}

void Session::Pump(SpaceState& state, Outputs& out) {
  // What the peer knows to be erased is not sent to it, nor to anybody.
  if (!state.peer_known || !SendErasures(state, out) || !state.erasures_taken) return;
  while (!closed_) {
    if (!state.bodies_due.empty()) {
      if (!SendBodies(state, state.bodies_due, out)) return;
    } else if (!state.ready.empty()) {
      if (!SendRun(state, out)) return;
    } else if (!ReadArrivals(state, out)) {
      const bool sent_all = !closed_ && state.cursor > LastToSend(state);
      if (!sent_all || state.erased_due.empty()) return;
      if (!SendBodies(state, state.erased_due, out)) return;
    }
  }
}

bool Session::Idle(const SpaceState& state) const {
  return state.peer_known && !state.Stalled() && state.cursor > LastToSend(state) &&
         state.in_flight == 0 && state.admitting.empty();
}

void Session::Settle(SpaceState& state, Time now, Outputs& out) {
  if (closed_ || !state.shared) return;
  CountNew(state);
  Pump(state, out);
  if (closed_) return;
  SpaceProgress& progress = ProgressOf(state);
  const OwnStatus status{source_.Fingerprint(state.id), source_.MissingBodyCount(state.id)};
  const bool sent_all = state.peer_known && !state.Stalled() && state.cursor > LastToSend(state);
  if (sent_all) progress.to_send = 0;
  // While the peer's runs are being admitted the next status is a moment away.
  if (sent_all && state.admitting.empty() &&
      (!state.status_sent || state.status_sent->fingerprint != status.fingerprint ||
       (state.status_sent->bodies_missing == 0) != (status.bodies_missing == 0))) {
    state.status_sent = status;
    out.push_back(
        SendMessage{codec::Status{state.prefix, status.fingerprint, status.bodies_missing}});
  }
  if (state.ask && state.admitting.empty()) AskForBodies(state, out);

  const bool idle = Idle(state);
  progress.equal = idle && state.peer_status == status.fingerprint;
  if (progress.equal) progress.acked_arrival = source_.LastArrival(state.id);
  state.told = state.told || progress.equal;
  // Nobody announces an erasure whose entry is here. A body that the peer may lack too is not
  // waited for: its writer may have kept it back.
  progress.erasures_told =
      state.told && (!source_.LacksErasure(state.id) || progress.peer_bodies_missing > 0);
  if (!idle || progress.equal || !state.peer_status) {
    state.differs_at_ms.reset();
  } else if (!state.differs_at_ms) {
    state.differs_at_ms = now.mono_ms;
  }
}

void Session::SettleStalled(Time now, Outputs& out) {
  for (const log::SpaceId& space : order_) {
    if (closed_) return;
    if (SpaceState& state = spaces_.at(space); state.Stalled()) Settle(state, now, out);
  }
}

void Session::On(const codec::Ack& message, Time now, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  if (message.bytes > state->in_flight || message.arrival > state->sent_arrival)
    return CloseWith(codec::ErrorCode::kProtocol, "acknowledges what was not sent", out);
  state->in_flight -= message.bytes;
  in_flight_ -= message.bytes;
  SpaceProgress& progress = ProgressOf(*state);
  progress.acked_arrival = std::max(progress.acked_arrival, message.arrival);
  Settle(*state, now, out);
  SettleStalled(now, out);
}

std::vector<log::FeedKey> Session::BranchesWith(const BodyKey& key) const {
  const log::Frontier& frontier = source_.Frontier(key.first.space);
  std::vector<log::FeedKey> branches = log::BranchesOf(frontier, key.first);
  std::erase_if(branches, [&](const log::FeedKey& branch) {
    const log::FrontierItem& item = frontier.at(branch);
    return key.second < item.from || key.second > item.seq;
  });
  return branches;
}

void Session::On(const codec::Need& message, Time now, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  for (const codec::Need::Item& item : message.items) {
    const BodyKey key{{state->id, item.device, item.life}, item.seq};
    const std::vector<log::FeedKey> branches = BranchesWith(key);
    if (branches.empty()) {  // the entry itself may still come from another peer
      if (state->owed.size() < kOwedMax) state->owed.insert(key);
      continue;
    }
    if (state->bodies_due.size() + branches.size() > kBodiesDueMax)
      return CloseWith(codec::ErrorCode::kLimit, "asks for too many bodies", out);
    for (const log::FeedKey& branch : branches) state->bodies_due.emplace_back(branch, item.seq);
  }
  Settle(*state, now, out);
}

bool Session::PayOwed(SpaceState& state, const BodyKey& key, Outputs& out) {
  const std::vector<log::FeedKey> branches = BranchesWith(key);
  const bool held_back = source_.HeldBack();
  for (const log::FeedKey& branch : branches) {
    const auto body = held_back ? source_.EvidenceOf(branch, key.second)
                                : source_.BodyOf(branch, key.second);
    if (!body) {
      FailOnSource(body.error(), out);
      return false;
    }
    if (!*body) return false;
  }
  for (const log::FeedKey& branch : branches) state.bodies_due.emplace_back(branch, key.second);
  return !branches.empty();
}

void Session::OnOpened(Time now, Outputs& out) {
  for (const log::SpaceId& space : order_) {
    if (closed_) return;
    SpaceState& state = spaces_.at(space);
    state.owed.merge(std::exchange(state.withheld, {}));
    // Only a word that was not given before is given now.
    if (state.line_held_back) state.erasures_sent = false;
    OnStored(space, now, out);
  }
}

void Session::OnStored(const log::SpaceId& space, Time now, Outputs& out) {
  const auto found = spaces_.find(space);
  if (closed_ || found == spaces_.end() || !found->second.shared) return;
  SpaceState& state = found->second;
  if (!state.waiting.empty() && AdvanceStored(state))
    out.push_back(SendMessage{codec::Ack{state.prefix, state.acked_arrival, 0}});
  for (auto it = state.owed.begin(); it != state.owed.end() && !closed_;)
    it = PayOwed(state, *it, out) ? state.owed.erase(it) : std::next(it);
  if (closed_) return;
  if (!state.ask_at_ms && source_.MissingBodyCount(space) != 0)
    state.ask_at_ms = now.mono_ms + kAskAfterMs;
  Settle(state, now, out);
}

}  // namespace geflecht::sync
