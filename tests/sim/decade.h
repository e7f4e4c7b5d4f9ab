// Ten years of five organisations, and a quiet one: people come and go, an organisation leaves,
// records of every retention class are made, and each node erases by itself what it may keep no
// longer. What is told here is written down as it is done, for a judge that knows nothing of the
// engine (tests/oracle/retention_model.py).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/governance/frozen.h"
#include "tests/sim/year.h"

namespace geflecht::sim {

class Decade {
 public:
  Decade();

  // Everything, up to the first day of the twelfth year.
  void Tell();
  // {organisations, records, events, stages, checkpoints, decisions, network}: what
  // happened, and what each node held on three days.
  boost::json::object History();
  Year& year() { return *year_; }
  static constexpr std::size_t kOrganisations = 5;

 private:
  using Fields = std::map<std::string, std::string>;
  struct Person {
    crdt::DocumentId contact;
    std::string name;
  };

  void Found();
  // What happens on the first day of a quarter, counted from 0.
  void Quarter(int quarter);
  // Until the first day of the next quarter at six: every node for itself, once a day.
  void Pass(int quarter);
  void Turnover(std::size_t machine, int quarter);
  void Work(std::size_t machine, int quarter);
  void Rotating(std::size_t machine, int quarter);
  void Exceptions(int quarter);
  void Budget(int quarter);
  // What is no document (decade_entries.cc).
  static bool IsGone(std::size_t machine, int quarter);
  void LeavesForGood();
  void Debate(int quarter);
  void FreezeMinutes(int quarter);
  void Agreements(int quarter);
  void EndAgreement();
  struct Signer {
    crypto::SigningKey key;
    log::EntryId mandate;
  };
  void Mandate(std::size_t machine);
  log::EntryId Freeze(std::size_t machine, governance::Frozen frozen, const char* type,
                      boost::json::object fields);
  log::EntryId Agree(std::size_t machine, const std::string& end,
                     const std::vector<std::size_t>& signers);
  void Comment(std::size_t machine, const log::EntryId& proposal, boost::json::object fields);
  void TellEntry(const log::EntryId& id, std::size_t machine, const char* type,
                 boost::json::object fields);
  std::string DateOf(const crdt::DocumentId& meeting) const;
  void Answers(int quarter);
  void Checkpoint();
  boost::json::array Protocols();

  std::string Name();
  crdt::DocumentId Make(std::size_t machine, const std::string& type, Fields fields,
                        const std::string& text = "");
  void Set(std::size_t machine, const crdt::DocumentId& id, const std::string& key,
           const std::string& value);
  void Event(const char* what, boost::json::object event);
  void Hire(std::size_t machine);
  void Retire(std::size_t machine, std::size_t person);

  std::unique_ptr<Year> year_;
  SeededRandom random_{1997};
  std::vector<std::vector<Person>> staff_;
  std::vector<crdt::DocumentId> organisations_;
  std::vector<std::pair<std::size_t, crdt::DocumentId>> meetings_, held_;
  std::vector<log::EntryId> decisions_;
  std::map<std::size_t, Signer> signers_;  // by machine
  std::optional<log::EntryId> open_ended_;
  boost::json::array records_, events_, stages_, checkpoints_;
};

}  // namespace geflecht::sim
