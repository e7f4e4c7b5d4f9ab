// Reading many headers: what a feed's headers have in common is read once.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/log/header.h"

namespace geflecht::log {

// Reads headers one after the other, of whatever feeds; fast as long as they are of one feed.
class HeaderReader {
 public:
  // The same as ParseHeader, whatever was read before.
  Result<Header> Read(std::string_view text);

 private:
  Result<Header> ReadLines(std::string_view text);

  std::string front_;     // the lines of a header up to `life`; empty before the first one
  Header feed_;           // what they say, nothing else
  bool is_root_ = false;  // whether that is a root space
};

}  // namespace geflecht::log
