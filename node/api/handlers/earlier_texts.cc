#include "node/api/handlers/earlier_texts.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "crdt/history.h"

namespace geflecht::api {
namespace {

class LineCollector {
 public:
  void Add(const std::string& field, std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty() || !known_.emplace(field, line).second) continue;
      texts_[field].emplace_back(line);
    }
  }
  EarlierLines Take() { return std::move(texts_); }

 private:
  EarlierLines texts_;
  std::set<std::pair<std::string, std::string>> known_;
};

// "/body" is the field "body". Of a container that a change made it is not known here.
std::string FieldOf(const crdt::ContainerId& id) {
  return id.starts_with('/') ? id.substr(1) : std::string();
}

}  // namespace

Result<EarlierLines> EarlierTexts(replica::Replica& replica, const crdt::DocumentId& id) {
  LineCollector lines;
  const auto add = [&](const std::string& field, std::string_view text) { lines.Add(field, text); };
  ASSIGN(const auto open, replica.Open(id));
  TRY(crdt::ForEachEarlier(open->document, add));
  // The document holds nothing of what these say.
  if (open->voids.empty()) return lines.Take();
  ASSIGN(const auto history, replica.History(id));
  for (const replica::ChangeInfo& change : history)
    if (change.void_reason) crdt::ForEachWritten(change.edits, true, FieldOf, add);
  return lines.Take();
}

}  // namespace geflecht::api
