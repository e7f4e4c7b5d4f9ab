// The recovery sheet on its way to paper and back. Format: docs/formats/recovery_sheet.md.
#pragma once

#include <string>
#include <string_view>

#include "base/i18n/i18n.h"
#include "base/result.h"
#include "node/crypto/secret.h"
#include "node/log/card.h"
#include "node/runtime/directory.h"

namespace geflecht::cli {

class Session;

// A page of text: whose it is, what it is for, the code. Holds the root secret: wipe it after use.
std::string SheetText(i18n::Lang lang, const log::Card& card, std::string_view code);

// The root secret in a whole sheet or in a code alone. `text` is wiped. kMalformed with
// "hint.sheet-damaged".
Result<crypto::SecretBytes> ReadSheet(std::string& text);

// The root secret from a file with the sheet or its code; "-" is standard input.
Result<crypto::SecretBytes> ReadSheetFile(const std::string& file);

// From --sheet FILE, else the terminal, else standard input.
Result<crypto::SecretBytes> AskForSheet(Session& session);

// Notes for `doctor` that the sheet was typed in from paper and was right, at this moment.
Result<void> NoteSheetChecked(const runtime::Paths& paths);

// Asks at the terminal for the code from the paper until it is the one of `root`; an empty line
// puts it off. True if it was right, and noted.
Result<bool> CheckNewSheet(Session& session, const runtime::Paths& paths,
                           const crypto::PublicKey& root);

void WipeText(std::string& text);

}  // namespace geflecht::cli
