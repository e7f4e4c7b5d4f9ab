#include <gtest/gtest.h>

#include "cli/app.h"

namespace geflecht::cli {
namespace {

using Words = std::vector<std::string>;

Globals English() {
  Globals globals;
  globals.lang = i18n::Lang::kEn;
  return globals;
}

TEST(ParseTest, OptionsOfEveryCommandMayStandAnywhere) {
  for (const Words& words : {Words{"--dir", "/d", "--json", "doc", "list"},
                             Words{"doc", "--dir", "/d", "list", "--json"},
                             Words{"doc", "list", "--json", "--dir=/d"}}) {
    const auto parsed = Parse(words, English());
    ASSERT_TRUE(parsed) << parsed.error().detail;
    ASSERT_NE(parsed->command, nullptr);
    EXPECT_EQ(parsed->command->words, (Words{"doc", "list"}));
    EXPECT_EQ(parsed->globals.dir, "/d");
    EXPECT_TRUE(parsed->globals.json);
    EXPECT_FALSE(parsed->globals.quiet);
  }
}

TEST(ParseTest, ValuesArriveAsTheyWereTyped) {
  for (const std::string value : {"[a,b]", "{}", "", "a b", "status", "doc", "x=y", "'q'", "50%"}) {
    const auto parsed = Parse({"doc", "set", "abcdef", "/title", value}, English());
    ASSERT_TRUE(parsed) << value << ": " << parsed.error().detail;
    EXPECT_EQ(parsed->arguments.Text("VALUE"), value);
    const auto title = Parse({"doc", "new", "--type", "note", "--title", value}, English());
    ASSERT_TRUE(title) << value << ": " << title.error().detail;
    EXPECT_EQ(title->arguments.Text("title"), value);
  }
  const auto minus = Parse({"doc", "set", "abcdef", "/title", "--", "-5"}, English());
  ASSERT_TRUE(minus) << minus.error().detail;
  EXPECT_EQ(minus->arguments.Text("VALUE"), "-5");
}

TEST(ParseTest, ListsTakeSeveralValuesAndMayBeRepeated) {
  const Words cards = {"a", "b", "c"};
  for (const Words& words :
       {Words{"network", "draft", "--name", "N", "--founder", "a", "b", "c", "-o", "f"},
        Words{"network", "draft", "--founder", "a", "--founder", "b", "--founder", "c", "--name",
              "N", "-o", "f"}}) {
    const auto parsed = Parse(words, English());
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->arguments.List("founder"), cards);
    EXPECT_EQ(parsed->arguments.Text("o"), "f");
  }
  const auto found = Parse({"network", "found", "F", "a", "b", "c", "-o", "x"}, English());
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->arguments.Text("F"), "F");
  EXPECT_EQ(found->arguments.List("SIG"), cards);
}

TEST(ParseTest, WhatIsWrongIsNamed) {
  const struct {
    Words words;
    std::string hint;
    std::string detail;
  } cases[] = {
      {{}, "hint.command-missing", "a command is missing"},
      {{"doc"}, "hint.command-missing", "a command is missing"},
      {{"dok", "list"}, "hint.command-unknown", "unknown command: dok"},
      {{"doc", "lst"}, "hint.command-unknown", "unknown command: lst"},
      {{"doc", "list", "more"}, "hint.word-unexpected", "not expected: more"},
      {{"doc", "list", "--titel", "x"}, "hint.word-unexpected", "not expected: --titel"},
      {{"doc", "new", "--title", "T"}, "hint.option-missing", "geflecht doc new: --type"},
      {{"contact", "set", "abcdef"}, "hint.option-missing", "geflecht contact set: FIELD VALUE"},
  };
  for (const auto& wrong : cases) {
    const auto parsed = Parse(wrong.words, English());
    ASSERT_FALSE(parsed) << wrong.detail;
    EXPECT_EQ(parsed.error().code, Code::kUsage);
    EXPECT_EQ(parsed.error().hint, wrong.hint);
    EXPECT_EQ(parsed.error().detail, wrong.detail);
  }
  EXPECT_FALSE(Parse({"status", "--dir"}, English()));
  EXPECT_FALSE(Parse({"status", "--dir", "a", "--dir", "b"}, English()));
  EXPECT_FALSE(Parse({"status", "--lang", "fr"}, English()));
}

TEST(ParseTest, HelpSpeaksTheLanguageOfTheUser) {
  Globals german;
  const auto de = Parse({"doc", "new", "--help"}, german);
  ASSERT_TRUE(de);
  EXPECT_EQ(de->command, nullptr);
  EXPECT_NE(de->text.find("Aufruf: geflecht doc new"), std::string::npos) << de->text;
  EXPECT_NE(de->text.find("Legt ein Dokument an"), std::string::npos) << de->text;
  EXPECT_NE(de->text.find("--title T (nötig)"), std::string::npos) << de->text;
  const auto program = Parse({"--help"}, german);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->text.find("Options"), std::string::npos) << program->text;
  const auto en = Parse({"--help"}, English());
  ASSERT_TRUE(en);
  EXPECT_NE(en->text.find("Usage: geflecht"), std::string::npos) << en->text;
}

TEST(ParseTest, TheVersionIsShown) {
  const auto parsed = Parse({"--version"}, English());
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->text.starts_with("geflecht "));
}

}  // namespace
}  // namespace geflecht::cli
