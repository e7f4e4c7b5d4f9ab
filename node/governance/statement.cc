#include "node/governance/statement.h"

#include <utility>

#include "node/crypto/base64.h"
#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::governance {
namespace {

std::string HexOrDash(const std::optional<EntryId>& id) { return id ? id->Hex() : "-"; }

}  // namespace

std::string RenderStatement(const Statement& statement) {
  std::string text(kSignNamespace);
  const auto line = [&](std::string_view keyword, std::string_view value) {
    text.append(keyword).append(" ").append(value).append("\n");
  };
  text += '\n';
  line("net", statement.net.Hex());
  line("act", statement.act);
  line("object", HexOrDash(statement.object));
  line("value", statement.value.empty() ? "-" : statement.value);
  line("org", statement.org.Hex());
  line("mandate", HexOrDash(statement.mandate));
  line("time", log::RenderTime(statement.time_s));
  return text;
}

std::string RenderSigned(const SignedStatement& signed_statement) {
  return RenderStatement(signed_statement.statement) + "sig " +
         crypto::ToBase64(signed_statement.signature.view()) + "\n";
}

Result<SignedStatement> ParseSigned(std::string_view text) {
  if (text.size() > kStatementBytesMax) return Fail(Code::kTooLarge, "a statement");
  TRY(log::CheckPrintableAscii(text));
  log::LineReader lines(text);
  SignedStatement read;
  Statement& statement = read.statement;
  TRY(lines.Literal(kSignNamespace));
  ASSIGN(statement.net, lines.Hex<log::NetworkId>("net"));
  ASSIGN(const std::string_view act, lines.Value("act"));
  if (!log::IsToken(act, log::kKindBytesMax)) return lines.Bad("no act");
  statement.act = act;
  ASSIGN(statement.object, lines.HexOrDash<EntryId>("object"));
  ASSIGN(const std::string_view value, lines.Value("value"));
  if (value.empty() || value.size() > kStatementValueBytesMax) return lines.Bad("no value");
  if (value != "-") statement.value = value;
  ASSIGN(statement.org, lines.Hex<OrgId>("org"));
  ASSIGN(statement.mandate, lines.HexOrDash<EntryId>("mandate"));
  ASSIGN(const std::string_view time, lines.Value("time"));
  const auto time_s = log::ParseTime(time);
  if (!time_s) return lines.Bad("no time");
  statement.time_s = *time_s;
  ASSIGN(read.signature, log::ReadSignature(lines, "sig"));
  TRY(lines.End());
  return read;
}

SignedStatement SignStatement(Statement statement, const crypto::SigningKey& person) {
  const crypto::Signature signature =
      person.Sign(kSignNamespace, AsBytes(RenderStatement(statement)));
  return {std::move(statement), signature};
}

bool Holds(const SignedStatement& signed_statement, const crypto::PublicKey& person) {
  return crypto::Verify(person, kSignNamespace,
                        AsBytes(RenderStatement(signed_statement.statement)),
                        signed_statement.signature);
}

}  // namespace geflecht::governance
