// Feeds: position and chain, signatures and what they cover, forks, rights, references.
#include <algorithm>
#include <string>

#include "base/limits.h"
#include "node/audit/examination.h"
#include "node/governance/read_entry.h"

namespace geflecht::audit {
namespace {

// Consecutive items [begin, end) of a feed, each naming the one before it.
struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Whether `item` stands on an item of this feed that is in front of it in the file: then it begins
// a second branch.
bool Branches(const Examination& exam, const FoundFeed& feed, std::size_t index) {
  const log::Header& header = feed.items[index].header;
  if (header.seq == 0) return true;
  const std::optional<Place> before = exam.entries.Find(*header.prev);
  return before && before->feed == &feed && before->index < index &&
         before->item().header.seq + 1 == header.seq;
}

void CheckStart(Examination& exam, const FoundFeed& feed, std::size_t index) {
  const FeedItem& item = feed.items[index];
  if (exam.entries.Find(item.id) != Place{&feed, index}) {
    exam.Bad(feed.file, item.line, "duplicate-entry");
  } else if (!Branches(exam, feed, index)) {
    const std::uint64_t next = index == 0 ? 0 : feed.items[index - 1].header.seq + 1;
    exam.Bad(feed.file, item.line, item.header.seq > next ? "gap" : "prev");
  }
}

std::vector<Segment> CheckChain(Examination& exam, const FoundFeed& feed) {
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < feed.items.size(); ++i) {
    const log::Header& header = feed.items[i].header;
    const bool continues = i > 0 && header.seq == feed.items[i - 1].header.seq + 1 &&
                           header.prev == feed.items[i - 1].id;
    if (continues) {
      segments.back().end = i + 1;
    } else {
      CheckStart(exam, feed, i);
      segments.push_back({i, i + 1});
    }
  }
  return segments;
}

void CheckPlace(Examination& exam, const FoundFeed& feed) {
  for (const FeedItem& item : feed.items) {
    if (item.header.feed() != feed.key) exam.Bad(feed.file, item.line, "feed");
    if (item.header.net && *item.header.net != exam.report.network)
      exam.Bad(feed.file, item.line, "network");
  }
}

// Whether the device was a member's when it wrote, by what it relied on. In the root space whoever
// was one at any time may have written.
void CheckEntitled(Examination& exam, const FoundFeed& feed) {
  if (!exam.root_is_whole) return;
  if (feed.key.space == exam.members->root_space()) {
    if (exam.members->EverByDevice(feed.key.device) == nullptr)
      exam.Bad(feed.file, feed.items.front().line, "not-entitled");
    return;
  }
  const std::vector<log::EntryId>* before = nullptr;
  bool entitled = false;
  for (const FeedItem& item : feed.items) {
    if (before == nullptr || item.header.basis != *before)
      entitled = exam.WasEntitled(feed.key.space, item.header.basis, feed.key.device);
    before = &item.header.basis;
    if (!entitled) exam.Bad(feed.file, item.line, "not-entitled");
  }
}

void CheckRights(Examination& exam, const FoundFeed& feed) {
  const governance::Members& members = *exam.members;
  if (feed.items.empty()) return;
  const std::size_t line = feed.items.front().line;
  const bool known = exam.Knows(feed.key.device);
  if (!known) exam.Bad(feed.file, line, "device");
  if (feed.key.space.IsZero()) return;  // holds the charter or nothing that is allowed
  if (!exam.KnowsSpace(feed.key.space)) {
    exam.Bad(feed.file, line, "space");
    return;
  }
  if (!known) return;
  for (const FeedItem& item : feed.items) {
    if (members.WhyNoKind(feed.key.space, item.header.kind)) exam.Bad(feed.file, item.line, "kind");
    // Every entry there knows at least the charter.
    if (feed.key.space == members.root_space() && governance::ParentsOf(item.header).empty())
      exam.Bad(feed.file, item.line, "no-past");
  }
  CheckEntitled(exam, feed);
}

bool CheckSignature(Examination& exam, const FoundFeed& feed, const FeedItem& item) {
  if (!item.HasSignature()) return false;
  if (!Holds(item)) {
    exam.Bad(feed.file, item.SignatureLine(), "signature");
    return false;
  }
  if (Coverage* coverage = exam.CoverageOf(item.header.space)) ++coverage->counters.signatures;
  return true;
}

// Whether the last item's signature, which covers the others through the chain, is enough.
bool LastHolds(const Examination& exam, const FoundFeed& feed, const Segment& segment) {
  return exam.options.mode == Mode::kFast && Holds(feed.items[segment.end - 1]);
}

// Which items of `segment` a signature covers. Each signature that is there has to hold.
std::vector<bool> CheckCover(Examination& exam, const FoundFeed& feed, const Segment& segment) {
  std::vector<bool> covered(segment.end - segment.begin);
  const bool last_holds = LastHolds(exam, feed, segment);
  if (Coverage* coverage = exam.CoverageOf(feed.key.space); coverage != nullptr && last_holds)
    ++coverage->counters.signatures;
  std::size_t open = segment.begin;  // the first item that is not covered so far
  for (std::size_t i = segment.begin; i < segment.end; ++i) {
    const FeedItem& item = feed.items[i];
    const bool holds = last_holds ? item.HasSignature() : CheckSignature(exam, feed, item);
    if (!holds && !item.HasSignature() && !log::MayBeCovered(item.header.kind))
      exam.Bad(feed.file, item.line, "signature-missing");
    if (!holds) continue;
    if (i + 1 - open > limits::kRunEntriesMax) exam.Bad(feed.file, item.line, "run-too-long");
    for (; open <= i; ++open) covered[open - segment.begin] = true;
  }
  if (open < segment.end) exam.Bad(feed.file, feed.items[open].line, "unsigned-tail");
  return covered;
}

// Signatures, and whether two covered entries stand at one position.
void CheckSegments(Examination& exam, const FoundFeed& feed, const std::vector<Segment>& segments) {
  std::map<std::uint64_t, log::EntryId> at;
  for (const Segment& segment : segments) {
    const std::vector<bool> covered = CheckCover(exam, feed, segment);
    bool reported = false;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      const FeedItem& item = feed.items[i];
      const bool ours = item.header.feed() == feed.key &&
                        (&item == exam.charter || item.header.net == exam.report.network);
      if (!covered[i - segment.begin] || !ours) continue;
      const auto [first, added] = at.try_emplace(item.header.seq, item.id);
      if (added || first->second == item.id) continue;
      exam.forked = true;
      if (!reported) exam.Bad(feed.file, item.line, "fork");
      reported = true;
    }
  }
}

void CheckLives(Examination& exam) {
  std::map<std::pair<log::SpaceId, log::DeviceId>, std::size_t> lives;
  for (const FoundFeed& feed : exam.feeds)
    if (++lives[{feed.key.space, feed.key.device}] == limits::kLivesMax + 1)
      exam.Bad(feed.file, 0, "too-many-lives");
}

}  // namespace

bool Holds(const FeedItem& item) {
  const auto signature = item.Signature();
  return signature &&
         crypto::Verify(item.header.device, log::kEntryNamespace, AsBytes(item.text), *signature);
}

void ReadFeeds(Examination& exam) {
  for (const auto& [name, file] : exam.files) {
    const auto parsed = ParseFileName(name);
    if (parsed->kind != FileKind::kFeed) continue;
    FoundFeed feed{parsed->feed, std::string(name), {}};
    feed.items = ParseFeed(AsText(file->content), [&](std::size_t line, std::string detail) {
      exam.Bad(feed.file, line, "header", std::move(detail));
    });
    if (feed.items.empty()) exam.Bad(feed.file, 0, "empty-feed");
    exam.feeds.push_back(std::move(feed));
  }
  exam.entries = Places(exam.feeds);
  if (const auto text = exam.IsReceipt() ? exam.Text(kReceiptEntryFile) : std::nullopt) {
    exam.receipt.emplace(FoundFeed{{}, std::string(kReceiptEntryFile), {}});
    exam.receipt->items = ParseFeed(*text, [&](std::size_t line, std::string detail) {
      exam.Bad(exam.receipt->file, line, "header", std::move(detail));
    });
  }
}

void CheckFeeds(Examination& exam) {
  for (const FoundFeed& feed : exam.feeds) {
    CheckPlace(exam, feed);
    const std::vector<Segment> segments = CheckChain(exam, feed);
    if (!exam.members) continue;
    CheckRights(exam, feed);
    // Anybody can sign with a key of his own: only members' signatures say anything.
    if (exam.Knows(feed.key.device)) CheckSegments(exam, feed, segments);
    if (Coverage* coverage = exam.CoverageOf(feed.key.space)) {
      ++coverage->counters.feeds;
      coverage->counters.entries += feed.items.size();
    }
  }
  CheckLives(exam);
}

void CheckReferences(Examination& exam) {
  // The charter belongs to the root space.
  const auto of_space = [&](const FoundFeed& named, const FoundFeed& feed) {
    return named.key.space == feed.key.space ||
           (exam.IsRoot(named.key.space) && exam.IsRoot(feed.key.space));
  };
  const auto find = [&](const log::EntryId& id) -> const FoundFeed* {
    const std::optional<Place> place = exam.entries.Find(id);
    return place ? place->feed : nullptr;
  };
  for (const FoundFeed& feed : exam.feeds) {
    for (const FeedItem& item : feed.items) {
      for (const log::EntryId& seen : item.header.seen) {
        const FoundFeed* named = find(seen);
        if (named == nullptr || !of_space(*named, feed)) {
          exam.Bad(feed.file, item.line, "seen-missing");
        } else if (named == &feed) {
          exam.Bad(feed.file, item.line, "seen-own");
        }
      }
      for (const log::EntryId& basis : item.header.basis) {
        const FoundFeed* named = find(basis);
        if (named == nullptr || !exam.IsRoot(named->key.space))
          exam.Bad(feed.file, item.line, "basis-missing");
      }
      if (item.header.about) {
        const FoundFeed* named = find(*item.header.about);
        if (named == nullptr || !of_space(*named, feed))
          exam.Bad(feed.file, item.line, "about-missing");
      }
    }
  }
}

}  // namespace geflecht::audit
