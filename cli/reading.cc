#include "cli/reading.h"

namespace geflecht::cli {
namespace {

constexpr std::int64_t kRecordsWithoutProgress = 1000;  // read in a moment

}  // namespace

Result<boost::json::object> GetWhenRead(Session& session, const std::string& path,
                                        const Query& query) {
  std::int64_t shown = -1;
  for (;;) {
    ASSIGN(boost::json::object answer, session.Get(path, query));
    if (!FlagOf(answer, "reading")) return answer;
    const std::int64_t of = NumberOf(answer, "of");
    if (of < kRecordsWithoutProgress) continue;
    const std::int64_t percent = NumberOf(answer, "read") * 100 / of;
    if (percent == shown) continue;
    shown = percent;
    session.output().Progress(session.Say("cli.privacy.reading"), NumberOf(answer, "read"), of);
  }
}

}  // namespace geflecht::cli
