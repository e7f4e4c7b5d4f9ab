#include "node/audit/erasures.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "crdt/codec.h"
#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/governance/read_entry.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The first 16 bytes of SHA-256("geflecht-document@v1" || entry id): docs/formats/change.md.
std::vector<std::uint8_t> DocumentOf(const log::EntryId& entry) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), entry.view()});
  return {hash.bytes.begin(), hash.bytes.begin() + crdt::DocumentId::kSize};
}

}  // namespace

void FoundErasures::Read(const Examination& exam) {
  for (std::size_t i = 0; i < exam.feeds.size(); ++i) {
    const auto& items = exam.feeds[i].items;
    if (std::any_of(items.begin(), items.end(),
                    [](const FeedItem& item) { return item.header.kind == log::kErase; }))
      ReadFeed(exam, i);
  }
}

void FoundErasures::ReadFeed(const Examination& exam, std::size_t feed) {
  constexpr std::string_view kBegin = "{\"entry\":\"";
  const FoundFeed& found = exam.feeds[feed];
  const auto text = exam.Text(BodiesFileName(found.key));
  log::LineReader lines(text.value_or(std::string_view()));
  while (!lines.AtEnd()) {
    const auto line = lines.Line();
    if (!line) return;
    if (line->size() < kBegin.size() + 2 * log::EntryId::kSize) continue;
    const auto id = log::EntryId::FromHexText(line->substr(kBegin.size(), 2 * log::EntryId::kSize));
    const auto place = id ? exam.entries.Find(*id) : std::nullopt;
    if (!place || place->feed != &found || place->item().header.kind != log::kErase) continue;
    const log::Header& header = place->item().header;
    const auto body = ParseBodyLine(*line);
    if (!body || !log::CheckBodyOf(header, body->body)) continue;
    const auto erasure = log::ReadErasure(header, body->body);
    if (!erasure) continue;
    const std::vector<log::EntryId> basis =
        header.basis.empty() ? governance::ParentsOf(header) : header.basis;
    for (const log::EraseTarget& target : erasure->targets)
      named_[target.entry].push_back({header.device, basis, target.fields});
  }
}

const log::DeviceId* FoundErasures::BeganBy(const Examination& exam, const log::SpaceId& space,
                                            const log::EntryId& entry, const log::Body& body) {
  const Bytes* structure = log::FindField(body, "structure");
  if (structure == nullptr) return nullptr;
  const auto head = crdt::DecodeChangeHead(*structure);
  if (!head) return nullptr;
  if (began_.empty())
    for (const FoundFeed& feed : exam.feeds)
      if (feed.key.space == space)
        for (const FeedItem& item : feed.items)
          began_.emplace(DocumentOf(item.id), item.header.device);
  const auto it = began_.find(head->type ? DocumentOf(entry)
                                         : std::vector<std::uint8_t>(head->document.bytes.begin(),
                                                                     head->document.bytes.end()));
  return it == began_.end() ? nullptr : &it->second;
}

bool FoundErasures::May(const Examination& exam, const Named& named, const log::Header& header,
                        const log::EntryId& entry, const log::Body& body) {
  const auto org = exam.root->OrgAt(named.device, named.basis);
  if (!org) return false;
  if (exam.root->OrgAt(header.device, named.basis) == org) return true;
  const log::DeviceId* began =
      header.kind == "change" ? BeganBy(exam, header.space, entry, body) : nullptr;
  return began != nullptr && exam.root->OrgAt(*began, named.basis) == org;
}

std::size_t FoundErasures::CountIn(const Examination& exam, const log::Header& header,
                                   const log::EntryId& entry, const log::Body& body) {
  const auto it = named_.find(entry);
  if (it == named_.end() || !exam.root) return 0;
  std::set<std::uint32_t> erased;
  for (const Named& named : it->second)
    if (May(exam, named, header, entry, body))
      erased.insert(named.fields.begin(), named.fields.end());
  std::size_t count = 0;
  for (const std::uint32_t i : erased)
    if (i >= log::FirstErasable(header) && i < body.slots.size() &&
        !std::holds_alternative<log::Field>(body.slots[i]))
      ++count;
  return count;
}

}  // namespace geflecht::audit
