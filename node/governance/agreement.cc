#include "node/governance/agreement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

constexpr std::array<std::string_view, 3> kUnits = {"day", "week", "month"};
constexpr Day kDaysPerWeek = 7;

template <class Id>
std::string HexOrDash(const std::optional<Id>& id) {
  return id ? id->Hex() : "-";
}

Result<std::optional<Day>> ReadDay(log::LineReader& lines, std::string_view keyword) {
  ASSIGN(const std::string_view value, lines.Value(keyword));
  const auto day = ParseDayOrDash(value);
  if (!day) return lines.Bad("no day");
  return *day;
}

Result<void> ReadParties(log::LineReader& lines, AgreementTerms& terms) {
  while (lines.NextIs("party")) {
    ASSIGN(const OrgId party, lines.Hex<OrgId>("party"));
    if (!terms.parties.empty() && party <= terms.parties.back())
      return lines.Bad("parties do not ascend");
    if (terms.parties.size() == kPartiesMax) return lines.Bad("more than 64 parties");
    terms.parties.push_back(party);
  }
  if (terms.parties.size() < 2) return lines.Bad("fewer than two parties");
  return {};
}

}  // namespace

bool AgreementTerms::HasParty(const OrgId& org) const {
  return std::binary_search(parties.begin(), parties.end(), org);
}

std::string RenderNoticePeriod(const NoticePeriod& period) {
  return std::to_string(period.count) + " " +
         std::string(kUnits[static_cast<std::size_t>(period.unit)]);
}

std::optional<NoticePeriod> ParseNoticePeriod(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == text.npos) return std::nullopt;
  const auto count = log::ParseDecimal(text.substr(0, space), kNoticeCountMax);
  const auto unit = std::find(kUnits.begin(), kUnits.end(), text.substr(space + 1));
  if (!count || *count == 0 || unit == kUnits.end()) return std::nullopt;
  return NoticePeriod{static_cast<std::uint32_t>(*count),
                      static_cast<NoticePeriod::Unit>(unit - kUnits.begin())};
}

Day LastDayOf(const NoticePeriod& period, Day day) {
  switch (period.unit) {
    case NoticePeriod::Unit::kDay:
      return day + period.count;
    case NoticePeriod::Unit::kWeek:
      return day + kDaysPerWeek * period.count;
    case NoticePeriod::Unit::kMonth:
      break;
  }
  return AddMonths(day, period.count);
}

std::string RenderAgreementTerms(const AgreementTerms& terms) {
  std::string text;
  for (const OrgId& party : terms.parties) text += "party " + party.Hex() + "\n";
  text += "start " + RenderDayOrDash(terms.start) + "\n";
  text += "end " + RenderDayOrDash(terms.end) + "\n";
  text += "notice " + (terms.notice ? RenderNoticePeriod(*terms.notice) : "-") + "\n";
  text += terms.written ? "form written\n" : "form text\n";
  text += "parent " + HexOrDash(terms.parent) + "\n";
  return text + "document " + HexOrDash(terms.document) + "\n";
}

Result<AgreementTerms> ParseAgreementTerms(std::string_view text) {
  AgreementTerms terms;
  log::LineReader lines(text);
  TRY(ReadParties(lines, terms));
  ASSIGN(terms.start, ReadDay(lines, "start"));
  ASSIGN(terms.end, ReadDay(lines, "end"));
  if (terms.start && terms.end && *terms.end < *terms.start)
    return lines.Bad("the end lies in front of the start");
  ASSIGN(const std::string_view notice, lines.Value("notice"));
  if (notice != "-") {
    terms.notice = ParseNoticePeriod(notice);
    if (!terms.notice) return lines.Bad("no notice period");
  }
  ASSIGN(const std::string_view form, lines.Value("form"));
  terms.written = form == "written";
  if (!terms.written && form != "text") return lines.Bad("no form");
  ASSIGN(terms.parent, lines.HexOrDash<EntryId>("parent"));
  ASSIGN(terms.document, lines.HexOrDash<DocumentRef>("document"));
  TRY(lines.End());
  return terms;
}

Result<Said> SaySign(const SignBody& sign, Random& random) {
  Said said = SayFields({{"statement", RenderSigned(sign.said)}}, 0, random);
  TRY(SayEvidence(sign.evidence, said.body, random));
  said.evidence = static_cast<std::uint32_t>(said.body.slots.size());
  if (const auto checked = log::CheckBody(said.body); !checked)
    return Fail(Code::kTooLarge, checked.error().detail, "hint.evidence-all-too-large");
  TRY(ReadSign(said.body, said.evidence));
  return said;
}

Result<SignBody> ReadSign(const log::Body& body, std::uint32_t evidence) {
  const bool all = evidence == body.slots.size() && evidence > 0;
  const auto* first = all ? std::get_if<log::Field>(&body.slots.front()) : nullptr;
  if (first == nullptr || first->name != "statement")
    return Fail(Code::kMalformed, "no fields of a signature");
  SignBody sign;
  ASSIGN(sign.said, ParseSigned(AsText(first->value)));
  ASSIGN(sign.evidence, ReadEvidence(body, 1, body.slots.size()));
  return sign;
}

Result<Said> SayNotice(const NoticeBody& notice, Random& random) {
  Said said =
      SayFields({{"statement", RenderSigned(notice.said)}, {"reason", notice.reason}}, 1, random);
  TRY(ReadNotice(said.body, said.evidence));
  return said;
}

Result<NoticeBody> ReadNotice(const log::Body& body, std::uint32_t evidence) {
  if (evidence != 1) return Fail(Code::kMalformed, "another number of evidence fields");
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"statement", "reason"}, 1));
  NoticeBody notice;
  ASSIGN(notice.said, ParseSigned(fields.Text(0)));
  notice.reason = fields.Text(1);
  TRY(log::CheckText(notice.reason, kReasonBytesMax));
  return notice;
}

}  // namespace geflecht::governance
