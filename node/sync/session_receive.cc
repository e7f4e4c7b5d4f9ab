// From the peer: runs and bodies for admission, acknowledgements for what is durable.
#include <algorithm>
#include <utility>

#include "node/sync/pace.h"
#include "node/sync/session.h"

namespace geflecht::sync {

bool Session::TakeIntoWindow(SpaceState& state, std::size_t frame_bytes, Outputs& out) {
  state.unacknowledged += frame_bytes;
  unacknowledged_ += frame_bytes;
  // What is missing is most likely on its way.
  if (state.ask_at_ms) state.ask_at_ms = received_ms_ + kAskAfterMs;
  tokens_ = std::min(kTokensMax, tokens_ + kTokensPerFrame);
  if (state.unacknowledged <= limits::kWindowBytesPerSpace + limits::kFrameBytesMax &&
      unacknowledged_ <= limits::kWindowBytesPerSession + limits::kFrameBytesMax)
    return true;
  CloseWith(codec::ErrorCode::kLimit, "the peer ignores the window", out);
  return false;
}

void Session::NoteHeld(SpaceState& state, const log::FeedKey& feed, std::uint64_t end) {
  // To which branch of a forked feed a run belongs shows when it is admitted.
  if (log::BranchesOf(source_.Frontier(state.id), feed).size() > 1) return;
  const auto known = state.peer_next.find(feed);
  if (known != state.peer_next.end()) {
    known->second = std::max(known->second, end);
  } else if (state.peer_next.size() < 2 * limits::kFeedsPerSpaceMax) {
    state.peer_next.emplace(feed, end);  // feeds that nobody else knows must not fill the map
  }
}

void Session::On(const codec::Run& message, std::size_t frame_bytes, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  if (frame_bytes > kRunFrameBytesMax)
    return CloseWith(codec::ErrorCode::kLimit, "run is too large", out);
  if (!TakeIntoWindow(*state, frame_bytes, out)) return;
  const log::FeedKey feed{state->id, message.device, message.life};
  const std::uint64_t end = message.first_seq + message.entries.size();
  NoteHeld(*state, feed, end);
  ProgressOf(*state).received += message.entries.size();
  ProgressOf(*state).equal = false;
  const std::uint64_t ticket = next_ticket_++;
  tickets_.emplace(ticket, state->id);
  state->admitting.push_back(
      {ticket, frame_bytes, message.arrival, feed, end - 1, /*is_run=*/true, std::nullopt});
  out.push_back(AdmitRun{ticket, state->id, message});
}

void Session::On(const codec::Bodies& message, std::size_t frame_bytes, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr || !TakeIntoWindow(*state, frame_bytes, out)) return;
  ProgressOf(*state).equal = false;
  const std::uint64_t ticket = next_ticket_++;
  tickets_.emplace(ticket, state->id);
  state->admitting.push_back({ticket, frame_bytes, 0, {}, 0, /*is_run=*/false, std::nullopt});
  out.push_back(AdmitBodies{ticket, state->id, message});
}

void Session::On(const codec::Erasures& message, std::size_t frame_bytes, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr || !TakeIntoWindow(*state, frame_bytes, out)) return;
  const std::uint64_t ticket = next_ticket_++;
  tickets_.emplace(ticket, state->id);
  Admitting item;
  item.ticket = ticket;
  item.frame_bytes = frame_bytes;
  item.is_erasures = true;
  if (message.last) item.held_back = message.held_back;
  state->admitting.push_back(std::move(item));
  out.push_back(LockErased{ticket, state->id, message});
}

void Session::NoteErasuresTaken(SpaceState& state, const Admitting& item) {
  if (item.is_erasures && item.decided == Admission::kWaiting) state.erasures_left_out = true;
  if (!item.held_back) return;
  state.erasures_taken = true;
  ProgressOf(state).peer_held_back = *item.held_back;
  if (!state.erasures_left_out) state.told = true;
}

bool Session::AdvanceStored(SpaceState& state) {
  while (!state.admitting.empty() && state.admitting.front().decided) {
    const Admitting& item = state.admitting.front();
    NoteErasuresTaken(state, item);
    if (item.decided == Admission::kWaiting && item.is_run) {
      // Where its first entry stands is not known: what came before it is certain.
      if (state.waiting.size() < limits::kPendingEntriesMax) {
        state.waiting.push_back({item.feed, item.last_seq, state.stored_arrival});
      } else {
        state.stored_arrival_max = std::min(state.stored_arrival_max, state.stored_arrival);
      }
    }
    state.stored_arrival = std::max(state.stored_arrival, item.arrival);
    state.admitting.pop_front();
  }
  const log::Frontier& frontier = source_.Frontier(state.id);
  // `before` never falls from one to the next, so only the first one holds anything back.
  while (!state.waiting.empty()) {
    const Waiting& item = state.waiting.front();
    const auto held = frontier.find(item.feed);
    // Of a forked feed the seq does not tell; that item waits for the next comparison.
    if (held == frontier.end() || held->second.seq < item.last_seq ||
        log::BranchesOf(frontier, item.feed).size() != 1)
      break;
    state.waiting.pop_front();
  }
  std::uint64_t stored = std::min(state.stored_arrival, state.stored_arrival_max);
  if (!state.waiting.empty()) stored = std::min(stored, state.waiting.front().before);
  if (stored <= state.acked_arrival) return false;
  state.acked_arrival = stored;
  return true;
}

void Session::OnAdmitted(std::uint64_t ticket, Admission admission, Time now, Outputs& out) {
  const auto found = tickets_.find(ticket);
  if (closed_ || found == tickets_.end()) return;
  SpaceState& state = spaces_.at(found->second);
  tickets_.erase(found);
  if (admission == Admission::kRejected)
    return CloseWith(codec::ErrorCode::kVerification, "the peer sent something invalid", out);
  const auto item = std::find_if(state.admitting.begin(), state.admitting.end(),
                                 [&](const Admitting& one) { return one.ticket == ticket; });
  const std::size_t bytes = item->frame_bytes;
  item->decided = admission;
  state.unacknowledged -= bytes;
  unacknowledged_ -= bytes;
  AdvanceStored(state);
  out.push_back(SendMessage{codec::Ack{state.prefix, state.acked_arrival, bytes}});
  Settle(state, now, out);
}

void Session::On(const codec::Status& message, Time now, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  // What was asked for when the peer did not know the branch that it lies in is asked for again.
  if (state->peer_status != message.fingerprint) state->asked.clear();
  state->peer_status = message.fingerprint;
  ProgressOf(*state).peer_bodies_missing = message.bodies_missing;
  state->ask = source_.MissingBodyCount(state->id) != 0;
  Settle(*state, now, out);
}

void Session::AskForBodies(SpaceState& state, Outputs& out) {
  state.ask = false;
  if (source_.MissingBodyCount(state.id) == 0) {
    state.asked.clear();
    return;
  }
  std::set<BodyKey> asked;
  codec::Need need{state.prefix, {}};
  for (const codec::Need::Item& item : source_.MissingBodies(state.id, kAskedMax)) {
    const BodyKey key{{state.id, item.device, item.life}, item.seq};
    // Two branches of a feed may both lack the body at one position.
    if (!asked.insert(key).second || state.asked.contains(key)) continue;
    need.items.push_back(item);
    if (need.items.size() < codec::kNeedItemsMax) continue;
    out.push_back(SendMessage{std::exchange(need, {state.prefix, {}})});
  }
  state.asked = std::move(asked);
  if (!need.items.empty()) out.push_back(SendMessage{std::move(need)});
}

}  // namespace geflecht::sync
