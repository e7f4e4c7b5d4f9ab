// Questions to the person at the terminal. They use the terminal itself, so that standard input and
// output stay free for data.
#pragma once

#include <string>

#include "base/result.h"
#include "node/crypto/secret.h"

namespace geflecht::cli {

// True if somebody can be asked: standard error is a terminal and there is a controlling one.
bool HasTerminal();

// Shows `prompt` and reads a line without echo. kIo if the terminal cannot be used or is closed.
Result<crypto::SecretBytes> AskSecret(const std::string& prompt);

// Shows `text` at the terminal, where no file or pipe gets it.
Result<void> Tell(const std::string& text);

// Shows `prompt` and reads a line. True for j, ja, y, yes in any case.
Result<bool> AskYesNo(const std::string& prompt);

}  // namespace geflecht::cli
