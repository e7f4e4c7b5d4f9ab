// Life of a session: greeting, silence, the end. The other parts: session_spaces.cc (who serves
// what, comparison), session_send.cc and session_runs.cc (towards the peer), session_receive.cc.
#include "node/sync/session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.h"
#include "node/sync/pace.h"

namespace geflecht::sync {

Session::Session(const codec::Hello& own, const log::DeviceId& peer, const Source& source, Time now,
                 FeedPrefix feed_prefix)
    : own_(own),
      peer_(peer),
      source_(source),
      feed_prefix_(feed_prefix),
      started_ms_(now.mono_ms),
      received_ms_(now.mono_ms),
      tokens_(kTokensAtStart),
      tokens_ms_(now.mono_ms) {}

void Session::Start(Outputs& out) {
  out.push_back(SendMessage{own_});
  // The transport knows who the peer is: nothing is won by waiting for its Hello.
  ListSpaces(out);
}

void Session::CloseWith(codec::ErrorCode code, std::string reason, Outputs& out) {
  if (closed_) return;
  closed_ = true;
  out.push_back(Close{code, std::move(reason)});
}

void Session::FailOnSource(const Error& error, Outputs& out) {
  CloseWith(codec::ErrorCode::kShutdown, "own store: " + error.detail, out);
}

bool Session::TakeToken(Time now) {
  const auto earned =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, (now.mono_ms - tokens_ms_) / kTokenMs));
  tokens_ms_ += static_cast<std::int64_t>(earned) * kTokenMs;
  tokens_ = std::min(kTokensMax, tokens_ + std::min(earned, kTokensMax));
  if (tokens_ == 0) return false;
  --tokens_;
  return true;
}

void Session::OnMessage(const codec::Message& message, std::size_t frame_bytes, Time now,
                        Outputs& out) {
  if (closed_) return;
  received_ms_ = now.mono_ms;
  ping_open_ = false;
  const bool greets =
      std::holds_alternative<codec::Hello>(message) || std::holds_alternative<codec::Bye>(message);
  if (!hello_received_ && !greets)
    return CloseWith(codec::ErrorCode::kProtocol, "message before Hello", out);
  if (const auto* run = std::get_if<codec::Run>(&message)) return On(*run, frame_bytes, out);
  if (const auto* bodies = std::get_if<codec::Bodies>(&message))
    return On(*bodies, frame_bytes, out);
  if (const auto* erasures = std::get_if<codec::Erasures>(&message))
    return On(*erasures, frame_bytes, out);
  if (!TakeToken(now)) return CloseWith(codec::ErrorCode::kLimit, "too many messages", out);
  std::visit(
      [&](const auto& content) {
        using Content = std::decay_t<decltype(content)>;
        if constexpr (!std::is_same_v<Content, codec::Run> &&
                      !std::is_same_v<Content, codec::Bodies> &&
                      !std::is_same_v<Content, codec::Erasures>)
          On(content, now, out);
      },
      message);
}

void Session::OnMalformed(const Error& error, Outputs& out) {
  const bool limit = error.code == Code::kTooLarge;
  CloseWith(limit ? codec::ErrorCode::kLimit : codec::ErrorCode::kProtocol,
            "malformed frame: " + error.detail, out);
}

void Session::On(const codec::Hello& message, Time, Outputs& out) {
  if (hello_received_) return CloseWith(codec::ErrorCode::kProtocol, "second Hello", out);
  if (message.network != own_.network)
    return CloseWith(codec::ErrorCode::kUnknown, "another network", out);
  if (message.device != codec::PrefixOf(peer_))
    return CloseWith(codec::ErrorCode::kUnknown, "device is not the one of the connection", out);
  if (message.device == own_.device)
    return CloseWith(codec::ErrorCode::kProtocol, "the peer uses this device's key", out);
  if (std::max(message.protocol_min, own_.protocol_min) >
      std::min(message.protocol_max, own_.protocol_max))
    return CloseWith(codec::ErrorCode::kVersion, "no common protocol version", out);
  hello_received_ = true;
  peer_instance_ = message.instance;
  ListSpaces(out);
}

void Session::On(const codec::Ping& message, Time, Outputs& out) {
  if (!message.answer) {
    out.push_back(SendMessage{codec::Ping{message.number, true}});
  } else if (message.number == 0 || message.number > ping_number_) {
    CloseWith(codec::ErrorCode::kProtocol, "answer to no ping", out);
  }
}

void Session::On(const codec::Bye& message, Time, Outputs& out) {
  CloseWith(codec::ErrorCode::kShutdown,
            "the peer closed with code " + std::to_string(static_cast<std::uint32_t>(message.code)),
            out);
}

SpaceState* Session::Shared(const codec::Prefix& space, Outputs& out) {
  const auto found = by_prefix_.find(space);
  if (found == by_prefix_.end()) {
    if (!withdrawn_.contains(space))
      CloseWith(codec::ErrorCode::kUnknown, "space that is not served to the peer", out);
    return nullptr;
  }
  SpaceState& state = spaces_.at(found->second);
  if (state.shared) return &state;
  CloseWith(codec::ErrorCode::kProtocol, "space that the peer has not listed", out);
  return nullptr;
}

std::optional<std::int64_t> Session::RepeatDueMs(const SpaceState& state) const {
  if (!state.differs_at_ms) return std::nullopt;
  const std::int64_t due = *state.differs_at_ms + kRepeatAfterMs;
  if (repeats_ms_.size() < kRepeatsPerMinute) return due;
  return std::max(due, repeats_ms_.front() + 60'000);
}

void Session::OnTimer(Time now, Outputs& out) {
  if (closed_) return;
  if (!hello_received_ && IsDue(started_ms_ + limits::kHandshakeMs, now))
    return CloseWith(codec::ErrorCode::kTimeout, "no Hello", out);
  if (IsDue(received_ms_ + limits::kIdleCloseMs, now))
    return CloseWith(codec::ErrorCode::kTimeout, "silence", out);
  if (hello_received_ && !ping_open_ && IsDue(received_ms_ + limits::kIdlePingMs, now)) {
    ping_open_ = true;
    out.push_back(SendMessage{codec::Ping{++ping_number_, false}});
  }
  for (auto& [space, state] : spaces_) {
    if (closed_) return;
    if (state.ask_at_ms && IsDue(*state.ask_at_ms, now)) {
      state.ask_at_ms.reset();
      state.ask = true;
      Settle(state, now, out);
    }
    const std::optional<std::int64_t> repeat = RepeatDueMs(state);
    if (closed_ || !repeat || !IsDue(*repeat, now)) continue;
    repeats_ms_.push_back(now.mono_ms);
    if (repeats_ms_.size() > kRepeatsPerMinute) repeats_ms_.pop_front();
    state.differs_at_ms = now.mono_ms;
    SendLines(state, /*full=*/true, now, out);
  }
}

std::int64_t Session::NextDeadlineMs() const {
  if (closed_) return std::numeric_limits<std::int64_t>::max();
  std::int64_t next =
      received_ms_ + (ping_open_ || !hello_received_ ? limits::kIdleCloseMs : limits::kIdlePingMs);
  if (!hello_received_) next = std::min(next, started_ms_ + limits::kHandshakeMs);
  for (const auto& [space, state] : spaces_) {
    if (state.ask_at_ms) next = std::min(next, *state.ask_at_ms);
    if (const auto repeat = RepeatDueMs(state)) next = std::min(next, *repeat);
  }
  return next;
}

bool Session::AllEqual() const {
  bool any = false;
  for (const auto& [space, progress] : progress_) {
    if (!progress.peer_serves) continue;
    if (!progress.equal) return false;
    any = true;
  }
  return any && !closed_;
}

}  // namespace geflecht::sync
