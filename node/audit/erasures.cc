#include "node/audit/erasures.h"

#include <algorithm>
#include <optional>
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
log::RecordId DocumentBegunBy(const log::EntryId& entry) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), entry.view()});
  return *log::RecordId::From(ByteView(hash.bytes).first(log::RecordId::kSize));
}

// Of the change `entry`, if its structure is open.
std::optional<log::RecordId> DocumentOf(const log::EntryId& entry, const log::Body& body) {
  const Bytes* structure = log::FindField(body, "structure");
  if (structure == nullptr) return std::nullopt;
  const auto head = crdt::DecodeChangeHead(*structure);
  if (!head) return std::nullopt;
  return head->type ? DocumentBegunBy(entry) : log::RecordId{head->document.bytes};
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
    for (const log::RecordId& document : erasure->documents)
      documents_[document].push_back({header.device, basis, {}});
  }
}

const log::DeviceId* FoundErasures::BeganBy(const Examination& exam,
                                            const log::RecordId& document) {
  if (began_.empty())
    for (const FoundFeed& feed : exam.feeds)
      if (!exam.IsRoot(feed.key.space))
        for (const FeedItem& item : feed.items)
          began_.emplace(DocumentBegunBy(item.id), item.header.device);
  const auto it = began_.find(document);
  return it == began_.end() ? nullptr : &it->second;
}

bool FoundErasures::May(const Examination& exam, const Named& named, const log::Header& header,
                        const log::DeviceId* began) const {
  const auto org = exam.root->OrgAt(named.device, named.basis);
  if (!org) return false;
  // Whole documents are erased by the record's organisation alone.
  if (!named.fields.empty() && exam.root->OrgAt(header.device, named.basis) == org) return true;
  return began != nullptr && exam.root->OrgAt(*began, named.basis) == org;
}

std::size_t FoundErasures::CountIn(const Examination& exam, const log::Header& header,
                                   const log::EntryId& entry, const log::Body& body) {
  if (!exam.root) return 0;
  const auto it = named_.find(entry);
  const auto document = header.kind == "change" ? DocumentOf(entry, body) : std::nullopt;
  const auto whole = document ? documents_.find(*document) : documents_.end();
  if (it == named_.end() && whole == documents_.end()) return 0;
  const log::DeviceId* began = document ? BeganBy(exam, *document) : nullptr;
  std::set<std::uint32_t> erased;
  if (it != named_.end())
    for (const Named& named : it->second)
      if (May(exam, named, header, began)) erased.insert(named.fields.begin(), named.fields.end());
  if (whole != documents_.end())
    for (const Named& named : whole->second)
      if (May(exam, named, header, began))
        for (std::uint32_t i = 0; i < header.fields; ++i) erased.insert(i);
  std::size_t count = 0;
  for (const std::uint32_t i : erased)
    if (i >= log::FirstErasable(header) && i < body.slots.size() &&
        !std::holds_alternative<log::Field>(body.slots[i]))
      ++count;
  return count;
}

}  // namespace geflecht::audit
