#include "node/formats/vcard_read.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "node/formats/ascii.h"
#include "node/formats/unicode.h"
#include "node/formats/vcard_lines.h"
#include "node/formats/vcard_value.h"

namespace geflecht::formats {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

struct Parameters {
  std::vector<std::string> types;
  VcardEncoding encoding = VcardEncoding::kPlain;
  std::string charset;
};

// Splits at `separator` outside of double quotes, which are taken away.
std::vector<std::string> SplitQuoted(std::string_view text, char separator, std::size_t max) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted && parts.size() <= max) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

// The first colon outside of double quotes; 2.1 knows no quotes, so any colon will do in the end.
std::size_t FindColon(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return line.find(':');
}

// ASCII in upper case, without white space around it and "?" for what is no printable ASCII.
std::string Tidied(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  std::string out = ToUpperAscii(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
  return out;
}

void SetEncoding(std::string_view word, Parameters& parameters) {
  if (word == "QUOTED-PRINTABLE") parameters.encoding = VcardEncoding::kQuotedPrintable;
  if (word == "BASE64" || word == "B") parameters.encoding = VcardEncoding::kBase64;
}

bool IsEncodingWord(std::string_view word) {
  return word == "QUOTED-PRINTABLE" || word == "BASE64" || word == "8BIT" || word == "7BIT";
}

// False if there are too many.
bool AddTypes(std::string_view list, Parameters& parameters) {
  for (const std::string& word : SplitQuoted(list, ',', limits::kVcardTypesMax)) {
    std::string type = Tidied(word);
    if (type.empty() ||
        std::find(parameters.types.begin(), parameters.types.end(), type) != parameters.types.end())
      continue;
    if (parameters.types.size() == limits::kVcardTypesMax) return false;
    parameters.types.push_back(std::move(type));
  }
  return true;
}

// `words` are those behind the name. False if there are too many.
bool ReadParameters(const std::vector<std::string>& words, Parameters& parameters) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    const std::string key = Tidied(words[i].substr(0, equals));
    if (equals == std::string::npos) {
      SetEncoding(key, parameters);
      if (!IsEncodingWord(key) && !AddTypes(key, parameters)) return false;
      continue;
    }
    const std::string value = Tidied(words[i].substr(equals + 1));
    if (key == "ENCODING") SetEncoding(value, parameters);
    if (key == "CHARSET") parameters.charset = value;
    if (key == "TYPE" && !AddTypes(value, parameters)) return false;
    if (key == "PREF" && value == "1" && !AddTypes("PREF", parameters)) return false;
  }
  return true;
}

bool IsName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '/';
  });
}

// Whether nobody would do anything with the decoded value.
bool IsOpaque(const VcardProperty& property, VcardEncoding encoding) {
  static constexpr std::array<std::string_view, 5> kNames = {"PHOTO", "LOGO", "SOUND", "KEY",
                                                             "AGENT"};
  return std::find(kNames.begin(), kNames.end(), property.name) != kNames.end() ||
         (encoding == VcardEncoding::kBase64 && property.name.starts_with("X-"));
}

class CardReader {
 public:
  CardReader(std::string_view text, bool is_unicode) : lines_(text), is_unicode_(is_unicode) {}

  Result<VcardFile> Read() {
    while (std::optional<VcardLine> line = lines_.Next(folding_)) {
      const bool after_agent = std::exchange(after_agent_, false);
      if (IsVcardBegin(line->text)) {
        TRY(Begin(line->line, after_agent));
      } else if (IsVcardEnd(line->text)) {
        End(line->line);
      } else if (!card_) {
        Stray(line->line);
      } else if (depth_ > 0) {
        after_agent_ = StartsWithNoCase(line->text, "AGENT");
      } else {
        TRY(Property(*line));
      }
    }
    if (card_) Lose();
    if (cards_begun_ == 0) return Fail(Code::kMalformed, "line 1: there is no card in the file");
    return std::move(file_);
  }

 private:
  static tl::unexpected<Error> FailTooMany(std::size_t line, std::size_t max, const char* what) {
    return Fail(Code::kTooLarge,
                "line " + std::to_string(line) + ": more than " + std::to_string(max) + " " + what);
  }

  // A card that begins behind AGENT is its value; behind anything else the one before has no end.
  Result<void> Begin(std::size_t line, bool after_agent) {
    if (card_ && after_agent) {
      if (depth_++ > 0) return {};
      return Add(std::move(agent_));
    }
    if (card_) Lose();
    if (cards_begun_ == limits::kVcardCardsMax)
      return FailTooMany(line, limits::kVcardCardsMax, "cards");
    ++cards_begun_;
    depth_ = 0;
    in_stray_ = false;
    const std::string_view version = lines_.PeekVersion();
    card_ = Vcard{line, "3.0", {}};
    if (version.starts_with('2')) card_->version = "2.1";
    if (version.starts_with('4')) card_->version = "4.0";
    folding_ = card_->version == "2.1" ? Folding::kKeepSpace : Folding::kDropSpace;
    return {};
  }

  void End(std::size_t line) {
    if (depth_ > 0) {
      --depth_;
    } else if (card_) {
      file_.cards.push_back(*std::move(card_));
      card_.reset();
    } else {
      Stray(line);
    }
  }

  void Stray(std::size_t line) {
    if (!in_stray_) file_.lost.push_back({line, "outside-of-a-card"});
    in_stray_ = true;
  }

  void Lose() {
    file_.lost.push_back({card_->line, "card-without-end"});
    card_.reset();
  }

  Result<void> Add(VcardProperty property) {
    if (properties_ == limits::kVcardPropertiesMax)
      return FailTooMany(property.line, limits::kVcardPropertiesMax, "values");
    if (card_->properties.size() == limits::kVcardPropertiesPerCardMax)
      return FailTooMany(property.line, limits::kVcardPropertiesPerCardMax, "values in one card");
    ++properties_;
    card_->properties.push_back(std::move(property));
    return {};
  }

  Result<void> Property(const VcardLine& line) {
    VcardProperty property = ReadProperty(line);
    const bool is_empty = property.parts.size() == 1 && property.parts[0].empty();
    const bool is_agent = property.name == "AGENT";
    if (is_agent && !is_empty &&
        IsVcardBegin(std::string_view(line.text).substr(FindColon(line.text) + 1))) {
      depth_ = 1;
    } else if (is_agent && is_empty) {
      property.parts.clear();
      agent_ = std::move(property);
      after_agent_ = true;
      return {};
    }
    if (is_empty || property.name == "VERSION") return {};
    return Add(std::move(property));
  }

  // With one empty part if the property has no value.
  VcardProperty ReadProperty(const VcardLine& line) const {
    VcardProperty property;
    property.line = line.line;
    const std::size_t colon = FindColon(line.text);
    // A parameter each, and room for those without a meaning here.
    const std::vector<std::string> words =
        SplitQuoted(std::string_view(line.text).substr(0, colon), ';', 2 * limits::kVcardTypesMax);
    const std::string name = NameOf(words[0]);
    const std::size_t dot = name.rfind('.');
    if (colon == std::string::npos || !IsName(name.substr(dot + 1))) {
      property.problem = "not-a-property";
      return property;
    }
    property.name = name.substr(dot + 1);
    if (dot != std::string::npos) property.group = name.substr(0, dot);
    Parameters parameters;
    const bool readable =
        words.size() <= 2 * limits::kVcardTypesMax && ReadParameters(words, parameters);
    property.types = parameters.types;
    const std::string_view raw = std::string_view(line.text).substr(colon + 1);
    if (raw.find_first_not_of(" \t") == std::string_view::npos) {
      property.parts.emplace_back();
      return property;
    }
    if (!readable) {
      property.problem = "more-than-" + std::to_string(limits::kVcardTypesMax) + "-types";
      return property;
    }
    if (IsOpaque(property, parameters.encoding)) return property;
    const bool has_parts = property.name == "N" || property.name == "ADR" || property.name == "ORG";
    const bool is_21 = card_->version == "2.1";
    Result<std::vector<std::string>> parts = DecodeVcardValue(
        raw, {parameters.encoding, is_21 ? VcardEscapes::kVersion21 : VcardEscapes::kVersion30,
              parameters.charset, is_unicode_, has_parts, property.name == "N" && !is_21});
    if (parts) {
      property.parts = *std::move(parts);
    } else {
      property.problem = parts.error().detail;
    }
    return property;
  }

  static std::string NameOf(std::string_view text) {
    while (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    return Tidied(text);
  }

  VcardLines lines_;
  bool is_unicode_;
  Folding folding_ = Folding::kDropSpace;
  VcardFile file_;
  std::optional<Vcard> card_;  // begun and not ended
  VcardProperty agent_;        // without a value, read last
  bool after_agent_ = false;
  std::size_t depth_ = 0;  // cards inside of AGENT
  bool in_stray_ = false;
  std::size_t cards_begun_ = 0;
  std::size_t properties_ = 0;
};

}  // namespace

Result<VcardFile> ParseVcards(ByteView bytes) {
  if (bytes.size() > limits::kVcardBytesMax)
    return Fail(Code::kTooLarge, "a file of cards may have 16 MiB");
  const std::string_view text = AsText(bytes);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    ASSIGN(const DecodedText decoded, DecodeText(bytes));
    return CardReader(decoded.text, true).Read();
  }
  const bool is_little = text.starts_with(std::string_view("B\0", 2));
  if (is_little || text.starts_with(std::string_view("\0B", 2))) {
    std::string marked(is_little ? "\xFF\xFE" : "\xFE\xFF");
    marked += text;
    ASSIGN(const DecodedText decoded, DecodeText(AsBytes(marked)));
    return CardReader(decoded.text, true).Read();
  }
  return CardReader(text, text.starts_with(kMark)).Read();
}

}  // namespace geflecht::formats
