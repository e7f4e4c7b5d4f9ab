// What the verifier says about bundles of all sorts, whole and damaged: kept as texts.
#include "samples.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <regex>

#include "node/audit/report_agreements.h"
#include "node/audit/report_charter.h"
#include "node/audit/report_json.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::audit {
namespace {

using namespace testing;
namespace json = boost::json;

const std::vector<Sample>& All() {
  static const std::vector<Sample> kSamples = Samples();
  return kSamples;
}

// Ids and keys are shortened: what the rest of the text names stays.
std::string Short(std::string text) {
  static const std::regex kHex("([0-9a-f]{6})[0-9a-f]{26,}");
  return std::regex_replace(text, kHex, "$1~");
}

void Print(const json::value& value, const std::string& indent, std::string& out) {
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    for (const auto& [key, one] : *object) {
      out += indent + std::string(key) + ":";
      if (one.is_structured()) out += "\n";
      Print(one, indent + "  ", out);
    }
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    for (const json::value& one : *array) {
      out += indent + "-" + (one.is_structured() ? "\n" : "");
      Print(one, indent + "  ", out);
    }
  } else {
    out += " " + json::serialize(value) + "\n";
  }
}

class AuditSamples : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Sample& sample() const { return All()[GetParam()]; }
  Report Verified(const Bundle& bundle, Mode mode = Mode::kFull) const {
    return Verify(bundle, sample().world.network(), {mode, std::string(kNonce), nullptr});
  }
  void Expect(const std::string& kind, const std::string& text) const {
    ExpectGolden("audit/" + sample().name + "." + kind, Short(text));
  }
};

TEST_P(AuditSamples, HaveTheirReport) {
  std::string text;
  Print(ReportJson(Verified(sample().bundle)), "", text);
  Expect("report", text);
}

TEST_P(AuditSamples, HaveTheirFastReport) {
  const Report report = Verified(sample().bundle, Mode::kFast);
  json::object object = ReportJson(report);
  for (const char* const key : {"members", "decisions", "charter", "heads", "void_certificates"})
    object.erase(key);
  std::string text;
  Print(object, "", text);
  Expect("fast", text);
}

TEST_P(AuditSamples, HaveTheirPages) {
  const Report report = Verified(sample().bundle);
  std::string text;
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn}) {
    text += CharterHtml(report, lang) + AgreementsHtml(report, lang);
    for (const DecisionFact& decision : report.decisions)
      text += DissentHtml(decision, lang) + MinutesHtml(decision, lang);
  }
  Expect("html", text);
}

// Whoever exports signs anew. A few of all edits, more of small bundles.
TEST_P(AuditSamples, AreRefusedWithReasonsOnceALineIsAnother) {
  std::vector<std::pair<const BundleFile*, EditedText>> edits;
  for (const BundleFile& file : sample().bundle)
    if (file.name != kManifestFile && file.name != kManifestSignatureFile)
      for (EditedText& edit : CoarseEdits(ToText(file.content)))
        edits.emplace_back(&file, std::move(edit));
  const std::size_t most = sample().bundle.size() > 20 ? 24 : 48;
  // Steps of a length that is prime to most numbers lead everywhere.
  std::map<std::string, std::vector<std::string>> by_outcome;
  for (std::size_t i = 0, at = 0; i < std::min(most, edits.size()); ++i, at += 9973) {
    const auto& [file, edit] = edits[at % edits.size()];
    Bundle bundle = sample().bundle;
    SetText(bundle, file->name, edit.text);
    by_outcome[Short(Listed(Verified(WithManifest(std::move(bundle)))))].push_back(
        Short(file->name) + " " + edit.what);
  }
  std::string text;
  for (const auto& [outcome, same] : by_outcome) {
    for (const std::string& edit : same) text += edit + "\n";
    text += "  " + std::regex_replace(outcome, std::regex("\n(?=.)"), "\n  ");
  }
  Expect("edits", text);
}

TEST_P(AuditSamples, AreRefusedOnceAFileIsMissingOrNotSigned) {
  if (sample().bundle.size() > 21) return;
  std::string text;
  for (const BundleFile& file : sample().bundle) {
    Bundle without = sample().bundle;
    Remove(without, file.name);
    text += "without " + file.name + "\n" + Listed(Verified(WithManifest(without)));
    Bundle changed = sample().bundle;
    SetText(changed, file.name, ToText(file.content) + "x\n");
    text += "longer " + file.name + "\n" + Listed(Verified(changed));
  }
  Expect("files", text);
}

INSTANTIATE_TEST_SUITE_P(Kept, AuditSamples, ::testing::Range<std::size_t>(0, 22),
                         [](const auto& test) {
                           std::string name = All()[test.param].name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace geflecht::audit
