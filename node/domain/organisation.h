// The record that an organisation keeps about itself: which data-protection law it is under, who
// supervises it, whom to ask (docs/formats/organisation.md). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/change.h"
#include "node/domain/record.h"

namespace geflecht::domain {

// The keys without which there is no record: "law_profile", "natural_person", "public_body".
const std::vector<std::string>& OrganisationKeysNeeded();

// Why a change of an organisation's record has no effect at any node, or nothing. By the change's
// structure alone, so that the verdict stays when content is erased; beside VoidReason
// (envelope.h). `own`: the change's device signs for the organisation whose device wrote the
// record's first change. The reason is a stable English identifier: "another-organisation",
// "law_profile-missing", "law_profile-removed", "law_profile-no-text".
std::optional<std::string> OrganisationVoidReason(bool first_change, bool own,
                                                  const std::vector<crdt::Edit>& edits);

// Whether `key` of a record of `type` holds personal data. Declared ones are where the schema says
// so; what names an organisation or where it is found counts too where this is a natural person
// (GDPR Art. 4(1)): the name, department and subjects of a contact, the address of an organisation.
bool IsPersonal(std::string_view type, std::string_view key, bool of_natural_person);

// Whether `organisation` says of itself that it is a natural person.
bool IsNaturalPerson(const Record& organisation);

}  // namespace geflecht::domain
