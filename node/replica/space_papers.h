// The papers of one space and what follows from them: who has received notices, and agreements. No
// paper says anything about one of another space.
#pragma once

#include "node/governance/agreement_book.h"
#include "node/replica/papers.h"
#include "node/replica/receipts.h"

namespace geflecht::replica {

// Not thread-safe. `view` and `mandates` outlive it.
struct SpacePapers {
  SpacePapers(store::StagedView& view, const log::NetworkId& network, const log::SpaceId& space,
              const governance::Mandates& mandates)
      : papers(view), receipts(view), book(network, space, mandates) {}

  // Call once, before anything else.
  Result<void> Load(const SpaceLog& log) {
    TRY(papers.Load(log));
    return receipts.Load(log, papers);
  }
  // A run that comes into the log at `front`; before it is there.
  Result<void> Add(const SpaceLog& log, const log::Run& run, const SpaceLog::Front& front) {
    papers.Add(log.space(), run, log.last_arrival() + 1);
    return receipts.Add(log, run, front, log.last_arrival() + 1);
  }

  Papers papers;
  Receipts receipts;
  governance::AgreementBook book;  // of those whose bodies have been read
};

}  // namespace geflecht::replica
