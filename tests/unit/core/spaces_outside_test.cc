// Those without a seat, who ask in every way: a member of the network that never had one, one that
// has lost it, an observer whose day is over, a stranger. Every frame to any of them is looked at.
#include <array>
#include <cstdio>
#include <map>

#include "tests/unit/core/needles.h"
#include "tests/unit/core/spaces_fixture.h"
#include "tests/unit/sync/every_message.h"

namespace geflecht::core {
namespace {

constexpr std::size_t kNever = 3, kFormer = 4, kObserver = 5, kStranger = 6;

struct Outside : Spaces {
  Outside() : Spaces(6), stranger(99), random(kSeed) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
    const governance::Day today = governance::DayOf(Of(0).now.wall_ms / 1000);
    space = Open({0, 1, 2, kFormer}, {0, 1, 2, kNever});
    Seat(space, kObserver, /*give=*/true, {0, 1, 2}, today);
    const crdt::DocumentId old = Note(0, "Fruehwort", space);
    EXPECT_EQ(Text(kFormer, old), "Fruehwort");
    EXPECT_EQ(Text(kObserver, old), "Fruehwort");
    Seat(space, kFormer, /*give=*/false, {0, 1, 2});
    for (const auto& host : hosts) host->now.wall_ms = (today + 1) * 24 * 3600 * 1000;
    mesh.RunFor(1000);
    notes.push_back(old);
    seen = Replica(0).Log(space).durable_arrival();
    for (const std::size_t i : {kNever, kFormer, kObserver}) batches[i] = Of(i).written.size();
    batches[kNever] = 0;
    all.AddFrom(Replica(0).Log(space), 1);
    words.Add(AsBytes("Fruehwort"));
    name.Add(space.view());
    mesh.watch = [this](Host& from, const Send& send) {
      const auto link = mesh.links.find(send.connection);
      if (link == mesh.links.end()) return;
      const Host* to = link->second.first == &from ? link->second.second : link->second.first;
      for (std::size_t i = 0; i < hosts.size(); ++i)
        if (hosts[i].get() == to) (i < kNever ? inside : outside[i]).push_back(send.frame);
    };
  }
  crypto::PublicKey TlsKey(std::size_t who) {
    return who == kStranger ? stranger.tls.public_key() : Of(who).device.tls.public_key();
  }
  codec::Hello HelloOf(std::size_t who, const codec::InstanceId& instance) {
    const crypto::SigningKey& key = who == kStranger ? stranger.key : Of(who).device.key;
    return {codec::kProtocolMin, codec::kProtocolMax, codec::PrefixOf(net.founding.network()),
            codec::PrefixOf(key.public_key()), instance};
  }
  // Every kind of message about `asked`, with a real run of the space in it.
  std::vector<codec::Message> Messages(const codec::Prefix& asked, std::size_t who) {
    const log::Run run{(*Replica(0).Log(space).Arrival(seen))->entry};
    const log::Header& header = run[0].header;
    return sync::EveryMessage{asked, HelloOf(who, {}),
                              codec::PartsOf({header.seq, header.prev, {}}, run, 1)}
        .All();
  }
  // Everything that has been written since the setup, then every frame since the last look.
  void Look() {
    const replica::SpaceLog& log = Replica(0).Log(space);
    all.AddFrom(log, looked + 1);
    fresh.AddFrom(log, std::max(looked, seen) + 1);
    looked = log.durable_arrival();
    for (auto& [who, frames] : outside) {
      for (const Bytes& frame : frames) {
        ++count[who];
        const bool old = who == kNever || who == kStranger;
        ASSERT_FALSE((old ? all : fresh).In(ByteView(frame))) << who;
        ASSERT_FALSE(old && words.In(ByteView(frame))) << who;
        ASSERT_FALSE(secret.In(ByteView(frame)) || name.In(ByteView(frame))) << who;
      }
      frames.clear();
    }
    for (const Bytes& frame : inside) {
      const std::array found{all.ids.In(ByteView(frame)),        all.roots.In(ByteView(frame)),
                             all.signatures.In(ByteView(frame)), all.documents.In(ByteView(frame)),
                             all.salts.In(ByteView(frame)),      secret.In(ByteView(frame)),
                             name.In(ByteView(frame))};
      for (std::size_t i = 0; i < found.size(); ++i) shown[i] += found[i] ? 1 : 0;
    }
    inside.clear();
  }

  static constexpr std::uint64_t kSeed = 20261123;
  replica::Device stranger;
  SeededRandom random;
  log::SpaceId space;
  std::vector<crdt::DocumentId> notes;
  std::uint64_t seen = 0, looked = 0;  // arrivals of the space: at the setup, at the last look
  std::map<std::size_t, std::size_t> batches, count;
  EntryNeedles all, fresh;
  Needles words, secret, name;
  std::map<std::size_t, std::vector<Bytes>> outside;
  std::vector<Bytes> inside;
  std::array<std::size_t, 7> shown{};
};

TEST_F(Outside, AThousandSessionsBringNoByteOfASpaceToWhoHasNoSeat) {
  secret.Add(AsBytes("Geheimwort"));
  std::size_t ended = 0;
  std::map<std::size_t, std::size_t> kinds;
  for (std::size_t session = 0; session < 1000; ++session) {
    const std::size_t with = random.Below(3), who = kNever + random.Below(4);
    if (random.Below(20) == 0) Type(random.Below(3), notes.back(), "Geheimwort ");
    if (random.Below(50) == 0) notes.push_back(Note(random.Below(3), "Geheimwort", space));
    if (random.Below(100) == 0) Freeze(random.Below(3), "Geheimwort", {0, 1, 2}, space);
    if (random.Below(100) == 0) {
      const crdt::DocumentId gone = Note(0, "Geheimwort", space);
      Do(0, [&](replica::Replica& replica) -> Result<void> {
        TRY(replica.EraseDocument(gone, std::nullopt, "request", Of(0).now));
        return {};
      });
    }
    const codec::Prefix known = codec::PrefixOf(space);
    const codec::Prefix asked = random.Below(4) == 0 ? random.Make<codec::Prefix>() : known;
    std::vector<codec::Message> messages{HelloOf(who, random.Make<codec::InstanceId>())};
    const auto print = random.Below(2) == 0
                           ? codec::ShortOf(random.Make<log::Fingerprint>())
                           : codec::ShortOf(Replica(0).Log(space).durable_fingerprint());
    codec::Spaces list{
        {{codec::PrefixOf(Replica(0).members().network_space()), print, false}}};
    if (random.Below(2) == 0) list.lines.push_back({known, print, false});
    if (random.Below(8) != 0) messages.emplace_back(list);
    const auto every = Messages(asked, who);
    const codec::Message& asking = every[session % every.size()];
    ++kinds[asking.index()];
    messages.push_back(asking);
    messages.emplace_back(codec::Subscribe{asked});
    auto [frames, end] = Say(Of(with), TlsKey(who), messages);
    ended += end ? 1 : 0;
    EXPECT_TRUE(who != kStranger || (frames.empty() && end));
    auto& theirs = outside[who];
    theirs.insert(theirs.end(), frames.begin(), frames.end());
    mesh.Deliver();
    if (session % 20 == 0) {
      Reconnect(kNever + random.Below(3), with);
      mesh.RunFor(300);
    }
    Look();
    if (HasFatalFailure()) FAIL() << "session " << session << ", seed " << kSeed;
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<codec::Message>);
  EXPECT_GT(ended, 500u);
  for (const std::size_t who : {kNever, kFormer, kObserver}) {
    EXPECT_GT(count[who], 500u) << who;
    for (std::size_t i = batches[who]; i < Of(who).written.size(); ++i) {
      const store::Batch& batch = Of(who).written[i];
      EXPECT_FALSE((who == kNever ? all : fresh).In(batch)) << who;
      EXPECT_FALSE(secret.In(batch) || name.In(batch)) << who;
    }
  }
  // Members get each of these, so they would have been found.
  for (const std::size_t frames : shown) EXPECT_GT(frames, 0u);
  EXPECT_TRUE(OnDisk(2, "Geheimwort"));
}

// Whether a space exists is not to be told from what comes back, whatever is asked, by anybody.
TEST_F(Outside, ASpaceThatExistsAndOneThatDoesNotAreAnsweredAlike) {
  const codec::Prefix known = codec::PrefixOf(space);
  const codec::Prefix unknown = codec::PrefixOf(governance::SpaceOf({}));
  std::size_t answered = 0;
  for (const std::size_t who : {kNever, kFormer, kObserver, kStranger}) {
    for (std::size_t kind = 0; kind < std::variant_size_v<codec::Message>; ++kind) {
      for (const bool listed : {false, true}) {
        const auto ask = [&](const codec::Prefix& asked) {
          codec::Spaces list{{{codec::PrefixOf(Replica(0).members().network_space()), {}, false}}};
          if (listed) list.lines.push_back({asked, {}, false});
          return Say(Of(0), TlsKey(who), {HelloOf(who, {}), list, Messages(asked, who)[kind]});
        };
        const auto there = ask(known), not_there = ask(unknown);
        EXPECT_EQ(there, not_there) << who << " asks by message " << kind;
        answered += there.first.size();
      }
    }
  }
  EXPECT_GT(answered, 100u);
}

}  // namespace
}  // namespace geflecht::core
