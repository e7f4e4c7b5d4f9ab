// POST /api/v1/backup, /api/v1/backup/begin, /api/v1/backup/done, GET /api/v1/backup/entries: what
// a backup holds. The command writes and seals the file; it has the key of that one backup only.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "base/limits.h"
#include "node/api/context.h"
#include "node/backup/contents.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"
#include "node/replica/records.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kPageBytes = 1024 * 1024;  // then a page ends
constexpr std::int64_t kMs = 1000;

// POST: open edits become entries, so that the backup has them.
Answer Begin(const Request&, const Arguments&, Context& context) {
  if (replica::Replica* const replica = context.node.replica())
    if (!replica->LivesUsedUp()) TRY(replica->CutAll(context.now));
  return object{};
}

// POST {backup_key} -> everything but the entries: {header, stream_key, manifest, card, device,
// founding}. What the log holds now never changes, so its present length is the snapshot.
Answer Snapshot(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string key_text, TextMember(body, "backup_key"));
  const auto key = backup::ParseBackupKey(key_text, context.card.root_key);
  if (!key) return Fail(Code::kVerification, key.error().detail, "hint.backup-key-damaged");
  const auto stream_key = crypto::SecretBytes::Generate(crypto::kStreamKeyBytes, context.random);
  ASSIGN(const backup::Header header,
         backup::MakeHeader(*key, stream_key, context.now.wall_ms / kMs, context.device_key));
  ASSIGN(const Bytes device, context.seal_device_keys(key->key));
  backup::Manifest manifest;
  array spaces;
  object answer{{"header", backup::RenderHeader(header)},
                {"stream_key", crypto::ToBase64(stream_key.view())},
                {"card", log::RenderCard(context.card)},
                {"device", crypto::ToBase64(device)},
                {"founding", nullptr}};
  if (const replica::Replica* const replica = context.node.replica()) {
    const governance::Members& members = replica->members();
    manifest.network = members.network();
    std::vector<log::SpaceId> held = replica->DocumentSpaces();
    held.insert(held.begin(), members.root_space());
    for (const log::SpaceId& space : held)
      manifest.spaces.push_back({space, replica->Log(space).durable_arrival()});
    answer["founding"] = log::RenderFounding(replica->founding());
  }
  answer["manifest"] = backup::RenderManifest(manifest);
  return answer;
}

// The content of an entry's record, from what is stored of it.
Result<Bytes> ItemOf(const store::Store& store, const log::SpaceId& space, ByteView bytes,
                     bool& has_body) {
  ASSIGN(const codec::StoredEntry stored, codec::DecodeStoredEntry(bytes));
  std::optional<Bytes> body;
  if (stored.body_here && stored.entry.header.fields > 0) {
    ASSIGN(body, store.Get(replica::BodyKeyOf(space, stored)));
    if (!body) return Fail(Code::kCorruption, "a body is missing");
  }
  has_body = body.has_value();
  return backup::EncodeItem(bytes, body.value_or(Bytes()));
}

// A whole number of the query.
Result<std::uint64_t> QueryNumber(const Request& request, const std::string& name) {
  const auto it = request.query.find(name);
  const auto number =
      log::ParseDecimal(it == request.query.end() ? "" : it->second, limits::kSeqMax);
  if (!number) return Fail(Code::kUsage, "\"" + name + "\" is a whole number");
  return *number;
}

// GET ?space=HEX&from=N&to=N -> {items: [base64], bodies, next}: some of the entries with these
// arrival numbers, all of them when `next` is behind `to`.
Answer Entries(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const replica::Replica* const replica, ReplicaOf(context));
  const auto named = request.query.find("space");
  const auto space = log::SpaceId::FromHexText(named == request.query.end() ? "" : named->second);
  if (!space || !replica->Knows(*space)) return Fail(Code::kNotFound, "no such space");
  ASSIGN(const std::uint64_t from, QueryNumber(request, "from"));
  ASSIGN(const std::uint64_t to, QueryNumber(request, "to"));
  array items;
  std::uint64_t bodies = 0;
  std::uint64_t next = from;
  std::size_t bytes = 0;
  std::optional<Error> error;
  const store::Key first = replica::EntryKey(*space, from);
  TRY(context.store.Scan(first.table, first.group, from, [&](const store::Record& record) {
    if (record.order > to || bytes >= kPageBytes) return false;
    bool has_body = false;
    auto item = record.order == next
                    ? ItemOf(context.store, *space, record.value, has_body)
                    : Result<Bytes>(Fail(Code::kCorruption, "an entry is missing"));
    if (!item) {
      error = item.error();
      return false;
    }
    bytes += item->size();
    bodies += has_body ? 1 : 0;
    items.emplace_back(crypto::ToBase64(*item));
    ++next;
    return true;
  }));
  if (!error && next == from && from <= to)
    error = Error{Code::kCorruption, "entries are missing", {}};
  if (error) return Fail(error->code, error->detail, "hint.backup-of-damaged-store");
  return object{{"items", std::move(items)}, {"bodies", bodies}, {"next", next}};
}

// POST {time_s}: a backup of this time is on the disk.
Answer Done(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  const Json* const time = body.if_contains("time_s");
  if (time == nullptr || !time->is_int64() || time->as_int64() < 0 ||
      time->as_int64() > context.now.wall_ms / kMs + 1)
    return Fail(Code::kUsage, "the member \"time_s\" is no time that has been");
  context.node.NoteBackup(time->as_int64() * kMs);
  return object{};
}

}  // namespace

std::vector<Route> BackupRoutes() {
  return {{"POST", "/api/v1/backup", Snapshot, true},
          {"POST", "/api/v1/backup/begin", Begin},
          {"GET", "/api/v1/backup/entries", Entries},
          Noted("backup", {"POST", "/api/v1/backup/done", Done})};
}

}  // namespace geflecht::api
