// /api/v1/contacts: list, export; contact_import.cc: import. Edits go through /api/v1/documents.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/api/context.h"
#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/contact.h"
#include "node/formats/csv.h"
#include "node/formats/vcard.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

object ContactJson(const Contact& contact) {
  object json;
  for (const auto& [key, value] : contact.record) json[key] = ValueJson(value);
  json["id"] = contact.id.Hex();
  json["conflicts"] = contact.conflicts;
  return json;
}

// GET ?space=
Answer List(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const std::optional<log::SpaceId> space, SpaceOfQuery(request, *replica));
  ASSIGN(auto contacts, Contacts(*replica));
  array list;
  std::int64_t restricted = 0;
  for (const Contact& contact : contacts) {
    if (space && replica->SpaceOf(contact.id) != *space) continue;
    if (IsRestricted(contact)) {
      ++restricted;
      continue;
    }
    object json = ContactJson(contact);
    AddSpace(json, *replica, contact.id);
    list.push_back(std::move(json));
  }
  return object{{"contacts", std::move(list)}, {"restricted", restricted}};
}

// GET ?format=csv|vcard4 -> {text}.
Answer Export(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto format = request.query.find("format");
  const std::string name = format == request.query.end() ? "csv" : format->second;
  ASSIGN(auto contacts, Contacts(*replica));
  std::erase_if(contacts, [](const Contact& contact) { return IsRestricted(contact); });
  if (name == "vcard4") {
    std::vector<formats::VcardContact> cards;
    for (const Contact& contact : contacts) cards.push_back(VcardOf(contact));
    return object{{"count", contacts.size()}, {"text", formats::WriteVcard4(cards)}};
  }
  if (name != "csv")
    return Fail(Code::kUsage, "the formats are csv and vcard4", "hint.export-formats");
  std::vector<std::vector<std::string>> rows;
  for (const Contact& contact : contacts) rows.push_back(domain::ContactRow(contact.record));
  return object{{"count", contacts.size()},
                {"text", formats::WriteCsv(domain::ContactRowHeader(), rows)}};
}

}  // namespace

formats::VcardContact VcardOf(const Contact& contact) {
  formats::VcardContact card;
  card.uid = contact.id.bytes;
  const auto text = [&](std::string_view key) {
    return std::string(domain::TextOf(contact.record, key));
  };
  const auto list = [&](std::initializer_list<std::string_view> keys) {
    std::vector<std::string> values;
    for (const std::string_view key : keys)
      if (std::string value = text(key); !value.empty()) values.push_back(std::move(value));
    return values;
  };
  card.family_name = text("family_name");
  card.given_name = text("given_name");
  card.prefix = text("prefix");
  card.suffix = text("suffix");
  card.salutation = text("salutation");
  card.organisation = text("organisation");
  card.department = text("department");
  card.title = text("function");
  card.role = text("network_role");
  card.phones = list({"phone", "phone_2"});
  card.mobiles = list({"mobile"});
  card.emails = list({"email", "email_2"});
  card.street = text("street");
  card.postal_code = text("postal_code");
  card.city = text("city");
  card.note = text("availability");
  card.availability = text("availability");
  card.deputy = text("deputy");
  card.categories = list({"topics"});
  card.confirmed_on = text("verified_at");
  return card;
}

std::vector<Route> ContactRoutes() {
  return {{"GET", "/api/v1/contacts", List},
          Noted("import", {"POST", "/api/v1/contacts/import", ImportContacts}),
          Noted("export-contacts", {"GET", "/api/v1/contacts/export", Export})};
}

}  // namespace geflecht::api
