#include "cli/passphrase.h"

#include "cli/files.h"
#include "cli/terminal.h"

namespace geflecht::cli {

Result<crypto::SecretBytes> Passphrase(const Globals& globals) {
  if (globals.passphrase_file) return ReadPassphraseFile(*globals.passphrase_file);
  if (!HasTerminal())
    return Fail(Code::kWrongPassphrase, "a passphrase is needed and there is no terminal",
                "hint.passphrase-needed");
  return AskSecret(i18n::Tr(globals.lang, "cli.ask.passphrase"));
}

Result<crypto::SecretBytes> NewPassphrase(const Globals& globals) {
  if (globals.passphrase_file) return ReadPassphraseFile(*globals.passphrase_file);
  if (!HasTerminal())
    return Fail(Code::kUsage, "neither --passphrase-file nor --no-passphrase",
                "hint.passphrase-choice");
  ASSIGN(crypto::SecretBytes first, AskSecret(i18n::Tr(globals.lang, "cli.ask.passphrase-new")));
  if (first.empty()) return Fail(Code::kUsage, "the passphrase is empty", "hint.passphrase-empty");
  ASSIGN(const crypto::SecretBytes second,
         AskSecret(i18n::Tr(globals.lang, "cli.ask.passphrase-again")));
  if (!crypto::ConstantTimeEqual(first.view(), second.view()))
    return Fail(Code::kUsage, "two different passphrases", "hint.passphrases-differ");
  return first;
}

}  // namespace geflecht::cli
