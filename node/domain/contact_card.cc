#include "node/domain/contact_card.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/domain/contact_columns.h"
#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kPrivateHeading = "Geburtstag";  // any of the private ones
constexpr std::size_t kHeadingBytesMax = 64;

// Of RFC 6350, RFC 6474 and RFC 6715, and what address books add. Nobody needs them to work
// together.
constexpr std::string_view kPrivateNames[] = {"ANNIVERSARY",
                                              "BDAY",
                                              "BIRTHPLACE",
                                              "DEATHDATE",
                                              "DEATHPLACE",
                                              "GENDER",
                                              "GRAMGENDER",
                                              "HOBBY",
                                              "INTEREST",
                                              "NICKNAME",
                                              "PHOTO",
                                              "RELATED",
                                              "X-ABDATE",
                                              "X-ABRELATEDNAMES",
                                              "X-ANDROID-CUSTOM",
                                              "X-CHILD",
                                              "X-CHILDREN",
                                              "X-MS-CARDPICTURE",
                                              "X-SPOUSE"};
constexpr std::string_view kVendors[] = {"X-MS-", "X-EVOLUTION-", "X-KADDRESSBOOK-X-",
                                         "X-KADDRESSBOOK-", "X-WAB-"};
constexpr std::string_view kPrivateTypes[] = {"HOME",     "PRIVAT",  "PRIVATE",
                                              "PERSONAL", "ZUHAUSE", "WOHNUNG"};
constexpr std::string_view kWorkTypes[] = {"WORK", "BUSINESS", "ARBEIT", "DIENST", "OFFICE"};
constexpr std::string_view kMobileTypes[] = {"CELL", "MOBILE", "MOBIL"};
// Numbers that no person answers, or another one.
constexpr std::string_view kOtherNumbers[] = {
    "FAX", "PAGER",   "MODEM",  "CAR",       "BBS",       "ISDN",     "TLX",  "TELEX",
    "TTY", "TTY-TDD", "TTYTDD", "TEXTPHONE", "ASSISTANT", "CALLBACK", "RADIO"};
constexpr std::string_view kPersonKinds[] = {"individual", "org", "organization"};

bool In(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool HasAny(const std::vector<std::string>& types, Words words) {
  return std::any_of(types.begin(), types.end(),
                     [&](const std::string& type) { return In(words, type); });
}

bool Has(const std::vector<std::string>& types, std::string_view word) {
  return HasAny(types, {&word, 1});
}

bool IsPrivate(const CardProperty& property) {
  return HasAny(property.types, kPrivateTypes) && !HasAny(property.types, kWorkTypes);
}

// The rule for an X- property: that of a column with the same name.
const ColumnRule* RuleOfExtension(std::string_view name) {
  for (const std::string_view vendor : kVendors) {
    if (!name.starts_with(vendor)) continue;
    const ColumnRule* rule = FindColumnRule(name.substr(vendor.size()));
    // A program's field for the contact's own family, not a list of cases.
    return rule && (rule->use == ColumnUse::kCase || rule->use == ColumnUse::kPrivate)
               ? FindColumnRule(kPrivateHeading)
               : nullptr;
  }
  return FindColumnRule(name.substr(2));
}

class CardColumns {
 public:
  explicit CardColumns(const ImportCard& card) : card_(card) {
    // The preferred number, address and mailbox fill their fields first.
    for (const bool preferred : {true, false})
      for (const CardProperty& property : card.properties)
        if (Has(property.types, "PREF") == preferred) properties_.push_back(property);
    FindLabels();
    for (CardProperty& property : properties_) TakeLabel(property);
  }

  CardRow Row() {
    FindNames();
    for (const CardProperty& property : properties_) Put(property);
    return std::move(row_);
  }

 private:
  // Apple writes what a value is for into a property of the same group.
  void FindLabels() {
    for (const CardProperty& label : card_.properties)
      if (label.name == "X-ABLABEL" && !label.group.empty() && !label.parts.empty())
        labels_.emplace(label.group, FoldHeading(label.parts[0]));
  }

  void TakeLabel(CardProperty& property) {
    const auto label = labels_.find(property.group);
    if (label == labels_.end() || property.name == "X-ABLABEL") return;
    const ColumnRule* rule = FindColumnRule(label->second);
    if (rule && rule->use == ColumnUse::kCase) cases_.emplace(property.line, rule);
    if (rule && rule->use == ColumnUse::kPrivate) property.types.emplace_back("HOME");
    const auto begins = [&](std::string_view word) {
      return label->second.starts_with(FoldHeading(word));
    };
    if (std::any_of(std::begin(kPrivateTypes), std::end(kPrivateTypes), begins))
      property.types.emplace_back("HOME");
    if (std::any_of(std::begin(kWorkTypes), std::end(kWorkTypes), begins))
      property.types.emplace_back("WORK");
  }

  std::string_view PartOf(const CardProperty& property, std::size_t part) const {
    return part < property.parts.size() ? std::string_view(property.parts[part])
                                        : std::string_view();
  }

  void FindNames() {
    for (const CardProperty& property : properties_) {
      const std::string folded = FoldCase(PartOf(property, 0));
      if (property.name == "N")
        has_name_ = has_name_ || !folded.empty() || !PartOf(property, 1).empty();
      if (property.name == "ORG" && !folded.empty()) organisations_.insert(folded);
      if (property.name == "EMAIL" && !folded.empty()) {
        (IsPrivate(property) ? private_emails_ : emails_).insert(folded);
      }
      if (property.name == "KIND" || property.name == "X-ADDRESSBOOKSERVER-KIND") {
        is_organisation_ = folded.starts_with("org");
        if (!In(kPersonKinds, folded)) row_.refusal = "no-card-of-a-person";
        if (folded == "group") row_.refusal = "a-group-is-no-contact";
      }
      if (property.name == "ADR" && !IsPrivate(property) &&
          (!address_ ||
           (!HasAny(address_->types, kWorkTypes) && HasAny(property.types, kWorkTypes))))
        address_ = &property;
    }
  }

  void Put(const CardProperty& property) {
    const ColumnRule* rule = RuleOf(property);
    if (property.parts.empty()) {
      const std::string reason = property.problem.empty() ? "binary-value" : property.problem;
      Add(property, "", reason, rule);
      if (!property.problem.empty() || (rule && IsTaken(rule->use)))
        row_.refused[row_.cells.size() - 1] = reason;
    } else if (property.name == "N") {
      PutParts(property, {{"Nachname", "Vorname", "Weitere Vornamen", "Anrede", "Suffix"}},
               {{"family", "given", "additional", "prefix", "suffix"}});
    } else if (property.name == "ADR") {
      PutAddress(property);
    } else if (property.name == "ORG") {
      PutOrganisation(property);
    } else if (property.name == "FN") {
      PutFullName(property);
    } else if (property.name == "TEL") {
      std::string number = property.parts[0];
      if (FoldCase(number.substr(0, 4)) == "tel:") number.erase(0, 4);  // RFC 3966
      Add(property, "", std::move(number), rule);
    } else {
      Add(property, "", property.parts[0], rule);
    }
  }

  const ColumnRule* RuleOf(const CardProperty& property) const {
    const std::string_view name = property.name;
    if (In(kPrivateNames, name)) return FindColumnRule(kPrivateHeading);
    if (const auto found = cases_.find(property.line); found != cases_.end()) return found->second;
    if (IsPrivate(property)) return FindColumnRule(kPrivateHeading);
    if (name.starts_with("X-")) return RuleOfExtension(name);
    if (name == "N" || name == "FN") return FindColumnRule("Name");
    if (name == "ADR") return FindColumnRule("Straße");
    if (name == "ORG") return FindColumnRule("Organisation");
    if (name == "TITLE") return FindColumnRule("Funktion");
    // Outlook's ROLE is the profession.
    if (name == "ROLE") return FindColumnRule(card_.is_version_4 ? "Rolle im Netzwerk" : "Beruf");
    if (name == "EMAIL") return FindColumnRule("E-Mail");
    if (name == "CATEGORIES") return FindColumnRule("Kategorien");
    if (name == "NOTE") return FindColumnRule("Notizen");
    if (name != "TEL" || HasAny(property.types, kOtherNumbers)) return nullptr;
    return FindColumnRule(HasAny(property.types, kMobileTypes) ? "Mobil" : "Telefon");
  }

  void PutParts(const CardProperty& property, std::span<const std::string_view> columns,
                std::span<const std::string_view> names) {
    for (std::size_t i = 0; i < property.parts.size(); ++i) {
      const bool known = i < columns.size();
      const ColumnRule* rule = known ? FindColumnRule(columns[i]) : nullptr;
      if (IsPrivate(property) || cases_.contains(property.line)) rule = RuleOf(property);
      Add(property, known ? names[i] : "more", property.parts[i], rule);
    }
  }

  void PutParts(const CardProperty& property, std::initializer_list<std::string_view> columns,
                std::initializer_list<std::string_view> names) {
    PutParts(property, Words(columns.begin(), columns.size()), Words(names.begin(), names.size()));
  }

  void PutAddress(const CardProperty& property) {
    const std::size_t first = row_.cells.size();
    PutParts(property, {"", "", "Straße", "Ort", "", "PLZ", ""},
             {"box", "extended", "street", "city", "region", "code", "country"});
    if (&property == address_ || IsPrivate(property)) return;
    for (std::size_t i = first; i < row_.cells.size(); ++i)
      if (row_.columns[i].rule) row_.refused[i] = "field-has-another-value";
  }

  void PutOrganisation(const CardProperty& property) {
    Add(property, "name", property.parts[0], RuleOf(property));
    std::string units;
    for (std::size_t i = 1; i < property.parts.size(); ++i) {
      if (property.parts[i].empty()) continue;
      if (!units.empty()) units += ", ";
      units += property.parts[i];
    }
    const ColumnRule* rule = IsPrivate(property) ? RuleOf(property) : FindColumnRule("Abteilung");
    Add(property, "unit", std::move(units), rule);
  }

  // Programs write the organisation or the mailbox here if a card names no person.
  void PutFullName(const CardProperty& property) {
    const std::string& name = property.parts[0];
    const std::string folded = FoldCase(name);
    const ColumnRule* rule = RuleOf(property);
    if (!has_name_ && (is_organisation_ || organisations_.contains(folded))) {
      rule = FindColumnRule("Organisation");
    } else if (!has_name_ && emails_.contains(folded)) {
      rule = FindColumnRule("E-Mail");
    }
    Add(property, "", name, rule);
    if (!has_name_ && (name == "-" || private_emails_.contains(folded)))
      row_.refused[row_.cells.size() - 1] = "not-a-name";
  }

  void Add(const CardProperty& property, std::string_view part, std::string cell,
           const ColumnRule* rule) {
    if (cell.empty()) return;
    std::string heading = property.name.empty() ? "?" : property.name;
    for (const std::string& type : property.types)
      if (type != "PREF") heading += ";" + type;
    heading.resize(std::min(heading.size(), kHeadingBytesMax));
    if (!part.empty()) heading += " " + std::string(part);
    row_.headings.push_back(std::move(heading));
    row_.columns.push_back({rule});
    row_.cells.push_back(std::move(cell));
    row_.lines.push_back(property.line);
  }

  const ImportCard& card_;
  std::vector<CardProperty> properties_;                    // the preferred ones first
  std::map<std::string, std::string, std::less<>> labels_;  // group -> folded label
  std::map<std::size_t, const ColumnRule*> cases_;          // line -> what its label says
  const CardProperty* address_ = nullptr;                   // the one that is taken
  bool has_name_ = false;
  bool is_organisation_ = false;
  std::set<std::string> organisations_;  // folded
  std::set<std::string> emails_;
  std::set<std::string> private_emails_;
  CardRow row_;
};

}  // namespace

CardRow RowOfCard(const ImportCard& card) { return CardColumns(card).Row(); }

}  // namespace geflecht::domain
