#include "tests/sim/sim_net.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace geflecht::sim {
namespace {

constexpr std::string_view kName = "site-";

std::size_t SiteOf(std::string_view address) {
  std::size_t site = 0;
  address.remove_prefix(kName.size());
  std::from_chars(address.data(), address.data() + address.size(), site);
  return site;
}

}  // namespace

SimNet::SimNet(EventQueue& queue, const Options& options, Trace& trace)
    : ports(
          static_cast<std::size_t>(options.sites + options.two_writers + options.hostile_sites())),
      queue_(queue),
      options_(options),
      trace_(trace),
      random_(options.seed ^ 0x6E6574ull),
      longest_ms_(random_.Below(3) == 0 ? 400 : 40),
      group_(ports.size()) {}

std::string SimNet::AddressOf(std::size_t site) {
  return std::string(kName) + std::to_string(site) + ".example:4711";
}

Account SimNet::AccountOf(std::size_t honest, std::size_t hostile) const {
  if (ports[honest].hostile || !ports[hostile].hostile) return kNobody;
  const std::size_t account = 1 + honest * ports.size() + hostile;
  return account < kAccounts ? static_cast<Account>(account) : kNobody;
}

Account SimNet::AccountOf(const Link& link, std::size_t end) const {
  return AccountOf(link.ends[end].site, link.ends[1 - end].site);
}

std::optional<std::size_t> SimNet::OtherEnd(core::ConnId connection) const {
  const auto found = links_.find(connection);
  if (found == links_.end()) return std::nullopt;
  const auto& ends = found->second->ends;
  return ends[ends[0].id == connection ? 1 : 0].site;
}

void SimNet::Dial(std::size_t from, const std::string& address) {
  const std::size_t to = SiteOf(address);
  const bool refused = !calm_ && options_.refusals != 0 && random_.Below(4) == 0;
  if (refused) trace_.counts.Hit(Mark::kDialRefused);
  const std::int64_t wait = Separated(from, to) ? 5'000 : Latency() + Latency();
  queue_.After(wait, [this, from, to, address, refused, starts = ports[from].starts] {
    if (!ports[from].up || ports[from].starts != starts) return;
    const bool reachable = !refused && !Separated(from, to) && ports[to].up &&
                           ports[from].is_peer(ports[to].tls_key) &&
                           ports[to].is_peer(ports[from].tls_key);
    if (reachable) return Establish(from, to, address);
    ports[from].deliver(
        core::DialFailed{address, Error{Code::kUnreachable, "connection refused", {}}});
  });
}

void SimNet::Establish(std::size_t from, std::size_t to, const std::string& address) {
  auto link = std::make_shared<Link>();
  const core::ConnId first = ++last_id_;
  const core::ConnId second = ++last_id_;
  const std::int64_t dialler_at = queue_.now_ms() + Latency();
  link->ends[0].site = from;
  link->ends[0].id = first;
  link->ends[0].last_ms = dialler_at;
  link->ends[1].site = to;
  link->ends[1].id = second;
  link->ends[1].open = true;
  links_[first] = links_[second] = link;
  queue_.At(dialler_at, [this, link, address, starts = ports[from].starts] {
    End& end = link->ends[0];
    if (!ports[end.site].up || ports[end.site].starts != starts) return;
    end.open = true;
    const OnAccount account(AccountOf(*link, 0));
    ports[end.site].deliver(
        core::Connected{end.id, ports[link->ends[1].site].tls_key, false, address});
    if (end.cut_ms <= queue_.now_ms()) EndFor(link, 0, "connection reset");
  });
  const OnAccount account(AccountOf(*link, 1));
  ports[to].deliver(core::Connected{second, ports[from].tls_key, true, AddressOf(from)});
}

void SimNet::Send(std::size_t from, core::ConnId connection, const Bytes& frame) {
  const auto found = links_.find(connection);
  if (found == links_.end()) return;
  const LinkPtr link = found->second;
  const std::size_t own = link->ends[0].id == connection ? 0 : 1;
  CHECK(link->ends[own].site == from);
  if (!link->ends[own].open) return;
  Record(link->ends[1 - own].site, frame);
  Schedule(link, 1 - own, frame);
}

void SimNet::Schedule(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame) {
  End& end = link->ends[to_end];
  const auto transfer_ms = static_cast<std::int64_t>(frame ? frame->size() / 2'000 : 0);
  end.last_ms = std::max(end.last_ms, queue_.now_ms() + Latency()) + transfer_ms;
  queue_.At(end.last_ms, [this, link, to_end, frame = std::move(frame)]() mutable {
    Arrive(link, to_end, std::move(frame));
  });
}

void SimNet::Arrive(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame) {
  if (link->stalled || Separated(link->ends[0].site, link->ends[1].site) ||
      !link->ends[to_end].held.empty()) {
    link->ends[to_end].held.push_back(std::move(frame));
    return;
  }
  Hand(link, to_end, std::move(frame));
}

void SimNet::Hand(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame) {
  End& end = link->ends[to_end];
  if (!end.open || queue_.now_ms() >= end.cut_ms) {
    if (!frame || queue_.now_ms() < end.cut_ms) return;
    trace_.counts.Hit(Mark::kFrameLost);
    Record(end.site, *frame);
    return;
  }
  if (!frame) return EndFor(link, to_end, "closed by the peer");
  const std::size_t most =
      end.large_frames ? limits::kFrameBytesMax : limits::kFrameBytesMaxBeforeHello;
  const bool hostile = ports[link->ends[1 - to_end].site].hostile;
  if (frame->size() > most) {
    Require(hostile, "a node sent a frame that the transport refuses");
    trace_.counts.Hit(Mark::kOversizeCut);
    return Cut(link);
  }
  const OnAccount account(AccountOf(*link, to_end));
  if (hostile) frame = Bytes(frame->begin(), frame->end());  // the receiver's memory
  ports[end.site].deliver(core::Received{end.id, *std::move(frame)});
  if (hostile && !end.open) trace_.counts.Hit(Mark::kHostileRefused);
}

void SimNet::Release(const LinkPtr& link) {
  for (std::size_t i = 0; i < 2; ++i)
    for (std::optional<Bytes>& frame : std::exchange(link->ends[i].held, {}))
      Hand(link, i, std::move(frame));
}

void SimNet::AllowLargeFrames(std::size_t, core::ConnId connection) {
  const auto found = links_.find(connection);
  if (found == links_.end()) return;
  for (End& end : found->second->ends)
    if (end.id == connection) end.large_frames = true;
}

void SimNet::Close(std::size_t from, core::ConnId connection) {
  const auto found = links_.find(connection);
  if (found == links_.end()) return;
  const LinkPtr link = found->second;
  const std::size_t own = link->ends[0].id == connection ? 0 : 1;
  CHECK(link->ends[own].site == from);
  if (!link->ends[own].open) return;
  link->ends[own].open = false;
  Schedule(link, 1 - own, std::nullopt);
}

void SimNet::EndFor(const LinkPtr& link, std::size_t end, const std::string& reason) {
  End& gone = link->ends[end];
  if (!gone.open) return;
  gone.open = false;
  links_.erase(gone.id);
  ports[gone.site].deliver(core::Closed{gone.id, reason});
}

void SimNet::Cut(const LinkPtr& link) {
  for (std::size_t i = 0; i < 2; ++i) {
    End& end = link->ends[i];
    end.cut_ms = std::min(
        end.cut_ms, queue_.now_ms() + static_cast<std::int64_t>(random_.Below(2 * longest_ms_)));
    queue_.At(end.cut_ms, [this, link, i] { EndFor(link, i, "connection reset"); });
  }
}

void SimNet::ProcessGone(std::size_t site, bool unnoticed) {
  ports[site].up = false;
  std::vector<LinkPtr> ended;
  for (const auto& [id, link] : links_)
    for (End& end : link->ends)
      if (end.id == id && end.site == site) ended.push_back(link);
  for (const LinkPtr& link : ended) {
    const std::size_t own = link->ends[0].site == site ? 0 : 1;
    link->ends[own].open = false;
    link->ends[own].cut_ms = queue_.now_ms();
    links_.erase(link->ends[own].id);
    if (!link->ends[1 - own].open) continue;
    if (unnoticed) trace_.counts.Hit(Mark::kHalfOpen);
    if (!unnoticed) Cut(link);
  }
}

SimNet::LinkPtr SimNet::RandomOpenLink() {
  std::vector<LinkPtr> open;
  for (const auto& [id, link] : links_)
    if (link->ends[0].id == id && link->ends[0].open && link->ends[1].open &&
        !ports[link->ends[0].site].hostile && !ports[link->ends[1].site].hostile)
      open.push_back(link);
  return open.empty() ? nullptr : open[random_.Below(open.size())];
}

void SimNet::CutOne() {
  const LinkPtr link = RandomOpenLink();
  if (!link) return;
  trace_.counts.Hit(Mark::kLinkCut);
  Cut(link);
}

void SimNet::StallOne() {
  const LinkPtr link = RandomOpenLink();
  if (!link || link->stalled) return;
  trace_.counts.Hit(Mark::kLinkStalled);
  link->stalled = true;
  const bool cut = random_.Below(2) == 0;
  queue_.After(500 + static_cast<std::int64_t>(random_.Below(20'000)), [this, link, cut] {
    link->stalled = false;
    if (cut) Cut(link);
    if (!Separated(link->ends[0].site, link->ends[1].site)) Release(link);
  });
}

void SimNet::Partition() {
  for (int& group : group_) group = static_cast<int>(random_.Below(2));
  if (std::adjacent_find(group_.begin(), group_.end(), std::not_equal_to<>()) != group_.end())
    trace_.counts.Hit(Mark::kPartition);
}

void SimNet::Heal() {
  const bool apart =
      std::adjacent_find(group_.begin(), group_.end(), std::not_equal_to<>()) != group_.end();
  if (apart) trace_.counts.Hit(Mark::kPartitionHealed);
  std::fill(group_.begin(), group_.end(), 0);
  std::vector<LinkPtr> all;
  for (const auto& [id, link] : links_)
    if (link->ends[0].id == id || !link->ends[0].open) all.push_back(link);
  for (const LinkPtr& link : all)
    if (!link->stalled) Release(link);
}

void SimNet::Calm() {
  calm_ = true;
  Heal();
  std::vector<LinkPtr> hostile;
  for (const auto& [id, link] : links_)
    if (link->hostile) hostile.push_back(link);
  for (const LinkPtr& link : hostile) Cut(link);
}

bool SimNet::AreConnected(std::size_t a, std::size_t b) const {
  return std::any_of(links_.begin(), links_.end(), [&](const auto& item) {
    const auto& ends = item.second->ends;
    return ends[0].open && ends[1].open &&
           ((ends[0].site == a && ends[1].site == b) || (ends[0].site == b && ends[1].site == a));
  });
}

bool SimNet::Tampered(std::size_t a, std::size_t b) const {
  return tampered_.contains(std::minmax(a, b));
}

}  // namespace geflecht::sim
