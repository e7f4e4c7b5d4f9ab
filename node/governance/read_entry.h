// From entries of the log to those that evaluate() reads (docs/formats/governance.md). Pure.
#pragma once

#include <functional>
#include <vector>

#include "node/governance/bodies.h"
#include "node/governance/directory.h"
#include "node/governance/entry.h"
#include "node/log/entry.h"

namespace geflecht::governance {

// What a proposal would change. kMalformed if subject or value do not fit the matter.
Result<Measure> MeasureOf(const ProposalBody& proposal);

// The entries that an entry of the log stands on: prev, seen, about; ascending, each once.
std::vector<EntryId> ParentsOf(const log::Header& header);

// An entry of the root space, and its body if it has fields: nullptr if that is not here, never to
// come. Cards that it holds are noted. What is not of its kind's form becomes Other: it is part of
// pasts and changes nothing. `in_past` says whether an entry is in this one's past.
Entry ReadEntry(const log::Entry& entry, const log::Body* body, Directory& directory,
                const std::function<bool(const EntryId&)>& in_past);
// The founding charter. CHECKs that RulesOf accepts it.
Entry ReadCharter(const log::Founding& founding);

}  // namespace geflecht::governance
