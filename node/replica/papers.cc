#include "node/replica/papers.h"

#include "node/governance/kinds.h"
#include "node/replica/records.h"

namespace geflecht::replica {

Result<void> Papers::Load(const SpaceLog& log) {
  ASSIGN(const auto arrivals, OrdersFrom(view_, PaperKey(log.space(), 0)));
  for (const std::uint64_t arrival : arrivals) {
    ASSIGN(const auto stored, log.Arrival(arrival));
    if (!stored) return Fail(Code::kCorruption, "a paper is not in the log");
    Remember(stored->entry, arrival);
  }
  return {};
}

void Papers::Add(const log::SpaceId& space, const log::Run& run, std::uint64_t arrival) {
  for (const log::Entry& entry : run) {
    if (governance::IsPaperKind(entry.header.kind)) {
      view_.Put(PaperKey(space, arrival), {});
      Remember(entry, arrival);
    }
    ++arrival;
  }
}

void Papers::Remember(const log::Entry& entry, std::uint64_t arrival) {
  const log::Header& header = entry.header;
  by_id_[entry.id] = papers_.size();
  if (header.about) about_[*header.about].push_back(papers_.size());
  papers_.push_back({header.space, entry.id, header.kind, header.about, header.device, header.basis,
                     header.time_s, header.evidence, arrival});
}

const Paper* Papers::Find(const log::EntryId& id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &papers_[it->second];
}

std::vector<const Paper*> Papers::OfKind(std::string_view kind) const {
  std::vector<const Paper*> found;
  for (const Paper& paper : papers_)
    if (paper.kind == kind) found.push_back(&paper);
  return found;
}

std::vector<const Paper*> Papers::About(const log::EntryId& id) const {
  std::vector<const Paper*> found;
  const auto it = about_.find(id);
  if (it == about_.end()) return found;
  for (const std::size_t index : it->second) found.push_back(&papers_[index]);
  return found;
}

}  // namespace geflecht::replica
