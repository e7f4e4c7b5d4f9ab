// Agreements of organisations: their terms, and what is written about them
// (docs/formats/agreement.md). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/governance/day.h"
#include "node/governance/frozen.h"
#include "node/governance/statement.h"

namespace geflecht::governance {

inline constexpr std::size_t kPartiesMax = 64;
inline constexpr std::size_t kReasonBytesMax = 16 * 1024;
inline constexpr std::uint32_t kNoticeCountMax = 1000;
inline constexpr std::size_t kNoticesOfFeedMax = 64;  // those behind them count for nothing

// The live document that the text was made from.
using DocumentRef = StrongId<struct DocumentRefTag, 16>;

struct NoticePeriod {
  enum class Unit : std::uint8_t { kDay, kWeek, kMonth };
  std::uint32_t count = 0;  // 1 to kNoticeCountMax
  Unit unit = Unit::kMonth;
  bool operator==(const NoticePeriod&) const = default;
};
// "3 month", "14 day", "6 week"; nothing for anything else.
std::string RenderNoticePeriod(const NoticePeriod& period);
std::optional<NoticePeriod> ParseNoticePeriod(std::string_view text);
// The last day of a period that begins behind `day` (sections 187 and 188 of the German Civil
// Code).
Day LastDayOf(const NoticePeriod& period, Day day);

struct AgreementTerms {
  std::vector<OrgId> parties;          // ascending, 2 to kPartiesMax
  std::optional<Day> start;            // nothing: with the last signature
  std::optional<Day> end;              // the last day
  std::optional<NoticePeriod> notice;  // nothing: nobody may give notice
  bool written = false;                // in force only with evidence
  std::optional<EntryId> parent;       // the freeze of the agreement that this one belongs to
  std::optional<DocumentRef> document;
  bool operator==(const AgreementTerms&) const = default;

  bool HasParty(const OrgId& org) const;
};
// The `terms` of a frozen text. ParseAgreementTerms is strict to the byte: kMalformed.
std::string RenderAgreementTerms(const AgreementTerms& terms);
Result<AgreementTerms> ParseAgreementTerms(std::string_view text);

// The body of a `sign`.
struct SignBody {
  SignedStatement said;
  std::vector<EvidenceFile> evidence;
  bool operator==(const SignBody&) const = default;
};
Result<Said> SaySign(const SignBody& sign, Random& random);
Result<SignBody> ReadSign(const log::Body& body, std::uint32_t evidence);

// The body of a `notice`.
struct NoticeBody {
  SignedStatement said;
  std::string reason;  // text; erasable
  bool operator==(const NoticeBody&) const = default;
};
Result<Said> SayNotice(const NoticeBody& notice, Random& random);
Result<NoticeBody> ReadNotice(const log::Body& body, std::uint32_t evidence);

}  // namespace geflecht::governance
