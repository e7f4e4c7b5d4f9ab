#include "node/formats/file_kind.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace geflecht::formats {
namespace {

constexpr std::size_t kLookBytes = 4096;  // blank lines may precede a card

// ZIP (xlsx, ods), OLE (xls), Outlook (pst), PDF.
constexpr std::string_view kSignatures[] = {"PK\x03\x04", "\xD0\xCF\x11\xE0", "!BDN", "%PDF-"};

}  // namespace

FileKind DetectFileKind(ByteView bytes) {
  const std::string_view text = AsText(bytes);
  for (const std::string_view signature : kSignatures)
    if (text.starts_with(signature)) return FileKind::kOther;
  constexpr std::string_view kBegin = "BEGIN:VCARD";
  std::string letters;  // without marks, white space and the empty halves of UTF-16
  for (const char c : text.substr(0, kLookBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0xEF || byte == 0xBB || byte == 0xBF || byte >= 0xFE) continue;
    letters.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    if (letters.size() == kBegin.size()) break;
  }
  return letters == kBegin ? FileKind::kVcards : FileKind::kTable;
}

}  // namespace geflecht::formats
