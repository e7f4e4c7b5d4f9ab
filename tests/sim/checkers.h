// What must hold at every moment, and what must hold when the network is whole again.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "tests/sim/ledger.h"
#include "tests/sim/site.h"

namespace geflecht::sim {

// At every moment:
// - no position of a feed ever has two entries among the frames that left any device;
// - what leaves a device is on its disk for good;
// - what a partner confirmed as stored is on that partner's disk for good;
// - what is under way to a partner stays within the window;
// - a machine writes nothing more in a life in which it has seen entries of a copy of itself.
class Checkers final : public Watcher {
 public:
  Checkers(const std::vector<std::unique_ptr<Site>>& sites, const SimNet& net, Trace& trace)
      : sites_(sites), net_(net), trace_(trace) {}

  void Sends(const Site& site, core::ConnId connection, const Bytes& frame) override;
  void Receives(const Site& site, core::ConnId connection, const Bytes& frame) override;
  void Stepped(Site& site) override;
  // After a crash: everything confirmed earlier is still there.
  void Restarted(const Site& site);
  // The disk holds less than it did: what was confirmed is asked for anew.
  void DiskReplaced(const Site& site);
  // Marks the documents whose drafts an earlier process left.
  void NoteDrafts(Site& site);

 private:
  struct Flow {
    std::map<codec::Prefix, std::size_t> in_flight;  // by space
    bool asked = false;       // sent Need
    bool lines_sent = false;  // sent a frontier
  };
  bool MayFork(const log::DeviceId& device) const;
  // `anew`: the process has started since the last call.
  void CheckLives(Site& site, bool anew);
  void CheckRun(const Site& site, const codec::Run& run);
  void CheckConfirmed(Site& sender, Site& holder, std::uint64_t from, std::uint64_t to);

  const std::vector<std::unique_ptr<Site>>& sites_;
  const SimNet& net_;
  Trace& trace_;
  std::map<std::pair<log::FeedKey, std::uint64_t>, log::EntryId> left_;
  std::map<core::ConnId, Flow> flows_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> confirmed_;  // by sender and holder
  // So much of it was true before the holder's disk was replaced.
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> before_loss_;
  std::map<std::size_t, core::ConnId> last_before_loss_;  // connection, by holder
  std::map<std::size_t, std::size_t> pending_;            // runs that wait, by site
  std::map<std::size_t, std::uint64_t> starts_;           // which process was seen last, by site
  std::set<crdt::DocumentId> DraftsOf(const Site& site) const;
  std::map<std::size_t, std::set<crdt::DocumentId>> before_;    // drafts when bodies came, by site
  std::map<std::size_t, std::set<crdt::DocumentId>> restored_;  // drafts, by site
  // Of machines that share their keys: what each wrote last, and in which lives it has seen
  // entries of the other one.
  struct Writer {
    std::optional<replica::Anchor::Last> last;
    std::set<log::EntryId> own;
    std::set<log::LifeId> shared;
    bool begun = false;
  };
  std::map<std::size_t, Writer> writers_;
};

// When all is quiet: nullopt if the devices agree, otherwise the first difference.
std::optional<std::string> WhyNotConverged(const std::vector<std::unique_ptr<Site>>& sites,
                                           const Site* off = nullptr);
// The state of a document, as far as it must be equal everywhere.
std::string Rendered(const replica::OpenDocument& open);
// Nothing stands in front of its causes.
void CheckOrder(const replica::Replica& replica);
// All documents equal everywhere, also when they are read anew from the disk; what was acknowledged
// is there; what was removed is not.
void CheckDocuments(const std::vector<std::unique_ptr<Site>>& sites, const Ledger& ledger,
                    Trace& trace);

}  // namespace geflecht::sim
