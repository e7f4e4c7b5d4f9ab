#include "cli/qr_code.h"

#include <qrcodegen/qrcodegen.hpp>

namespace geflecht::cli {
namespace {

using qrcodegen::QrCode;

constexpr int kQuiet = 2;  // modules around it: enough for readers, and it fits into 80 columns

Result<QrCode> CodeOf(const std::string& text) {
  try {
    return QrCode::encodeText(text.c_str(), QrCode::Ecc::MEDIUM);
  } catch (const qrcodegen::data_too_long&) {
    return Fail(Code::kTooLarge, "too long for a QR code");
  }
}

}  // namespace

Result<std::string> QrForTerminal(const std::string& text) {
  ASSIGN(const QrCode code, CodeOf(text));
  std::string out;
  for (int y = -kQuiet; y < code.getSize() + kQuiet; y += 2) {
    out += "\x1b[30;107m";  // black on white
    for (int x = -kQuiet; x < code.getSize() + kQuiet; ++x) {
      const bool upper = code.getModule(x, y);
      const bool lower = code.getModule(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "\x1b[0m\n";
  }
  return out;
}

Result<std::string> QrAsSvg(const std::string& text) {
  ASSIGN(const QrCode code, CodeOf(text));
  constexpr int kBorder = 4;  // as the standard asks for
  const std::string side = std::to_string(code.getSize() + 2 * kBorder);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + ' ' + side +
                    "\" shape-rendering=\"crispEdges\">\n<rect width=\"100%\" height=\"100%\" "
                    "fill=\"#fff\"/>\n<path fill=\"#000\" d=\"";
  for (int y = 0; y < code.getSize(); ++y)
    for (int x = 0; x < code.getSize(); ++x)
      if (code.getModule(x, y))
        out += 'M' + std::to_string(x + kBorder) + ' ' + std::to_string(y + kBorder) + "h1v1h-1z";
  return out + "\"/>\n</svg>\n";
}

}  // namespace geflecht::cli
