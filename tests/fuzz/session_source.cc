#include "tests/fuzz/session_source.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::fuzz {
namespace {

constexpr std::size_t kItems = 36;
constexpr std::size_t kWaitingMax = 64;

// Makes the universe: feeds of three devices in two spaces that see each other now and then. The
// third device goes on twice behind one of its entries.
class Making {
 public:
  Universe Make() {
    universe_.network = random_.Make<log::NetworkId>();
    universe_.spaces = {log::RootSpace(universe_.network), random_.Make<log::SpaceId>()};
    for (int i = 0; i < 3; ++i) universe_.devices.push_back(random_.Make<log::DeviceId>());
    while (universe_.items.size() < kItems) {
      const std::size_t number = universe_.items.size();
      const std::size_t device = number % 3;
      const std::size_t space = number / 3 % 4 == 3 ? 0 : 1;
      Add(space, device, device == 2 && number % 2 == 0 ? 1 : 0);
    }
    return std::move(universe_);
  }

 private:
  void Add(std::size_t space, std::size_t device, int branch) {
    log::Header header;
    header.net = universe_.network;
    header.space = universe_.spaces[space];
    header.device = universe_.devices[device];
    header.life.bytes.fill(static_cast<std::uint8_t>(device + 1));
    auto& head = heads_[{space, device}];
    if (head.size() < 2 && branch == 1) branch = 0;
    const std::optional<std::size_t> prev = LastOf(space, device, branch);
    if (prev) {
      const log::Entry& last = universe_.items[*prev].entry;
      header.seq = last.header.seq + 1;
      header.prev = last.id;
    }
    if (const auto other = LastOf(space, (device + 1) % 3, 0); other && random_.Below(3) == 0)
      header.seen = {universe_.items[*other].entry.id};
    if (space != 0) {
      header.basis = {random_.Make<log::EntryId>()};
      if (prev && random_.Below(2) == 0) header.basis = universe_.items[*prev].entry.header.basis;
    }
    header.time_s = 3600;
    header.kind = "change";
    const std::uint8_t byte = branch == 0 ? 1 : 2;
    const log::Body body{{log::MakeField("text", Bytes(8, byte), random_)}};
    header.fields = 1;
    header.root = log::BodyRoot(body);
    const auto signature = random_.Make<crypto::Signature>();
    log::Entry entry = log::Entry::Of(std::move(header), signature);
    universe_.by_id[entry.id] = universe_.items.size();
    head.emplace_back(branch, universe_.items.size());
    universe_.items.push_back({std::move(entry), body, device});
  }

  // Of a second branch the last one of it, or the feed's first entry.
  std::optional<std::size_t> LastOf(std::size_t space, std::size_t device, int branch) {
    const auto& head = heads_[{space, device}];
    for (auto it = head.rbegin(); it != head.rend(); ++it)
      if (it->first == branch) return it->second;
    if (head.empty()) return std::nullopt;
    return head.front().second;
  }

  SeededRandom random_{5};
  Universe universe_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::pair<int, std::size_t>>> heads_;
};

}  // namespace

const Universe& Universe::Get() {
  static const Universe universe = Making().Make();
  return universe;
}

Source::Source() : served(Universe::Get().spaces) {
  for (const log::SpaceId& space : served) spaces_[space];
}

const log::Entry& Source::EntryOf(const Held& held) {
  return Universe::Get().items[held.item].entry;
}

bool Source::CausesHere(const Space& space, const log::Header& header) const {
  if (header.prev && !space.by_id.contains(*header.prev)) return false;
  return std::ranges::all_of(header.seen,
                             [&](const log::EntryId& id) { return space.by_id.contains(id); });
}

void Source::Store(Space& space, std::size_t number) {
  const log::Entry& entry = Universe::Get().items[number].entry;
  const log::Header& header = entry.header;
  log::FeedKey feed = header.feed();
  const std::vector<log::FeedKey> branches = log::BranchesOf(space.frontier, feed);
  log::FrontierItem item{header.seq, entry.id, 0, 0};
  const auto continued = std::ranges::find_if(branches, [&](const log::FeedKey& branch) {
    return header.prev == space.frontier.at(branch).head;
  });
  if (continued != branches.end()) {
    feed = *continued;
    item.from = space.frontier.at(feed).from;
    item.parent = space.frontier.at(feed).parent;
  } else if (!branches.empty()) {
    feed.branch = branches.back().branch + 1;
    item.from = header.seq;
    if (header.prev) item.parent = space.arrivals[space.by_id.at(*header.prev)].branch;
  }
  space.frontier[feed] = item;
  space.feeds[feed][header.seq] = space.arrivals.size();
  space.by_id[entry.id] = space.arrivals.size();
  space.arrivals.push_back({number, feed.branch, false});
}

bool Source::Write(std::size_t number, bool with_body) {
  const log::Entry& entry = Universe::Get().items[number].entry;
  Space& space = spaces_.at(entry.header.space);
  if (space.by_id.contains(entry.id) || !CausesHere(space, entry.header)) return false;
  Store(space, number);
  space.arrivals.back().body = with_body;
  return true;
}

sync::Admission Source::AdmitOnce(const log::SpaceId& id, const codec::Run& run) {
  Space& space = spaces_.at(id);
  log::FeedHead head{run.first_seq, std::nullopt, {}};
  if (run.prev) {
    const auto before = std::ranges::find_if(
        space.by_id, [&](const auto& one) { return codec::ShortOf(one.first) == *run.prev; });
    if (before == space.by_id.end()) return sync::Admission::kWaiting;
    const log::Entry& last = EntryOf(space.arrivals[before->second]);
    if (last.header.seq + 1 != run.first_seq) return sync::Admission::kRejected;
    head.head = last.id;
    head.basis = last.header.basis;
  }
  const auto entries = codec::CompleteRun(Universe::Get().network, id, head, run);
  if (!entries) return sync::Admission::kRejected;
  for (const log::Entry& entry : *entries)
    if (!Universe::Get().by_id.contains(entry.id)) return sync::Admission::kRejected;
  for (const log::Entry& entry : *entries) {
    if (space.by_id.contains(entry.id)) continue;
    if (!CausesHere(space, entry.header)) return sync::Admission::kWaiting;
    Store(space, Universe::Get().by_id.at(entry.id));
  }
  return sync::Admission::kStored;
}

sync::Admission Source::Admit(const log::SpaceId& id, const codec::Run& run) {
  const sync::Admission admission = AdmitOnce(id, run);
  std::vector<codec::Run>& waiting = spaces_.at(id).waiting;
  if (admission == sync::Admission::kWaiting && waiting.size() < kWaitingMax)
    waiting.push_back(run);
  for (bool again = admission == sync::Admission::kStored; again;) {
    again = false;
    for (auto it = waiting.begin(); it != waiting.end();) {
      const sync::Admission retried = AdmitOnce(id, *it);
      again = again || retried == sync::Admission::kStored;
      it = retried == sync::Admission::kWaiting ? std::next(it) : waiting.erase(it);
    }
  }
  return admission;
}

sync::Admission Source::AdmitBodies(const log::SpaceId& id, const codec::Bodies& bodies) {
  Space& space = spaces_.at(id);
  for (const codec::BodyItem& item : bodies.items) {
    bool belongs = false;
    bool any = false;
    for (const log::FeedKey& branch :
         log::BranchesOf(space.frontier, {id, bodies.device, bodies.life})) {
      const auto found = space.feeds[branch].find(item.seq);
      if (found == space.feeds[branch].end()) continue;
      any = true;
      Held& held = space.arrivals[found->second];
      if (!log::CheckBodyOf(EntryOf(held).header, item.body)) continue;
      held.body = true;
      belongs = true;
    }
    if (any && !belongs) return sync::Admission::kRejected;
  }
  return sync::Admission::kStored;
}

std::vector<log::SpaceId> Source::SpacesFor(const log::DeviceId&) const { return served; }

const log::Frontier& Source::Frontier(const log::SpaceId& space) const {
  return spaces_.at(space).frontier;
}

log::Fingerprint Source::Fingerprint(const log::SpaceId& space) const {
  return log::FingerprintOf(Frontier(space));
}

std::uint64_t Source::LastArrival(const log::SpaceId& space) const {
  return spaces_.at(space).arrivals.size();
}

Result<std::uint64_t> Source::ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const {
  return spaces_.at(feed.space).feeds.at(feed).at(seq) + 1;
}

Result<std::vector<sync::Arrival>> Source::Arrivals(const log::SpaceId& id, std::uint64_t from,
                                                    std::size_t entries_max) const {
  const Space& space = spaces_.at(id);
  std::vector<sync::Arrival> out;
  for (std::uint64_t i = from - 1; i < space.arrivals.size() && out.size() < entries_max; ++i) {
    const Held& held = space.arrivals[i];
    log::FeedKey feed = EntryOf(held).header.feed();
    feed.branch = held.branch;
    out.push_back({i + 1, feed, EntryOf(held)});
  }
  return out;
}

const Source::Held* Source::HeldAt(log::FeedKey feed, std::uint64_t seq) const {
  const Space& space = spaces_.at(feed.space);
  for (;;) {
    const auto branch = space.frontier.find(feed);
    if (branch == space.frontier.end() || seq > branch->second.seq) return nullptr;
    if (seq >= branch->second.from) return &space.arrivals[space.feeds.at(feed).at(seq)];
    feed.branch = branch->second.parent;
  }
}

Result<std::optional<log::Body>> Source::BodyOf(const log::FeedKey& feed, std::uint64_t seq) const {
  const Held* held = HeldAt(feed, seq);
  if (held == nullptr || !held->body) return std::optional<log::Body>();
  return std::optional(Universe::Get().items[held->item].body);
}

Result<std::optional<log::Entry>> Source::EntryAt(const log::FeedKey& feed,
                                                  std::uint64_t seq) const {
  const Held* held = HeldAt(feed, seq);
  if (held == nullptr) return std::optional<log::Entry>();
  return std::optional(EntryOf(*held));
}

std::vector<codec::Need::Item> Source::MissingBodies(const log::SpaceId& id,
                                                     std::size_t max) const {
  std::vector<codec::Need::Item> out;
  for (const Held& held : spaces_.at(id).arrivals) {
    if (held.body || out.size() == max) continue;
    const log::Header& header = EntryOf(held).header;
    out.push_back({header.device, header.life, header.seq});
  }
  return out;
}

std::uint32_t Source::MissingBodyCount(const log::SpaceId& id) const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(spaces_.at(id).arrivals, [](const Held& held) { return !held.body; }));
}

}  // namespace geflecht::fuzz
