#include "node/governance/read_entry.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>

#include "base/rng.h"
#include "node/governance/kinds.h"
#include "node/log/fork.h"
#include "tests/unit/log/fixture.h"

namespace geflecht::governance {
namespace {

using log::testing::Filled;
using log::testing::Key;
using log::testing::OrgCard;

class ReadEntries : public testing::Test {
 protected:
  log::Header HeaderOf(std::string kind, const log::Body& body) {
    log::Header header = log::testing::RootHeader(std::move(kind));
    header.net = founding_.network();
    header.space = log::RootSpace(founding_.network());
    header.device = OrgCard(1).device;
    header.fields = static_cast<std::uint32_t>(body.slots.size());
    header.evidence = header.kind == log::kForkEvidence ? header.fields : 0;
    header.root = log::BodyRoot(body);
    return header;
  }
  Act Read(const log::Header& header, const log::Body* body) {
    return ReadEntry({header, Filled<EntryId>(9), {}}, body, directory_,
                     [](const EntryId&) { return true; })
        .act;
  }
  // One branch of a feed of the device with this key.
  std::string Branch(std::uint8_t device, std::int64_t time_s, log::EntryId* id) {
    log::Header header = log::testing::ChangeHeader();
    header.net = founding_.network();
    header.space = log::NetworkSpace(founding_.network());
    header.device = Key(device).public_key();
    header.time_s = time_s;
    const log::Entry entry = log::Sign(std::move(header), Key(device));
    *id = entry.id;
    return log::RenderBranch({entry});
  }
  // What both branches of that device prove; the higher one first if `swapped`.
  log::Body Evidence(std::uint8_t device, bool swapped = false) {
    log::EntryId first, second;
    std::string lower = Branch(device, log::testing::kNoon, &first);
    std::string higher = Branch(device, log::testing::kNoon + 3600, &second);
    if ((second < first) != swapped) std::swap(lower, higher);
    log::Body body;
    body.slots = {log::MakeField(std::string(log::kLowerBranch), ToBytes(lower), random_),
                  log::MakeField(std::string(log::kHigherBranch), ToBytes(higher), random_)};
    return body;
  }
  Act ReadFork(const log::Body& body) {
    return Read(HeaderOf(std::string(log::kForkEvidence), body), &body);
  }

  SeededRandom random_{3};
  log::Founding founding_ = log::testing::FullFounding();
  Directory directory_{founding_};
};

TEST_F(ReadEntries, EvidenceOfAForkNamesTheDeviceAndItsOrganisation) {
  const Act act = ReadFork(Evidence(102));
  const auto* const fork = std::get_if<ForkEvidence>(&act);
  ASSERT_NE(fork, nullptr);
  EXPECT_EQ(fork->device.org, OrgCard(2).org());
  EXPECT_EQ(fork->device.device, OrgCard(2).device);
}

TEST_F(ReadEntries, WhatProvesNoForkOfAMemberIsNothing) {
  EXPECT_TRUE(std::holds_alternative<Other>(ReadFork(Evidence(102, true)))) << "swapped";
  EXPECT_TRUE(std::holds_alternative<Other>(ReadFork(Evidence(88)))) << "nobody's device";
  for (const std::size_t missing : {0u, 1u}) {
    log::Body body = Evidence(102);
    body.slots.erase(body.slots.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_TRUE(std::holds_alternative<Other>(ReadFork(body))) << missing;
  }
}

TEST_F(ReadEntries, ABodyThatIsNotHereIsNotAnEmptyOne) {
  log::Body one;
  one.slots = {log::MakeField("text", ToBytes("x"), random_)};
  EXPECT_TRUE(std::holds_alternative<Leave>(Read(HeaderOf(std::string(kOrgLeave), {}), nullptr)));
  EXPECT_TRUE(std::holds_alternative<Other>(Read(HeaderOf(std::string(kOrgLeave), one), nullptr)));
  EXPECT_TRUE(std::holds_alternative<Other>(Read(HeaderOf(std::string(kOrgLeave), one), &one)));
}

}  // namespace
}  // namespace geflecht::governance
