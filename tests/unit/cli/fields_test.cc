#include "cli/fields.h"

#include <gtest/gtest.h>

namespace geflecht::cli {
namespace {

using i18n::Lang;

TEST(FieldsTest, KnownFieldsHaveAName) {
  EXPECT_EQ(FieldName(Lang::kDe, "phone"), "Telefon");
  EXPECT_EQ(FieldName(Lang::kEn, "phone"), "Phone");
  EXPECT_EQ(FieldName(Lang::kDe, "anything"), "anything");
}

TEST(FieldsTest, ValuesAreWordsWhereThereAreSome) {
  EXPECT_EQ(ValueText(Lang::kDe, true), "ja");
  EXPECT_EQ(ValueText(Lang::kEn, false), "no");
  EXPECT_EQ(ValueText(Lang::kDe, 7), "7");
  EXPECT_EQ(ValueText(Lang::kDe, nullptr), "-");
  EXPECT_EQ(ValueText(Lang::kDe, boost::json::array{1, 2}), "[1,2]");
}

TEST(FieldsTest, FieldsStandInTheOrderOfReading) {
  EXPECT_EQ(FieldsText(Lang::kDe, {{"zz", "z\x1b"},
                                   {"body", "a\nb"},
                                   {"purpose", "network_coordination"},
                                   {"phone", "1"},
                                   {"given_name", "Änne"},
                                   {"aa", 1}}),
            "Vorname (given_name):  Änne\n"
            "Telefon (phone):       1\n"
            "Zweck (purpose):       Zusammenarbeit im Netzwerk (network_coordination)\n"
            "aa (aa):               1\n"
            "zz (zz):               z\\u{001B}\n"
            "\n"
            "Text (body):\n"
            "a\n"
            "b\n");
}

}  // namespace
}  // namespace geflecht::cli
