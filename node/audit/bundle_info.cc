#include "node/audit/bundle_info.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hex.h"

namespace geflecht::audit {
namespace {

constexpr std::size_t kTimeBytes = 20;
constexpr std::pair<Level, std::string_view> kLevels[] = {
    {Level::kFull, "full"}, {Level::kScope, "scope"}, {Level::kReceipt, "receipt"}};

std::string RenderSpaces(const std::vector<log::SpaceId>& spaces) {
  std::string out = "\"spaces\":[";
  for (std::size_t i = 0; i < spaces.size(); ++i)
    out += (i == 0 ? "\"" : ",\"") + spaces[i].Hex() + "\"";
  return out + "]";
}

std::string RenderPeriod(std::int64_t from_s, std::int64_t to_s) {
  return "\"from\":\"" + log::RenderTime(from_s) + "\",\"to\":\"" + log::RenderTime(to_s) + "\",";
}

// Takes what is expected off the front of a text. Once something is missing, nothing is found.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool Take(std::string_view expected) {
    if (!ok_ || !rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  void Expect(std::string_view expected) { ok_ = Take(expected); }
  std::string_view Until(char end) {
    const std::size_t size = std::min(rest_.find(end), rest_.size());
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  template <class Value, class Read>
  void ReadTo(Value& to, std::size_t size, Read read) {
    const auto value = ok_ ? read(rest_.substr(0, size)) : decltype(read(rest_))();
    ok_ = value.has_value();
    if (!ok_) return;
    to = *value;
    rest_.remove_prefix(size);
  }
  template <class Id>
  void ReadId(Id& to) {
    ReadTo(to, 2 * Id::kSize, Id::FromHexText);
  }
  void ReadPeriod(std::int64_t& from_s, std::int64_t& to_s) {
    Expect("\"from\":\"");
    ReadTo(from_s, kTimeBytes, log::ParseTime);
    Expect("\",\"to\":\"");
    ReadTo(to_s, kTimeBytes, log::ParseTime);
    Expect("\",");
  }
  void ReadSpaces(std::vector<log::SpaceId>& to) {
    Expect("\"spaces\":[");
    while (Take(to.empty() ? "\"" : ",\"")) {
      ReadId(to.emplace_back());
      Expect("\"");
    }
    Expect("]");
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string_view LevelName(Level level) {
  for (const auto& [known, name] : kLevels)
    if (known == level) return name;
  return "full";
}

std::optional<Level> ParseLevel(std::string_view name) {
  for (const auto& [level, known] : kLevels)
    if (known == name) return level;
  return std::nullopt;
}

bool Scope::Holds(const log::Header& header, const log::SpaceId& root_space) const {
  if (!header.net || header.space == root_space) return true;
  return from_s <= header.time_s && header.time_s <= to_s &&
         std::binary_search(spaces.begin(), spaces.end(), header.space);
}

bool IsNonce(std::string_view text) {
  return !text.empty() && text.size() <= kNonceDigitsMax && FromHex(text).has_value();
}

std::string RenderInfo(const BundleInfo& info) {
  std::string out = "{\"format\":\"geflecht-bundle@v1\",\"level\":\"";
  out.append(LevelName(info.level)).append("\",\"network\":\"") += info.network.Hex();
  out += "\",\"exporter\":\"" + info.exporter.Hex() + "\",\"exported\":\"" +
         log::RenderTime(info.exported_s) + "\"," + RenderPeriod(info.from_s, info.to_s) +
         RenderSpaces(info.spaces);
  if (info.scope)
    out += ",\"scope\":{" + RenderPeriod(info.scope->from_s, info.scope->to_s) +
           RenderSpaces(info.scope->spaces) + "}";
  if (info.entry) out += ",\"entry\":\"" + info.entry->Hex() + "\"";
  if (!info.nonce.empty()) out += ",\"nonce\":\"" + info.nonce + "\"";
  return out + "}\n";
}

Result<BundleInfo> ParseInfo(std::string_view text) {
  BundleInfo info;
  Cursor cursor(text);
  cursor.Expect("{\"format\":\"geflecht-bundle@v1\",\"level\":\"");
  const auto level = ParseLevel(cursor.Until('"'));
  if (!level) return Fail(Code::kMalformed, "no level: full, scope or receipt");
  info.level = *level;
  cursor.Expect("\",\"network\":\"");
  cursor.ReadId(info.network);
  cursor.Expect("\",\"exporter\":\"");
  cursor.ReadId(info.exporter);
  cursor.Expect("\",\"exported\":\"");
  cursor.ReadTo(info.exported_s, kTimeBytes, log::ParseTime);
  cursor.Expect("\",");
  cursor.ReadPeriod(info.from_s, info.to_s);
  cursor.ReadSpaces(info.spaces);
  if (*level == Level::kScope) {
    info.scope.emplace();
    cursor.Expect(",\"scope\":{");
    cursor.ReadPeriod(info.scope->from_s, info.scope->to_s);
    cursor.ReadSpaces(info.scope->spaces);
    cursor.Expect("}");
  } else if (*level == Level::kReceipt) {
    cursor.Expect(",\"entry\":\"");
    cursor.ReadId(info.entry.emplace());
    cursor.Expect("\"");
  }
  if (cursor.Take(",\"nonce\":\"")) info.nonce = cursor.Until('"');
  const bool nonce_fits = info.nonce.empty() || IsNonce(info.nonce);
  const bool scope_fits =
      !info.scope ||
      (std::adjacent_find(info.scope->spaces.begin(), info.scope->spaces.end(),
                          std::greater_equal<log::SpaceId>()) == info.scope->spaces.end() &&
       info.scope->from_s <= info.scope->to_s);
  if (!cursor.ok() || !nonce_fits || !scope_fits || RenderInfo(info) != text)
    return Fail(Code::kMalformed, "not the text that describes a bundle");
  return info;
}

}  // namespace geflecht::audit
