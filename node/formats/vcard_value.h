// The value of one vCard property: transfer encoding, character set, escapes, parts. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace geflecht::formats {

enum class VcardEncoding { kPlain, kQuotedPrintable, kBase64 };
enum class VcardEscapes {
  kVersion21,  // \; \, and "\\" only
  kVersion30,  // \n and \N for a line break too (RFC 2426 §4, RFC 6350 §3.4)
};

struct VcardValueForm {
  VcardEncoding encoding = VcardEncoding::kPlain;
  VcardEscapes escapes = VcardEscapes::kVersion30;
  std::string charset;          // as in the file; empty: guessed
  bool is_unicode = false;      // plain values are UTF-8 whatever `charset` says
  bool has_parts = false;       // semicolons separate
  bool comma_is_space = false;  // a list within a part is read as words
};

// The parts of a value, each normalised and without escapes; at least one, without empty ones at
// the end. kMalformed, kNotFound, kTooLarge with a stable identifier as `detail`.
Result<std::vector<std::string>> DecodeVcardValue(std::string_view raw, const VcardValueForm& form);

}  // namespace geflecht::formats
