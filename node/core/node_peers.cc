// Node's connections: sessions, what they ask for, and which of two connections to one device
// stays.
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/core/node.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::core {

bool Node::IsPeer(const crypto::PublicKey& tls_key) const {
  if (replica_ == nullptr || tls_key == identity_.tls->public_key()) return false;
  return replica_->members().ByTlsKey(tls_key) != nullptr || IsSponsor(tls_key);
}

std::vector<SessionState> Node::sessions() const {
  std::vector<SessionState> states;
  for (const auto& [connection, item] : connections_) {
    SessionState state{connection,
                       item.address,
                       item.incoming,
                       item.session->established(),
                       item.session->peer(),
                       item.session->AllEqual(),
                       0,
                       0,
                       0};
    for (const auto& [space, progress] : item.session->progress()) {
      // The same entries are not the same state while either side lacks what they commit to.
      if (progress.peer_bodies_missing > 0 || source_->MissingBodyCount(space) > 0)
        state.all_equal = false;
      if (space == replica_->members().network_space())
        state.acked_arrival = progress.acked_arrival;
      state.sent += progress.sent;
      state.received += progress.received;
      state.to_send += progress.to_send;
    }
    states.push_back(std::move(state));
  }
  return states;
}

void Node::On(const Connected& input, Time now, Actions& out) {
  if (!IsPeer(input.tls_key)) {
    out.push_back(Drop{input.connection});
    return;
  }
  const governance::Member* member = replica_->members().ByTlsKey(input.tls_key);
  const log::DeviceId device = member != nullptr ? member->device : sponsor_->device;
  if (!input.incoming) peer_book_.OnConnected(input.address);
  const codec::Hello hello{codec::kProtocolMin, codec::kProtocolMax,
                           codec::PrefixOf(replica_->members().network()),
                           codec::PrefixOf(identity_.device->public_key()), instance_};
  Connection connection{std::make_unique<sync::Session>(hello, device, *source_, now),
                        input.address,
                        input.incoming,
                        false,
                        {}};
  sync::Outputs outputs;
  connection.session->Start(outputs);
  connections_[input.connection] = std::move(connection);
  Execute(input.connection, std::move(outputs), now, out);
}

void Node::On(const Received& input, Time now, Actions& out) {
  if (OnJoinFrame(input, now, out)) return;
  const auto it = connections_.find(input.connection);
  if (it == connections_.end()) return;
  sync::Outputs outputs;
  auto message = codec::DecodeFrame(input.frame);
  if (message) {
    it->second.session->OnMessage(*message, input.frame.size(), now, outputs);
  } else {
    it->second.session->OnMalformed(message.error(), outputs);
  }
  Execute(input.connection, std::move(outputs), now, out);
  OnSession(input.connection, now, out);
}

void Node::OnSession(ConnId connection, Time now, Actions& out) {
  const auto it = connections_.find(connection);
  if (it == connections_.end()) return;
  if (it->second.session->established() && !it->second.large_frames) {
    it->second.large_frames = true;
    out.push_back(AllowLargeFrames{connection});
    if (!it->second.incoming)
      peer_book_.OnEstablished(it->second.address, it->second.session->peer());
    DropDuplicates(connection, out);
  }
  NoteConfirmations(now);
}

void Node::DropDuplicates(ConnId connection, Actions& out) {
  // Both ends decide alike: the connection that the smaller device id dialled stays; of two that
  // the same one dialled, the newer, since the older is then half-open. Two running copies of one
  // device are two instances: each keeps a connection, so that they learn of each other. What an
  // ended process leaves behind is another instance, too, and goes when it stays silent.
  const log::DeviceId& self = identity_.device->public_key();
  const log::DeviceId peer = connections_.at(connection).session->peer();
  const auto instance = connections_.at(connection).session->peer_instance();
  const auto dialled_by_smaller = [&](const Connection& item) {
    return item.incoming == (peer < self);
  };
  std::vector<ConnId> others;
  for (const auto& [id, item] : connections_)
    if (id != connection && item.session->established() && item.session->peer() == peer &&
        item.session->peer_instance() == instance)
      others.push_back(id);
  for (const ConnId other : others) {
    const bool new_stays = dialled_by_smaller(connections_.at(connection)) ||
                           !dialled_by_smaller(connections_.at(other));
    const ConnId loser = new_stays ? other : connection;
    const std::string address = connections_.at(loser).address;
    const bool incoming = connections_.at(loser).incoming;
    CloseConnection(loser, codec::ErrorCode::kDuplicate, "a second session of one device", out);
    connections_.erase(loser);
    if (!incoming) peer_book_.OnDuplicate(address);
    if (!new_stays) return;
  }
  DropOldInstances(peer, out);
}

void Node::DropOldInstances(const log::DeviceId& peer, Actions& out) {
  std::vector<ConnId> of_device;  // oldest first
  for (const auto& [id, item] : connections_)
    if (item.session->established() && item.session->peer() == peer) of_device.push_back(id);
  for (std::size_t i = 0; i + limits::kConnectionsPerDeviceMax < of_device.size(); ++i) {
    const Connection& oldest = connections_.at(of_device[i]);
    const std::string address = oldest.address;
    const bool incoming = oldest.incoming;
    CloseConnection(of_device[i], codec::ErrorCode::kDuplicate, "too many sessions of one device",
                    out);
    connections_.erase(of_device[i]);
    if (!incoming) peer_book_.OnDuplicate(address);
  }
}

void Node::Execute(ConnId connection, sync::Outputs outputs, Time now, Actions& out) {
  for (sync::Output& output : outputs) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) return;
    if (auto* send = std::get_if<sync::SendMessage>(&output)) {
      out.push_back(Send{connection, codec::EncodeFrame(send->message)});
      continue;
    }
    if (auto* close = std::get_if<sync::Close>(&output)) {
      CloseConnection(connection, close->code, close->reason, out);
      Forget(connection, Error{Code::kMalformed, close->reason, {}}, now);
      return;
    }
    if (disk_full_since_ms_) {
      it->second.held.push_back(std::move(output));
      continue;
    }
    replica::Admitted admitted;
    std::uint64_t ticket = 0;
    if (auto* run = std::get_if<sync::AdmitRun>(&output)) {
      ticket = run->ticket;
      admitted = replica_->Admit(run->space, run->run, it->second.session->peer());
    } else if (auto* announced = std::get_if<sync::LockErased>(&output)) {
      ticket = announced->ticket;
      admitted = replica_->Lock(announced->space, announced->erasures,
                                it->second.session->peer(), now);
    } else {
      auto& bodies = std::get<sync::AdmitBodies>(output);
      ticket = bodies.ticket;
      admitted = replica_->AdmitBodies(bodies.space, bodies.bodies, now);
    }
    sync::Admission admission = sync::Admission::kStored;
    if (admitted.outcome == replica::Outcome::kRejected) admission = sync::Admission::kRejected;
    if (admitted.outcome == replica::Outcome::kWaiting) admission = sync::Admission::kWaiting;
    if (!admitted.reason.empty() && admission == sync::Admission::kRejected)
      out.push_back(Note{"entry refused: " + admitted.reason});
    // What was known may still be under way to the disk for another session.
    const Ticket needed = last_ticket_ + (replica_->HasBatch() ? 1 : 0);
    if (admission == sync::Admission::kStored && needed > persisted_ticket_) {
      awaited_.push_back({connection, ticket, admission, needed});
      continue;
    }
    sync::Outputs more;
    it->second.session->OnAdmitted(ticket, admission, now, more);
    Execute(connection, std::move(more), now, out);
  }
}

void Node::CloseConnection(ConnId connection, codec::ErrorCode code, const std::string& reason,
                           Actions& out) {
  out.push_back(Send{connection, codec::EncodeFrame(codec::Bye{code, 0})});
  out.push_back(Drop{connection});
  out.push_back(Note{"session closed: " + reason});
}

void Node::Forget(ConnId connection, std::optional<Error> error, Time now) {
  const auto it = connections_.find(connection);
  if (it == connections_.end()) return;
  const Connection gone = std::move(it->second);
  connections_.erase(it);
  const log::DeviceId device = gone.session->peer();
  if (!gone.incoming) peer_book_.OnLost(gone.address, now.mono_ms, std::move(error));
  for (const auto& [id, item] : connections_)
    if (item.session->peer() == device) return;
  peer_book_.OnDeviceGone(device, now.mono_ms);
}

void Node::Govern(Time now, Actions& out) {
  if (replica_ == nullptr || disk_full_since_ms_) return;
  EndIfStoreFails(replica_->Govern(now), "what is due could not be written", out);
  ShowEntitlement(now, out);
}

void Node::ShowEntitlement(Time now, Actions& out) {
  if (!replica_->TakeMembersChanged()) return;
  std::vector<ConnId> all;
  for (const auto& [connection, state] : connections_) all.push_back(connection);
  for (const ConnId connection : all) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) continue;
    const log::DeviceId peer = it->second.session->peer();
    const bool trusted = sponsor_ && sponsor_->device == peer && IsSponsor(sponsor_->tls_key);
    if (replica_->members().ByDevice(peer) == nullptr && !trusted) {
      CloseConnection(connection, codec::ErrorCode::kUnknown, "the device is no member's", out);
      Forget(connection, Error{Code::kNotPermitted, "the device is no member's", {}}, now);
      continue;
    }
    sync::Outputs outputs;
    it->second.session->OnEntitlement(now, outputs);
    Execute(connection, std::move(outputs), now, out);
  }
}

void Node::On(const Closed& input, Time now, Actions& out) {
  const Error error{Code::kUnreachable, input.reason, {}};
  if (!OnJoinLost(input.connection, {}, error, out)) Forget(input.connection, error, now);
}

void Node::On(const DialFailed& input, Time now, Actions& out) {
  if (!OnJoinLost(std::nullopt, input.address, input.error, out))
    peer_book_.OnLost(input.address, now.mono_ms, input.error);
}

}  // namespace geflecht::core
