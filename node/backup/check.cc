#include "node/backup/check.h"

#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/limits.h"

namespace geflecht::backup {
namespace {

tl::unexpected<Error> NotGenuine(const Contents::Next& at, const std::string& reason) {
  return Fail(Code::kVerification,
              "entry " + std::to_string(at.item.stored.arrival) + " of space " + at.space.Hex() +
                  ": " + reason,
              "hint.backup-not-genuine");
}

class Checker {
 public:
  explicit Checker(const log::NetworkId& network) : network_(network) {}

  Result<void> Take(const Contents::Next& next) {
    const codec::StoredEntry& stored = next.item.stored;
    const log::Header& header = stored.entry.header;
    const bool is_charter = !header.net;
    if (is_charter ? stored.entry.id.bytes != network_.bytes : header.space != next.space)
      return NotGenuine(next, "it belongs to another space or network");
    for (const auto* ids : {&header.seen, &header.basis})
      for (const log::EntryId& id : *ids)
        if (!Knows(id)) return NotGenuine(next, "its past is missing");
    if (header.about && !Knows(*header.about)) return NotGenuine(next, "its past is missing");
    if (next.item.body)
      if (const auto fits = log::CheckBodyOf(header, *next.item.body); !fits)
        return NotGenuine(next, fits.error().detail);
    TRY(TakeIntoFeed(next));
    known_.insert(ReadBe64(stored.entry.id.view()));
    return {};
  }

  Result<void> End() const {
    for (const auto& [feed, state] : feeds_)
      if (!state.open.empty())
        return Fail(Code::kVerification, "a feed ends without a signature",
                    "hint.backup-not-genuine");
    return {};
  }

 private:
  struct Feed {
    log::FeedHead head;
    log::Run open;  // since the last signature
  };

  bool Knows(const log::EntryId& id) const { return known_.contains(ReadBe64(id.view())); }

  Result<void> TakeIntoFeed(const Contents::Next& next) {
    const log::Entry& entry = next.item.stored.entry;
    const auto [it, is_new] = feeds_.try_emplace(next.item.stored.feed());
    Feed& feed = it->second;
    if (is_new && entry.header.prev) {
      // A branch of a forked feed begins behind an entry of another one.
      if (!Knows(*entry.header.prev)) return NotGenuine(next, "the entry in front is missing");
      feed.head = {entry.header.seq, *entry.header.prev, {}};
    }
    feed.open.push_back(entry);
    if (!entry.signature) {
      if (feed.open.size() < limits::kRunEntriesMax) return {};
      return NotGenuine(next, "too many entries without a signature");
    }
    log::Run run = std::exchange(feed.open, {});
    if (const auto holds = log::VerifyRun(network_, feed.head, run); !holds)
      return NotGenuine(next, holds.error().detail);
    feed.head = log::HeadAfter(run);
    return {};
  }

  log::NetworkId network_;
  std::map<log::FeedKey, Feed> feeds_;
  std::unordered_set<std::uint64_t> known_;
};

}  // namespace

Result<Counts> CheckContents(Contents& contents, const std::function<void()>& passed) {
  std::optional<Checker> checker;
  if (contents.manifest().network) checker.emplace(*contents.manifest().network);
  for (;;) {
    ASSIGN(const auto next, contents.NextItem());
    if (!next) break;
    if (!checker) return NotGenuine(*next, "it belongs to no network");
    TRY(checker->Take(*next));
    passed();
  }
  if (checker) TRY(checker->End());
  return contents.counts();
}

}  // namespace geflecht::backup
