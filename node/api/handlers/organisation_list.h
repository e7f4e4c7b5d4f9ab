// What the members of the network say about themselves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/api/context.h"
#include "node/domain/record.h"

namespace geflecht::api {

struct OrganisationRecord {
  log::OrgId org;
  std::string name;  // as on its card
  bool own = false;
  std::optional<crdt::DocumentId> id;    // of the record that counts; nothing: it has none
  std::vector<crdt::DocumentId> others;  // two of its devices began one each: the lowest id counts
  domain::Record record;
  std::size_t conflicts = 0, voids = 0;
  bool IsNaturalPerson() const;
};

// The members, by name and id. Loop thread only.
Result<std::vector<OrganisationRecord>> Organisations(replica::Replica& replica);
// The own one of them.
Result<OrganisationRecord> OwnOrganisation(replica::Replica& replica);

}  // namespace geflecht::api
