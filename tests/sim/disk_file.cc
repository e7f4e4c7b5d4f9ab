#include "tests/sim/disk_file.h"

namespace geflecht::sim {
namespace {

enum Mark : std::uint8_t { kPut = 1, kDelete, kExpunge, kEnd };

void AppendName(Bytes& out, Mark mark, store::Table table, ByteView group) {
  out.push_back(mark);
  out.push_back(static_cast<std::uint8_t>(table));
  AppendBe32(out, static_cast<std::uint32_t>(group.size()));
  Append(out, group);
}

// The next `size` bytes; empty, and `rest` too, if there are not so many.
ByteView Take(ByteView& rest, std::size_t size) {
  if (size > rest.size()) {
    rest = {};
    return {};
  }
  const ByteView taken = rest.first(size);
  rest = rest.subspan(size);
  return taken;
}

Bytes TakeSized(ByteView& rest) {
  const ByteView size = Take(rest, 4);
  const ByteView taken = size.empty() ? ByteView() : Take(rest, ReadBe32(size));
  return {taken.begin(), taken.end()};
}

}  // namespace

Bytes EncodeWritten(const WrittenBatch& written) {
  Bytes out;
  for (const store::Change& change : written.changes) {
    AppendName(out, change.value ? kPut : kDelete, change.key.table, change.key.group);
    AppendBe64(out, change.key.order);
    if (!change.value) continue;
    AppendBe32(out, static_cast<std::uint32_t>(change.value->size()));
    Append(out, *change.value);
  }
  for (const store::GroupName& name : written.expunged)
    AppendName(out, kExpunge, name.table, name.group);
  out.push_back(kEnd);
  return out;
}

Result<void> ReadWritten(ByteView file,
                         const std::function<Result<void>(const WrittenBatch&)>& each) {
  WrittenBatch batch;
  while (!file.empty()) {
    const std::uint8_t mark = Take(file, 1)[0];
    if (mark == kEnd) {
      TRY(each(batch));
      batch = {};
      continue;
    }
    const ByteView table = Take(file, 1);
    if (mark > kEnd || table.empty()) return Fail(Code::kCorruption, "no record of a disk");
    const auto kind = static_cast<store::Table>(table[0]);
    Bytes group = TakeSized(file);
    if (mark == kExpunge) {
      batch.expunged.push_back({kind, std::move(group)});
      continue;
    }
    const ByteView order = Take(file, 8);
    if (order.empty()) return Fail(Code::kCorruption, "no record of a disk");
    store::Change change{{kind, std::move(group), ReadBe64(order)}, std::nullopt};
    if (mark == kPut) change.value = TakeSized(file);
    batch.changes.push_back(std::move(change));
  }
  return {};
}

}  // namespace geflecht::sim
