#include "node/formats/vcard_read.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"

namespace geflecht::formats {
namespace {

using Parts = std::vector<std::string>;
using Types = std::vector<std::string>;

VcardFile Read(std::string_view bytes) {
  Result<VcardFile> file = ParseVcards(AsBytes(bytes));
  EXPECT_TRUE(file) << (file ? "" : file.error().detail);
  return file ? *std::move(file) : VcardFile{};
}

std::string Card(std::string_view version, std::string_view lines) {
  return "BEGIN:VCARD\r\nVERSION:" + std::string(version) + "\r\n" + std::string(lines) +
         "\r\nEND:VCARD\r\n";
}

// The properties of the only card.
std::vector<VcardProperty> Properties(std::string_view bytes) {
  VcardFile file = Read(bytes);
  EXPECT_EQ(file.cards.size(), 1u);
  EXPECT_TRUE(file.lost.empty());
  return file.cards.size() == 1 ? std::move(file.cards[0].properties)
                                : std::vector<VcardProperty>();
}

// The only property of a card; a problem instead of its parts if there is one.
Parts Value(std::string_view version, std::string_view line) {
  const auto properties = Properties(Card(version, line));
  EXPECT_EQ(properties.size(), 1u) << line;
  if (properties.size() != 1) return {};
  return properties[0].problem.empty() ? properties[0].parts : Parts{properties[0].problem};
}

TEST(ParseVcards, UnfoldsAsTheVersionSays) {
  EXPECT_EQ(Value("3.0", "NOTE:Umla\r\n ut"), Parts{"Umlaut"});
  EXPECT_EQ(Value("4.0",
                  "NOTE:\xC3\r\n \xBC"
                  "ber\r\n\t all"),
            Parts{"über all"});
  EXPECT_EQ(Value("2.1", "NOTE:zwei\r\n Worte"), Parts{"zwei Worte"});
  EXPECT_EQ(Value("3.0", "NO\r\n TE:folded name"), Parts{"folded name"});
}

TEST(ParseVcards, LineEndsOfAllSystems) {
  const std::string card = Card("3.0", "FN:Jana\r\nTITLE:Ärztin\r\n  im Dienst");
  for (const std::string_view end : {"\r\n", "\n", "\r", "\r\r\n"}) {
    std::string text;
    for (std::size_t at = 0, next; at < card.size(); at = next + 2) {
      next = card.find("\r\n", at);
      text += card.substr(at, next - at) + std::string(end);
    }
    const auto properties = Properties(text);
    ASSERT_EQ(properties.size(), 2u) << end.size();
    EXPECT_EQ(properties[0].parts, Parts{"Jana"});
    EXPECT_EQ(properties[1].parts, Parts{"Ärztin im Dienst"});
    EXPECT_EQ(properties[1].line, 4u);
  }
}

TEST(ParseVcards, SoftLineBreaksOfQuotedPrintable) {
  EXPECT_EQ(Value("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:eins=0D=0A=\r\n=0D=0A=\r\nzwei"),
            Parts{"eins\n\nzwei"});
  EXPECT_EQ(Value("2.1", "NOTE;QUOTED-PRINTABLE:Stra=DF=\r\ne; und: weiter"),
            Parts{"Straße; und: weiter"});
  EXPECT_EQ(Value("2.1", "NOTE;ENCODING=quoted-printable;CHARSET=UTF-8:M=C3=\r\n=BCller= \t\r\n!"),
            Parts{"Müller!"});
  // A break at the end of a card does not swallow the END.
  EXPECT_EQ(Value("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:x=0D=0A="), Parts{"x"});
  EXPECT_EQ(Value("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:100=20% =E =ZZ ="), Parts{"100 % =E =ZZ"});
  EXPECT_EQ(Properties(Card("2.1", "NOTE:a=\r\nTITLE:b")).size(), 2u) << "another encoding";
}

TEST(ParseVcards, CharacterSetsOfOneProperty) {
  const struct {
    const char* line;
    const char* value;
  } cases[] = {
      {"FN;CHARSET=UTF-8:J\xC3\xB6rg", "Jörg"},
      {"FN:J\xC3\xB6rg", "Jörg"},
      {"FN:J\xF6rg", "Jörg"},
      {"FN;CHARSET=ISO-8859-1:J\xF6rg", "Jörg"},
      {"FN;CHARSET=iso-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg =80", "Jörg €"},
      {"FN;CHARSET=Windows-1252:\x84J\xF6rg\x93 \x80", "„Jörg“ €"},
      {"FN;CHARSET=ISO-8859-15:J\xF6rg \xA4", "Jörg €"},
      {"FN;CHARSET=ISO-8859-1:J\xF6rg \xA4", "Jörg ¤"},
      {"FN;CHARSET=ISO-8859-9:Ya\xFEmur \xDDnci", "Yaşmur İnci"},
      {"FN;CHARSET=windows-1254;ENCODING=QUOTED-PRINTABLE:=C7a=F0r=FD", "Çağrı"},
      {"FN;CHARSET=Windows-1258:Nguy\xEA\xDEn", "Nguyễn"},
      {"FN;CHARSET=UTF-8:Nguye\xCC\x82\xCC\x83n", "Nguyễn"},
      {"FN;CHARSET=UTF-16;ENCODING=BASE64:/v8ASgD2AHIAZw==", "Jörg"},
      {"FN;CHARSET=UTF-16;ENCODING=QUOTED-PRINTABLE:=FF=FEJ=00=F6=00r=00g=00", "Jörg"},
      {"FN;ENCODING=b;CHARSET=UTF-8:SsO2cmc=", "Jörg"},
      {"FN;CHARSET=UTF-8:J\xF6rg", "not-in-its-character-set"},
      {"FN;CHARSET=KLINGON-1:Jorg", "unknown-character-set"},
      {"FN;ENCODING=BASE64:J%rg", "not-base64"},
  };
  for (const auto& test : cases) EXPECT_EQ(Value("2.1", test.line), Parts{test.value}) << test.line;
}

TEST(ParseVcards, FilesThatAreUnicodeAsAWhole) {
  const std::string card = Card("2.1", "FN;CHARSET=Windows-1252:J\xC3\xB6rg");
  EXPECT_EQ(Properties("\xEF\xBB\xBF" + card)[0].parts, Parts{"Jörg"})
      << "saved again by an editor";
  std::string little = "\xFF\xFE";
  std::string big;
  for (const char c : Card("3.0", "FN:J\xF6rg")) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  EXPECT_EQ(Properties(little)[0].parts, Parts{"Jörg"});
  EXPECT_EQ(Properties("\xFE\xFF" + big)[0].parts, Parts{"Jörg"});
  EXPECT_EQ(Properties(big)[0].parts, Parts{"Jörg"}) << "without a mark";
  EXPECT_EQ(Properties(little.substr(2))[0].parts, Parts{"Jörg"});
}

TEST(ParseVcards, EscapesAndPartsAsTheVersionSays) {
  EXPECT_EQ(Value("3.0", "NOTE:a\\, b\\; c\\nd\\Ne\\\\f \\x"), Parts{"a, b; c\nd\ne\\f \\x"});
  EXPECT_EQ(Value("2.1", "NOTE:a\\; C:\\neu"), Parts{"a; C:\\neu"});
  EXPECT_EQ(Value("3.0", "N:van der Heide;Joris;A,B;Dr.;"),
            (Parts{"van der Heide", "Joris", "A B", "Dr."}));
  EXPECT_EQ(Value("4.0", "N:Sto\\;rch\\, Gans;J"), (Parts{"Sto;rch, Gans", "J"}));
  EXPECT_EQ(Value("3.0", "ORG:Stadt\\; Kreis;Amt;;;"), (Parts{"Stadt; Kreis", "Amt"}));
  EXPECT_EQ(Value("2.1", "ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;a=3Bb;Ort"),
            (Parts{"", "", "a;b", "Ort"}));
  EXPECT_EQ(Value("3.0", "TITLE:a;b"), Parts{"a;b"}) << "one text";
}

TEST(ParseVcards, ParametersGroupsAndTypes) {
  const auto properties =
      Properties(Card("3.0",
                      "item1.tel;type=work;TYPE=\"voice,x\",pref ; type = Fax:1\r\n"
                      "TEL;HOME;VOICE;PREF:2\r\nTEL;TYPE=cell;PREF=1;X-A=\"b;c:d\":3\r\n"
                      "TEL;WORK;\"a:4\r\nEMAIL;INTERNET;8BIT:x@y.example"));
  ASSERT_EQ(properties.size(), 5u);
  EXPECT_EQ(properties[0].group, "ITEM1");
  EXPECT_EQ(properties[0].name, "TEL");
  EXPECT_EQ(properties[0].types, (Types{"WORK", "VOICE", "X", "PREF", "FAX"}));
  EXPECT_EQ(properties[1].types, (Types{"HOME", "VOICE", "PREF"}));
  EXPECT_EQ(properties[2].types, (Types{"CELL", "PREF"}));
  EXPECT_EQ(properties[2].parts, Parts{"3"});
  EXPECT_EQ(properties[3].parts, Parts{"4"}) << "a quote that is never closed";
  EXPECT_EQ(properties[4].types, Types{"INTERNET"});
}

TEST(ParseVcards, SeveralCardsAndCardsInsideOfCards) {
  const std::string inner = Card("2.1", "FN:Assistenz\r\nTEL:1");
  const VcardFile file =
      Read("\r\n" + Card("2.1", "FN:A\r\nAGENT:\r\n" + inner + "TITLE:t") + "\r\n\r\n" +
           Card("3.0", "FN:B\r\nAGENT:BEGIN:VCARD\\nFN:C\\nEND:VCARD\\n\r\nTITLE:u") +
           "begin : vcard\r\nfn:D\r\nAGENT:BEGIN:VCARD\r\nFN:E\r\nEND:VCARD\r\nend:vcard\r\n");
  ASSERT_EQ(file.cards.size(), 3u);
  EXPECT_TRUE(file.lost.empty());
  for (const Vcard& card : file.cards) {
    ASSERT_GE(card.properties.size(), 2u);
    EXPECT_EQ(card.properties[0].name, "FN");
    EXPECT_EQ(card.properties[1].name, "AGENT");
    EXPECT_TRUE(card.properties[1].parts.empty());
    EXPECT_TRUE(card.properties[1].problem.empty());
  }
  EXPECT_EQ(file.cards[0].properties[2].parts, Parts{"t"});
  EXPECT_EQ(file.cards[1].properties[2].parts, Parts{"u"});
  EXPECT_EQ(file.cards[2].properties[0].parts, Parts{"D"});
  EXPECT_EQ(file.cards[0].line, 2u);
  EXPECT_EQ(file.cards[1].version, "3.0");
}

TEST(ParseVcards, NestingOfAnyDepthCostsNothing) {
  std::string text = "BEGIN:VCARD\nVERSION:2.1\nFN:A\n";
  constexpr int kDepth = 200'000;
  for (int i = 0; i < kDepth; ++i) text += "AGENT:\nBEGIN:VCARD\n";
  EXPECT_EQ(Read(text).lost, (std::vector<VcardLoss>{{1, "card-without-end"}}));
  for (int i = 0; i <= kDepth; ++i) text += "END:VCARD\n";
  EXPECT_EQ(Properties(text).size(), 2u);
}

TEST(ParseVcards, PhotosAreNotKept) {
  const auto properties = Properties(
      Card("2.1",
           "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQ\r\n SkZJRg==\r\n\r\n"
           "LOGO;BASE64;GIF:R0lG\r\nODlh\r\nFN:A\r\nX-MS-CARDPICTURE;ENCODING=BASE64:AAAA\r\n"
           "SOUND:\r\nKEY;ENCODING=B:AA=="));
  ASSERT_EQ(properties.size(), 5u);
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    EXPECT_TRUE(properties[i].parts.empty());
    EXPECT_TRUE(properties[i].problem.empty());
  }
  EXPECT_EQ(properties[2].parts, Parts{"A"});
}

TEST(ParseVcards, BadInputIsNamedAndHarmless) {
  const std::string good = Card("3.0", "FN:Jana");
  const struct {
    std::string text;
    std::size_t cards;
    std::vector<VcardLoss> lost;
  } cases[] = {
      {"BEGIN:VCARD\nFN:cut in the mid", 0, {{1, "card-without-end"}}},
      {"BEGIN:VCARD\nFN:A\n" + good, 1, {{1, "card-without-end"}}},
      {good + "FN:stray\nTEL:1\n\nEND:VCARD\n" + good, 2, {{5, "outside-of-a-card"}}},
      {"BEGIN:VCARD\nEND:VCARD\n", 1, {}},
      {"BEGIN:VCARD\n\n\nVERSION:9\nEND:VCARD", 1, {}},
      {good + std::string(500, '\0'), 1, {}},
      {good + "\x1A", 1, {{5, "outside-of-a-card"}}},
      {"\xEF\xBB\xBF" + good + "\xEF\xBB\xBF" + good, 2, {}},
      {"BEGIN:VCARD\n  FN:indented\n  TEL:1\nEND:VCARD", 1, {}},
  };
  for (const auto& test : cases) {
    const VcardFile file = Read(test.text);
    EXPECT_EQ(file.cards.size(), test.cards) << test.text;
    EXPECT_EQ(file.lost, test.lost) << test.text;
  }
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string(9, '\0'), std::string("END:VCARD"),
        std::string("\xFF\xFE"
                    "B\0x",
                    5)}) {
    const Result<VcardFile> file = ParseVcards(AsBytes(text));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kMalformed);
    EXPECT_TRUE(file.error().detail.starts_with("line ")) << file.error().detail;
  }
}

TEST(ParseVcards, BadPropertiesAreNamedWhereTheyStand) {
  const auto properties = Properties(Card(
      "3.0",
      "FN:Jana\r\nno colon here\r\n:no name\r\nNa me:x\r\n\xC3\xA4:y\r\nTEL:\r\nTEL:  \r\nN:;;;"));
  ASSERT_EQ(properties.size(), 5u) << "empty values are none";
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(properties[i].problem, "not-a-property");
    EXPECT_EQ(properties[i].line, 3 + i);
    EXPECT_TRUE(properties[i].name.empty());
  }
  const auto nul = Properties(Card("3.0", std::string("FN:Ja\0na", 8)));
  ASSERT_EQ(nul.size(), 1u);
  EXPECT_EQ(nul[0].parts, Parts{std::string("Ja\0na", 5)}) << "the field's check refuses it";
}

TEST(ParseVcards, LimitsOfOneProperty) {
  const std::string max(limits::kVcardValueBytesMax, 'x');
  EXPECT_EQ(Value("3.0", "NOTE:" + max), Parts{max});
  EXPECT_EQ(Value("3.0", "NOTE:" + max + "x"), Parts{"longer-than-65536-bytes"});
  EXPECT_EQ(Value("3.0", "NOTE:" + std::string(1 << 20, 'x')), Parts{"longer-than-65536-bytes"});
  EXPECT_EQ(Value("3.0", "ORG:1;2;3;4;5;6;7;8;;;;;;").size(), limits::kVcardPartsMax);
  EXPECT_EQ(Value("3.0", "ORG:1;2;3;4;5;6;7;8;9"), Parts{"more-than-8-parts"});
  std::string types = "TEL";
  for (std::size_t i = 0; i < limits::kVcardTypesMax; ++i) types += ";TYPE=T" + std::to_string(i);
  EXPECT_EQ(Value("3.0", types + ":1"), Parts{"1"});
  EXPECT_EQ(Value("3.0", types + ";TYPE=MORE:1"), Parts{"more-than-16-types"});
  EXPECT_EQ(Value("3.0", "TEL" + std::string(100'000, ';') + ":1"), Parts{"more-than-16-types"});
}

TEST(ParseVcards, LimitsOfAFile) {
  const auto refused = [](const std::string& text) {
    const Result<VcardFile> file = ParseVcards(AsBytes(text));
    return !file && file.error().code == Code::kTooLarge;
  };
  std::string cards;
  for (std::size_t i = 0; i < limits::kVcardCardsMax; ++i) cards += "BEGIN:VCARD\nEND:VCARD\n";
  EXPECT_FALSE(refused(cards));
  EXPECT_TRUE(refused(cards + "BEGIN:VCARD\nEND:VCARD\n"));
  std::string full = "BEGIN:VCARD\n";
  for (std::size_t i = 0; i < limits::kVcardPropertiesPerCardMax; ++i) full += "A:b\n";
  EXPECT_FALSE(refused(full + "END:VCARD\n"));
  EXPECT_TRUE(refused(full + "A:b\nEND:VCARD\n"));
  EXPECT_TRUE(refused(full + "AGENT:\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD\n"));
  std::string many;
  for (std::size_t n = 0; n < limits::kVcardPropertiesMax; n += limits::kVcardPropertiesPerCardMax)
    many += full + "END:VCARD\n";
  EXPECT_FALSE(refused(many));
  EXPECT_TRUE(refused(many + "BEGIN:VCARD\nA:b\nEND:VCARD\n"));
  const std::string blank(limits::kVcardBytesMax - 22, '\n');
  EXPECT_FALSE(refused(blank + "BEGIN:VCARD\nEND:VCARD\n"));
  EXPECT_TRUE(refused(blank + "BEGIN:VCARD\nEND:VCARD\n\n"));
}

}  // namespace
}  // namespace geflecht::formats
