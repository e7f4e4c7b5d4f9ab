#include "node/formats/content_line.h"

#include <cstddef>

namespace geflecht::formats {
namespace {

constexpr std::size_t kLineOctetsMax = 75;  // without the line end

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string EscapeContent(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' || c == ',' || c == ';') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n' || (c == '\r' && !value.substr(i + 1).starts_with('\n'))) {
      out += "\\n";
    } else if (c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) {
      out.push_back(c);
    }
  }
  return out;
}

void AppendContentLine(std::string& out, std::string_view line) {
  std::size_t room = kLineOctetsMax;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 1 && IsContinuation(line[cut])) --cut;
    out += line.substr(0, cut);
    out += "\r\n ";
    line.remove_prefix(cut);
    room = kLineOctetsMax - 1;  // the space counts
  }
  out += line;
  out += "\r\n";
}

}  // namespace geflecht::formats
