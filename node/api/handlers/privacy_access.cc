// /api/v1/privacy/access: what is held about a person (GDPR Art. 15).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/person_reading.h"
#include "node/api/handlers/privacy_papers.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

array TextsJson(const std::vector<std::string>& texts) {
  array list;
  for (const std::string& text : texts) list.push_back(object{{"it", text}});
  return list;
}

object PersonJson(const domain::Person& person) {
  return {{"name", domain::NameOf(person)},
          {"emails", TextsJson(person.emails)},
          {"phones", TextsJson(person.phones)},
          {"organisations", TextsJson(person.organisations)}};
}

// "text": the value in words.
void AddWords(array& values, i18n::Lang lang) {
  for (Json& item : values) {
    object& value = item.as_object();
    std::string text;
    if (value.at("value").is_string()) {
      text = std::string(value.at("value").as_string());
      const std::string key(value.at("key").as_string());
      const std::string word = (key == "state" ? "attendance." : "value." + key + ".") + text;
      if (i18n::HasKey(word)) text = i18n::Tr(lang, word);
    } else if (value.at("value").is_bool()) {
      text = i18n::Tr(lang, value.at("value").as_bool() ? "word.yes" : "word.no");
    }
    value["text"] = text;
  }
}

// What holds any of the traces: the nodes of all members, or those of single spaces.
Result<void> AddRecipients(object& data, const array& traces, replica::Replica& replica, Time now) {
  const auto lies_in = [&](const Json& space) {
    return std::any_of(traces.begin(), traces.end(),
                       [&](const Json& trace) { return trace.as_object().at("space") == space; });
  };
  array recipients, circles;
  if (lies_in(nullptr)) {
    ASSIGN(recipients, Recipients(replica));
  }
  ASSIGN(const array all, CircleRecipients(replica, now));
  for (const Json& circle : all)
    if (lies_in(circle.as_object().at("space"))) circles.push_back(circle);
  data["recipients"] = std::move(recipients);
  data["circles"] = std::move(circles);
  return {};
}

// GET ?person=&lang= -> {person, found, unclear, recipients, files[{name, text}]}, or StillReading:
// then the same again.
Answer Access(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto typed = request.query.find("person");
  if (typed == request.query.end() || typed->second.empty())
    return Fail(Code::kUsage, "no person is named", "hint.person-unknown");
  const i18n::Lang lang = LangOf(request);
  ASSIGN(auto progress,
         context.person_readings.ReadOn(*replica, typed->second,
                                        i18n::Tr(lang, "privacy.other-person"), context.now));
  if (!progress.found) return StillReading(progress);
  Traces& traces = progress.found->traces;
  ASSIGN(object data, PaperHead(context));
  TRY(AddRecipients(data, traces.sure, *replica, context.now));
  const std::size_t holders = CountHolders(data);
  for (array* list : {&traces.sure, &traces.unclear})
    for (Json& trace : *list) {
      AddWords(trace.as_object().at("values").as_array(), lang);
      AddWords(trace.as_object().at("earlier").as_array(), lang);
    }
  const std::size_t found = traces.sure.size();
  const std::size_t unclear = traces.unclear.size();
  data["person"] = PersonJson(progress.found->subject.person);
  data["purposes"] = Distinct(traces.sure, "purpose");
  data["legal_bases"] = Distinct(traces.sure, "legal_basis");
  data["retention"] = Distinct(traces.sure, "retention_class");
  data["sources"] = Distinct(traces.sure, "source");
  data["found"] = found;
  object doubtful = data;
  doubtful["traces"] = std::move(traces.unclear);
  data["traces"] = std::move(traces.sure);
  data["log"] = std::move(traces.log);
  const Json person = data.at("person").at("name");
  std::vector<Paper> papers;
  papers.push_back({"auskunft", "access", std::move(data)});
  if (unclear > 0) papers.push_back({"zu-pruefen", "access_check", std::move(doubtful)});
  return object{{"person", person},
                {"found", found},
                {"unclear", unclear},
                {"recipients", holders},
                {"files", FilesOf(papers, lang)}};
}

}  // namespace

std::vector<Route> PrivacyAccessRoutes() {
  return {Noted("access", {"GET", "/api/v1/privacy/access", Access})};
}

}  // namespace geflecht::api
