// geflecht network sign, found: the founders' signatures. The root secret stays in this process.
#include <algorithm>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/network_terms.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "node/log/charter.h"

namespace geflecht::cli {
namespace {

constexpr std::size_t kSignatureFileBytesMax = 4096;

Result<log::Founding> ReadFounding(const std::string& file) {
  ASSIGN(const Bytes bytes, ReadInput(file, log::kFoundingBytesMax));
  auto founding = log::ParseFounding(AsText(bytes));
  if (!founding)
    return Fail(founding.error().code, Shown(file) + ": " + founding.error().detail,
                "hint.no-draft");
  return founding;
}

const log::Card* FounderOf(const log::Founding& founding, const crypto::PublicKey& root) {
  const auto& founders = founding.text.founders;
  const auto it = std::find_if(founders.begin(), founders.end(),
                               [&](const log::Card& card) { return card.root_key == root; });
  return it == founders.end() ? nullptr : &*it;
}

Result<Outcome> Sign(Session& session) {
  ASSIGN(const log::Founding founding, ReadFounding(session.arguments().Text("F")));
  ASSIGN(const auto own, session.Get("/api/v1/card"));
  ASSIGN(const log::ProvenCard proven, log::ParseProvenCard(TextOf(own, "card")));
  const log::Card& card = proven.card;
  const log::Card* founder = FounderOf(founding, card.root_key);
  if (founder == nullptr || !(*founder == card))
    return Fail(Code::kNotPermitted, "the card of this directory is not in the draft",
                "hint.card-not-in-founding");
  // Shown before anybody signs: what the signature is for.
  session.output().Remark(session.Say("cli.sign.about", {{"name", Shown(founding.text.name)}}));
  for (const log::Card& other : founding.text.founders)
    session.output().Remark("  " + Shown(other.organisation));
  session.output().Remark(session.Say("cli.sign.terms") + '\n' + TermsText(session, founding.text));
  ASSIGN(const crypto::SecretBytes seed, AskForSheet(session));
  const crypto::SigningKey root = crypto::SigningKey::FromSeed(seed);
  if (root.public_key() != card.root_key)
    return Fail(Code::kNotPermitted, "the recovery sheet belongs to another organisation",
                "hint.other-sheet");
  const std::string signature = log::RenderFounderSignature(founding.network(), root.public_key(),
                                                            log::SignCharter(founding, root));
  const std::string file = session.arguments().Text("o");
  Outcome outcome;
  outcome.text = session.Say("cli.sign.done", {{"organisation", Shown(card.organisation)},
                                               {"name", Shown(founding.text.name)},
                                               {"file", Shown(file)}}) +
                 '\n';
  TRY(session.WriteFile(file, signature, /*is_private=*/false, outcome));
  outcome.keys["network"] = founding.network().Hex();
  outcome.keys["organisation"] = card.organisation;
  return outcome;
}

Result<void> AddSignatures(const Session& session, log::Founding& founding) {
  for (const std::string& file : session.arguments().List("SIG")) {
    ASSIGN(const Bytes bytes, ReadInput(file, kSignatureFileBytesMax));
    const auto signature = log::ParseFounderSignature(AsText(bytes));
    if (!signature)
      return Fail(signature.error().code, Shown(file) + ": " + signature.error().detail,
                  "hint.no-signature");
    if (const auto added = log::AddSignature(founding, *signature); !added)
      return Fail(added.error().code, Shown(file) + ": " + added.error().detail,
                  "hint.other-signature");
  }
  std::string missing;
  for (const crypto::PublicKey& root : founding.Missing()) {
    const log::Card* card = FounderOf(founding, root);
    missing += (missing.empty() ? "" : ", ") + (card == nullptr ? root.Hex() : card->organisation);
  }
  if (missing.empty()) return {};
  return Fail(Code::kNotPermitted, "not signed yet: " + missing, "hint.founders-missing");
}

Result<Outcome> Found(Session& session) {
  ASSIGN(log::Founding founding, ReadFounding(session.arguments().Text("F")));
  TRY(AddSignatures(session, founding));
  const std::string text = log::RenderFounding(founding);
  const std::string file = session.arguments().Text("o");
  Outcome outcome;
  outcome.text = session.Say("cli.found.done", {{"name", Shown(founding.text.name)},
                                                {"file", Shown(file)},
                                                {"network", founding.network().Hex()}}) +
                 '\n';
  TRY(session.WriteFile(file, text, /*is_private=*/false, outcome));
  TRY(session.Post("/api/v1/network/join", {{"founding", text}}));
  outcome.keys["network"] = founding.network().Hex();
  outcome.keys["name"] = founding.text.name;
  outcome.keys["founders"] = founding.text.founders.size();
  return outcome;
}

}  // namespace

std::vector<Command> FoundingCommands() {
  return {{{"network", "sign"}, {{"F", "", true}, {"-o", "SIG", true}, {"--sheet", "FILE"}}, Sign},
          {{"network", "found"},
           {{"F", "", true}, {"SIG", "", true, Takes::kMany}, {"-o", "FOUNDING", true}},
           Found}};
}

}  // namespace geflecht::cli
