// Reading the line-based texts of this folder: strict, linear, without allocation by untrusted
// lengths.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong_id.h"
#include "node/crypto/sign.h"

namespace geflecht::log {

// Walks over lines that end with LF. The text must outlive the reader. Errors are kMalformed, name
// the line, and never repeat its content. `line` is the number of the text's first line.
class LineReader {
 public:
  explicit LineReader(std::string_view text, std::size_t line = 1) : rest_(text), line_(line) {}

  std::size_t line() const { return line_; }  // number of the next line, from 1
  bool AtEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  // True if the next line is complete and is `keyword` followed by a space, or `keyword` alone.
  bool NextIs(std::string_view keyword) const;

  Result<std::string_view> Line();                           // the next line without its LF
  Result<void> Literal(std::string_view expected);           // the next line must be this
  Result<std::string_view> Value(std::string_view keyword);  // what follows "keyword "
  Result<void> End() const;                                  // nothing may follow

  // An error about the line that was read last.
  tl::unexpected<Error> Bad(std::string_view reason) const;

  template <class Id>
  Result<Id> Hex(std::string_view keyword) {
    ASSIGN(const std::string_view value, Value(keyword));
    const std::optional<Id> id = Id::FromHexText(value);
    if (!id) return Bad(std::to_string(2 * Id::kSize) + " lower-case hexadecimal digits expected");
    return *id;
  }
  // Nothing for "-".
  template <class Id>
  Result<std::optional<Id>> HexOrDash(std::string_view keyword) {
    ASSIGN(const std::string_view value, Value(keyword));
    if (value == "-") return std::optional<Id>();
    const std::optional<Id> id = Id::FromHexText(value);
    if (!id)
      return Bad("\"-\" or " + std::to_string(2 * Id::kSize) +
                 " lower-case hexadecimal digits expected");
    return id;
  }

 private:
  std::string_view rest_;
  std::size_t line_;
};

// The 64 bytes behind "keyword " in canonical base64. Whether they are a valid signature is not
// checked.
Result<crypto::Signature> ReadSignature(LineReader& lines, std::string_view keyword);
// The same for a line or part of a line.
std::optional<crypto::Signature> SignatureFromBase64(std::string_view text);

// kMalformed with the line unless every byte is LF or 0x20 to 0x7e.
Result<void> CheckPrintableAscii(std::string_view text);

// Decimal digits without sign and without leading zeros, at most `max`.
std::optional<std::uint64_t> ParseDecimal(std::string_view text, std::uint64_t max);

// [a-z][a-z0-9.-]*, at most `max` bytes.
bool IsToken(std::string_view text, std::size_t max);

}  // namespace geflecht::log
