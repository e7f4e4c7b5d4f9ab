// What a person signs with a key of their own, for an organisation and under a mandate of it
// (docs/formats/statement.md). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/governance/entry.h"

namespace geflecht::governance {

inline constexpr std::string_view kSignNamespace = "geflecht-sign@v1";
inline constexpr std::size_t kStatementValueBytesMax = 256;
inline constexpr std::size_t kStatementBytesMax = 1024;

// --- Acts ---
inline constexpr std::string_view kActMandate = "mandate";  // agrees to a mandate
inline constexpr std::string_view kActSign = "sign";        // signs a frozen text
inline constexpr std::string_view kActNotice = "notice";    // gives notice of an agreement

struct Statement {
  log::NetworkId net;
  std::string act;
  std::optional<EntryId> object;
  std::string value;  // printable ASCII; "" is written as "-"
  OrgId org;
  std::optional<EntryId> mandate;
  std::int64_t time_s = 0;  // the person's claim
  bool operator==(const Statement&) const = default;
};

struct SignedStatement {
  Statement statement;
  crypto::Signature signature;
  bool operator==(const SignedStatement&) const = default;
};

// The lines that are signed. `act` is a token, `value` as above, the time one that can be written.
std::string RenderStatement(const Statement& statement);
// The same and the line "sig BASE64".
std::string RenderSigned(const SignedStatement& signed_statement);
// Strict to the byte. Whether the signature holds is not checked.
Result<SignedStatement> ParseSigned(std::string_view text);

SignedStatement SignStatement(Statement statement, const crypto::SigningKey& person);
bool Holds(const SignedStatement& signed_statement, const crypto::PublicKey& person);

}  // namespace geflecht::governance
