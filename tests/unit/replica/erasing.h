// A note with a secret at one of three devices, and what is left of it anywhere.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "crdt/document_file.h"
#include "node/replica/records.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {

inline constexpr const char* kSecret = "Seekuhwanderung";

struct Erase : testing::Test {
  Erase() : net(3), id(net[0].MakeNote(kSecret)) {}

  std::vector<log::EntryId> EraseAt(Device& device, std::optional<std::string> field = {}) {
    const auto erased = device.replica->EraseDocument(id, field, "request", {});
    EXPECT_TRUE(erased.has_value()) << erased.error().detail;
    device.Write();
    return erased.value_or(std::vector<log::EntryId>());
  }
  codec::StoredEntry First(Device& device) { return **device.Log().EntryOf(id); }
  log::Body BodyOf(Device& device, const codec::StoredEntry& stored) {
    return **device.Log().BodyOf(stored);
  }
  // Whether any record of the document holds the word: bodies, or the document's file.
  bool Holds(Device& device, std::string_view word) {
    bool found = false;
    const store::Key key = DocumentFileKey(id);
    EXPECT_TRUE(device.store
                    ->Scan(key.table, key.group, 0,
                           [&](const store::Record& record) {
                             found =
                                 found || AsText(record.value).find(word) != std::string_view::npos;
                             return true;
                           })
                    .has_value());
    return found;
  }
  Bytes State(Device& device) {
    return crdt::CanonicalState((*device.replica->Open(id))->document);
  }
  std::string OpenAnew(Device& device) {
    device.Load(net.founding);
    return device.Text(id);
  }

  Network net;
  crdt::DocumentId id;
};

inline std::string Bars(std::size_t count) {
  std::string bars;
  for (; count > 0; --count) bars += "\u2588";
  return bars;
}

}  // namespace geflecht::replica
