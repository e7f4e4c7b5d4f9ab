// What the papers of data protection have in common.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/i18n/i18n.h"
#include "node/api/context.h"
#include "node/api/handlers/organisation_list.h"

namespace geflecht::api {

// "lang" of the query: German unless it says "en".
i18n::Lang LangOf(const Request& request);

// {network{id,name}, made_at, law_profile, land, controller{organisation, ...its record}}: of the
// own organisation. `law_profile` is "" while it has no record.
Result<boost::json::object> PaperHead(Context& context);

// The organisations whose nodes hold what all members read, the own one among them (CJEU
// C-154/21): [{organisation, org, self, former, law_profile, contact_point, contact_email,
// contact_phone, public_body, natural_person}]. `former` ones held it while they were members.
Result<boost::json::array> Recipients(replica::Replica& replica);

// The same of each space that a decision has founded: [{space, space_name, seat, recipients[]}],
// by id. `seat`: of the own organisation (SeatOf). `former` ones had a seat once.
Result<boost::json::array> CircleRecipients(replica::Replica& replica, Time now);

// How many organisations stand in `recipients` and in those of `circles` of a page's data.
std::size_t CountHolders(const boost::json::object& data);

// {purpose, legal_basis, retention_class, ...} that occur in `records`, each once, sorted.
boost::json::array Distinct(const boost::json::array& records, std::string_view key);

// {files[{name, text}]} of a page and of its data, which goes beside it as NAME.json.
struct Paper {
  std::string name;  // of the files, without ending
  std::string_view page;
  boost::json::object data;
};
boost::json::array FilesOf(const std::vector<Paper>& papers, i18n::Lang lang);

}  // namespace geflecht::api
