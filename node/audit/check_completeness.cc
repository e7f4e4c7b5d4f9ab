// Whether anything is missing from a space, by its members' own words (docs/formats/bundle.md,
// Complete).
#include <algorithm>
#include <set>

#include "node/audit/examination.h"
#include "node/governance/kinds.h"

namespace geflecht::audit {
namespace {

// Every device that may write in the space now, but of inactive members. Where there is none
// nobody says that nothing is missing.
template <class Answered>
void NameMissing(const Examination& exam, Coverage& space, std::string_view point,
                 const Answered& answered) {
  bool awaited = false;
  for (const governance::Member& member : exam.members->all()) {
    if (!member.active || !exam.members->MayWrite(member.device, space.space)) continue;
    awaited = true;
    if (answered(member.device)) continue;
    space.AddOpenPoint(point);
    space.missing.push_back({member.name, member.device});
  }
  if (!awaited) space.AddOpenPoint(point);
}

void CheckRoot(const Examination& exam, Coverage& space) {
  const auto answered = exam.root->AnsweredBy(exam.options.nonce);
  if (!answered) return space.AddOpenPoint("not-requested");
  NameMissing(exam, space, "not-answered",
              [&](const log::DeviceId& device) { return answered->contains(device); });
}

// Whether the last gather of the device in the space, of any branch, knew the seal to be effective.
// Only these are asked about: a basis costs the closure of its past.
bool Gathered(const Examination& exam, const log::SpaceId& space, const log::DeviceId& device,
              const log::EntryId& seal) {
  for (const FoundFeed& feed : exam.feeds) {
    if (feed.key.space != space || feed.key.device != device) continue;
    std::set<log::EntryId> followed;  // by a gather
    for (auto item = feed.items.rbegin(); item != feed.items.rend(); ++item) {
      const log::Header& header = item->header;
      bool behind = followed.erase(item->id) > 0;
      if (header.kind == governance::kGather && header.feed() == feed.key) {
        if (!behind && exam.root->IsSealedAt(header.basis, seal)) return true;
        behind = true;
      }
      if (behind && header.prev) followed.insert(*header.prev);
    }
  }
  return false;
}

void CheckOther(const Examination& exam, Coverage& space, const log::EntryId& seal) {
  NameMissing(exam, space, "not-gathered", [&](const log::DeviceId& device) {
    return Gathered(exam, space.space, device, seal);
  });
}

}  // namespace

void CheckCompleteness(Examination& exam) {
  if (!exam.members) return;
  const auto seal = exam.root_is_whole ? exam.root->LastSeal() : std::nullopt;
  for (Coverage& space : exam.report.spaces) {
    const bool held =
        space.root || std::any_of(exam.feeds.begin(), exam.feeds.end(), [&](const FoundFeed& feed) {
          return feed.key.space == space.space;
        });
    if (!held) space.AddOpenPoint("not-covered");
    if (!seal) {
      space.AddOpenPoint("not-sealed");
    } else {
      space.sealed_s = seal->time_s;
      if (space.root) {
        CheckRoot(exam, space);
      } else if (held) {
        CheckOther(exam, space, seal->id);
      }
    }
    if (exam.options.mode == Mode::kFast) space.AddOpenPoint("fast-mode");
    if (exam.info && exam.info->level != Level::kFull)
      space.AddOpenPoint(LevelName(exam.info->level));
  }
}

}  // namespace geflecht::audit
