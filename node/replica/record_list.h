// A list in the store that grows at its end, in records of bounded size: adding to it costs the
// same however long it is, and reading one that is not there costs one look.
#pragma once

#include "node/store/staged_view.h"

namespace geflecht::replica {

// From so many bytes on a record is full; the last item may reach beyond.
inline constexpr std::size_t kListRecordBytes = 4'096;

// `first` is the list's key with order 0; its group holds nothing else. Items tell their own size.
Result<void> AppendToList(store::StagedView& view, const store::Key& first, ByteView item);
// All items, one behind the other; empty if there are none. kCorruption if a record is gone.
Result<Bytes> ReadList(const store::View& view, const store::Key& first);
Result<void> ClearList(store::StagedView& view, const store::Key& first);

}  // namespace geflecht::replica
