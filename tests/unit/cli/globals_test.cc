#include "cli/globals.h"

#include <gtest/gtest.h>

#include <map>

#include "cli/exit_code.h"

namespace geflecht::cli {
namespace {

Environment Of(std::map<std::string, std::string> values) {
  return [values](const char* name) -> std::optional<std::string> {
    const auto it = values.find(name);
    if (it == values.end()) return std::nullopt;
    return it->second;
  };
}

TEST(GlobalsTest, TheLanguageIsThatOfTheFirstSettingThatIsThere) {
  using i18n::Lang;
  EXPECT_EQ(ChooseLang({}, Of({})), Lang::kDe);
  EXPECT_EQ(ChooseLang({}, Of({{"LANG", "en_GB.UTF-8"}})), Lang::kEn);
  EXPECT_EQ(ChooseLang({}, Of({{"LANG", "en_GB"}, {"LC_MESSAGES", "de_DE"}})), Lang::kDe);
  EXPECT_EQ(ChooseLang({}, Of({{"LC_MESSAGES", "de_DE"}, {"LC_ALL", "en_US"}})), Lang::kEn);
  EXPECT_EQ(ChooseLang({}, Of({{"LC_ALL", "en_US"}, {"GEFLECHT_LANG", "de"}})), Lang::kDe);
  EXPECT_EQ(ChooseLang({"status", "--lang", "en"}, Of({{"GEFLECHT_LANG", "de"}})), Lang::kEn);
  EXPECT_EQ(ChooseLang({"--lang=en"}, Of({})), Lang::kEn);
  EXPECT_EQ(ChooseLang({}, Of({{"LANG", "C.UTF-8"}})), Lang::kDe);
}

TEST(GlobalsTest, WhatStandsBehindTheDashesIsNoOption) {
  EXPECT_EQ(ChooseLang({"doc", "set", "--", "--lang", "en"}, Of({})), i18n::Lang::kDe);
}

TEST(GlobalsTest, TheDirectoryFollowsTheEnvironment) {
  EXPECT_EQ(DefaultDirectory(Of({{"HOME", "/h"}})), "/h/.local/share/geflecht");
  EXPECT_EQ(DefaultDirectory(Of({{"HOME", "/h"}, {"XDG_DATA_HOME", "/x"}})), "/x/geflecht");
  EXPECT_EQ(DefaultDirectory(Of({{"XDG_DATA_HOME", "/x"}, {"GEFLECHT_DIR", "/g"}})), "/g");
  EXPECT_EQ(DefaultDirectory(Of({})), "");
}

TEST(GlobalsTest, EveryCodeHasItsExitCode) {
  const std::map<Code, int> expected = {
      {Code::kInternal, 1},     {Code::kUsage, 2},           {Code::kMalformed, 1},
      {Code::kNotFound, 4},     {Code::kConflict, 5},        {Code::kVerification, 6},
      {Code::kLocked, 7},       {Code::kWrongPassphrase, 7}, {Code::kUnreachable, 8},
      {Code::kNotPermitted, 9}, {Code::kNotInitialised, 10}, {Code::kTooLarge, 1},
      {Code::kCorruption, 1},   {Code::kNoSpace, 1},         {Code::kIo, 1},
      {Code::kCaseData, 9},     {Code::kFormatVersion, 1},   {Code::kIncomplete, 3}};
  for (const auto& [code, exit] : expected) EXPECT_EQ(ExitCodeOf(code), exit) << CodeName(code);
}

}  // namespace
}  // namespace geflecht::cli
