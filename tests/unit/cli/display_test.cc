#include "cli/display.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace geflecht::cli {
namespace {

TEST(DisplayTest, NamesCannotControlTheTerminal) {
  EXPECT_EQ(Shown("Caritas\033[2J"), "Caritas\\u{001B}[2J");
  EXPECT_EQ(Shown("a\nb\tc\r"), "a\\u{000A}b\\u{0009}c\\u{000D}");
  EXPECT_EQ(Shown("\x7F"), "\\u{007F}");
  EXPECT_EQ(Shown("\xC2\x9B"
                  "31m"),
            "\\u{009B}31m");
}

TEST(DisplayTest, NamesCannotTurnTheReadingDirection) {
  EXPECT_EQ(Shown("a\u202Eb"), "a\\u{202E}b");
  EXPECT_EQ(Shown("\u2066\u2069\u200E\u061C\uFEFF"),
            "\\u{2066}\\u{2069}\\u{200E}\\u{061C}\\u{FEFF}");
  EXPECT_EQ(Shown("\u2028"), "\\u{2028}");
}

TEST(DisplayTest, BytesThatAreNoTextAreShownAsNumbers) {
  EXPECT_EQ(Shown("M\xFCller"), "M\\xFCller");
  EXPECT_EQ(Shown("\xE2\x82"), "\\xE2\\x82");
}

TEST(DisplayTest, OrdinaryTextStays) {
  EXPECT_EQ(Shown("Jörg Groß, Straße 5 „Mitte“"), "Jörg Groß, Straße 5 „Mitte“");
  EXPECT_EQ(Shown("a\u200Db"), "a\u200Db");
}

TEST(DisplayTest, WholeTextsKeepTheirLines) {
  EXPECT_EQ(ShownLines("TOP 1\n\tPunkt\033"), "TOP 1\n\tPunkt\\u{001B}");
}

TEST(DisplayTest, JsonStaysTheSameValueWithoutControls) {
  EXPECT_EQ(ShownJson("{\"a\":\"x\u202Ey\u0085\"}"), "{\"a\":\"x\\u202ey\\u0085\"}");
  EXPECT_EQ(ShownJson("\"\U000E0001\""), "\"\\udb40\\udc01\"");
  EXPECT_EQ(ShownJson("\"Köln\""), "\"Köln\"");
}

TEST(DisplayTest, WidthCountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("Köln"), 4u);
  EXPECT_EQ(DisplayWidth("Ko\u0308ln"), 4u);
  EXPECT_EQ(DisplayWidth("漢字"), 4u);
  EXPECT_EQ(DisplayWidth(""), 0u);
}

TEST(DisplayTest, ColumnsOfATableStandBelowOneAnother) {
  Table table({"Name", "Ort"});
  table.Add({"Müller", "Köln"});
  table.Add({"漢字", "Bonn"});
  EXPECT_EQ(table.Text(),
            "Name    Ort\n"
            "------  ----\n"
            "Müller  Köln\n"
            "漢字    Bonn\n");
}

TEST(DisplayTest, ACellCannotAddALine) {
  Table table({"Name"});
  table.Add({"a\nb"});
  EXPECT_EQ(table.Text(), "Name\n----------\na\\u{000A}b\n");
}

TEST(DisplayTest, AListingAlignsAndIndents) {
  Listing listing;
  listing.Add("Größe", "1");
  listing.Add("Kennung", "a\nb");
  EXPECT_EQ(listing.Text(), "Größe:    1\nKennung:  a\n          b\n");
}

TEST(DisplayTest, TimesAreLocal) {
  ::setenv("TZ", "UTC-2", 1);
  ::tzset();
  EXPECT_EQ(ShownTime(i18n::Lang::kDe, "2026-11-21T23:05:00Z"), "22.11.2026 01:05");
  EXPECT_EQ(ShownTime(i18n::Lang::kEn, "2026-11-21T23:05:00Z"), "2026-11-22 01:05");
  EXPECT_EQ(ShownTime(i18n::Lang::kEn, "soon\033"), "soon\\u{001B}");
  EXPECT_EQ(ShownTime(i18n::Lang::kEn, "2026-11-21T23:05:00Zx"), "2026-11-21T23:05:00Zx");
}

}  // namespace
}  // namespace geflecht::cli
