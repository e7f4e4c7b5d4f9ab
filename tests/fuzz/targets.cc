#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {

std::span<const Target> Targets() {
  static constexpr Target kTargets[] = {
      {"actions", &Actions},     {"anchor", &Anchor},     {"backup", &Backup},
      {"body", &Body},           {"bundle", &Bundle},     {"card", &Card},
      {"change", &Change},       {"charter", &Charter},   {"csv", &Csv},
      {"decisions", &Decisions}, {"document", &Document}, {"fork", &Fork},
      {"frames", &Frames},       {"header", &Header},     {"http", &Http},
      {"keys", &Keys},           {"message", &Message},   {"record", &Record},
      {"session", &Session},     {"vcard", &Vcard},
  };
  return kTargets;
}

}  // namespace geflecht::fuzz
