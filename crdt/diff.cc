#include "crdt/diff.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

using Points = std::u32string_view;
constexpr std::ptrdiff_t kDistanceMax = 2000;  // memory and time grow with its square

// A stretch of the old text that becomes a stretch of the new one.
struct Hunk {
  std::size_t old_begin, old_end, new_begin, new_end;
};

// Furthest old index on each diagonal, one row for each distance (the paper's array V), until both
// ends are reached. Row d holds the diagonals -d, -d + 2 ... d. Nothing if the bound is exceeded.
std::optional<std::vector<std::vector<std::ptrdiff_t>>> Rows(Points before, Points after) {
  const std::ptrdiff_t old_size = std::ssize(before), new_size = std::ssize(after);
  std::vector<std::vector<std::ptrdiff_t>> rows;
  for (std::ptrdiff_t d = 0; d <= kDistanceMax; ++d) {
    std::vector<std::ptrdiff_t> row;
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = 0;
      if (d > 0) {
        const std::vector<std::ptrdiff_t>& last = rows.back();
        const std::size_t above = static_cast<std::size_t>((k + d) / 2);  // diagonal k + 1
        const bool down = k == -d || (k != d && last[above - 1] < last[above]);
        x = down ? last[above] : last[above - 1] + 1;
      }
      while (x < old_size && x - k < new_size && x - k >= 0 &&
             before[static_cast<std::size_t>(x)] == after[static_cast<std::size_t>(x - k)])
        ++x;
      row.push_back(x);
      if (x >= old_size && x - k >= new_size) {
        rows.push_back(std::move(row));
        return rows;
      }
    }
    rows.push_back(std::move(row));
  }
  return std::nullopt;
}

// The path backwards through the rows, one hunk for each removed or inserted code point, ascending.
std::vector<Hunk> Trace(const std::vector<std::vector<std::ptrdiff_t>>& rows, Points before,
                        Points after) {
  std::vector<Hunk> out;
  std::ptrdiff_t x = std::ssize(before), y = std::ssize(after);
  for (std::ptrdiff_t d = std::ssize(rows) - 1; d > 0; --d) {
    const std::vector<std::ptrdiff_t>& last = rows[static_cast<std::size_t>(d - 1)];
    const std::ptrdiff_t k = x - y;
    const std::size_t above = static_cast<std::size_t>((k + d) / 2);
    const bool down = k == -d || (k != d && last[above - 1] < last[above]);
    x = down ? last[above] : last[above - 1];
    y = x - (down ? k + 1 : k - 1);
    const std::size_t old_at = static_cast<std::size_t>(x), new_at = static_cast<std::size_t>(y);
    out.push_back(down ? Hunk{old_at, old_at, new_at, new_at + 1}
                       : Hunk{old_at, old_at + 1, new_at, new_at});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<Splice> DiffText(std::string_view before, std::string_view after) {
  const std::optional<std::u32string> old_points = DecodeUtf8(before);
  const std::optional<std::u32string> new_points = DecodeUtf8(after);
  CHECK(old_points && new_points);
  const std::size_t shorter = std::min(old_points->size(), new_points->size());
  std::size_t front = 0, back = 0;
  while (front < shorter && (*old_points)[front] == (*new_points)[front]) ++front;
  while (back < shorter - front && (*old_points)[old_points->size() - 1 - back] ==
                                       (*new_points)[new_points->size() - 1 - back])
    ++back;
  const Points old_middle = Points(*old_points).substr(front, old_points->size() - front - back);
  const Points new_middle = Points(*new_points).substr(front, new_points->size() - front - back);
  if (old_middle.empty() && new_middle.empty()) return {};

  std::vector<Hunk> hunks;
  if (const auto rows = Rows(old_middle, new_middle)) {
    for (const Hunk& hunk : Trace(*rows, old_middle, new_middle)) {
      if (!hunks.empty() && hunks.back().old_end == hunk.old_begin &&
          hunks.back().new_end == hunk.new_begin) {
        hunks.back().old_end = hunk.old_end;
        hunks.back().new_end = hunk.new_end;
      } else {
        hunks.push_back(hunk);
      }
    }
  } else {
    hunks.push_back({0, old_middle.size(), 0, new_middle.size()});
  }
  std::vector<Splice> out;
  for (const Hunk& hunk : hunks)  // everything in front is the new text already
    out.push_back(
        {.position = front + hunk.new_begin,
         .removed = hunk.old_end - hunk.old_begin,
         .inserted = EncodeUtf8(new_middle.substr(hunk.new_begin, hunk.new_end - hunk.new_begin))});
  return out;
}

}  // namespace geflecht::crdt
