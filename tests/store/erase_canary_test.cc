// 200 canaries in every kind of field, at three nodes on RocksDB: what was written of them is in no
// file any more, in no spelling. Without the compaction it still is.
#include <array>
#include <chrono>
#include <cstring>
#include <iostream>

#include "base/hex.h"
#include "node/crypto/base64.h"
#include "node/crypto/kdf.h"
#include "node/domain/document_types.h"
#include "node/governance/agreement.h"
#include "node/governance/space.h"
#include "node/replica/records.h"
#include "node/store/rocks/rocks_store.h"
#include "node/store/sealed_store.h"
#include "tests/store/places.h"
#include "tests/store/raw_files.h"
#include "tests/unit/replica/network.h"

namespace geflecht::store {
namespace {

using replica::Device;

constexpr std::size_t kNodes = 3, kCanaries = 200;

std::string Canary(std::size_t i) {
  const crypto::Hash256 hash = crypto::Sha256(AsBytes("canary " + std::to_string(i)));
  return "Kanarie" + hash.Hex().substr(0, 20);
}

std::string Utf16(std::string_view text, bool high_first) {
  std::string out;
  for (const char c : text) out += high_first ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

// As base64 shows the bytes when they begin at each of the three places of a group.
void AddBase64(std::vector<std::string>& out, std::string_view bytes) {
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string whole =
        crypto::ToBase64(AsBytes(std::string(shift, '\0') + std::string(bytes)));
    const std::size_t first = (shift * 8 + 5) / 6, last = (shift + bytes.size()) * 8 / 6;
    out.push_back(whole.substr(first, last - first));
  }
}

std::string HexOf(std::string_view bytes) {
  std::string hex;
  AppendHex(hex, AsBytes(bytes));
  return hex;
}

struct Wanted {
  std::vector<std::string> plain, stored, salts;  // every spelling
};

void AddSpellings(std::vector<std::string>& out, std::string_view bytes, bool text) {
  out.emplace_back(bytes);
  out.push_back(HexOf(bytes));
  AddBase64(out, bytes);
  if (!text) return;
  out.push_back(Utf16(bytes, false));
  out.push_back(Utf16(bytes, true));
}

struct Canaries : testing::TestWithParam<bool> {
  bool sealed() const { return GetParam(); }

  void SetUp() override {
    for (std::size_t i = 0; i < kNodes; ++i) {
      net[i].replica.reset();
      net[i].store = Opened(i);
      net[i].Load(net.founding);
    }
  }
  std::unique_ptr<Store> Opened(std::size_t i) {
    std::unique_ptr<Store> inner = Must(OpenRocksStore(Directory(i)));
    inner_[i] = inner.get();
    return sealed() ? Must(MakeSealedStore(std::move(inner), Key(i), net[i].random))
                    : std::move(inner);
  }
  std::filesystem::path Directory(std::size_t i) const {
    return directory_.path() / std::to_string(i);
  }
  static crypto::SecretBytes Key(std::size_t i) {
    return StorageKey(static_cast<std::uint8_t>(i + 1));
  }

  // The bytes of a record as they lie in the database.
  std::optional<Bytes> Raw(std::size_t node, const store::Key& key) {
    store::Key hidden = key;
    if (sealed()) {
      Bytes name{static_cast<std::uint8_t>(key.table)};
      Append(name, key.group);
      const auto mac =
          crypto::KeyedName(crypto::DeriveKey(Key(node), "geflecht-store-names@v1"), name);
      hidden.group.assign(mac.bytes.begin(), mac.bytes.end());
    }
    return Must(inner_[node]->Get(hidden));
  }

  std::string All() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path()))
      if (entry.is_regular_file()) all += Slurp(entry.path());
    return all;
  }
  static std::size_t Hits(const std::string& all, const std::vector<std::string>& needles) {
    std::size_t hits = 0;
    for (const std::string& needle : needles)
      if (memmem(all.data(), all.size(), needle.data(), needle.size()) != nullptr) ++hits;
    return hits;
  }

  void Plant();       // in contacts and notes
  void PlantWords();  // in decisions and in a long text
  void Note(const log::SpaceId& space, const log::EntryId& entry);
  void PlantEverywhere();
  void EraseEverywhere();
  void BringEverywhere() {
    for (std::size_t i = 1; i < kNodes; ++i) replica::BringAll(net[0], net[i]);
  }
  double Expunge(std::size_t node) {
    const auto groups = net[node].replica->TakeExpunge({20'000, 0}, net[node].ticket);
    EXPECT_FALSE(groups.empty());
    const auto begin = std::chrono::steady_clock::now();
    for (const GroupName& name : groups) Must(net[node].store->Expunge(name.table, {name.group}));
    net[node].replica->Persisted(net[node].ticket);
    net[node].Write();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return took.count();
  }

  TempDirectory directory_;
  std::array<Store*, kNodes> inner_{};
  replica::Network net{kNodes};
  std::vector<crdt::DocumentId> notes, contacts;
  std::vector<log::EntryId> said;
  Wanted wanted;
};

Result<void> SetEnvelope(crdt::Transaction& edit) {
  TRY(edit.Set("/purpose", std::string("network_coordination")));
  TRY(edit.Set("/legal_basis", std::string("contract")));
  return edit.Set("/retention_class", std::string("L1"));
}

void Canaries::Plant() {
  std::size_t next = 0;
  const auto canary = [&] { return Canary(next++); };
  Device& writer = net[0];
  for (int i = 0; i < 10; ++i) {  // 6 each: as fields of the first change and of later ones
    contacts.push_back(Must(writer.replica->Create(
        domain::kContact,
        [&](crdt::Transaction& edit) -> Result<void> {
          next = static_cast<std::size_t>(i) * 6;  // the edits may be made twice
          TRY(SetEnvelope(edit));
          for (const char* key : {"family_name", "phone", "email", "organisation"})
            TRY(edit.Set(std::string("/") + key, canary()));
          return {};
        },
        {})));
    for (const char* key : {"street", "topics"}) {
      const std::string value = canary();
      Must(writer.replica->Edit(
          contacts.back(),
          [&](crdt::Transaction& edit) { return edit.Set(std::string("/") + key, value); }, {}));
      writer.Write();  // a draft of its own
    }
    Must(writer.replica->CutAll({}));
    writer.Write();
  }
  for (int i = 0; i < 10; ++i) {  // 11 each
    const std::size_t begin = 60 + static_cast<std::size_t>(i) * 11;
    notes.push_back(Must(writer.replica->Create(
        domain::kNote,
        [&](crdt::Transaction& edit) -> Result<void> {
          next = begin;
          TRY(SetEnvelope(edit));
          TRY(edit.Set("/title", canary()));
          TRY(edit.InsertText("/body", 0, canary()));
          TRY(edit.Set("/" + canary(), canary()));  // a key that the schema does not have
          TRY(edit.SetChild("/list", crdt::ContainerType::kList));
          TRY(edit.InsertItem("/list", 0, canary()));
          TRY(edit.InsertChild("/list", 1, crdt::ContainerType::kMap));
          TRY(edit.Set("/list/1/name", canary()));
          TRY(edit.SetChild("/text", crdt::ContainerType::kText));
          TRY(edit.InsertText("/text", 0, canary()));
          TRY(edit.Mark("/body", 0, 4, "link", crdt::Value(canary()), crdt::Expand::kNone));
          TRY(edit.InsertBlock("/body", 0, {{"type", std::string("paragraph")}, {"by", canary()}}));
          TRY(edit.SetChild("/tree", crdt::ContainerType::kTree));
          ASSIGN(const crdt::ContainerId node, edit.CreateNode("/tree", "", 0));
          return edit.Set("/tree/" + node + "/name", canary());
        },
        {})));
    writer.Write();
  }
}

void Canaries::PlantWords() {
  std::size_t next = 170;
  const auto canary = [&] { return Canary(next++); };
  Device& writer = net[0];
  const auto proposal = Must(
      writer.replica->Propose({"money", "", "", std::nullopt, "Antrag", "", canary() + "\n"}, {}));
  said.push_back(proposal);
  for (; next + 20 < kCanaries;)
    said.push_back(Must(writer.replica->Comment(proposal, canary() + "\n", {})));
  said.push_back(
      Must(writer.replica->Vote(proposal, {governance::Position::kYes, canary() + "\n"}, {})));
  writer.Write();
  // A history that is long enough for a file of the document, with canaries in it.
  notes.push_back(writer.MakeNote(canary()));
  for (; next < kCanaries;) {
    const std::string text = canary();
    Must(writer.Type(notes.back(), 0, text));
    Must(writer.replica->CutAll({}));
    writer.Write();
  }
  writer.Load(net.founding);
  writer.Text(notes.back());
  Must(writer.replica->StageFiles());
  writer.Write();
  EXPECT_TRUE(Raw(0, replica::DocumentFileKey(notes.back())));
}

// What lies on the disks of an entry's body, and its salts.
void Canaries::Note(const log::SpaceId& space, const log::EntryId& entry) {
  for (std::size_t i = 0; i < kNodes; ++i) {
    const auto stored = Must(net[i].Log(space).EntryOf(entry));
    ASSERT_TRUE(stored && stored->body_here);
    const auto raw =
        Raw(i, stored->document ? replica::DocumentBodyKey(*stored->document, stored->arrival)
                                : replica::SpaceBodyKey(space, stored->arrival));
    ASSERT_TRUE(raw);
    // A body as it is: from its middle, where a content field is, and as long as a block's prefix.
    constexpr std::size_t kPiece = 32;
    const std::string text(AsText(*raw));
    AddSpellings(wanted.stored, text.substr(text.size() - std::min(text.size(), kPiece)), false);
    if (i > 0) continue;
    const auto body = Must(net[i].Log(space).BodyOf(*stored));
    for (std::size_t slot = log::FirstErasable(stored->entry.header); slot < body->slots.size();
         ++slot)
      AddSpellings(wanted.salts, AsText(std::get<log::Field>(body->slots[slot]).salt.view()),
                   false);
  }
}

void Canaries::PlantEverywhere() {
  Plant();
  PlantWords();
  BringEverywhere();
  const log::SpaceId& root = net[0].replica->members().root_space();
  for (const auto& documents : {contacts, notes})
    for (const crdt::DocumentId& id : documents)
      for (const std::uint64_t arrival :
           Must(replica::OrdersFrom(*net[0].store, replica::DocumentBodyKey(id, 1))))
        Note(net.space, Must(net[0].Log().Arrival(arrival))->entry.id);
  for (const log::EntryId& entry : said) Note(root, entry);
  for (std::size_t i = 0; i < kCanaries; ++i) AddSpellings(wanted.plain, Canary(i), true);
  // At one node everything lies at the lowest level, at the others in the log and above.
  std::vector<Bytes> groups{replica::SpaceBodyKey(root, 0).group};
  for (const auto& documents : {contacts, notes})
    for (const crdt::DocumentId& id : documents)
      groups.push_back(replica::DocumentFileKey(id).group);
  Must(net[1].store->Expunge(Table::kBodies, groups));
}

void Canaries::EraseEverywhere() {
  for (const auto& documents : {contacts, notes})
    for (const crdt::DocumentId& id : documents)
      Must(net[0].replica->EraseDocument(id, std::nullopt, "request", {}));
  log::Erasure erasure{"request", {}};
  for (const log::EntryId& entry : said)
    erasure.targets.push_back(Must(net[0].replica->AllOf(entry)));
  std::sort(erasure.targets.begin(), erasure.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  Must(net[0].replica->Erase(net[0].replica->members().root_space(), erasure, {}));
  net[0].Write();
  BringEverywhere();
}

// The third step of an erasure left out: whoever has the disk finds what was written, also after a
// restart and after all that lay in the log was moved into tables.
TEST_P(Canaries, T1AreStillInTheFilesWithoutTheCompaction) {
  PlantEverywhere();
  EraseEverywhere();
  const auto left = [&] { return Hits(All(), wanted.stored); };
  const std::size_t enough = wanted.stored.size() / 6;
  EXPECT_GE(left(), enough) << "deleting alone takes nothing off the disk";
  for (std::size_t i = 0; i < kNodes; ++i) {
    net[i].replica.reset();
    net[i].store.reset();
    net[i].store = Opened(i);
    net[i].Load(net.founding);
    // Another group: its pass ends the log, and leaves the tables that hold the canaries.
    Must(net[i].store->Expunge(Table::kMeta, {Bytes{1}}));
    EXPECT_EQ(net[i].Text(notes.back()).find("Kanarie"), std::string::npos) << "it is erased";
  }
  EXPECT_GT(left(), 0u) << "in the tables";
  const std::string files = All();
  EXPECT_EQ(Hits(files, wanted.plain) > 0, !sealed());
  EXPECT_EQ(Hits(files, wanted.salts) > 0, !sealed());
}

TEST_P(Canaries, T1AreInNoFileOfAnyNode) {
  PlantEverywhere();
  const std::string before = All();
  // One spelling of five is how it lies there; some are cut in two by a block of the log.
  EXPECT_GE(Hits(before, wanted.stored), wanted.stored.size() / 6) << "nothing could be found";
  EXPECT_EQ(Hits(before, wanted.plain) > 0, !sealed());
  EXPECT_EQ(Hits(before, wanted.salts) > 0, !sealed());
  EraseEverywhere();

  for (std::size_t i = 0; i < kNodes; ++i)
    std::cout << "node " << i << ": " << Expunge(i) << " s\n";
  const std::string after = All();
  std::cout << kCanaries << " canaries, "
            << wanted.plain.size() + wanted.stored.size() + wanted.salts.size() << " spellings in "
            << before.size() / 1000 << " kB, then " << after.size() / 1000 << " kB\n";
  EXPECT_EQ(Hits(after, wanted.stored), 0u);
  EXPECT_EQ(Hits(after, wanted.plain), 0u);
  EXPECT_EQ(Hits(after, wanted.salts), 0u);
  for (std::size_t i = 0; i < kNodes; ++i) {
    net[i].Load(net.founding);
    EXPECT_EQ(net[i].Log().missing_bodies(), 0u);
    EXPECT_EQ(net[i].replica->NextExpungeMs(), std::nullopt);
    EXPECT_EQ(net[i].Text(notes.back()).find("Kanarie"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, Canaries, testing::Bool(), [](const auto& kind) {
  return std::string(kind.param ? "Sealed" : "Unsealed");
});

// Where the words lie that a search for plaintext does not find, or that stand in no record of the
// network space: packed files of documents, drafts, numbers, papers, persons, closed circles.
struct OtherPlaces : Canaries {
  static constexpr Time kNow{0, 1'772'452'800'000};

  // The end of a record as it lies in the database.
  void NoteRaw(std::vector<std::string>& out, std::size_t node, const store::Key& key) {
    const auto raw = Raw(node, key);
    ASSERT_TRUE(raw);
    ASSERT_GE(raw->size(), 32u);
    out.emplace_back(AsText(*raw).substr(raw->size() - 32));
  }
  // The stored body at these nodes; salts, and values that nothing else has.
  void NoteEntry(const log::SpaceId& space, const log::EntryId& entry, std::size_t nodes) {
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto stored = Must(net[i].Log(space).EntryOf(entry));
      ASSERT_TRUE(stored && stored->body_here);
      NoteRaw(wanted.stored, i, replica::BodyKeyOf(space, *stored));
      const auto body = Must(net[i].Log(space).BodyOf(*stored));
      for (std::size_t slot = log::FirstErasable(stored->entry.header); slot < body->slots.size();
           ++slot) {
        const auto& field = std::get<log::Field>(body->slots[slot]);
        AddSpellings(wanted.salts, AsText(field.salt.view()), false);
        if (field.value.size() >= 8) AddSpellings(wanted.plain, AsText(field.value), false);
      }
    }
  }
  void NoteDocument(const log::SpaceId& space, const crdt::DocumentId& id, std::size_t nodes) {
    const replica::Circle circle = replica::CircleOf(net.founding.network(), space);
    for (const std::uint64_t arrival :
         Must(replica::OrdersFrom(*net[0].store, replica::DocumentBodyKey(id, 1, circle))))
      NoteEntry(space, Must(net[0].Log(space).Arrival(arrival))->entry.id, nodes);
  }
  void MeetAll() {
    for (int round = 0; round < 2; ++round)
      for (auto& from : net.devices)
        for (auto& to : net.devices)
          if (from != to) replica::BringAll(*from, *to);
  }
  void BringCircle(const log::SpaceId& space, std::size_t to) {
    for (const codec::StoredEntry& stored : Must(net[0].Log(space).Arrivals(1, 1000))) {
      const std::uint64_t seq = stored.entry.header.seq;
      net[to].replica->Admit(space, replica::RunOf(net[0], stored.feed(), seq, seq));
      net[to].replica->AdmitBodies(space, replica::BodiesOf(net[0], stored.feed(), seq, seq), {});
    }
    net[to].Write();
  }
  crypto::SigningKey Person(std::size_t i) {
    return crypto::SigningKey::FromSeed(
        crypto::SecretBytes::Copy(ByteView(net[i].key.public_key().bytes)));
  }
  governance::SignedStatement Stated(std::size_t i, std::string_view act,
                                     const std::optional<log::EntryId>& about,
                                     const std::optional<log::EntryId>& mandate) {
    return governance::SignStatement(
        {net.founding.network(), std::string(act), about, mandate ? "" : "sign - -",
         net[i].Card().org(), mandate, kNow.wall_ms / 1000},
        Person(i));
  }
  void SignAgreement();  // mandates, an agreement in force, another text of it, a notice
  log::SpaceId OpenCircle();
  crdt::DocumentId Record(const std::optional<log::SpaceId>& space, std::int64_t number);

  std::size_t next = 0;
  std::vector<log::EntryId> in_root, in_network;
  std::vector<std::string> files, drafts;
};

void OtherPlaces::SignAgreement() {
  std::vector<log::EntryId> mandates;
  for (std::size_t i = 0; i < kNodes; ++i) {
    mandates.push_back(Must(net[i].replica->AddPerson(
        {Person(i).public_key(), Stated(i, governance::kActMandate, {}, {}), Canary(next++)},
        kNow)));
    net[i].Write();
  }
  in_root.push_back(mandates[0]);
  MeetAll();
  governance::AgreementTerms terms;
  for (std::size_t i = 0; i < kNodes; ++i) terms.parties.push_back(net[i].Card().org());
  std::sort(terms.parties.begin(), terms.parties.end());
  terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kMonth};
  const auto text = [&](const std::string& title) {
    return governance::Frozen{std::string(governance::kAgreement),
                              title,
                              governance::RenderAgreementTerms(terms),
                              {"Es hilft [[1]].\n"},
                              {},
                              {Canary(next++)}};
  };
  const log::EntryId frozen = Must(net[0].replica->Freeze(text("Vereinbarung"), net.space, kNow));
  net[0].Write();
  MeetAll();
  for (std::size_t i = 0; i < kNodes; ++i) {
    Must(net[i].replica->Sign(frozen, {Stated(i, governance::kActSign, frozen, mandates[i]), {}},
                              kNow));
    net[i].Write();
  }
  MeetAll();
  const log::EntryId amended = Must(net[0].replica->Amend(frozen, text("Neu"), kNow));
  const log::EntryId notice = Must(net[0].replica->GiveNotice(
      frozen, {Stated(0, governance::kActNotice, frozen, mandates[0]), Canary(next++) + "\n"},
      kNow));
  net[0].Write();
  in_network = {frozen, amended, notice};
}

log::SpaceId OtherPlaces::OpenCircle() {
  governance::ChangeSpace change{std::nullopt, governance::SpaceKind::kWorking, "Kreis", {}};
  for (const std::size_t i : {0, 1}) change.seats.push_back({net[i].Card().org(), {}, true});
  const log::EntryId id =
      Must(net[0].replica->Propose({"space", std::string(governance::kNewSpace),
                                    governance::RenderSpace(change), std::nullopt, "Kreis", "", ""},
                                   kNow));
  net[0].Write();
  MeetAll();
  for (const std::size_t i : {0, 1}) {
    Must(net[i].replica->Vote(id, {governance::Position::kYes, ""}, kNow));
    net[i].Write();
  }
  MeetAll();
  Must(net[0].replica->Enact(id, kNow));
  net[0].Write();
  MeetAll();
  return governance::SpaceOf(id);
}

// A record of texts and numbers, with a long history, a draft and a file.
crdt::DocumentId OtherPlaces::Record(const std::optional<log::SpaceId>& space,
                                     std::int64_t number) {
  Device& writer = net[0];
  const log::SpaceId& where = space ? *space : net.space;
  const auto id = Must(writer.replica->Create(
      domain::kNote,
      [&](crdt::Transaction& edit) -> Result<void> {
        TRY(SetEnvelope(edit));
        TRY(edit.Set("/number", number));
        TRY(edit.SetChild("/count", crdt::ContainerType::kCounter));
        TRY(edit.Increment("/count", number + 1));
        return edit.Set("/title", Canary(next));
      },
      kNow, space));
  ++next;
  writer.Write();
  const std::uint64_t first = Must(writer.Log(where).EntryOf(id))->arrival;
  for (int i = 0; i < 20; ++i) {
    const std::string word = Canary(next++);
    const auto type = [&](crdt::Transaction& edit) { return edit.InsertText("/body", 0, word); };
    Must(writer.replica->Edit(id, type, kNow));
    writer.Write();
    NoteRaw(drafts, 0, replica::DraftKey(where, first));
    // From the journal into a table, where deleting alone does not reach it.
    if (i % 5 == 0) Must(writer.store->Expunge(Table::kBodies, {Bytes(32, 0)}));
    Must(writer.replica->CutAll(kNow));
    writer.Write();
  }
  return id;
}

TEST_P(OtherPlaces, T1ReachesPapersCirclesDraftsAndFiles) {
  SignAgreement();
  const log::SpaceId circle = OpenCircle();
  const log::SpaceId root = net[0].replica->members().root_space();
  constexpr std::int64_t kNumber = 0x1234'5678'9abc'def1;
  const crdt::DocumentId open = Record({}, kNumber), closed = Record(circle, kNumber + 10);
  net[0].Load(net.founding);
  for (const auto& [id, space] : {std::pair{open, net.space}, std::pair{closed, circle}}) {
    net[0].Text(id);
    Must(net[0].replica->StageFiles());
    net[0].Write();
    NoteRaw(files, 0,
            replica::DocumentFileKey(id, replica::CircleOf(net.founding.network(), space)));
  }
  MeetAll();
  BringCircle(circle, 1);
  NoteDocument(net.space, open, kNodes);
  NoteDocument(circle, closed, 2);
  for (const log::EntryId& entry : in_root) NoteEntry(root, entry, kNodes);
  for (const log::EntryId& entry : in_network) NoteEntry(net.space, entry, kNodes);
  for (std::size_t i = 0; i < next; ++i)
    if (i != 1 && i != 2) AddSpellings(wanted.plain, Canary(i), true);  // others' mandates
  const std::string before = All();
  EXPECT_GE(Hits(before, wanted.stored), wanted.stored.size() / 2);
  EXPECT_EQ(Hits(before, files), files.size()) << "a file is where it is looked for";
  EXPECT_GE(Hits(before, drafts), 4u);
  EXPECT_EQ(Hits(before, wanted.plain) > 0, !sealed());

  for (const crdt::DocumentId& id : {open, closed})
    Must(net[0].replica->EraseDocument(id, std::nullopt, "request", kNow));
  for (const auto& [space, entries] : {std::pair{root, in_root}, std::pair{net.space, in_network}})
    for (const log::EntryId& entry : entries)
      Must(net[0].replica->Erase(space, {"request", {Must(net[0].replica->AllOf(entry))}}, kNow));
  net[0].Write();
  MeetAll();
  BringCircle(circle, 1);
  const std::string deleted = All();
  EXPECT_EQ(Hits(deleted, files), files.size()) << "deleting alone takes nothing off the disk";
  EXPECT_GE(Hits(deleted, drafts), 4u);

  for (std::size_t i = 0; i < kNodes; ++i) Expunge(i);
  const std::string after = All();
  EXPECT_EQ(Hits(after, files), 0u);
  EXPECT_EQ(Hits(after, drafts), 0u);
  EXPECT_EQ(Hits(after, wanted.stored), 0u);
  EXPECT_EQ(Hits(after, wanted.plain), 0u);
  EXPECT_EQ(Hits(after, wanted.salts), 0u);
}

INSTANTIATE_TEST_SUITE_P(Stores, OtherPlaces, testing::Bool(), [](const auto& kind) {
  return std::string(kind.param ? "Sealed" : "Unsealed");
});

}  // namespace
}  // namespace geflecht::store
