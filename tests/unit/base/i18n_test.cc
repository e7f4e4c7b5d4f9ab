#include "base/i18n/i18n.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/i18n/table.h"

namespace geflecht::i18n {
namespace {

TEST(I18n, TheTableIsSortedAndComplete) {
  EXPECT_FALSE(kTable.empty());
  EXPECT_TRUE(std::ranges::is_sorted(kTable, {}, &Sentence::key));
  for (const Sentence& row : kTable) {
    EXPECT_FALSE(row.de.empty()) << row.key;
    EXPECT_FALSE(row.en.empty()) << row.key;
    EXPECT_TRUE(HasKey(row.key)) << row.key;
  }
}

TEST(I18n, EveryErrorCodeIsExplainedInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(Code::kIncomplete); ++i) {
    const Error error{static_cast<Code>(i), "secret detail", ""};
    const std::string de = Explain(Lang::kDe, error);
    const std::string en = Explain(Lang::kEn, error);
    EXPECT_NE(de, en);
    for (const std::string& text : {de, en}) {
      EXPECT_GT(text.size(), 40u) << text;
      EXPECT_EQ(text.back(), '.') << text;
      EXPECT_EQ(text.find("detail"), text.npos) << text;
    }
  }
}

TEST(I18n, AHintThatExistsReplacesTheSentenceOfTheCode) {
  EXPECT_EQ(Explain(Lang::kEn, {Code::kIo, "", "word.yes"}), "yes");
  EXPECT_EQ(Explain(Lang::kEn, {Code::kIo, "", "no such key"}), Tr(Lang::kEn, "error.io"));
}

TEST(I18n, AnUnknownKeyComesBackAsItself) {
  EXPECT_FALSE(HasKey("no.such.key"));
  EXPECT_EQ(Tr(Lang::kDe, "no.such.key"), "no.such.key");
  EXPECT_EQ(TrCount(Lang::kDe, "no.such.key", 1), "no.such.key.one");
  EXPECT_FALSE(HasKey(""));
  EXPECT_FALSE(HasKey("word.ye"));
  EXPECT_FALSE(HasKey("word.yess"));
}

TEST(I18n, UmlautsAreUtf8) {
  EXPECT_EQ(TrCount(Lang::kDe, "word.entries", 2), "2 Eintr\xC3\xA4ge");
}

TEST(I18n, CountsChooseTheFormAndGroupTheDigits) {
  EXPECT_EQ(TrCount(Lang::kDe, "word.entries", 1), "1 Eintrag");
  EXPECT_EQ(TrCount(Lang::kEn, "word.entries", 0), "0 entries");
  EXPECT_EQ(TrCount(Lang::kEn, "word.contacts", 999), "999 contacts");
  EXPECT_EQ(TrCount(Lang::kEn, "word.documents", 1'000), "1,000 documents");
  EXPECT_EQ(TrCount(Lang::kDe, "word.conflicts", 1'234'567), "1.234.567 Widersprüche");
  EXPECT_EQ(TrCount(Lang::kEn, "word.entries", -1'000), "-1,000 entries");
  EXPECT_EQ(TrCount(Lang::kEn, "word.entries", -100), "-100 entries");
}

TEST(I18n, ValuesFillPlaceholdersAndAreNotReadAgain) {
  EXPECT_EQ(TrCount(Lang::kEn, "word.entries", 5, {{"n", "{n} of"}}), "{n} of entries");
  EXPECT_EQ(TrCount(Lang::kEn, "word.entries", 5, {{"other", "x"}}), "5 entries");
}

TEST(I18n, LocalesBecomeLanguages) {
  for (const std::string_view text : {"de", "de_DE.UTF-8", "", "C", "fr_FR", "POSIX", "eng", "e"})
    EXPECT_EQ(ParseLang(text), Lang::kDe) << text;
  for (const std::string_view text : {"en", "en_GB.UTF-8", "en-US", "en.UTF-8", "EN", "en@x"})
    EXPECT_EQ(ParseLang(text), Lang::kEn) << text;
}

TEST(I18n, EveryGenericWordDiffersFromItsKey) {
  for (const std::string_view key : {"word.yes", "word.no", "word.error", "word.hint"}) {
    EXPECT_NE(Tr(Lang::kDe, key), key);
    EXPECT_NE(Tr(Lang::kDe, key), Tr(Lang::kEn, key));
  }
}

}  // namespace
}  // namespace geflecht::i18n
