#include "node/log/entry.h"

#include "base/check.h"
#include "base/limits.h"

namespace geflecht::log {
namespace {

tl::unexpected<Error> BadEntry(Code code, std::size_t index, std::string_view reason) {
  return Fail(code, "entry " + std::to_string(index) + " of the run: " + std::string(reason));
}

bool NeedsSignature(const Run& run, std::size_t index) {
  return index + 1 == run.size() || !MayBeCovered(run[index].header.kind);
}

Result<void> CheckPlace(const FeedHead& head, const Run& run, std::size_t i) {
  const Header& header = run[i].header;
  if (header.feed() != run.front().header.feed())
    return BadEntry(Code::kVerification, i, "belongs to another feed");
  const std::uint64_t seq = i == 0 ? head.next_seq : run[i - 1].header.seq + 1;
  if (header.seq != seq) return BadEntry(Code::kVerification, i, "seq does not continue the feed");
  const std::optional<EntryId> prev = i == 0 ? head.head : std::optional(run[i - 1].id);
  if (header.prev != prev) return BadEntry(Code::kVerification, i, "prev is not the feed's head");
  return {};
}

Result<void> CheckEntry(const NetworkId& network, const Run& run, std::size_t i) {
  const Entry& entry = run[i];
  const NetworkId named = entry.header.net.value_or(NetworkId{entry.id.bytes});
  if (named != network) return BadEntry(Code::kVerification, i, "belongs to another network");
  if (!NeedsSignature(run, i)) return {};
  if (!entry.signature) return BadEntry(Code::kVerification, i, "signature missing");
  const std::string text = RenderChecked(entry.header);
  if (!crypto::Verify(entry.header.device, kEntryNamespace, AsBytes(text), *entry.signature))
    return BadEntry(Code::kVerification, i, "signature does not hold");
  return {};
}

Result<void> CheckIds(const Run& run) {
  for (std::size_t i = 0; i < run.size(); ++i)
    if (IdOf(Render(run[i].header)) != run[i].id)
      return BadEntry(Code::kVerification, i, "id is not the header's");
  return {};
}

}  // namespace

Entry Entry::Of(Header header, std::optional<crypto::Signature> signature) {
  const EntryId id = IdOf(RenderChecked(header));
  return {std::move(header), id, signature};
}

bool MayBeCovered(std::string_view kind) {
  return kind == "change" || kind == "gather" || kind == "blob";
}

Result<void> VerifyRun(const NetworkId& network, const FeedHead& head, Run& run) {
  if (run.size() <= limits::kRunEntriesMax) TRY(CheckIds(run));
  return VerifyFreshRun(network, head, run);
}

Result<void> VerifyFreshRun(const NetworkId& network, const FeedHead& head, Run& run) {
  if (run.empty()) return Fail(Code::kMalformed, "empty run");
  if (run.size() > limits::kRunEntriesMax)
    return Fail(Code::kMalformed, "run of more than 256 entries");
  // All that is cheap comes first, so that a broken chain costs no verification.
  for (std::size_t i = 0; i < run.size(); ++i) TRY(CheckPlace(head, run, i));
  for (std::size_t i = 0; i < run.size(); ++i) TRY(CheckEntry(network, run, i));
  for (std::size_t i = 0; i < run.size(); ++i)
    if (!NeedsSignature(run, i)) run[i].signature.reset();
  return {};
}

FeedHead HeadAfter(const Run& run) {
  CHECK(!run.empty());
  const Entry& last = run.back();
  return {last.header.seq + 1, last.id, last.header.basis};
}

Entry Sign(Header header, const crypto::SigningKey& device_key) {
  CHECK(header.device == device_key.public_key());
  const std::string text = Render(header);
  return {std::move(header), IdOf(text), device_key.Sign(kEntryNamespace, AsBytes(text))};
}

}  // namespace geflecht::log
