#include "cli/output.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace geflecht::cli {
namespace {

struct Shown {
  int exit = 0;
  std::string out;
  std::string err;
};

template <class What>
Shown Finish(const Globals& globals, const What& what) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Shown shown;
  shown.exit = Output(globals).Finish(what);
  shown.out = testing::internal::GetCapturedStdout();
  shown.err = testing::internal::GetCapturedStderr();
  return shown;
}

Globals With(bool json, i18n::Lang lang) {
  Globals globals;
  globals.json = json;
  globals.lang = lang;
  return globals;
}

TEST(OutputTest, AResultIsOneLineOfJson) {
  const Outcome outcome{{{"id", "ab"}, {"name", "a\nb"}}, "text for people\n", {}, {}};
  const Shown shown = Finish(With(true, i18n::Lang::kEn), outcome);
  EXPECT_EQ(shown.exit, 0);
  EXPECT_EQ(shown.out, "{\"type\":\"result\",\"ok\":true,\"id\":\"ab\",\"name\":\"a\\nb\"}\n");
  EXPECT_EQ(shown.err, "");
}

TEST(OutputTest, AnErrorSaysWhatToDoInTheUsersLanguage) {
  const Error error{Code::kNotFound, "nothing begins with abcdef", {}};
  const Shown german = Finish(With(false, i18n::Lang::kDe), error);
  EXPECT_EQ(german.exit, 4);
  EXPECT_EQ(german.out, "");
  EXPECT_NE(german.err.find("Fehler: Das Gesuchte gibt es hier nicht."), std::string::npos);
  EXPECT_NE(german.err.find("Einzelheit: nothing begins with abcdef"), std::string::npos);
  const Shown english = Finish(With(false, i18n::Lang::kEn), error);
  EXPECT_NE(english.err.find("Error: There is no such thing here."), std::string::npos);
}

TEST(OutputTest, AnErrorInJsonHasCodeDetailHintAndMessage) {
  const Error error{Code::kConflict, "two", "hint.id-ambiguous"};
  const Shown shown = Finish(With(true, i18n::Lang::kEn), error);
  EXPECT_EQ(shown.exit, 5);
  EXPECT_EQ(shown.err, "");
  const auto line = boost::json::parse(shown.out).as_object();
  EXPECT_EQ(line.at("type"), "result");
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_EQ(line.at("code"), "conflict");
  EXPECT_EQ(line.at("detail"), "two");
  EXPECT_EQ(line.at("hint"), "hint.id-ambiguous");
  EXPECT_EQ(line.at("message").as_string(), i18n::Tr(i18n::Lang::kEn, "hint.id-ambiguous"));
}

TEST(OutputTest, AShortfallKeepsTheResult) {
  const Outcome outcome{{{"conflicts", 2}}, "two\n", Error{Code::kConflict, "2 open", {}}, {}};
  const Shown people = Finish(With(false, i18n::Lang::kEn), outcome);
  EXPECT_EQ(people.exit, 5);
  EXPECT_EQ(people.out, "two\n");
  EXPECT_NE(people.err, "");
  const auto line = boost::json::parse(Finish(With(true, i18n::Lang::kEn), outcome).out);
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_EQ(line.at("conflicts"), 2);
  EXPECT_EQ(line.at("code"), "conflict");
}

TEST(OutputTest, ProgressIsALineOfJsonOrNothing) {
  testing::internal::CaptureStdout();
  Output(With(true, i18n::Lang::kEn)).Progress("Importing", 3, 10);
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "{\"type\":\"progress\",\"what\":\"Importing\",\"done\":3,\"total\":10}\n");
  testing::internal::CaptureStderr();
  Output(With(false, i18n::Lang::kEn)).Progress("Importing", 3, 10);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");  // standard error is no terminal here
}

}  // namespace
}  // namespace geflecht::cli
