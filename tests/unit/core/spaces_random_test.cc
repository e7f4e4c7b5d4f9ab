// Closed spaces under random operations of organisations that keep the rules, beside a thief with
// all keys of one of them: no byte of a space goes to, or lies on the disk of, an organisation that
// two others have never agreed to give a seat (docs/decisions/0036-spaces-by-decision.md).
#include <array>
#include <map>
#include <set>

#include "tests/property/cases.h"
#include "tests/unit/core/needles.h"
#include "tests/unit/core/spaces_fixture.h"
#include "tests/unit/sync/every_message.h"

namespace geflecht::core {
namespace {

constexpr std::size_t kFounders = 6, kThief = 5, kSpares = 6, kHosts = kFounders + kSpares;
constexpr std::size_t kThiefsMachine = kHosts - 1;
constexpr std::size_t kFewestMembers = 5;  // the thief and one other are no majority of them
constexpr std::int64_t kDay = 24LL * 3600 * 1000;

enum class Op : std::size_t {
  kFound,
  kSeat,
  kUnseat,
  kObserve,
  kAdmit,
  kRemove,
  kInactive,
  kRekey,
  kAddDevice,
  kRevoke,
  kLeave,
  kWrite,
  kErase,
  kNextDay,
  kRestart,
  kRestore,
  kReconnect,
  kTheft,
  kOperations
};
constexpr auto kOps = static_cast<std::size_t>(Op::kOperations);

class ClosedSpaces : public Spaces {
 public:
  explicit ClosedSpaces(std::uint64_t seed) : Spaces(kFounders), random_(seed) {
    for (std::size_t i = 0; i < kFounders; ++i) org_of_.push_back(Org(i));
    for (std::size_t i = kFounders; i < kHosts; ++i) {
      spares_.push_back(std::make_unique<replica::Device>(500 + i));
      hosts.push_back(std::make_unique<Host>(*spares_.back(), net.founding));
      Host& host = *hosts.back();
      host.Do([&](Actions& out) {
        EXPECT_TRUE(host.node->Join(net.founding, /*admitted=*/true, host.now, out).has_value());
      });
      host.now = Of(0).now;
      mesh.hosts.push_back(&host);
      org_of_.emplace_back();
    }
    mesh.watch = [this](Host& from, const Send& send) {
      const auto link = mesh.links.find(send.connection);
      if (link == mesh.links.end()) return;
      const Host* to = link->second.first == &from ? link->second.second : link->second.first;
      for (std::size_t i = 0; i < hosts.size(); ++i)
        if (hosts[i].get() == to) frames_.emplace_back(i, send.frame);
    };
  }
  void TestBody() override {}
  void Run(std::size_t steps) {
    for (std::size_t i = 0; i < steps && !HasFatalFailure(); ++i) {
      const auto operation = static_cast<Op>(random_.Below(kOps));
      done[static_cast<std::size_t>(operation)] += Perform(operation) ? 1 : 0;
      if (random_.Below(2) == 0) Perform(Op::kWrite);
      Perform(Op::kReconnect);
      mesh.RunFor(300);
      Look();
    }
    LookAtDisks();
  }

  std::array<std::size_t, kOps> done{};
  std::size_t to_insiders = 0, to_outsiders = 0, on_disks = 0;
  std::set<std::size_t> readers;  // machines that were not there at the founding, and read a space

 private:
  std::size_t Honest() { return random_.Below(kThief); }
  bool Try(std::size_t i, const std::function<Result<void>(replica::Replica&)>& what) {
    bool succeeded = false;
    Of(i).Do([&](Actions& out) {
      succeeded = what(Replica(i)).has_value();
      Of(i).node->Finish(Of(i).now, out);
    });
    mesh.Deliver();
    return succeeded;
  }
  // How many honest organisations have said yes, of those that are asked; at most `most`.
  std::size_t Agree(const log::EntryId& proposal, std::size_t most) {
    std::set<log::OrgId> yes;
    for (std::size_t i = 0; i < kHosts && yes.size() < most; ++i) {
      if (i == kThief || !org_of_[i] || random_.Below(8) == 0) continue;
      if (Try(i, [&](replica::Replica& replica) -> Result<void> {
            TRY(replica.Vote(proposal, {governance::Position::kYes, ""}, Of(i).now));
            return {};
          }))
        yes.insert(*org_of_[i]);
    }
    mesh.RunFor(200);
    return yes.size();
  }
  std::optional<log::EntryId> Propose(std::size_t who, const std::string& matter,
                                      const std::string& subject, const std::string& value) {
    log::EntryId id;
    const bool proposed = Try(who, [&](replica::Replica& replica) -> Result<void> {
      const governance::ProposalBody body{matter, subject, value, std::nullopt, "T", "", ""};
      ASSIGN(id, replica.Propose(body, Of(who).now));
      return {};
    });
    if (!proposed) return std::nullopt;
    return id;
  }
  // True if at least two organisations that keep the rules have agreed.
  bool Decide(std::size_t who, const std::string& matter, const std::string& subject,
              const std::string& value) {
    const auto id = Propose(who, matter, subject, value);
    last_ = id.value_or(log::EntryId{});
    return id && Agree(*id, kHosts) >= 2;
  }
  bool Perform(Op operation);
  bool Found();
  bool ChangeSeat(std::optional<governance::Day> until, bool give);
  bool GiveMachine(Op operation);
  bool Restore();
  bool Write(bool erase);
  bool Steal();
  std::string ProvenCard(std::size_t machine, const crypto::SigningKey& root) {
    const replica::Device& device = *spares_[machine - kFounders];
    return log::RenderProvenCard(log::ProveCard(
        log::SignCard("Device", root, device.key.public_key(), device.tls.public_key()),
        device.key));
  }
  bool MayHave(std::size_t host, const log::SpaceId& space) {
    return org_of_[host] && seated_[space].contains(*org_of_[host]);
  }
  std::optional<std::size_t> FreeMachine() {
    for (std::size_t i = kFounders; i < kThiefsMachine; ++i)
      if (!org_of_[i]) return i;
    return std::nullopt;
  }
  void Look();
  void LookAtDisks();

  SeededRandom random_;
  std::vector<std::unique_ptr<replica::Device>> spares_;
  // What the test knows of: whose a machine is, who was ever given a seat, what is said there.
  std::vector<std::optional<log::OrgId>> org_of_;
  std::map<log::SpaceId, std::set<log::OrgId>> seated_;
  std::map<log::SpaceId, EntryNeedles> needles_;
  std::map<log::SpaceId, std::vector<crdt::DocumentId>> notes_;
  std::vector<log::SpaceId> spaces_;
  std::vector<std::pair<std::size_t, Bytes>> frames_;
  std::size_t members_ = kFounders;
  log::EntryId last_;
};

bool ClosedSpaces::Found() {
  governance::ChangeSpace change{std::nullopt, governance::SpaceKind::kWorking, "Kreis", {}};
  for (std::size_t i = 0; i < kThief; ++i)
    if (random_.Below(2) == 0) change.seats.push_back({Org(i), {}, true});
  if (change.seats.size() < 2) return false;
  if (!Decide(Honest(), "space", std::string(governance::kNewSpace), RenderSpace(change)))
    return false;
  spaces_.push_back(governance::SpaceOf(last_));
  for (const governance::Seat& seat : change.seats) seated_[spaces_.back()].insert(seat.org);
  return true;
}

bool ClosedSpaces::ChangeSeat(std::optional<governance::Day> until, bool give) {
  if (spaces_.empty()) return false;
  const log::SpaceId space = spaces_[random_.Below(spaces_.size())];
  const std::size_t who = random_.Below(kThiefsMachine);
  if (who == kThief || !org_of_[who]) return false;
  const governance::ChangeSpace change{space, {}, {}, {{*org_of_[who], until, give}}};
  if (!Decide(Honest(), "space", space.Hex(), RenderSpace(change))) return false;
  if (give) seated_[space].insert(*org_of_[who]);
  return true;
}

// A machine that nobody has becomes a new member's, the only one of an organisation, or a further
// one.
bool ClosedSpaces::GiveMachine(Op operation) {
  const auto machine = FreeMachine();
  if (!machine) return false;
  const std::size_t who = Honest();
  if (operation == Op::kAddDevice) {
    const auto card = log::ParseProvenCard(ProvenCard(*machine, Of(who).device.root));
    if (!Try(Honest(), [&](replica::Replica& replica) -> Result<void> {
          TRY(replica.AddDevice({Org(who), *card}, Of(0).now));
          return {};
        }))
      return false;
    org_of_[*machine] = Org(who);
    return true;
  }
  const std::string card = ProvenCard(*machine, spares_[*machine - kFounders]->root);
  const bool rekey = operation == Op::kRekey;
  const log::OrgId org = rekey ? Org(who) : spares_[*machine - kFounders]->Card().org();
  if (!Decide(Honest(), rekey ? "rekey" : "admit", org.Hex(), card)) return false;
  if (!rekey) ++members_;
  org_of_[*machine] = org;
  return true;
}

// The machine as it was after some batch, with the anchor of today, or a copy that has none.
bool ClosedSpaces::Restore() {
  const std::size_t who = random_.Below(kHosts);
  Host& host = Of(who);
  // What was written first made it part of the network.
  const std::size_t half = (host.written.size() + 1) / 2;
  const std::size_t kept = half + random_.Below(host.written.size() - half + 1);
  const std::vector<store::Batch> batches(host.written.begin(),
                                          host.written.begin() + static_cast<std::ptrdiff_t>(kept));
  host.sent.clear();
  host.CopyDiskOf(batches);
  return true;
}

bool ClosedSpaces::Write(bool erase) {
  if (spaces_.empty()) return false;
  const log::SpaceId space = spaces_[random_.Below(spaces_.size())];
  const std::size_t who = random_.Below(kHosts);
  std::vector<crdt::DocumentId>& notes = notes_[space];
  if (erase) {
    return !notes.empty() && Try(who, [&](replica::Replica& replica) -> Result<void> {
      const crdt::DocumentId id = notes[random_.Below(notes.size())];
      TRY(replica.EraseDocument(id, std::nullopt, "request", Of(who).now));
      return {};
    });
  }
  return Try(who, [&](replica::Replica& replica) -> Result<void> {
    const auto fill = [&](crdt::Transaction& edit) -> Result<void> {
      TRY(edit.Set("/purpose", std::string("network_coordination")));
      TRY(edit.Set("/legal_basis", std::string("contract")));
      TRY(edit.Set("/retention_class", std::string("L1")));
      return edit.InsertText("/body", 0, "Vertraulich");
    };
    ASSIGN(const auto id, replica.Create("note", fill, Of(who).now, space));
    notes.push_back(id);
    return {};
  });
}

// What one can do with the keys and the machine of one organisation, and one vote at most of
// another: let itself in, take an organisation's keys over, and ask for everything.
bool ClosedSpaces::Steal() {
  const log::OrgId own = Org(kThief), other = Org(Honest());
  const std::string card = ProvenCard(kThiefsMachine, spares_.back()->root);
  const log::SpaceId space =
      spaces_.empty() ? log::SpaceId{} : spaces_[random_.Below(spaces_.size())];
  const governance::ChangeSpace letting{space, {}, {}, {{own, {}, true}}};
  std::optional<log::EntryId> id;
  switch (random_.Below(7)) {
    case 0:
      id = Propose(kThief, "space", space.Hex(), RenderSpace(letting));
      break;
    case 1:
      id = Propose(kThief, "role", own.Hex(), governance::MemberRole(space));
      break;
    case 2:
      id = Propose(kThief, "rekey", other.Hex(), card);
      break;
    case 3:
      id = Propose(kThief, "admit", spares_.back()->Card().org().Hex(), card);
      break;
    case 4:  // a machine of its own in the name of another, under the key it has
      return Try(kThief, [&](replica::Replica& replica) -> Result<void> {
        TRY(replica.AddDevice(
            {other, *log::ParseProvenCard(ProvenCard(kThiefsMachine, Of(kThief).device.root))},
            Of(kThief).now));
        return {};
      });
    case 5:
      return Try(kThief, [&](replica::Replica& replica) -> Result<void> {
        TRY(replica.RevokeDevice(Of(Honest()).device.key.public_key(), Of(kThief).now));
        return {};
      });
    default: {
      Host& with = Of(Honest());
      const codec::Hello hello{codec::kProtocolMin, codec::kProtocolMax,
                               codec::PrefixOf(net.founding.network()),
                               codec::PrefixOf(Of(kThief).device.key.public_key()),
                               random_.Make<codec::InstanceId>()};
      const replica::SpaceLog& root = Replica(kThief).Log(Replica(kThief).members().root_space());
      if (root.durable_arrival() < 2) return false;  // the charter is in no run
      const log::Run run{(*root.Arrival(root.durable_arrival()))->entry};
      const log::Header& header = run[0].header;
      const auto every = sync::EveryMessage{codec::PrefixOf(space), hello,
                                            codec::PartsOf({header.seq, header.prev, {}}, run, 1)}
                             .All();
      codec::Spaces list{{{codec::PrefixOf(Replica(0).members().network_space()), {}, false},
                          {codec::PrefixOf(space), {}, false}}};
      const auto [frames, ended] = Say(with, Of(kThief).device.tls.public_key(),
                                       {hello, list, every[random_.Below(every.size())]});
      for (const Bytes& frame : frames) frames_.emplace_back(kThief, frame);
      return !frames.empty();
    }
  }
  if (!id) return false;
  Try(kThief, [&](replica::Replica& replica) -> Result<void> {
    TRY(replica.Vote(*id, {governance::Position::kYes, ""}, Of(kThief).now));
    return {};
  });
  Agree(*id, 1);
  Try(kThief, [&](replica::Replica& replica) -> Result<void> {
    TRY(replica.Enact(*id, Of(kThief).now));
    return {};
  });
  return true;
}

bool ClosedSpaces::Perform(Op operation) {
  const governance::Day today = governance::DayOf(Of(0).now.wall_ms / 1000);
  const std::size_t who = Honest();
  switch (operation) {
    case Op::kFound:
      return spaces_.size() < 3 && Found();
    case Op::kSeat:
      return ChangeSeat(std::nullopt, true);
    case Op::kUnseat:
      return ChangeSeat(std::nullopt, false);
    case Op::kObserve:
      return ChangeSeat(today + static_cast<governance::Day>(random_.Below(2)), true);
    case Op::kAdmit:
    case Op::kRekey:
    case Op::kAddDevice:
      return GiveMachine(operation);
    case Op::kRemove:
    case Op::kInactive:
      if (members_ <= kFewestMembers ||
          !Decide(Honest(), operation == Op::kRemove ? "remove" : "inactive", Org(who).Hex(), ""))
        return false;
      --members_;
      return true;
    case Op::kLeave:
      if (members_ <= kFewestMembers || !Try(who, [&](replica::Replica& replica) -> Result<void> {
            TRY(replica.Leave(Of(who).now));
            return {};
          }))
        return false;
      --members_;
      return true;
    case Op::kRevoke:
      return Try(who, [&](replica::Replica& replica) -> Result<void> {
        const std::size_t machine = kFounders + random_.Below(kSpares);
        TRY(replica.RevokeDevice(Of(machine).device.key.public_key(), Of(who).now));
        return {};
      });
    case Op::kWrite:
    case Op::kErase:
      return Write(operation == Op::kErase);
    case Op::kNextDay:
      for (const auto& host : hosts) host->now.wall_ms += kDay;
      return true;
    case Op::kRestart:
      Of(random_.Below(kHosts)).Load();
      return true;
    case Op::kRestore:
      return Restore();
    case Op::kReconnect: {
      const std::size_t one = random_.Below(kHosts), other = random_.Below(kHosts);
      if (one != other) Reconnect(one, other);
      return one != other;
    }
    case Op::kTheft:
      return Steal();
    case Op::kOperations:
      break;
  }
  return false;
}

void ClosedSpaces::Look() {
  for (const log::SpaceId& space : spaces_)
    for (std::size_t i = 0; i < kHosts; ++i)
      if (MayHave(i, space) && Replica(i).Knows(space)) {
        needles_[space].AddFrom(Replica(i).Log(space), 1);
        if (i >= kFounders && Replica(i).Log(space).durable_arrival() > 0) readers.insert(i);
      }
  for (const auto& [to, frame] : frames_) {
    for (const log::SpaceId& space : spaces_) {
      const bool found = needles_[space].In(ByteView(frame));
      if (MayHave(to, space)) {
        to_insiders += found ? 1 : 0;
      } else {
        ++to_outsiders;
        ASSERT_FALSE(found) << "a frame to " << to;
      }
    }
  }
  frames_.clear();
}

void ClosedSpaces::LookAtDisks() {
  for (const log::SpaceId& space : spaces_)
    for (std::size_t i = 0; i < kHosts; ++i)
      for (const store::Batch& batch : Of(i).written) {
        const bool found = needles_[space].In(batch);
        on_disks += found ? 1 : 0;
        ASSERT_FALSE(found && !MayHave(i, space)) << "on the disk of " << i;
      }
}

TEST(ClosedSpacesAtRandom, NoByteToAnOrganisationThatNeverHadASeat) {
  std::array<std::size_t, kOps> done{};
  std::size_t insiders = 0, outsiders = 0, disks = 0, later = 0;
  for (const std::uint64_t seed : Seeds(12)) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    ClosedSpaces spaces(seed);
    spaces.Run(60);
    if (testing::Test::HasFailure()) FAIL() << Repeat(seed);
    for (std::size_t i = 0; i < done.size(); ++i) done[i] += spaces.done[i];
    insiders += spaces.to_insiders;
    outsiders += spaces.to_outsiders;
    disks += spaces.on_disks;
    later += spaces.readers.size();
  }
  for (std::size_t i = 0; i < done.size(); ++i)
    EXPECT_GT(done[i], 0u) << "operation " << i << " never succeeded";
  EXPECT_GT(insiders, 0u);
  EXPECT_GT(outsiders, 0u);
  EXPECT_GT(disks, 0u);
  EXPECT_GT(later, 0u) << "no machine that came later got a space";
}

}  // namespace
}  // namespace geflecht::core
