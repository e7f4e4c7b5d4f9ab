// Agreements as JSON.
#pragma once

#include "node/api/context.h"
#include "node/governance/agreement_book.h"

namespace geflecht::api {

struct FoundAgreement {
  replica::Replica* replica = nullptr;
  governance::Agreement agreement;
  governance::AgreementState state;  // now
  bool restricted = false;           // a document that it was frozen of is
};
// By the id of one of its versions.
Result<FoundAgreement> FindAgreement(std::string_view version, Context& context);
FoundAgreement AgreementNow(replica::Replica& replica, governance::Agreement agreement, Time now);

// The state in short, with {space, space_name, seat}. `due`: what happens or has to be done within
// so many days.
boost::json::object AgreementSummary(const FoundAgreement& found, Time now, std::int64_t due_days);
// The same with texts, signatures, notices and names of files.
Result<boost::json::object> AgreementJson(const FoundAgreement& found, Time now);
// [{version|entry, name, base64}] of the files of evidence.
Result<boost::json::array> EvidenceJson(const FoundAgreement& found);

inline constexpr std::int64_t kDueDays = 90;

}  // namespace geflecht::api
