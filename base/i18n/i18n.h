// Sentences for people, in German and English. The catalogues de.json and en.json are part of the
// program: nothing is read at run time. All functions may be called from any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace geflecht::i18n {

enum class Lang { kDe, kEn };

// Values for the placeholders of a sentence: {"name", value} replaces each "{name}". Values are
// taken as they are; a "{" in a value is never read as a placeholder.
using Args = std::initializer_list<std::pair<std::string_view, std::string>>;

// The sentence of `key` in `lang`. An unknown key comes back as itself, and a placeholder without
// a value stays in the text, so that a gap is visible and harmless; tests/tidy.py finds both.
std::string Tr(Lang lang, std::string_view key, Args args = {});

// The sentence of `key`.one for n = 1, else of `key`.other; "{n}" is the number with the thousands
// separator of `lang`, unless `args` names n itself.
std::string TrCount(Lang lang, std::string_view key, std::int64_t n, Args args = {});

// What the user is told about `error`: the sentence of its hint, or else the one of its code.
// `detail` is left out; it is for operators. A hint's "{line}" is the line that the detail names.
std::string Explain(Lang lang, const Error& error);

// German for "de...", English for "en...", whatever follows ("en_GB.UTF-8"); everything else,
// also "C" and the empty string, is German.
Lang ParseLang(std::string_view locale_or_code);

bool HasKey(std::string_view key);

}  // namespace geflecht::i18n
