// Reading vCards: 2.1 as Outlook writes it (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350), and
// what programs make of them (docs/formats/contacts.md). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace geflecht::formats {

// A property that has a value. VERSION is not among them.
struct VcardProperty {
  std::size_t line = 0;            // in the file, the first line being 1
  std::string group;               // "ITEM1", in upper case
  std::string name;                // in upper case; empty if the line is no property
  std::vector<std::string> types;  // in upper case: TYPE and the bare words of 2.1; PREF for PREF=1
  // Normalised (NormaliseValue), without escapes: one part, of N, ADR and ORG up to kVcardPartsMax,
  // without empty ones at the end. None if the value is not kept.
  std::vector<std::string> parts;
  // Why the value is not kept although it should be: a stable identifier as in ValueReport
  // (node/domain/contact_import.h). Empty with parts, and for values that nobody keeps: photos,
  // logos, sounds, keys, nested cards, base64 of X- properties.
  std::string problem;
  bool operator==(const VcardProperty&) const = default;
};

struct Vcard {
  std::size_t line = 0;
  std::string version;  // "2.1", "3.0" or "4.0": the next older one that fits
  std::vector<VcardProperty> properties;
};

// Lines that are in no card.
struct VcardLoss {
  std::size_t line = 0;
  std::string reason;  // "card-without-end", "outside-of-a-card"
  bool operator==(const VcardLoss&) const = default;
};

struct VcardFile {
  std::vector<Vcard> cards;
  std::vector<VcardLoss> lost;  // by line; lines that follow each other count as one
};

// Reads all cards of a file. A card without END is lost as a whole, because nobody can say whether
// its last value is complete. A card inside of AGENT is the value of AGENT. What is wrong with one
// value is said in its `problem`. Values without CHARSET, and such as are not in it although the
// file is UTF-16 or begins with a byte order mark, are read as DecodeCharset does without a label.
// kTooLarge over limits::kVcardBytesMax, kVcardCardsMax, kVcardPropertiesMax or
// kVcardPropertiesPerCardMax; kMalformed for broken UTF-16 and for a file without cards. `detail`
// names the line, never a value.
Result<VcardFile> ParseVcards(ByteView bytes);

}  // namespace geflecht::formats
