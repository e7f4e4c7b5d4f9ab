#include "node/audit/examination.h"

#include <algorithm>
#include <tuple>

namespace geflecht::audit {
namespace {

std::uint64_t FrontOf(const log::EntryId& id) {
  std::uint64_t front = 0;
  for (std::size_t i = 0; i < sizeof front; ++i) front = front << 8 | id.bytes[i];
  return front;
}

}  // namespace

Places::Places(const std::vector<FoundFeed>& feeds) {
  std::size_t size = 0;
  for (const FoundFeed& feed : feeds) size += feed.items.size();
  keys_.reserve(size);
  for (const FoundFeed& feed : feeds)
    for (std::size_t i = 0; i < feed.items.size(); ++i)
      keys_.push_back({FrontOf(feed.items[i].id), {&feed, i}});
  std::sort(keys_.begin(), keys_.end(), [](const Key& a, const Key& b) {
    if (a.front != b.front) return a.front < b.front;
    const log::EntryId& left = a.place.item().id;
    const log::EntryId& right = b.place.item().id;
    if (left != right) return left < right;
    return std::tie(a.place.feed, a.place.index) < std::tie(b.place.feed, b.place.index);
  });
}

std::optional<Place> Places::Find(const log::EntryId& id) const {
  const std::uint64_t front = FrontOf(id);
  const auto it = std::partition_point(keys_.begin(), keys_.end(), [&](const Key& key) {
    return key.front != front ? key.front < front : key.place.item().id < id;
  });
  if (it == keys_.end() || it->place.item().id != id) return std::nullopt;
  return it->place;
}

void Examination::Bad(std::string file, std::size_t line, std::string_view reason,
                      std::string detail) {
  ++report.problem_count;
  if (report.problems.size() < kProblemsMax)
    report.problems.push_back({std::move(file), line, std::string(reason), std::move(detail)});
}

std::optional<std::string_view> Examination::Text(std::string_view name) const {
  const auto it = files.find(name);
  return it == files.end() ? std::nullopt : std::optional(AsText(it->second->content));
}

bool Examination::KnowsSpace(const log::SpaceId& space) const {
  return members->Knows(space) && (root_is_whole || members->FindSpace(space) == nullptr);
}

bool Examination::WasEntitled(const log::SpaceId& space, const std::vector<log::EntryId>& basis,
                              const log::DeviceId& device) const {
  return space == members->network_space() ? root->EntitledAt(basis, device)
                                           : root->HasSeatAt(basis, device, space);
}

Coverage* Examination::CoverageOf(const log::SpaceId& space) {
  for (Coverage& coverage : report.spaces)
    if (coverage.space == space || (coverage.root && space.IsZero())) return &coverage;
  return nullptr;
}

std::string PrintableName(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, kBundleNameBytesMax)) out += c > 0x20 && c < 0x7f ? c : '?';
  return name.size() > kBundleNameBytesMax ? out + "..." : out;
}

}  // namespace geflecht::audit
