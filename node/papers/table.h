// The templates, made at build time of node/papers/de and en.
#pragma once

#include <span>
#include <string_view>

namespace geflecht::papers {

struct Template {
  std::string_view name, de, en;
};
// Ascending by name.
extern const std::span<const Template> kTable;

}  // namespace geflecht::papers
