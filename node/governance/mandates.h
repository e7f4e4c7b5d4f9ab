// Persons who may sign for an organisation, and how long: what person.add and person.end say
// (docs/formats/statement.md). A mandate gives no vote and no other right: evaluate() reads none of
// it. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/governance/body_fields.h"
#include "node/governance/day.h"
#include "node/governance/statement.h"
#include "node/log/header.h"

namespace geflecht::governance {

inline constexpr std::string_view kRoleSign = "sign";              // agreements and notices
inline constexpr std::string_view kRoleCoordinate = "coordinate";  // the network's business
inline constexpr std::size_t kPersonNameBytesMax = 256;

bool IsMandateRole(std::string_view role);

// The first and the last day count.
struct MandateTerms {
  std::string role;
  std::optional<Day> from, until;
  bool operator==(const MandateTerms&) const = default;
};
// "sign 2026-01-01 -", as a statement's value. kMalformed.
std::string RenderMandateTerms(const MandateTerms& terms);
Result<MandateTerms> ParseMandateTerms(std::string_view text);

// The body of a person.add. `proof` is the person's statement that the mandate is accepted.
struct PersonAddBody {
  crypto::PublicKey key;
  SignedStatement proof;
  std::string name;  // erasable
  bool operator==(const PersonAddBody&) const = default;
};
Result<Said> SayPersonAdd(const PersonAddBody& add, Random& random);
// kMalformed; kVerification if the key is none or the proof does not hold, is another network's, or
// says something else.
Result<PersonAddBody> ReadPersonAdd(const log::Body& body, const log::NetworkId& network);

struct Mandate {
  EntryId id;  // of the person.add
  OrgId org;
  crypto::PublicKey key;
  MandateTerms terms;
  std::string name;           // "" once erased
  std::int64_t time_s = 0;    // the entry's claim
  std::vector<EntryId> ends;  // person.end entries of the organisation
};

// Why a statement counts for nobody.
enum class StatementFault {
  kNoMandate,    // no mandate of that id in the past of the entry's basis, or of another key
  kOtherOrg,     // the mandate is another organisation's
  kOtherRole,    // it is for something else
  kNotYet,       // stated on a day in front of the mandate's
  kExpired,      // or behind
  kEnded,        // the organisation had ended it, and the writer knew
  kSignature,    // the signature does not hold
  kOtherObject,  // it says something else than the entry that holds it
  kOtherWriter,  // a device of another organisation wrote the entry
  kNoParty,      // the organisation is no party
};
// "no-mandate", "other-org", "other-role", "not-yet", "expired", "ended", "signature",
// "other-object", "other-writer", "no-party".
std::string_view FaultName(StatementFault fault);

// The mandates of one network. An entry is noted once; its past first.
class Mandates {
 public:
  explicit Mandates(const log::NetworkId& network) : network_(network) {}

  // An entry of the root space that counts; `org`: for which its device signed. Other kinds are
  // passed over, and what is not well-formed or says another organisation's mandate.
  void Note(const log::Header& header, const EntryId& id, const std::optional<OrgId>& org,
            const log::Body* body);
  // The person's name is erased.
  void ForgetName(const EntryId& id);

  const Mandate* Find(const EntryId& id) const;               // nullptr
  const std::vector<EntryId>& all() const { return order_; }  // in the order in which they came

  // Whether the statement is that of a person who could make it for `role`, as far as `in_past`
  // knows, which says whether an entry of the root space is in the past of what was relied on.
  std::optional<StatementFault> WhyNot(const SignedStatement& said, std::string_view role,
                                       const std::function<bool(const EntryId&)>& in_past) const;

 private:
  log::NetworkId network_;
  std::map<EntryId, Mandate> mandates_;
  std::vector<EntryId> order_;
};

}  // namespace geflecht::governance
