#include "tests/sim/found.h"

#include <algorithm>
#include <utility>

namespace geflecht::sim {

log::Founding Found(const std::vector<std::unique_ptr<Site>>& sites, Random& random) {
  log::CharterText text;
  text.name = "Simulated network";
  for (const auto& site : sites)
    if (!site->is_copy())
      text.founders.push_back(site->Card("Organisation " + std::to_string(site->number())));
  std::sort(text.founders.begin(), text.founders.end(),
            [](const log::Card& a, const log::Card& b) { return a.org() < b.org(); });
  auto draft = log::DraftFounding(text, sites.front()->device_key(), sites.front()->life(),
                                  sites.front()->Now().wall_ms / 1000, random);
  Require(draft.has_value(), "the founding cannot be drafted");
  for (const auto& site : sites) {
    if (site->is_copy()) continue;
    const log::FounderSignature signature{draft->network(), site->root_key().public_key(),
                                          log::SignCharter(*draft, site->root_key())};
    Require(log::AddSignature(*draft, signature).has_value(), "a founder's signature is refused");
  }
  return *std::move(draft);
}

}  // namespace geflecht::sim
