// What people do at their devices: make documents, type, set fields, count, settle conflicts.
#pragma once

#include <optional>

#include "tests/sim/ledger.h"
#include "tests/sim/site.h"

namespace geflecht::sim {

// Whether people can change something at the device now.
bool MayWork(const Site& site);
// A note of a hostile member, into whose text nobody types what the ledger does not know.
void CreateForeignNote(Site& site, const std::string& title);

class Workload {
 public:
  Workload(const Options& options, Ledger& ledger, Trace& trace);

  // One command at one device that is up and belongs to the network.
  void DoSomething(Site& site);
  // A value that fills a quarter of a window.
  void PasteMuch(Site& site);

 private:
  using Facts = std::vector<std::function<void()>>;  // become true when the command is acknowledged
  void Create(Site& site);
  void EditDocument(Site& site, const crdt::DocumentId& id);
  void ResolveOne(Site& site, const crdt::DocumentId& id, const std::vector<crdt::Conflict>& open);
  void Cut(Site& site, const crdt::DocumentId& id);
  // All content of a document that this device began.
  void Erase(Site& site, const crdt::DocumentId& id);
  // Proposes something, or votes on what was proposed.
  void Decide(Site& site);
  Result<void> Type(crdt::Transaction& edit, const crdt::DocumentId& id,
                    std::vector<std::uint32_t>& text, Facts& facts);
  Result<void> SetField(crdt::Transaction& edit, Site& site, const crdt::DocumentId& id, bool note,
                        Facts& facts);
  Result<void> Count(crdt::Transaction& edit, Site& site, const crdt::DocumentId& id, Facts& facts);
  std::vector<std::uint32_t> NewText(const crdt::DocumentId& id, std::size_t length, Facts& facts);
  void RemoveFacts(const std::vector<std::uint32_t>& gone, Facts& facts);

  Ledger& ledger_;
  Trace& trace_;
  SeededRandom random_;
  int documents_max_;
  int documents_ = 0;
};

}  // namespace geflecht::sim
