// Who serves what, and where both sides stand.
#include <algorithm>
#include <set>
#include <utility>

#include "node/sync/compare.h"
#include "node/sync/pace.h"

namespace geflecht::sync {

void Session::ListSpaces(Outputs& out) {
  const std::vector<log::SpaceId> served = source_.SpacesFor(peer_);
  std::vector<log::SpaceId> added;
  std::set<log::SpaceId> kept;
  order_.clear();
  for (const log::SpaceId& space : served) {
    const codec::Prefix prefix = codec::PrefixOf(space);
    const auto [known, is_new] = by_prefix_.emplace(prefix, space);
    // Two spaces of one prefix cannot be told apart in a session: the first one is served.
    if (known->second != space || order_.size() == limits::kSpacesPerSessionMax) {
      if (is_new) by_prefix_.erase(known);
      continue;
    }
    kept.insert(space);
    order_.push_back(space);
    if (!is_new) continue;
    SpaceState state;
    state.id = space;
    state.prefix = prefix;
    state.line_fingerprint = source_.Fingerprint(space);
    state.line_bodies_missing = source_.MissingBodyCount(space);
    state.line_arrival = source_.LastArrival(space);
    state.line_held_back = source_.HeldBack();
    spaces_.emplace(space, std::move(state));
    progress_[space] = {};
    withdrawn_.erase(prefix);
    added.push_back(space);
  }
  bool removed = false;
  for (auto it = spaces_.begin(); it != spaces_.end();) {
    if (kept.contains(it->first)) {
      ++it;
      continue;
    }
    Unshare(it->second);
    withdrawn_.insert(it->second.prefix);
    by_prefix_.erase(it->second.prefix);
    progress_.erase(it->first);
    it = spaces_.erase(it);
    removed = true;
  }
  if (spaces_listed_ && added.empty() && !removed) return;
  spaces_listed_ = true;
  // A line that was sent stays as it was: both sides compare the first ones that they see.
  codec::Spaces message;
  for (const log::SpaceId& space : order_) {
    const SpaceState& state = spaces_.at(space);
    message.lines.push_back({state.prefix, codec::ShortOf(state.line_fingerprint),
                             state.line_bodies_missing != 0, state.line_held_back});
  }
  out.push_back(SendMessage{std::move(message)});
}

void Session::OnEntitlement(Time now, Outputs& out) {
  if (closed_ || !hello_received_) return;
  ListSpaces(out);
  for (const log::SpaceId& space : order_) {
    SpaceState& state = spaces_.at(space);
    if (!state.shared && peer_lines_.contains(state.prefix)) Share(state, now, out);
    if (closed_) return;
  }
}

void Session::On(const codec::Spaces& message, Time now, Outputs& out) {
  std::map<codec::Prefix, codec::Spaces::Line> lines;
  for (const codec::Spaces::Line& line : message.lines)
    if (!lines.emplace(line.space, line).second)
      return CloseWith(codec::ErrorCode::kProtocol, "space listed twice", out);
  for (auto& [space, state] : spaces_)
    if (state.shared && !lines.contains(state.prefix)) Unshare(state);
  // What was listed before keeps its first line.
  for (auto& [prefix, line] : lines)
    if (const auto old = peer_lines_.find(prefix); old != peer_lines_.end()) line = old->second;
  peer_lines_ = std::move(lines);
  for (const log::SpaceId& space : order_) {
    SpaceState& state = spaces_.at(space);
    if (!state.shared && peer_lines_.contains(state.prefix)) Share(state, now, out);
    if (closed_) return;
  }
}

void Session::Share(SpaceState& state, Time now, Outputs& out) {
  state.shared = true;
  ProgressOf(state).peer_serves = true;
  const codec::Spaces::Line& peer_line = peer_lines_.at(state.prefix);
  ProgressOf(state).peer_held_back = peer_line.held_back;
  if (codec::ShortOf(state.line_fingerprint) == peer_line.fingerprint) {
    state.peer_known = true;
    state.subscribed = true;
    state.erasures_sent = true;
    state.erasures_from = state.line_arrival + 1;
    state.erasures_taken = true;
    state.told = true;
    state.cursor = state.line_arrival + 1;
    state.seen_arrival = state.line_arrival;
    state.peer_status = state.line_fingerprint;
    state.status_sent = OwnStatus{state.line_fingerprint, state.line_bodies_missing};
    // A number follows with its first status; until then it is known that there are some.
    ProgressOf(state).peer_bodies_missing = peer_line.bodies_missing ? 1 : 0;
    state.ask = true;
  } else {
    SendLines(state, /*full=*/false, now, out);
    out.push_back(SendMessage{codec::Subscribe{state.prefix}});
  }
  Settle(state, now, out);
}

void Session::Unshare(SpaceState& state) {
  in_flight_ -= state.in_flight;
  unacknowledged_ -= state.unacknowledged;
  for (const Admitting& item : state.admitting) tickets_.erase(item.ticket);
  SpaceState fresh;
  fresh.id = state.id;
  fresh.prefix = state.prefix;
  fresh.line_fingerprint = state.line_fingerprint;
  fresh.line_bodies_missing = state.line_bodies_missing;
  fresh.line_arrival = state.line_arrival;
  fresh.line_held_back = state.line_held_back;
  state = std::move(fresh);
  ProgressOf(state) = {};
}

void Session::SendLines(SpaceState& state, bool full, Time now, Outputs& out) {
  codec::FrontierLines lines = LinesOf(state.id, source_.Frontier(state.id), full, feed_prefix_);
  state.lines_sent = true;
  if (lines.full) state.full_sent_ms = now.mono_ms;
  out.push_back(SendMessage{std::move(lines)});
}

void Session::On(const codec::FrontierLines& message, Time now, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  if (now.mono_ms - state->lines_window_ms >= 60'000) {
    state->lines_window_ms = now.mono_ms;
    state->lines_received = 0;
  }
  if (++state->lines_received > kLinesPerMinuteMax)
    return CloseWith(codec::ErrorCode::kLimit, "too many frontiers", out);
  if (!TakeLines(*state, message, out)) return;
  if (!state->lines_sent) {
    SendLines(*state, message.full.has_value(), now, out);
    out.push_back(SendMessage{codec::Subscribe{state->prefix}});
  } else if (message.full &&
             (!state->full_sent_ms || now.mono_ms - *state->full_sent_ms >= kAnswerAfterMs)) {
    SendLines(*state, /*full=*/true, now, out);
  }
  Settle(*state, now, out);
}

bool Session::TakeLines(SpaceState& state, const codec::FrontierLines& lines, Outputs& out) {
  // A head that is not here is most often that of somebody who is ahead. If the difference outlives
  // a repetition, it may be another branch.
  const bool repeated = lines.full && state.full_received > 0;
  if (lines.full) ++state.full_received;
  auto positions = PositionsOf(source_, state.id, lines,
                               repeated ? Unknown::kForked : Unknown::kAhead, feed_prefix_);
  if (!positions) {
    FailOnSource(positions.error(), out);
    return false;
  }
  // What is under way to the peer is not in its lines yet.
  if (state.in_flight != 0)
    for (auto& [feed, next] : positions->next)
      if (const auto old = state.peer_next.find(feed); old != state.peer_next.end())
        next = std::max(next, old->second);
  state.peer_next = std::move(positions->next);
  state.unclear = std::move(positions->unclear);
  state.ready.clear();
  state.open.clear();
  state.current.reset();

  const std::uint64_t last = source_.LastArrival(state.id);
  std::uint64_t cursor = last + 1;
  std::uint64_t lacking = 0;
  for (const auto& [feed, item] : source_.Frontier(state.id)) {
    const auto next = state.peer_next.find(feed);
    if (next == state.peer_next.end() || next->second > item.seq) continue;
    lacking += item.seq + 1 - next->second;
    const auto arrival = source_.ArrivalOf(feed, next->second);
    if (!arrival) {
      FailOnSource(arrival.error(), out);
      return false;
    }
    cursor = std::min(cursor, *arrival);
  }
  state.cursor = cursor;
  state.catch_up_to = last;
  state.seen_arrival = last;
  state.peer_known = true;
  ProgressOf(state).to_send = lacking;
  return true;
}

void Session::On(const codec::Subscribe& message, Time now, Outputs& out) {
  SpaceState* state = Shared(message.space, out);
  if (state == nullptr) return;
  state->subscribed = true;
  Settle(*state, now, out);
}

}  // namespace geflecht::sync
