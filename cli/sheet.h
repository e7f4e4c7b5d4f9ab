// The recovery sheet on its way to paper and back. Format: docs/formats/recovery_sheet.md.
#pragma once

#include <string>
#include <string_view>

#include "base/i18n/i18n.h"
#include "base/result.h"
#include "node/crypto/secret.h"
#include "node/log/card.h"

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

void WipeText(std::string& text);

}  // namespace geflecht::cli
