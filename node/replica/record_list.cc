#include "node/replica/record_list.h"

#include <utility>

namespace geflecht::replica {
namespace {

// In front of the first record's items: how many records follow it.
constexpr std::size_t kCount = 8;

store::Key Behind(const store::Key& first, std::uint64_t number) {
  store::Key key = first;
  key.order = number;
  return key;
}

tl::unexpected<Error> Damaged() { return Fail(Code::kCorruption, "a list in the store"); }

void PutCount(Bytes& record, std::uint64_t count) {
  Bytes bytes;
  AppendBe64(bytes, count);
  std::copy(bytes.begin(), bytes.end(), record.begin());
}

// The first record, and how many follow; one that is not there yet counts as empty.
Result<std::pair<Bytes, std::uint64_t>> ReadFirst(const store::View& view,
                                                  const store::Key& first) {
  ASSIGN(auto record, view.Get(first));
  if (!record) return std::pair(Bytes(kCount), std::uint64_t{0});
  if (record->size() < kCount) return Damaged();
  const std::uint64_t more = ReadBe64(*record);
  return std::pair(*std::move(record), more);
}

}  // namespace

Result<void> AppendToList(store::StagedView& view, const store::Key& first, ByteView item) {
  ASSIGN(auto read, ReadFirst(view, first));
  auto& [head, more] = read;
  if (more == 0 && head.size() < kCount + kListRecordBytes) {
    Append(head, item);
    view.Put(first, std::move(head));
    return {};
  }
  Bytes last;
  if (more > 0) {
    ASSIGN(auto record, view.Get(Behind(first, more)));
    if (!record) return Damaged();
    last = *std::move(record);
  }
  if (more == 0 || last.size() >= kListRecordBytes) {
    last.clear();
    PutCount(head, ++more);
    view.Put(first, std::move(head));
  }
  Append(last, item);
  view.Put(Behind(first, more), std::move(last));
  return {};
}

Result<Bytes> ReadList(const store::View& view, const store::Key& first) {
  ASSIGN(const auto read, ReadFirst(view, first));
  const auto& [head, more] = read;
  Bytes items(head.begin() + kCount, head.end());
  for (std::uint64_t i = 1; i <= more; ++i) {
    ASSIGN(const auto record, view.Get(Behind(first, i)));
    if (!record) return Damaged();
    Append(items, ByteView(*record));
  }
  return items;
}

Result<void> ClearList(store::StagedView& view, const store::Key& first) {
  ASSIGN(const auto record, view.Get(first));
  if (!record) return {};
  ASSIGN(const auto read, ReadFirst(view, first));
  for (std::uint64_t i = 0; i <= read.second; ++i) view.Delete(Behind(first, i));
  return {};
}

}  // namespace geflecht::replica
