// What a file is, by its first bytes and not by its name.
#pragma once

#include "base/bytes.h"

namespace geflecht::formats {

enum class FileKind {
  kTable,   // text, to be read as CSV
  kVcards,  // begins with BEGIN:VCARD, in whatever encoding
  kOther,   // the signature of a workbook, an archive, a data file of Outlook or a PDF
};

FileKind DetectFileKind(ByteView bytes);

}  // namespace geflecht::formats
