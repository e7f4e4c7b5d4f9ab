#include "node/core/retention_records.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "node/replica/records.h"

namespace geflecht::core {
namespace {

using governance::ArchiveAnswer;

constexpr std::array<std::pair<ArchiveAnswer, std::string_view>, 4> kAnswers = {
    {{ArchiveAnswer::kNotAsked, "-"},
     {ArchiveAnswer::kOpen, "open"},
     {ArchiveAnswer::kTaken, "taken"},
     {ArchiveAnswer::kDeclined, "declined"}}};

// Words with one space between them.
std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t end = text.find(' ');
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

std::string TextOf(const RetentionNotice& notice) {
  return HexOf(notice.id) + ' ' + notice.type + ' ' + notice.retention_class + ' ' +
         governance::RenderDay(notice.until) + ' ' + governance::RenderDay(notice.announced) + ' ' +
         std::string(NameOf(notice.archive));
}

constexpr std::size_t kNoticeWords = 6, kLineWords = 8;

// From words of the same order.
std::optional<RetentionNotice> NoticeOf(const std::vector<std::string_view>& words,
                                        std::size_t from) {
  const auto id = RetentionIdFrom(words[from]);
  const auto until = governance::ParseDay(words[from + 3]);
  const auto announced = governance::ParseDay(words[from + 4]);
  const auto archive = ArchiveAnswerOf(words[from + 5]);
  if (!id || !until || !announced || !archive) return std::nullopt;
  return RetentionNotice{
      *id, std::string(words[from + 1]), std::string(words[from + 2]), *until, *announced,
      *archive};
}

store::Key Numbered(std::string_view name, std::uint64_t order) {
  store::Key key = replica::MetaKey(name);
  key.order = order;
  return key;
}

}  // namespace

std::string HexOf(const RetentionId& id) {
  return std::visit([](const auto& one) { return one.Hex(); }, id);
}

std::optional<RetentionId> RetentionIdFrom(std::string_view hex) {
  if (const auto document = crdt::DocumentId::FromHexText(hex)) return RetentionId(*document);
  if (const auto entry = log::EntryId::FromHexText(hex)) return RetentionId(*entry);
  return std::nullopt;
}

governance::Day ErasedFrom(const RetentionNotice& notice) {
  const bool waits = notice.archive == ArchiveAnswer::kOpen;
  const governance::Day until =
      waits ? governance::OfferEnds(notice.until, notice.announced) : notice.until;
  return std::max(until + 1, notice.announced + governance::kNoticeDays);
}

std::string_view NameOf(ArchiveAnswer answer) {
  for (const auto& [value, name] : kAnswers)
    if (value == answer) return name;
  return {};
}

std::optional<ArchiveAnswer> ArchiveAnswerOf(std::string_view name) {
  for (const auto& [value, known] : kAnswers)
    if (known == name) return value;
  return std::nullopt;
}

Bytes EncodeNotice(const RetentionNotice& notice) { return ToBytes(TextOf(notice)); }

Result<RetentionNotice> DecodeNotice(ByteView record) {
  const auto words = WordsOf(AsText(record));
  if (words.size() == kNoticeWords)
    if (auto notice = NoticeOf(words, 0)) return *std::move(notice);
  return Fail(Code::kCorruption, "a notice of retention is damaged");
}

Bytes EncodeLine(const RetentionLine& line) {
  std::string text =
      governance::RenderDay(line.day) + (line.by_hand ? " hand " : " daily ") + TextOf(line.record);
  for (const log::EntryId& erasure : line.erasures) text += ' ' + erasure.Hex();
  return ToBytes(text);
}

Result<RetentionLine> DecodeLine(ByteView record) {
  const Error damaged{Code::kCorruption, "a line of the protocol of retention is damaged", ""};
  const auto words = WordsOf(AsText(record));
  if (words.size() <= kLineWords || (words[1] != "hand" && words[1] != "daily"))
    return Fail(damaged);
  const auto day = governance::ParseDay(words[0]);
  auto notice = NoticeOf(words, 2);
  if (!day || !notice) return Fail(damaged);
  RetentionLine line{*day, words[1] == "hand", *std::move(notice), {}};
  for (std::size_t i = kLineWords; i < words.size(); ++i) {
    const auto erasure = log::EntryId::FromHexText(words[i]);
    if (!erasure) return Fail(damaged);
    line.erasures.push_back(*erasure);
  }
  return line;
}

store::Key NoticeKey(std::uint64_t order) { return Numbered("retention-notice", order); }
store::Key LineKey(std::uint64_t order) { return Numbered("retention-protocol", order); }
store::Key LastRunKey() { return replica::MetaKey("retention-run"); }

}  // namespace geflecht::core
