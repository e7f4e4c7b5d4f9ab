// Hostile members. Each has keys, a card in the founding and a node like everybody; the actor
// decides what really leaves the device, and adds to it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "node/core/events.h"
#include "proto/codec/messages.h"
#include "tests/sim/trace.h"

namespace geflecht::sim {

class Site;

// The classes of research/reliability that need no governance.
enum class Attack : std::size_t {
  kReplayer,     // sends frames of earlier sessions, its own and those of others
  kFlooder,      // valid entries and valid messages, more than anybody needs
  kGarbler,      // bytes that mean nothing
  kLoiterer,     // begins and never finishes: no Hello, no lines, no acknowledgement, no bodies
  kLiar,         // claims to hold what it lacks and to lack what it holds
  kWithholder,   // entries without bodies, bodies with leaves, nothing of one author
  kOversizer,    // frames, lists and counts at the limit and one above
  kBomber,       // entries whose causes never arrive
  kEquivocator,  // two entries on one position
  kCount,
};
inline constexpr std::size_t kAttacks = static_cast<std::size_t>(Attack::kCount);
inline constexpr std::array<std::string_view, kAttacks> kAttackNames = {
    "replayers",   "flooders",   "garblers", "loiterers",   "liars",
    "withholders", "oversizers", "bombers",  "equivocators"};

// What a node may hold because of one attacker.
inline constexpr std::size_t kBytesPerAttackerMax = 32 * 1024 * 1024;

class Actor {
 public:
  Actor(Site& site, std::uint64_t seed, Trace& trace) : site_(site), random_(seed), trace_(trace) {}
  virtual ~Actor() = default;
  virtual Attack attack() const = 0;

  // What leaves in place of `frame`, which is what the node says.
  virtual std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame);
  // What the node is given was heard.
  virtual void Hears(core::ConnId, const Bytes&) {}
  // Does something of its own accord. Called from time to time, until the end of the run.
  virtual void Act() {}

 protected:
  // Puts a frame into a connection.
  void Say(core::ConnId connection, const Bytes& frame);
  void Say(core::ConnId connection, const codec::Message& message);
  // Connections that are open, and one of them; 0 if there is none.
  std::vector<core::ConnId> Lines() const;
  core::ConnId AnyLine();
  codec::Prefix NetworkSpace() const;
  // Counts it, the first time in a run.
  void Done();

  Site& site_;
  SeededRandom random_;
  Trace& trace_;

 private:
  bool done_ = false;
};

std::unique_ptr<Actor> MakeActor(Attack attack, Site& site, std::uint64_t seed, Trace& trace);

}  // namespace geflecht::sim
