// The recovery sheet: the organisation's root secret as text for paper. 32 bytes as 52 base32
// characters (RFC 4648 alphabet) and 4 check characters, in 8 groups of 7. Format:
// docs/formats/recovery_sheet.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

// "ABCDEFG-HIJKLMN-..." for a 32-byte seed. The caller wipes the string after use.
std::string RecoveryCode(const SecretBytes& seed);

// The seed in `code`; case, blanks, hyphens and line ends do not matter. kMalformed otherwise; the
// detail names the group if one character is wrong, and the half of the code if more are.
Result<SecretBytes> ParseRecoveryCode(std::string_view code);

// Finds and parses the code in the text of a whole sheet (a line that starts with "code: ").
Result<SecretBytes> ParseRecoverySheet(std::string_view sheet);

}  // namespace geflecht::crypto
