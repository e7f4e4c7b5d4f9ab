// Every fuzz target: a function that judges one input and ends the process with CHECK when a
// property does not hold. What an input means stands in front of each definition (NAME.cc).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace geflecht::fuzz {

void Actions(ByteView input);
void Anchor(ByteView input);
void Backup(ByteView input);
void Body(ByteView input);
void Bundle(ByteView input);
void Card(ByteView input);
void Change(ByteView input);
void Charter(ByteView input);
void Csv(ByteView input);
void Decisions(ByteView input);
void Document(ByteView input);
void Fork(ByteView input);
void Frames(ByteView input);
void Header(ByteView input);
void Http(ByteView input);
void Keys(ByteView input);
void Message(ByteView input);
void Record(ByteView input);
void Session(ByteView input);
void Vcard(ByteView input);

struct Target {
  std::string_view name;  // of its folder below corpus/ and regression/
  void (*run)(ByteView input);
};
std::span<const Target> Targets();

}  // namespace geflecht::fuzz
