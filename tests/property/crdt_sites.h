// Sites that edit one document of nested types at random and deliver their changes late, twice and
// out of order.
#pragma once

#include <string>
#include <vector>

#include "base/rng.h"
#include "crdt/document.h"

namespace geflecht::crdt {

const Schema& SiteSchema();
AgentId SiteAgent(int number);

// All that the public interface shows, by path. `ids`: with container and change ids, which differ
// between an open change and the same change applied.
std::string Dump(const Document& document, bool ids);

// One random edit of anything the document holds. Returns whether it had an effect.
bool EditAtRandom(Document& document, Random& random);

// Ends the open change under a random id and applies it.
Change CutAtRandom(Document& document, int site, Random& random);

struct History {
  std::vector<Change> changes;      // parents first
  std::vector<std::string> states;  // of each site in the end, after it has got everything
};
History MakeHistory(std::uint64_t seed, int sites, int rounds);

// What `changes` leave, applied in the order given.
std::string StateOf(const std::vector<Change>& changes);

template <class T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[static_cast<std::size_t>(random.Below(i))]);
}

}  // namespace geflecht::crdt
