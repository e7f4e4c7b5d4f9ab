#include "node/governance/mandates.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/governance/kinds.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

constexpr std::array<std::string_view, 10> kFaults = {
    "no-mandate", "other-org", "other-role",   "not-yet",      "expired",
    "ended",      "signature", "other-object", "other-writer", "no-party"};

}  // namespace

bool IsMandateRole(std::string_view role) { return role == kRoleSign || role == kRoleCoordinate; }

std::string_view FaultName(StatementFault fault) {
  return kFaults[static_cast<std::size_t>(fault)];
}

std::string RenderMandateTerms(const MandateTerms& terms) {
  return terms.role + " " + RenderDayOrDash(terms.from) + " " + RenderDayOrDash(terms.until);
}

Result<MandateTerms> ParseMandateTerms(std::string_view text) {
  const auto bad = [] { return Fail(Code::kMalformed, "no terms of a mandate"); };
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? first : text.find(' ', first + 1);
  if (second == text.npos) return bad();
  const auto from = ParseDayOrDash(text.substr(first + 1, second - first - 1));
  const auto until = ParseDayOrDash(text.substr(second + 1));
  if (!from || !until) return bad();
  MandateTerms terms{std::string(text.substr(0, first)), *from, *until};
  if (!IsMandateRole(terms.role)) return bad();
  if (terms.from && terms.until && *terms.until < *terms.from) return bad();
  return terms;
}

Result<Said> SayPersonAdd(const PersonAddBody& add, Random& random) {
  Said said = SayFields(
      {{"key", add.key.Hex()}, {"statement", RenderSigned(add.proof)}, {"name", add.name}}, 2,
      random);
  TRY(log::CheckLine(add.name, kPersonNameBytesMax));
  TRY(ReadPersonAdd(said.body, add.proof.statement.net));
  return said;
}

Result<PersonAddBody> ReadPersonAdd(const log::Body& body, const log::NetworkId& network) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"key", "statement", "name"}, 2));
  PersonAddBody add;
  const auto key = crypto::PublicKey::FromHexText(fields.Text(0));
  if (!key) return Fail(Code::kMalformed, "no key of a person");
  add.key = *key;
  ASSIGN(add.proof, ParseSigned(fields.Text(1)));
  add.name = fields.Text(2);
  if (!log::CheckLine(add.name, kPersonNameBytesMax)) add.name.clear();
  const Statement& said = add.proof.statement;
  if (said.act != kActMandate || said.object || said.mandate)
    return Fail(Code::kMalformed, "another statement than about a mandate");
  TRY(ParseMandateTerms(said.value));
  if (said.net != network) return Fail(Code::kVerification, "the statement is another network's");
  if (!crypto::IsAcceptableKey(add.key) || !Holds(add.proof, add.key))
    return Fail(Code::kVerification, "the person's signature does not hold");
  return add;
}

void Mandates::Note(const log::Header& header, const EntryId& id, const std::optional<OrgId>& org,
                    const log::Body* body) {
  if (!org) return;
  if (header.kind == kPersonEnd && header.about && header.fields == 0) {
    const auto it = mandates_.find(*header.about);
    if (it != mandates_.end() && it->second.org == *org) it->second.ends.push_back(id);
    return;
  }
  if (header.kind != kPersonAdd || body == nullptr || !HasItsEvidence(header)) return;
  const auto add = ReadPersonAdd(*body, network_);
  if (!add || add->proof.statement.org != *org) return;
  auto terms = ParseMandateTerms(add->proof.statement.value);
  if (!terms) return;
  order_.push_back(id);
  mandates_.emplace(id,
                    Mandate{id, *org, add->key, *std::move(terms), add->name, header.time_s, {}});
}

void Mandates::ForgetName(const EntryId& id) {
  if (const auto it = mandates_.find(id); it != mandates_.end()) it->second.name.clear();
}

const Mandate* Mandates::Find(const EntryId& id) const {
  const auto it = mandates_.find(id);
  return it == mandates_.end() ? nullptr : &it->second;
}

std::optional<StatementFault> Mandates::WhyNot(
    const SignedStatement& said, std::string_view role,
    const std::function<bool(const EntryId&)>& in_past) const {
  const Statement& statement = said.statement;
  const Mandate* mandate = statement.mandate ? Find(*statement.mandate) : nullptr;
  if (mandate == nullptr || !in_past(mandate->id)) return StatementFault::kNoMandate;
  if (mandate->org != statement.org) return StatementFault::kOtherOrg;
  if (mandate->terms.role != role) return StatementFault::kOtherRole;
  const Day day = DayOf(statement.time_s);
  if (mandate->terms.from && day < *mandate->terms.from) return StatementFault::kNotYet;
  if (mandate->terms.until && day > *mandate->terms.until) return StatementFault::kExpired;
  if (std::any_of(mandate->ends.begin(), mandate->ends.end(), in_past))
    return StatementFault::kEnded;
  if (!Holds(said, mandate->key)) return StatementFault::kSignature;
  return std::nullopt;
}

}  // namespace geflecht::governance
