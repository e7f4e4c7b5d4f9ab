// Everything that a node holds about one person (GDPR Art. 15), in whatever document or entry.
#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "node/api/handlers/person_subject.h"

namespace geflecht::api {

// A trace is {kind, id, type, title, space, space_name, space_former, field, organisation, purpose,
// legal_basis, retention_class, source, restricted, values[{key,value}], earlier[{key, value, time,
// organisation}], passages[]}. `space` is null for what all members read; `space_former` says that
// the own organisation has no seat there. Names of others are masked.
struct Traces {
  boost::json::array sure;
  boost::json::array unclear;  // nobody can tell here whether they mean this person or a namesake
  // [{id, type, time, organisation}] of entries that wrote what was found, their times rounded down
  // to the hour.
  boost::json::array log;
  bool IsEmpty() const { return sure.empty() && unclear.empty(); }
};

// Of one place after the other. Loop thread only. Errors are those of the store.
class PersonTraces {
 public:
  virtual ~PersonTraces() = default;
  virtual const Subject& subject() const = 0;
  // Of a document, with its earlier versions. `open` is not used any more afterwards.
  virtual Result<Traces> OfDocument(const replica::OpenDocument& open, Time now) = 0;
  virtual Result<Traces> OfPaper(const replica::Paper& paper, Time now) = 0;
  // Of a proposal, vote or comment.
  virtual Result<Traces> OfRootEntry(const log::EntryId& id, std::string_view kind) = 0;
  // Of all mandates, and of what was signed under them.
  virtual Result<Traces> OfMandates(Time now) = 0;
};
// `mark` stands for names of others. `replica` outlives it.
std::unique_ptr<PersonTraces> MakePersonTraces(replica::Replica& replica, Subject subject,
                                               std::string mark);

}  // namespace geflecht::api
