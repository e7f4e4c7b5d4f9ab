// feeds/*.log: the entries of one feed, each as its header, its signature where one is known, and
// an empty line.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/log/entry.h"

namespace geflecht::audit {

std::string RenderFeed(std::span<const log::Entry> entries);

// An entry as it stands in a file. The signature has not been checked.
struct FeedItem {
  log::Header header;
  log::EntryId id;
  std::string_view text;       // of the header; lives as long as the file's content
  std::string_view signed_by;  // 64 bytes in canonical base64, or empty; lives as long
  std::size_t line = 0;        // of the header's first line, from 1

  bool HasSignature() const { return !signed_by.empty(); }
  // Decoded where it is needed: to do so costs as much as all else in a pass over hashes.
  std::optional<crypto::Signature> Signature() const;
  // The line of the signature, which is there.
  std::size_t SignatureLine() const;
};

// Called for each item that is none.
using FeedError = std::function<void(std::size_t line, std::string detail)>;

// The items that follow the format strictly; what does not is reported, and reading goes on behind
// the next empty line.
std::vector<FeedItem> ParseFeed(std::string_view text, const FeedError& error);

}  // namespace geflecht::audit
