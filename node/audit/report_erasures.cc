#include "node/audit/report_erasures.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/audit/report.h"
#include "node/log/header.h"

namespace geflecht::audit {
namespace {

namespace json = boost::json;
using i18n::Lang;
using i18n::Tr;
using i18n::TrCount;

std::size_t FieldsNamed(const log::Erasure& erasure) {
  std::size_t fields = 0;
  for (const log::EraseTarget& target : erasure.targets) fields += target.fields.size();
  return fields;
}

std::string TitleOf(const Report& report, const log::SpaceId& space, Lang lang) {
  for (const Coverage& coverage : report.spaces)
    if (coverage.space == space) return NameOf(coverage, lang);
  return space.Hex();
}

std::string NamesIn(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

std::vector<std::string> ErasureSentences(const Report& report, const ErasureFact& erases,
                                          Lang lang) {
  const log::Erasure& asked = erases.asked;
  std::vector<std::string> out = {
      Tr(lang, "audit.erases",
         {{"space", TitleOf(report, erases.space, lang)},
          {"reason", Tr(lang, "value.erase-reason." + asked.reason)}})};
  for (const log::RecordId& document : asked.documents)
    out.push_back(Tr(lang, "audit.erases-document", {{"document", document.Hex()}}));
  for (const log::ErasedContainer& container : asked.containers)
    out.push_back(Tr(lang, "audit.erases-container",
                     {{"document", container.document.Hex()}, {"key", container.key}}));
  if (!asked.targets.empty())
    out.push_back(Tr(
        lang, "audit.erases-entries",
        {{"fields", TrCount(lang, "audit.fields", static_cast<std::int64_t>(FieldsNamed(asked)))},
         {"entries",
          TrCount(lang, "audit.entries", static_cast<std::int64_t>(asked.targets.size()))}}));
  if (erases.carried.empty()) out.push_back(Tr(lang, "audit.erases-open"));
  for (const CarriedErasure& carried : erases.carried) {
    out.push_back(Tr(lang, "audit.erases-carried",
                     {{"organisation", carried.organisation},
                      {"time", log::RenderTime(carried.time_s)},
                      {"entry", carried.entry.Hex()}}));
    if (carried.confirmed.empty())
      out.push_back(Tr(lang, "audit.erases-unconfirmed"));
    else
      out.push_back(
          Tr(lang, "audit.erases-confirmed", {{"names", NamesIn(carried.confirmed)}}));
  }
  return out;
}

json::value ErasureJson(const DecisionFact& decision) {
  if (!decision.erases) return nullptr;
  const ErasureFact& erases = *decision.erases;
  json::array documents, containers, carried;
  for (const log::RecordId& document : erases.asked.documents)
    documents.emplace_back(document.Hex());
  for (const log::ErasedContainer& container : erases.asked.containers)
    containers.push_back(
        json::object{{"document", container.document.Hex()}, {"key", container.key}});
  for (const CarriedErasure& one : erases.carried)
    carried.push_back(
        json::object{{"entry", one.entry.Hex()},
                     {"organisation", one.organisation},
                     {"time", log::RenderTime(one.time_s)},
                     {"confirmed", json::array(one.confirmed.begin(), one.confirmed.end())}});
  return json::object{{"space", erases.space.Hex()},
                      {"reason", erases.asked.reason},
                      {"entries", erases.asked.targets.size()},
                      {"fields", FieldsNamed(erases.asked)},
                      {"documents", std::move(documents)},
                      {"containers", std::move(containers)},
                      {"carried", std::move(carried)}};
}

}  // namespace geflecht::audit
