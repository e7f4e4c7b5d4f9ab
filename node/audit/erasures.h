// Which withheld fields of a bundle are erased ones (docs/formats/erasure.md): an erasure in it
// names them, and its writer may ask for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crdt/content.h"
#include "node/crypto/hash.h"
#include "node/log/body.h"
#include "node/log/erase.h"

namespace geflecht::audit {

struct Examination;

// An entry that says something about an erasure: the erasure itself, or a receipt of it.
struct DecidedErasure {
  log::DeviceId device;
  std::vector<log::EntryId> basis;  // in the root space: its past
  std::int64_t time_s = 0;          // claimed
};

class FoundErasures {
 public:
  // Reads what the feeds' bodies say; they are checked elsewhere.
  void Read(const Examination& exam);
  // How many leaves of the body of `entry` stand for erased fields.
  std::size_t CountIn(const Examination& exam, const log::Header& header, const log::EntryId& entry,
                      const log::Body& body);
  // Erasures that count by the decision on this proposal, by entry.
  const std::map<log::EntryId, DecidedErasure>& DecidedBy(const log::EntryId& proposal) const;
  // What receipts in the bundle say of an erasure that a decision asks for.
  const std::vector<DecidedErasure>& ReceiptsOf(const log::EntryId& erasure) const;

 private:
  struct Named {
    log::EntryId erasure;  // as changes name it: by the decision that asks for it, if one does
    log::DeviceId device;
    std::vector<log::EntryId> basis;  // in the root space: the past of the erasure
    bool decided = false;             // an effective decision asks for it
    std::vector<std::uint32_t> fields = {};
    std::string key = {};
  };
  using Line = std::function<void(const log::Header&, const log::EntryId&, const log::Body&)>;
  void ReadReceipts(const Examination& exam);
  // Bodies of a feed that fit their headers, of one kind.
  void EachBody(const Examination& exam, std::size_t feed, std::string_view kind,
                const Line& line) const;
  void ReadErasure(const Examination& exam, const log::Header& header, const log::EntryId& entry,
                   const log::Body& body);
  // Whether `named` counts for an entry, or for the record that begins with it; nullptr: not here.
  bool May(const Examination& exam, const Named& named, const log::Header* written) const;
  bool MayEntry(const Examination& exam, const Named& named, const log::Header& header,
                const std::optional<log::RecordId>& document);
  const log::Header* BegunWith(const Examination& exam, const log::RecordId& document);
  // Content fields of a change in which something lies under one of these keys.
  std::set<std::uint32_t> FieldsUnder(const log::RecordId& document, const log::Body& body,
                                      const std::set<std::string>& keys) const;
  std::optional<crdt::RootKey> KeyOf(crdt::ContainerId container, const crdt::Schema& schema) const;

  std::map<log::EntryId, std::vector<Named>> named_;
  std::map<log::RecordId, std::vector<Named>> documents_;   // as a whole
  std::map<log::RecordId, std::vector<Named>> containers_;  // of a document, by key
  // By proposal.
  std::map<log::EntryId, std::map<log::EntryId, DecidedErasure>> decided_;
  std::map<log::EntryId, std::vector<DecidedErasure>> receipts_;
  std::map<log::EntryId, log::Body> changes_;               // of documents with such
  std::map<log::RecordId, const crdt::Schema*> schemas_;    // of these documents
  // Headers of the documents' first changes, in the examination; made when somebody asks.
  std::map<log::RecordId, const log::Header*> began_;
};

}  // namespace geflecht::audit
