// The logical lines of a file of vCards: unfolded, with soft line breaks taken out. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace geflecht::formats {

// How lines that go on are put together.
enum class Folding {
  kKeepSpace,  // vCard 2.1 §2.1.3: the white space of the fold belongs to the value
  kDropSpace,  // RFC 2425 §5.8.1, RFC 6350 §3.2: it does not
};

struct VcardLine {
  std::size_t line = 0;  // of its first character, the file's first line being 1
  std::string text;      // bytes, still encoded
};

// "BEGIN:VCARD" in any case, with white space or a byte order mark around it.
bool IsVcardBegin(std::string_view line);
bool IsVcardEnd(std::string_view line);

// Walks through a text, which has to outlive it. Line ends are CRLF, CR CRLF (a CRLF file written
// as text once more), LF and CR. Time and memory are linear in the text.
class VcardLines {
 public:
  explicit VcardLines(std::string_view text) : rest_(text) {}

  // The next logical line that is not blank, or nothing at the end. After a property in
  // quoted-printable a "=" at the end of a line joins the next one (RFC 2045 §6.7); after one in
  // base64 lines of base64 belong to it even if they are not indented.
  std::optional<VcardLine> Next(Folding folding);

  // The value of the VERSION before the next BEGIN or END, or an empty text.
  std::string_view PeekVersion() const;

 private:
  struct Physical {
    std::string_view text;
    std::string_view rest;  // behind its line end
  };
  static Physical Split(std::string_view text);
  void Take(const Physical& line);

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace geflecht::formats
