#include "node/replica/check_log.h"

#include <map>
#include <optional>
#include <utility>

#include "node/log/body.h"
#include "node/replica/drafts.h"
#include "node/replica/records.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {
namespace {

class Checker {
 public:
  Checker(const store::View& view, LogCheck& found) : view_(view), found_(found) {}

  void CheckSpace(const log::SpaceId& space) {
    std::map<log::FeedKey, log::FeedHead> feeds;
    ForEach(FeedNumberKey(space, 0), "feed", codec::DecodeStoredFeed,
            [&](std::uint64_t, codec::StoredFeed feed) { feeds[feed.key] = feed.head; });
    const store::Key first = EntryKey(space, 0);
    const auto last = view_.Last(first.table, first.group);
    if (!last) return Problem("order of arrival", last.error());
    const std::uint64_t end = *last ? (*last)->order : 0;
    std::map<log::FeedKey, codec::StoredEntry> heads;
    for (std::uint64_t arrival = 1; arrival <= end; ++arrival) {
      auto stored = Read(EntryKey(space, arrival), "entry", codec::DecodeStoredEntry);
      if (!stored) continue;
      CheckEntry(space, arrival, *stored);
      const codec::Position position{stored->feed(), stored->entry.header.seq};
      ++found_.entries;
      if (!found_.newest_s || *found_.newest_s < stored->entry.header.time_s)
        found_.newest_s = stored->entry.header.time_s;
      const auto head = heads.find(position.feed);
      if (head == heads.end() || head->second.entry.header.seq < position.seq)
        heads.insert_or_assign(position.feed, *std::move(stored));
    }
    for (const auto& [feed, head] : feeds) {
      const auto seen = heads.find(feed);
      if (head.next_seq == 0) continue;
      if (seen == heads.end() || seen->second.entry.header.seq + 1 != head.next_seq ||
          seen->second.entry.id != head.head)
        Problem("a feed does not end where its record says");
      if (seen != heads.end()) heads.erase(seen);
    }
    if (!heads.empty()) Problem("a feed has no record");
    const auto tips = view_.Get(TipsKey(space));
    if (!tips) return Problem("heads of a space", tips.error());
    if (*tips && !codec::DecodeIds(**tips)) Problem("the heads of a space do not decode");
    if (!*tips && end > 0) Problem("the heads of a space are missing");
  }

  void CheckDocuments(const log::SpaceId& space) {
    ForEach(DocumentKey(space, 0), "document", codec::DecodeStoredDocument,
            [&](std::uint64_t, const codec::StoredDocument&) { ++found_.documents; });
    ForEach(DraftKey(space, 0), "draft", DraftDocument,
            [&](std::uint64_t, const crdt::DocumentId&) { ++found_.drafts; });
  }

 private:
  void Problem(std::string text) {
    ++found_.problem_count;
    if (found_.problems.size() < kProblemsMax) found_.problems.push_back(std::move(text));
  }
  void Problem(const std::string& what, const Error& error) { Problem(what + ": " + error.detail); }

  template <class Decode>
  auto Read(const store::Key& key, const char* what, Decode decode)
      -> std::optional<typename decltype(decode(ByteView()))::value_type> {
    const auto bytes = view_.Get(key);
    if (!bytes) {
      Problem(what, bytes.error());
      return std::nullopt;
    }
    if (!*bytes) {
      Problem(std::string(what) + " is missing");
      return std::nullopt;
    }
    auto value = decode(**bytes);
    if (value) return *std::move(value);
    Problem(what, value.error());
    return std::nullopt;
  }

  template <class Decode, class Take>
  void ForEach(const store::Key& first, const char* what, Decode decode, Take take) {
    const auto scanned = view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
      auto value = decode(record.value);
      if (value) {
        take(record.order, *std::move(value));
      } else {
        Problem(what, value.error());
      }
      return true;
    });
    if (!scanned) Problem(what, scanned.error());
  }

  // The arrival of an entry by its id.
  std::optional<std::uint64_t> Find(const log::SpaceId& space, const log::EntryId& id,
                                    const char* what) {
    return Read(IdKey(space, DocumentIdOf(id)), what, DecodeArrival);
  }

  void CheckPlace(const codec::StoredEntry& stored) {
    const store::Key key = StretchKey(stored.feed(), stored.entry.header.seq);
    const auto stretch = view_.Floor(key);
    if (!stretch) return Problem("place of an entry", stretch.error());
    const auto first = *stretch ? DecodeArrival((*stretch)->value)
                                : Result<std::uint64_t>(Fail(Code::kCorruption, "missing"));
    if (!first || *first + (key.order - (*stretch)->order) != stored.arrival)
      Problem("the place of an entry in its feed is wrong");
  }

  void CheckEntry(const log::SpaceId& space, std::uint64_t arrival,
                  const codec::StoredEntry& stored) {
    const log::Header& header = stored.entry.header;
    if (stored.arrival != arrival) Problem("an entry is not where its arrival says");
    const auto index = Find(space, stored.entry.id, "index of an entry");
    if (index && *index != arrival) Problem("the index of an entry names another place");
    CheckPlace(stored);
    if (header.prev) {
      const auto before = Find(space, *header.prev, "entry before");
      const auto entry =
          before ? Read(EntryKey(space, *before), "entry before", codec::DecodeStoredEntry)
                 : std::nullopt;
      if (entry && (entry->entry.id != *header.prev || entry->entry.header.seq + 1 != header.seq))
        Problem("a feed has a gap");
    }
    if (header.fields > 0) CheckBody(space, arrival, stored);
  }

  void CheckBody(const log::SpaceId& space, std::uint64_t arrival,
                 const codec::StoredEntry& stored) {
    if (!stored.body_here) {
      Read(MissingBodyKey(space, arrival), "mark of a missing body", codec::DecodePosition);
      return;
    }
    const auto body = Read(BodyKeyOf(space, stored), "body", codec::DecodeBody);
    if (!body) return;
    ++found_.bodies;
    if (const auto fits = log::CheckBodyOf(stored.entry.header, *body); !fits)
      Problem("body", fits.error());
  }

  const store::View& view_;
  LogCheck& found_;
};

}  // namespace

LogCheck CheckLogs(const store::View& view, const governance::Members& members) {
  LogCheck found;
  Checker checker(view, found);
  checker.CheckSpace(members.root_space());
  checker.CheckSpace(members.network_space());
  checker.CheckDocuments(members.network_space());
  for (const governance::SpaceState& space : members.spaces()) {
    checker.CheckSpace(space.id);
    checker.CheckDocuments(space.id);
  }
  return found;
}

}  // namespace geflecht::replica
