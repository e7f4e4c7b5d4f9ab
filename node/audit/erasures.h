// Which withheld fields of a bundle are erased ones (docs/formats/erasure.md): an erasure in it
// names them, and its writer may ask for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "node/crypto/hash.h"
#include "node/log/body.h"
#include "node/log/erase.h"

namespace geflecht::audit {

struct Examination;

class FoundErasures {
 public:
  // Reads what the feeds' bodies say; they are checked elsewhere.
  void Read(const Examination& exam);
  // How many leaves of the body of `entry` stand for erased fields.
  std::size_t CountIn(const Examination& exam, const log::Header& header, const log::EntryId& entry,
                      const log::Body& body);

 private:
  struct Named {
    log::DeviceId device;
    std::vector<log::EntryId> basis;  // in the root space: the past of the erasure
    std::vector<std::uint32_t> fields;
  };
  void ReadFeed(const Examination& exam, std::size_t feed);
  // Whether the writer of `named` is of the same organisation as that of `header`, or as `began`.
  bool May(const Examination& exam, const Named& named, const log::Header& header,
           const log::DeviceId* began) const;
  const log::DeviceId* BeganBy(const Examination& exam, const log::RecordId& document);

  std::map<log::EntryId, std::vector<Named>> named_;
  std::map<log::RecordId, std::vector<Named>> documents_;  // without fields: all of them
  // Who wrote which document's first change; made when somebody asks.
  std::map<log::RecordId, log::DeviceId> began_;
};

}  // namespace geflecht::audit
