// The node as a state machine: inputs and commands in, actions out. Joins the replica, the
// sessions, the peer book and the one timer. No sockets, no clock, no threads; the simulator runs
// this class.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/core/acts.h"
#include "node/core/events.h"
#include "node/core/holding.h"
#include "node/core/invitations.h"
#include "node/core/newcomer.h"
#include "node/core/peer_book.h"
#include "node/core/replica_source.h"
#include "node/core/retention.h"
#include "node/replica/anchor.h"
#include "node/replica/replica.h"
#include "node/sync/session.h"

namespace geflecht::core {

// What a device is, as its keys file holds it. The keys outlive the node.
struct Identity {
  const crypto::SigningKey* device = nullptr;
  const crypto::SigningKey* tls = nullptr;
  log::LifeId life;             // the first one
  std::optional<Bytes> anchor;  // as it was stored last; nothing if it is missing
};

// How far a partner has confirmed what this node holds.
struct Confirmation {
  std::uint64_t arrival = 0;  // of the network space; everything up to it is stored there
  std::int64_t wall_ms = 0;   // when that was learned
};

struct SessionState {
  ConnId connection = 0;
  std::string address;
  bool incoming = false;
  bool established = false;
  std::optional<log::DeviceId> device;
  bool all_equal = false;
  std::uint64_t sent = 0;  // entries
  std::uint64_t received = 0;
  std::uint64_t to_send = 0;
  // Entries of the network space up to this arrival are on the partner's disk, bodies perhaps not.
  std::uint64_t acked_arrival = 0;
};

class Node {
 public:
  // `durable` is the store as it was opened; `random` and the keys outlive the node.
  static Result<std::unique_ptr<Node>> Load(Identity identity, const store::View& durable,
                                            Random& random);

  void Step(const Input& input, Time now, Actions& out);

  // Takes part in the network of a complete founding in which this device's card is, or which has
  // admitted it since: what decided that comes with the first session. kConflict if the node
  // belongs to a network already, kNotPermitted if the card is missing and not `admitted`, or if
  // the charter's rules are not safe.
  Result<void> Join(const log::Founding& founding, bool admitted, Time now, Actions& out);

  // Nullptr before Join. Changes made through it are persisted by Finish.
  replica::Replica* replica() { return replica_.get(); }
  const replica::Replica* replica() const { return replica_.get(); }
  // Ends a command: what it decided leaves as a batch; an answer to its giver stands behind it.
  void Finish(Time now, Actions& out);

  // Null before Join. What it decides is persisted by Finish.
  Retention* retention() { return retention_.get(); }
  // From now on own records whose period is over are erased once a day (retention.h).
  void EraseDaily(Time now);

  // Connects to "HOST:PORT" now; again whenever lost if `keep`.
  void Connect(const std::string& address, bool keep, Time now, Actions& out);
  const PeerBook& peer_book() const { return peer_book_; }
  std::vector<SessionState> sessions() const;
  const std::map<log::DeviceId, Confirmation>& confirmations() const { return confirmations_; }

  // Of when the newest backup is that is known here (wall clock), or nothing.
  std::optional<std::int64_t> backup_ms() const { return backup_ms_; }
  // There is a backup of this time. An older one than the newest changes nothing.
  void NoteBackup(std::int64_t wall_ms);

  // An administrative act was done, or tried, at a time of the wall clock (acts.h); `object` is an
  // id in hex or "". Persisted by Finish.
  void NoteAct(std::string_view name, std::string_view object, std::int64_t wall_ms);

  // Since when the disk is full (wall clock), or nothing. Meanwhile the node reads, offers what is
  // durable and talks with peers, but admits nothing of theirs: what they send is kept as it came,
  // at most a window per session, and is not acknowledged.
  std::optional<std::int64_t> disk_full_since_ms() const { return disk_full_since_ms_; }
  // kNoSpace with "hint.disk-full" while the disk is full: nothing may be changed then.
  Result<void> MayWrite() const;

  // ---- held back (node_holding.cc)
  const Holding& holding() const { return holding_; }
  // kLocked with a hint while nothing that could be erased may be shown or written. `now`
  // decides whether the node has been away for too long.
  Result<void> MayShow(Time now);
  // A person takes the responsibility for showing what others may have erased. kConflict if the
  // node is not held back.
  Result<void> OpenWithoutErasures(Time now, Actions& out);

  // ---- invitations (node_join.cc)
  // Makes an invitation; the link for `addresses` (join_link.h). kNotPermitted, kConflict.
  Result<JoinLink> Invite(std::vector<std::string> addresses, std::int64_t valid_s, Time now);
  Result<void> WithdrawInvitation(const JoinId& id);
  const Invitations& invitations() const { return invitations_; }
  // Whether a device of whatever key may connect to ask for being admitted. It gets nothing else.
  bool TakesNewcomers(Time now) const;
  // Asks to join, with this device's proven card; newcomer() shows what comes of it. kConflict if
  // the node belongs to a network.
  Result<void> FollowInvitation(JoinLink link, std::string card, Time now, Actions& out);
  const Newcomer* newcomer() const { return newcomer_.get(); }
  // After the digits were compared: takes part in the network as Join does. Until this device has
  // learned of its admission the inviting one is trusted beside the members. kConflict.
  Result<void> JoinAsInvited(Time now, Actions& out);

  // Whether a TLS key belongs to a member's device other than this one.
  bool IsPeer(const crypto::PublicKey& tls_key) const;
  // Says goodbye to all peers and cuts all drafts; on a full disk these stay drafts.
  Result<void> Stop(Time now, Actions& out);

 private:
  struct Connection {
    std::unique_ptr<sync::Session> session;
    std::string address;
    bool incoming = false;
    bool large_frames = false;
    sync::Outputs held;  // admissions that wait while the disk is full
  };
  struct Awaited {  // an admission whose batch is on its way
    ConnId connection = 0;
    std::uint64_t session_ticket = 0;
    sync::Admission admission = sync::Admission::kStored;
    Ticket ticket = 0;
  };

  Node(Identity identity, const store::View& durable, Random& random)
      : identity_(identity), durable_(durable), random_(random), peer_book_(random) {}
  Result<void> Attach(const log::Founding& founding);

  void On(const Connected& input, Time now, Actions& out);
  void On(const JoinConnected& input, Time now, Actions& out);
  void On(const Received& input, Time now, Actions& out);
  void On(const Closed& input, Time now, Actions& out);
  void On(const DialFailed& input, Time now, Actions& out);
  void On(const TimerFired& input, Time now, Actions& out);
  void On(const Persisted& input, Time now, Actions& out);
  void On(const DiskFull& input, Time now, Actions& out);
  void On(const DiskWritable& input, Time now, Actions& out);

  Result<void> LoadInvitations();
  void SaveInvitations();
  // Closes what was given out in another life of the device.
  void RenewInvitations();
  bool IsSponsor(const crypto::PublicKey& tls_key) const;
  // True if the connection is one for asking to join; the last two for an attempt to make one.
  bool OnJoinFrame(const Received& input, Time now, Actions& out);
  bool OnJoinLost(std::optional<ConnId> connection, const std::string& address, const Error& error,
                  Actions& out);
  void EndOverdueJoins(Time now, Actions& out);

  // Executes what a session returned.
  void Execute(ConnId connection, sync::Outputs outputs, Time now, Actions& out);
  void OnSession(ConnId connection, Time now, Actions& out);
  // Closes the oldest sessions of a device above limits::kConnectionsPerDeviceMax.
  void DropOldInstances(const log::DeviceId& peer, Actions& out);
  void DropDuplicates(ConnId connection, Actions& out);
  void CloseConnection(ConnId connection, codec::ErrorCode code, const std::string& reason,
                       Actions& out);
  void Forget(ConnId connection, std::optional<Error> error, Time now);
  void NoteConfirmations(Time now);
  void LookAtHolding(Time now);
  void SaveHolding();
  void NoteExchanges(Time now);
  // Whether enough of those who are entitled to the space have said what is erased in it.
  bool IsTold(const log::SpaceId& space) const;
  void TellThatOpened(Time now, Actions& out);
  void SaveConfirmations();
  // What was decided since the last batch leaves as one.
  void TakeBatch(Time now, Actions& out);
  // What the anchor has to say now, if that is something else than before.
  std::optional<Bytes> NewAnchor();
  // What decisions ask for: own entries, and the ends of sessions with those who are no members.
  void Govern(Time now, Actions& out);
  // Of what is due by itself: a store that fails ends the node; an own entry that was not admitted
  // does not, whatever others have written to bring that about.
  void EndIfStoreFails(const Result<void>& done, std::string_view what, Actions& out);
  // The same to sessions alone.
  void ShowEntitlement(Time now, Actions& out);
  void DialDue(Time now, Actions& out);
  void ArmTimer(Time now, Actions& out);

  Identity identity_;
  replica::Anchor anchor_;  // as it was written last
  const store::View& durable_;
  Random& random_;
  PeerBook peer_book_;
  codec::InstanceId instance_;
  std::unique_ptr<replica::Replica> replica_;
  std::unique_ptr<ReplicaSource> source_;
  std::unique_ptr<Retention> retention_;
  bool erases_daily_ = false;
  std::map<ConnId, Connection> connections_;
  std::deque<Awaited> awaited_;
  Invitations invitations_;
  std::unique_ptr<Newcomer> newcomer_;
  std::optional<Sponsor> sponsor_;
  std::map<log::DeviceId, Confirmation> confirmations_;
  bool confirmations_changed_ = false;
  std::int64_t confirmations_due_ms_ = 0;
  Ticket last_ticket_ = 0;
  Ticket persisted_ticket_ = 0;
  std::optional<std::int64_t> armed_ms_;
  std::optional<std::int64_t> disk_full_since_ms_;
  std::optional<std::int64_t> backup_ms_;
  Acts acts_;
  Holding holding_;
  bool opened_ = false;  // sessions are to be told
  // While this node is held back: who has said of a space what it knows to be erased; true: without
  // being held back itself.
  std::map<log::SpaceId, std::map<log::DeviceId, bool>> told_;
  // Records of the node itself; they leave with the next batch.
  store::Batch own_batch_;
};

}  // namespace geflecht::core
