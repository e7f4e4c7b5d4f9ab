// Nodes whose daily run a test moves from day to day, and records for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/core/durations.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {

struct RetentionHosts : testing::Test {
  using Fields = std::map<std::string, std::string>;

  static void SetDay(Host& host, const char* day) {
    host.now.wall_ms = *governance::ParseDay(day) * kDayMs + 3'600'000;
  }
  static std::string Today(const Host& host) {
    return governance::RenderDay(governance::DayOf(host.now.wall_ms / 1000));
  }
  // The run of this day, to its end.
  static void Look(Host& host) {
    host.node->EraseDaily(host.now);
    do {
      host.now.mono_ms = std::max(host.now.mono_ms, *host.node->retention()->NextDueMs());
      host.Step(TimerFired{});
    } while (*host.node->retention()->NextDueMs() < host.now.mono_ms + 60'000);
  }
  static void LookFor(Host& host, int days) {
    for (int i = 0; i < days; ++i) {
      Look(host);
      host.now.wall_ms += kDayMs;
    }
  }
  static crdt::DocumentId Write(Host& host, std::string_view type, Fields fields) {
    fields.try_emplace("purpose", "network_coordination");
    fields.try_emplace("legal_basis", "contract");
    fields.try_emplace("retention_class", "L1");
    Result<crdt::DocumentId> id = Fail(Code::kInternal, "");
    host.Do([&](Actions& out) {
      id = host.node->replica()->Create(
          type,
          [&](crdt::Transaction& edit) -> Result<void> {
            for (const auto& [key, value] : fields) TRY(edit.Set("/" + key, value));
            return {};
          },
          host.now);
      host.node->Finish(host.now, out);
    });
    CHECK(id.has_value());
    return *id;
  }
  static void Set(Host& host, const crdt::DocumentId& id, const std::string& key,
                  const crdt::Value& value) {
    host.Do([&](Actions& out) {
      replica::Replica& replica = *host.node->replica();
      const auto set = [&](crdt::Transaction& edit) { return edit.Set("/" + key, value); };
      EXPECT_TRUE(replica.Edit(id, set, host.now).has_value());
      EXPECT_TRUE(replica.Cut(id, host.now).has_value());
      host.node->Finish(host.now, out);
    });
  }
  static crdt::DocumentId Contact(Host& host, const std::string& role_end) {
    return Write(host, "contact", {{"family_name", "Vormals"}, {"role_end", role_end}});
  }
  static crdt::DocumentId Organisation(Host& host, const std::string& public_body) {
    return Write(host, "organisation",
                 {{"law_profile", "dsgvo_landesrecht"},
                  {"land", "Hessen"},
                  {"natural_person", "no"},
                  {"public_body", public_body},
                  {"retention_class", "L5"}});
  }
  static bool Erased(Host& host, const crdt::DocumentId& id) {
    return *host.node->replica()->IsErased(id);
  }
  static Result<RetentionRun> ByHand(Host& host, std::size_t max = 1000) {
    Result<RetentionRun> run = Fail(Code::kInternal, "");
    do host.Do([&](Actions& out) {
        run = host.node->retention()->RunByHand(*host.node->replica(), max, host.now);
        host.node->Finish(host.now, out);
      });
    while (run && run->reading);
    return run;
  }
  static Result<std::vector<RetentionItem>> List(Host& host, std::size_t part = 1000) {
    std::vector<RetentionItem> items;
    RetentionQuery query;
    query.max = part;
    for (;;) {
      ASSIGN(const RetentionPart next,
             host.node->retention()->List(*host.node->replica(), query, host.now));
      EXPECT_LE(next.items.size(), part);
      query.goes_on = true;
      items.insert(items.end(), next.items.begin(), next.items.end());
      if (next.reading) continue;
      if (!next.more) return items;
      query.after.emplace(items.back().record.until, items.back().record.id);
    }
  }
  static std::string AnnouncedOf(Host& host, const crdt::DocumentId& id) {
    const auto& notices = host.node->retention()->notices();
    const auto found = notices.find(id);
    return found == notices.end() ? "-" : governance::RenderDay(found->second.announced);
  }
};

}  // namespace geflecht::core
