#include "cli/globals.h"

#include <cstdlib>

namespace geflecht::cli {

std::optional<std::string> SystemEnvironment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

i18n::Lang ChooseLang(const std::vector<std::string>& words, const Environment& environment) {
  constexpr std::string_view kOption = "--lang";
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i] == kOption && i + 1 < words.size()) return i18n::ParseLang(words[i + 1]);
    if (words[i].starts_with("--lang=")) return i18n::ParseLang(words[i].substr(7));
  }
  for (const char* name : {"GEFLECHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const auto value = environment(name)) return i18n::ParseLang(*value);
  return i18n::Lang::kDe;
}

std::filesystem::path DefaultDirectory(const Environment& environment) {
  if (const auto dir = environment("GEFLECHT_DIR")) return *dir;
  if (const auto data = environment("XDG_DATA_HOME"))
    return std::filesystem::path(*data) / "geflecht";
  if (const auto home = environment("HOME"))
    return std::filesystem::path(*home) / ".local" / "share" / "geflecht";
  return {};
}

std::optional<std::filesystem::path> DefaultPassphraseFile(const Environment& environment) {
  const auto file = environment("GEFLECHT_PASSPHRASE_FILE");
  if (!file) return std::nullopt;
  return std::filesystem::path(*file);
}

}  // namespace geflecht::cli
