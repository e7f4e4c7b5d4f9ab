#include "tests/unit/replica/network.h"

#include <algorithm>

#include "base/check.h"
#include "node/domain/document_types.h"

namespace geflecht::replica {

Device::Device(std::uint64_t seed)
    : random(seed),
      root(crypto::SigningKey::Generate(random)),
      key(crypto::SigningKey::Generate(random)),
      tls(crypto::SigningKey::Generate(random)),
      life(random.Make<log::LifeId>()),
      store(store::MakeMemoryStore()) {}

log::Card Device::Card() const {
  return log::SignCard("Device", root, key.public_key(), tls.public_key());
}

void Device::Load(const log::Founding& founding) {
  auto loaded = Replica::Load(founding, {&key, life, life_ended}, *store, random);
  CHECK(loaded.has_value());
  replica = *std::move(loaded);
  Write();
}

void Device::Write() {
  if (!replica->HasBatch()) return;
  written.push_back(*replica->TakeBatch(++ticket));
  CHECK(store->Write(written.back(), store::Durability::kSynced).has_value());
  replica->Persisted(ticket);
}

std::unique_ptr<Device> Device::Clone(std::uint64_t seed) const {
  auto clone = std::make_unique<Device>(seed);
  clone->key = crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(key.seed()));
  clone->life = replica->life();
  for (const store::Batch& batch : written)
    CHECK(clone->store->Write(batch, store::Durability::kSynced).has_value());
  clone->written = written;
  clone->Load(replica->founding());
  return clone;
}

const SpaceLog& Device::Log() const { return replica->Log(replica->members().network_space()); }

log::FeedKey Device::Feed() const { return {Log().space(), key.public_key(), replica->life()}; }

crdt::DocumentId Device::MakeNote(const std::string& text) {
  const auto id = replica->Create(domain::kNote,
                                  [&](crdt::Transaction& edit) -> Result<void> {
                                    TRY(edit.Set("/purpose", std::string("network_coordination")));
                                    TRY(edit.Set("/legal_basis", std::string("contract")));
                                    TRY(edit.Set("/retention_class", std::string("L1")));
                                    return edit.InsertText("/body", 0, text);
                                  },
                                  {});
  CHECK(id.has_value());
  Write();
  return *id;
}

Result<void> Device::Type(const crdt::DocumentId& id, std::uint64_t at, const std::string& text,
                          std::int64_t now_ms) {
  TRY(replica->Edit(id, [&](crdt::Transaction& edit) { return edit.InsertText("/body", at, text); },
                    {now_ms, 0}));
  Write();
  return {};
}

std::string Device::Text(const crdt::DocumentId& id) {
  const auto open = replica->Open(id);
  CHECK(open.has_value());
  return (*open)->document.Text("/body").value_or("");
}

Network::Network(std::size_t count, std::vector<log::RuleLine> rules) {
  for (std::size_t i = 0; i < count; ++i) devices.push_back(std::make_unique<Device>(i + 1));
  log::CharterText text;
  text.name = "Network";
  text.rules = std::move(rules);
  for (const auto& device : devices) text.founders.push_back(device->Card());
  std::sort(text.founders.begin(), text.founders.end(),
            [](const log::Card& a, const log::Card& b) { return a.org() < b.org(); });
  auto draft = log::DraftFounding(text, devices[0]->key, devices[0]->life, 0, devices[0]->random);
  CHECK(draft.has_value());
  for (const auto& device : devices)
    CHECK(log::AddSignature(*draft, {draft->network(), device->root.public_key(),
                                     log::SignCharter(*draft, device->root)})
              .has_value());
  founding = *std::move(draft);
  for (const auto& device : devices) device->Load(founding);
  space = devices[0]->Log().space();
}

codec::Run RunOf(const Device& device, const log::FeedKey& feed, std::uint64_t first,
                 std::uint64_t last) {
  const SpaceLog& log = device.Log(feed.space);
  log::FeedHead head{first, std::nullopt, {}};
  if (first > 0) {
    const auto before = log.EntryAt(feed, first - 1);
    head.head = (*before)->entry.id;
    head.basis = (*before)->entry.header.basis;
  }
  log::Run run;
  for (std::uint64_t seq = first; seq <= last; ++seq)
    run.push_back((*log.EntryAt(feed, seq))->entry);
  return codec::PartsOf(head, run, 1);
}

codec::Bodies BodiesOf(const Device& device, const log::FeedKey& feed, std::uint64_t first,
                       std::uint64_t last) {
  const SpaceLog& log = device.Log(feed.space);
  codec::Bodies bodies{codec::PrefixOf(feed.space), feed.device, feed.life, {}};
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    const auto stored = log.EntryAt(feed, seq);
    if (const auto body = log.BodyOf(**stored); *body) bodies.items.push_back({seq, **body});
  }
  return bodies;
}

void BringSpace(const Device& from, Device& to, const log::SpaceId& space) {
  const auto arrivals = from.Log(space).Arrivals(1, 10'000);
  for (const codec::StoredEntry& stored : *arrivals) {
    const log::Header& header = stored.entry.header;
    if (header.kind == "charter") continue;  // everybody has it
    to.replica->Admit(space, RunOf(from, stored.feed(), header.seq, header.seq),
                      from.key.public_key());
    to.replica->AdmitBodies(space, BodiesOf(from, stored.feed(), header.seq, header.seq), {});
  }
  to.Write();
}

void Bring(const Device& from, Device& to) {
  BringSpace(from, to, from.replica->members().network_space());
}

void BringRoot(const Device& from, Device& to) {
  BringSpace(from, to, from.replica->members().root_space());
}

void BringAll(const Device& from, Device& to) {
  BringRoot(from, to);
  Bring(from, to);
}

}  // namespace geflecht::replica
