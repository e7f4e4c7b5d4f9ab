// What no member can write into a record, whatever program it runs: every replica of an honest node
// comes to the same verdict.
#include <gtest/gtest.h>

#include "node/domain/document_types.h"
#include "node/replica/records.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

using crdt::SetKey;

SetKey SetText(const std::string& key, const std::string& value) {
  return {"", key, crdt::Value(value)};
}

std::vector<crdt::Edit> Envelope() {
  return {SetText("purpose", "network_coordination"), SetText("legal_basis", "legitimate_interest"),
          SetText("retention_class", "L1")};
}

std::vector<crdt::Edit> Organisation() {
  std::vector<crdt::Edit> edits = Envelope();
  for (const auto& [key, value] :
       {std::pair("law_profile", "dsgvo_bdsg"), {"natural_person", "no"}, {"public_body", "no"}})
    edits.push_back(SetText(key, value));
  return edits;
}

struct Hostile : testing::Test {
  Network net{3};

  // The first device writes the change; the two others take it.
  crdt::DocumentId Send(Device& author, const crdt::ChangeHead& head,
                        const std::vector<crdt::Edit>& edits, std::string_view type) {
    codec::Bodies bodies;
    const codec::Run run = Forge(author, head, edits, bodies, type);
    for (std::size_t i = 0; i < net.devices.size(); ++i) {
      EXPECT_EQ(net[i].replica->Admit(net.space, run).outcome, Outcome::kNew);
      EXPECT_EQ(net[i].replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kNew);
      net[i].Write();
    }
    return DocumentIdOf(*net[1].Log().Head(author.Feed()).head);
  }
  crdt::DocumentId Begin(Device& author, const std::vector<crdt::Edit>& edits,
                         std::string_view type) {
    return Send(author, {{}, std::string(type), 1, {}, 0}, edits, type);
  }
  // As the author knows the document, on top of its heads.
  void Change(Device& author, const crdt::DocumentId& id, const std::vector<crdt::Edit>& edits,
              std::string_view type) {
    const auto open = author.replica->Open(id);
    ASSERT_TRUE(open.has_value());
    Send(author, {id, std::nullopt, 0, (*open)->document.heads(), 0}, edits, type);
  }
  // What every replica says of the whole document, and after it has been read again from its store.
  void ExpectVoid(const crdt::DocumentId& id, const std::optional<std::string>& reason) {
    for (std::size_t i = 0; i < net.devices.size(); ++i) {
      for (int opening = 0; opening < 2; ++opening) {
        const auto open = net[i].replica->Open(id);
        ASSERT_TRUE(open.has_value()) << open.error().detail;
        EXPECT_EQ((*open)->void_reason, reason) << i;
        net[i].Load(net.founding);
      }
    }
  }
  void ExpectOneVoidChange(const crdt::DocumentId& id, const std::string& reason,
                           const std::string& path, const std::string& value) {
    for (std::size_t i = 0; i < net.devices.size(); ++i) {
      for (int opening = 0; opening < 2; ++opening) {
        const auto open = net[i].replica->Open(id);
        ASSERT_TRUE(open.has_value());
        ASSERT_EQ((*open)->voids.size(), 1u) << i;
        EXPECT_EQ((*open)->voids.begin()->second, reason);
        const auto found = (*open)->document.Get(path);
        ASSERT_TRUE(found.has_value());
        ASSERT_EQ(found->writings.size(), 1u);
        EXPECT_EQ(std::get<crdt::Value>(found->writings.front().slot), crdt::Value(value));
        net[i].Load(net.founding);
      }
    }
  }
};

TEST_F(Hostile, ARecordWithoutPurposeBasisOrRetentionIsVoidEverywhere) {
  const char* const reasons[] = {"purpose-missing", "legal_basis-missing",
                                 "retention_class-missing"};
  for (const std::string_view type : {domain::kNote, domain::kContact, domain::kMeeting,
                                      domain::kTask, domain::kAgreement, domain::kOrganisation}) {
    SCOPED_TRACE(type);
    std::vector<crdt::Edit> whole = type == domain::kOrganisation ? Organisation() : Envelope();
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<crdt::Edit> edits = whole;
      edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(i));
      ExpectVoid(Begin(net[0], edits, type), reasons[i]);
    }
    ExpectVoid(Begin(net[0], whole, type), std::nullopt);
  }
}

TEST_F(Hostile, NobodyRemovesWhatTheRecordIsKeptFor) {
  for (const char* key : {"purpose", "legal_basis", "retention_class"}) {
    SCOPED_TRACE(key);
    const crdt::DocumentId id = Begin(net[0], Envelope(), domain::kContact);
    const auto before = (*net[1].replica->Open(id))->document.Get("/" + std::string(key));
    // The values of the same change go with it.
    Change(net[2], id, {SetKey{"", key, std::nullopt}, SetText("phone", "0221 4710-100")},
           domain::kContact);
    ExpectOneVoidChange(
        id, std::string(key) + "-removed", "/" + std::string(key),
        std::get<std::string>(std::get<crdt::Value>(before->writings.front().slot)));
    EXPECT_FALSE((*net[1].replica->Open(id))->document.Get("/phone").has_value());
    Change(net[2], id, {SetKey{"", key, crdt::ContainerType::kMap}}, domain::kContact);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ((*net[i].replica->Open(id))->voids.size(), 2u) << i;
  }
}

TEST_F(Hostile, AnOrganisationsRecordNeedsItsLaw) {
  for (const char* key : {"law_profile", "natural_person", "public_body"}) {
    SCOPED_TRACE(key);
    std::vector<crdt::Edit> edits = Organisation();
    std::erase_if(edits, [&](const crdt::Edit& edit) { return std::get<SetKey>(edit).key == key; });
    ExpectVoid(Begin(net[0], edits, domain::kOrganisation), std::string(key) + "-missing");
  }
  const crdt::DocumentId id = Begin(net[0], Organisation(), domain::kOrganisation);
  Change(net[0], id, {SetKey{"", "law_profile", std::nullopt}}, domain::kOrganisation);
  ExpectOneVoidChange(id, "law_profile-removed", "/law_profile", "dsgvo_bdsg");
}

TEST_F(Hostile, NobodyChangesAnotherOrganisationsRecord) {
  const crdt::DocumentId id = Begin(net[0], Organisation(), domain::kOrganisation);
  Change(net[2], id, {SetText("law_profile", "kdg"), SetText("authority", "nobody")},
         domain::kOrganisation);
  ExpectOneVoidChange(id, "another-organisation", "/law_profile", "dsgvo_bdsg");
  // What the organisation itself writes on top of it counts.
  Change(net[0], id, {SetText("law_profile", "dsg_ekd")}, domain::kOrganisation);
  ExpectOneVoidChange(id, "another-organisation", "/law_profile", "dsg_ekd");
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(net[i].replica->OrgOfDocument(id)->value(), net[0].Card().org());
}

TEST_F(Hostile, ThisProgramDoesNotWriteWhatWouldBeVoid) {
  const crdt::DocumentId contact = Begin(net[0], Envelope(), domain::kContact);
  const auto removed = net[0].replica->Edit(
      contact, [](crdt::Transaction& edit) { return edit.RemoveKey("/purpose"); }, {});
  ASSERT_FALSE(removed.has_value());
  EXPECT_EQ(removed.error().hint, "hint.envelope-stays");
  EXPECT_FALSE(net[0].replica->HasDraft(contact));
  EXPECT_EQ((*net[0].replica->Open(contact))->document.Get("/purpose")->writings.size(), 1u);
  const crdt::DocumentId record = Begin(net[0], Organisation(), domain::kOrganisation);
  const auto set = [](crdt::Transaction& edit) {
    return edit.Set("/authority", std::string("Aufsicht"));
  };
  const auto foreign = net[1].replica->Edit(record, set, {});
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().hint, "hint.organisation-of-another");
  EXPECT_TRUE(net[0].replica->Edit(record, set, {}).has_value());
}

}  // namespace
}  // namespace geflecht::replica
