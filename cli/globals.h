// What holds for every command: language, directory, form of the output.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/i18n/i18n.h"

namespace geflecht::cli {

struct Globals {
  i18n::Lang lang = i18n::Lang::kDe;
  std::filesystem::path dir;
  std::string network;  // id or name that the directory's network must have; empty: any
  std::optional<std::filesystem::path> passphrase_file;
  bool json = false;
  bool yes = false;
  bool quiet = false;
};

// An environment variable's value; nothing if it is unset or empty.
using Environment = std::function<std::optional<std::string>(const char*)>;
std::optional<std::string> SystemEnvironment(const char* name);

// --lang, else GEFLECHT_LANG, LC_ALL, LC_MESSAGES, LANG; the first that is set decides. Looks at
// the words themselves because the parser's own texts need the language.
i18n::Lang ChooseLang(const std::vector<std::string>& words, const Environment& environment);

// GEFLECHT_DIR, XDG_DATA_HOME/geflecht, HOME/.local/share/geflecht; empty if none is set.
std::filesystem::path DefaultDirectory(const Environment& environment);

// GEFLECHT_PASSPHRASE_FILE.
std::optional<std::filesystem::path> DefaultPassphraseFile(const Environment& environment);

}  // namespace geflecht::cli
