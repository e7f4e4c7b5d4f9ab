// The table that cmake/embed_i18n.py makes of de.json and en.json at build time.
#pragma once

#include <span>
#include <string_view>

namespace geflecht::i18n {

struct Sentence {
  std::string_view key;
  std::string_view de;
  std::string_view en;
};

// Ascending by the bytes of `key`. Constant initialised: usable before main.
extern const std::span<const Sentence> kTable;

}  // namespace geflecht::i18n
