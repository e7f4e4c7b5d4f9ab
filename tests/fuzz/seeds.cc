#include "tests/fuzz/seeds.h"

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string_view>

#include "node/audit/body_file.h"
#include "node/crypto/key_file.h"
#include "node/crypto/recovery_sheet.h"
#include "node/log/fork.h"
#include "node/replica/anchor.h"
#include "proto/codec/record_codec.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/backup/fixture.h"
#include "tests/unit/codec/samples.h"
#include "tests/unit/log/fixture.h"

namespace geflecht::fuzz {
namespace {

namespace lt = log::testing;

Bytes Chosen(std::uint8_t choice, ByteView rest) {
  Bytes out{choice};
  Append(out, rest);
  return out;
}
Bytes Chosen(std::uint8_t choice, std::string_view rest) { return Chosen(choice, AsBytes(rest)); }

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void AddAnchors(Seeds& seeds) {
  replica::Anchor anchor{lt::Key(1).public_key(), lt::Filled<log::LifeId>(0x11), {}};
  for (int i = 0; i < 2; ++i) {
    const Bytes file = replica::EncodeAnchor(anchor);
    seeds["anchor"].push_back(file);
    const std::size_t claims = AsText(file).find("sum ");
    seeds["anchor"].emplace_back(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(claims));
    anchor.last = {lt::Filled<log::SpaceId>(2), 77, lt::Filled<log::EntryId>(3)};
  }
}

void AddHeaders(Seeds& seeds) {
  SeededRandom random(1);
  for (const log::Header& header :
       {lt::ChangeHeader(), lt::RootHeader("device.add"), lt::CharterHeader()})
    seeds["header"].push_back(ToBytes(log::Render(header)));
  const log::NetworkId network = lt::Network();
  for (const log::Entry& entry : codec::RandomFeed(network, log::NetworkSpace(network), 8, random))
    seeds["header"].push_back(ToBytes(log::Render(entry.header)));
}

void AddForks(Seeds& seeds) {
  const log::Run run = lt::SignedRun({"change", "gather", "change"});
  const auto branch = [&](std::int64_t time_s, std::size_t count) {
    log::Run out;
    for (std::size_t i = 0; i < count; ++i) {
      log::Header header = run[i].header;
      if (!out.empty()) header.prev = out.back().id;
      header.time_s = time_s;
      out.push_back(log::Sign(header, lt::Key(1)));
    }
    return out;
  };
  for (std::size_t count = 1; count <= 3; ++count) {
    log::Run lower = branch(lt::kNoon, count);
    log::Run higher = branch(lt::kNoon + 3600, 1);
    if (higher.front().id < lower.front().id) std::swap(lower, higher);
    const std::string texts[] = {log::RenderBranch(lower), log::RenderBranch(higher)};
    seeds["fork"].push_back(Chosen(0, texts[0] + "\xff" + texts[1]));
    std::string headers[2];
    for (int i = 0; i < 2; ++i) headers[i] = texts[i].substr(0, texts[i].find("sig "));
    seeds["fork"].push_back(Chosen(1, headers[0] + "\xff" + headers[1]));
  }
}

void AddBackups(Seeds& seeds) {
  auto& backups = seeds["backup"];
  backup::Fixture fixture;
  const backup::Parts parts = fixture.MakeParts();
  const Bytes file = backup::Written(parts);
  backups.push_back(Chosen(0, file));
  backups.push_back(Chosen(0, ByteView(file).first(file.size() / 2)));
  backups.push_back(Chosen(1, parts.records.front().content));
  backups.push_back(Chosen(2, backup::RenderBackupKey(backup::MakeBackupKey(fixture.seed()))));
  // Nothing, a record less, two exchanged, one twice, one changed, a new one of an unknown kind.
  for (const std::string& edits :
       {std::string(), std::string("\x06\x00", 2), std::string("\x06\x01\x05", 3),
        std::string("\x05\x02", 2), std::string("\x05\x03\x00\x20\x02xy", 7),
        std::string("\x02\x04q\x00\x03xyz", 8)})
    backups.push_back(Chosen(3, edits));
}

void AddDecisions(Seeds& seeds) {
  auto& decisions = seeds["decisions"];
  const auto body = [&](std::uint8_t kind, std::string_view values) {
    decisions.push_back(Chosen(0, Chosen(kind, values)));
  };
  const std::string org(64, 'a');
  body(0,
       "money\xff\xff\xff"
       "2026-05-01T00:00:00Z\xffTitel\xffText\n\xff");
  body(0, "remove\xff" + org + "\xff\xff-\xffTitel\xff\xff");
  body(0,
       "rule\xffmoney\xff"
       "consent 3\xff-\xffTitel\xff\xff");
  body(0, "role\xff" + org + "\xff+body:rat\xff-\xffTitel\xff\xff");
  body(1, "objection\xffZu teuer.\n");
  body(2, "Gern.\n");
  body(3, org + "\n");
  body(4, org);
  const log::Card card = lt::OrgCard(1);
  body(5, card.org().Hex() + "\xff" + log::RenderCard(card));
  body(7, org);
  body(6, "money\xff\xff\xff-\xffTitel\xff\xffrecommendation\n\xff");
  body(6, "rule\xff\xff\xff-\xffTitel\xff\xffreview 2031-01-01\n\xff");
  const auto paper = [&](std::uint8_t kind, std::string_view values) {
    decisions.push_back(Chosen(2, Chosen(kind, values)));
  };
  const std::string terms = "party " + org + "\nparty " + std::string(64, 'b') +
                            "\nstart 2026-01-01\nend -\nnotice 3 month\nform text\nparent -\n"
                            "document -\n";
  paper(0, terms);
  paper(3, "sign 2026-01-01 -");
  paper(5, "agreement\xffTitel\xff" + terms +
               "\xff"
               "Es hilft.\n");
  SeededRandom random(1);
  for (std::size_t entries : {8, 40, 90}) {
    Bytes graph(entries * 6);
    random.Fill(graph);
    decisions.push_back(Chosen(1, graph));
  }
}

void AddFoundings(Seeds& seeds) {
  for (std::uint8_t org = 1; org <= 2; ++org) {
    const log::Card card = lt::OrgCard(org);
    seeds["card"].push_back(ToBytes(log::RenderCard(card)));
    seeds["card"].push_back(ToBytes(log::RenderCardBody(card)));
  }
  const log::CharterText rules{"Hilfenetz Nord", {lt::OrgCard(1)}, 1};
  const log::Founding founding = lt::FullFounding();
  auto& charter = seeds["charter"];
  for (const log::CharterText& text : {rules, founding.text})
    for (const std::uint8_t choice : Bytes{0, 3})
      charter.push_back(Chosen(choice, log::RenderCharterText(text)));
  charter.push_back(Chosen(1, log::RenderFounding(lt::Draft())));
  charter.push_back(Chosen(1, log::RenderFounding(founding)));
  const log::FounderSignature signature = lt::SignatureOf(founding, 1);
  charter.push_back(Chosen(
      2, log::RenderFounderSignature(signature.network, signature.root, signature.signature)));
}

void AddKeys(Seeds& seeds) {
  SeededRandom random(1);
  auto& keys = seeds["keys"];
  const auto secret = [] { return crypto::SecretBytes::Copy(Bytes(32, 7)); };
  keys.push_back(Chosen(0, *crypto::WrapStorageKey(secret(), {}, {}, random)));
  keys.push_back(Chosen(1, Bytes()));
  keys.push_back(Chosen(1, Bytes(100, 0)));
  Bytes plain;
  Append(plain, Bytes(32, 101));
  Append(plain, Bytes(32, 201));
  Append(plain, Bytes(8, 9));
  Append(plain, log::RenderCard(lt::OrgCard(1)));
  keys.push_back(Chosen(2, plain));
  const std::string code = crypto::RecoveryCode(secret());
  keys.push_back(Chosen(3, code));
  keys.push_back(Chosen(3, "Geflecht\ncode: " + code + "\nend\n"));
  const crypto::PublicKey key = lt::Key(1).public_key();
  const crypto::Signature signature = lt::Key(1).Sign(log::kBundleNamespace, AsBytes("text"));
  keys.push_back(Chosen(4, crypto::SshsigArmor(key, log::kBundleNamespace, signature)));
  keys.push_back(Chosen(5, crypto::PublicKeyPem(key)));
}

void AddRecords(Seeds& seeds) {
  SeededRandom random(2);
  auto& records = seeds["record"];
  for (const log::Header& header : {lt::ChangeHeader(), lt::CharterHeader()}) {
    codec::StoredEntry stored;
    stored.entry = log::Sign(header, lt::Key(1));
    stored.arrival = 9;
    stored.document = lt::Filled<crdt::DocumentId>(4);
    records.push_back(Chosen(0, codec::EncodeStoredEntry(stored)));
  }
  for (int i = 0; i < 4; ++i) {
    const log::Body body = codec::RandomBody(random);
    records.push_back(Chosen(1, codec::EncodeBody(body)));
    seeds["body"].push_back(Chosen(0, codec::EncodeBody(body)));
    std::string line = audit::RenderBodyLine(lt::Filled<log::EntryId>(1), body);
    line.pop_back();
    seeds["body"].push_back(Chosen(1, line));
  }
  const log::FeedKey feed{lt::Filled<log::SpaceId>(1), lt::Key(1).public_key(), {}, 2};
  const std::vector<log::EntryId> ids = {lt::Filled<log::EntryId>(5), lt::Filled<log::EntryId>(6)};
  records.push_back(Chosen(2, codec::EncodeStoredFeed({feed, {7, ids[0], ids}, 3, 1})));
  records.push_back(Chosen(3, codec::EncodePosition({feed, 300})));
  records.push_back(Chosen(4, codec::EncodeIds(ids)));
  records.push_back(Chosen(5, codec::EncodeStoredDocument({{}, "note", 1, feed.space})));
  records.push_back(Chosen(6, codec::EncodeDocumentCounts({{"contact", 300}, {"note", 1}})));
}

}  // namespace

void AddLogSeeds(Seeds& seeds) {
  AddAnchors(seeds);
  AddHeaders(seeds);
  AddForks(seeds);
  AddFoundings(seeds);
  AddBackups(seeds);
  AddDecisions(seeds);
  AddKeys(seeds);
  AddRecords(seeds);
}

void AddWireSeeds(Seeds& seeds) {
  SeededRandom random(3);
  Bytes stream;
  for (std::size_t type = 0; type < codec::kTypes; ++type)
    for (int i = 0; i < 3; ++i) {
      const Bytes frame = codec::EncodeFrame(codec::RandomMessage(type, random));
      seeds["message"].push_back(frame);
      if (frame[0] == 6) seeds["body"].push_back(Chosen(2, ByteView(frame).subspan(1)));
      if (i == 0) {
        AppendBe32(stream, static_cast<std::uint32_t>(frame.size()));
        Append(stream, frame);
      }
    }
  for (const std::uint8_t piece : Bytes{0, 1, 7}) {
    Bytes input{piece, 1};
    Append(input, ByteView(stream).first(600));
    seeds["frames"].push_back(std::move(input));
  }
  for (std::uint8_t world = 0; world < 3; ++world) {
    seeds["bundle"].push_back({world, 0});
    for (std::uint8_t operation = 0; operation < 8; ++operation)
      for (const std::uint8_t file : Bytes{1, 4})
        seeds["bundle"].push_back({world, 1, operation, file, 0, 9, 5, 'a', 'b', 'c', 'd', 'e'});
  }
  for (const std::string_view request :
       {"GET /api/v1/contacts?query=M%C3%BCller+A&limit=3 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhelloGET",
        "PUT /a%20b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: "
        "v\r\n\r\n",
        "DELETE /d HTTP/1.0\r\nConnection: keep-alive\r\nA: 1\r\nA: 2\r\n\r\n"})
    for (const std::uint8_t piece : Bytes{0, 1, 9}) seeds["http"].push_back(Chosen(piece, request));
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Bytes operations;
    for (int i = 0; i < 160; ++i) {
      const auto below = random.Below(seed < 6 ? 10 : 16);
      operations.push_back(static_cast<std::uint8_t>(below + 16 * random.Below(16)));
      if (random.Below(2) == 0) operations.push_back(static_cast<std::uint8_t>(random.Below(36)));
    }
    seeds["session"].push_back(std::move(operations));
  }
}

void AddFileSeeds(Seeds& seeds, const std::string& source_dir) {
  for (const char* name : {"apple-3.0.vcf", "nextcloud-4.0.vcf", "outlook-2.1.vcf"})
    seeds["vcard"].push_back(ToBytes(ReadFile(source_dir + "/tests/golden/contacts/" + name)));
  for (const char* name :
       {"tests/golden/contacts/outlook-de.csv", "tests/golden/contacts/outlook-en.csv",
        "deploy/examples/kontakte.csv", "deploy/examples/kontakte-falldaten.csv"}) {
    const std::string text = ReadFile(source_dir + "/" + name);
    // The first rows are as good as all of them and quicker.
    std::size_t end = 0;
    for (int rows = 0; rows < 4 && end != std::string::npos; ++rows) end = text.find('\n', end + 1);
    seeds["csv"].push_back(ToBytes(text.substr(0, end)));
  }
  seeds["csv"].push_back(ToBytes("sep=,\nName,Vorname,E-Mail\n\"A\"\"b\nc\",B,a@b.example\n"));
  seeds["csv"].push_back(
      ToBytes("\xef\xbb\xbfNachname;Telefon;Themen\r\nM\xc3\xbcller;"
              "\"\t+49 221 4710\";'=x\r\n"));
}

}  // namespace geflecht::fuzz
