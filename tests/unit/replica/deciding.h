// Devices that decide together, without sessions between them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {

inline governance::ProposalBody About(std::string_view matter, std::string subject,
                                      std::string value) {
  return {std::string(matter),
          std::move(subject),
          std::move(value),
          std::nullopt,
          "Ein Vorschlag",
          "",
          ""};
}

inline constexpr std::int64_t kDayMs = 24 * 3600 * 1000;

struct Decisions : testing::Test {
  // Everybody learns everything from everybody.
  void Meet(std::vector<Device*> devices) {
    for (int round = 0; round < 2; ++round)
      for (Device* from : devices)
        for (Device* to : devices)
          if (from != to) BringAll(*from, *to);
  }
  void Govern(Device& device, std::int64_t now_ms) {
    CHECK(device.replica->Govern({now_ms, now_ms}).has_value());
    device.Write();
  }
  log::EntryId Propose(Device& device, const governance::ProposalBody& proposal) {
    const auto id = device.replica->Propose(proposal, {});
    CHECK(id.has_value());
    device.Write();
    return *id;
  }
  void Vote(Device& device, const log::EntryId& proposal) {
    CHECK(device.replica->Vote(proposal, {governance::Position::kYes, ""}, {}).has_value());
    device.Write();
  }
  // `devices` decide what the first one proposes, and all of them know.
  log::EntryId Decide(std::vector<Device*> devices, const governance::ProposalBody& proposal) {
    const log::EntryId id = Propose(*devices[0], proposal);
    Meet(devices);
    for (Device* device : devices) Vote(*device, id);
    Meet(devices);
    Govern(*devices[0], 1);
    Meet(devices);
    return id;
  }
  governance::ProposalBody Admission(const Device& device) {
    return About(governance::kAdmit, device.Card().org().Hex(),
                 log::RenderProvenCard(log::ProveCard(device.Card(), device.key)));
  }
  governance::ProposalBody Removal(const Device& device) {
    return About(governance::kRemove, device.Card().org().Hex(), "");
  }
  bool Knows(const Device& device, const Device& other) {
    return device.replica->members().ByDevice(other.key.public_key()) != nullptr;
  }
  std::unique_ptr<Device> Newcomer(std::uint64_t seed) {
    auto device = std::make_unique<Device>(seed);
    device->Load(net.founding);
    return device;
  }
  Network net{3};
};

struct Seals : Decisions {
  std::vector<Device*> All() { return {&net[0], &net[1], &net[2]}; }
  // For two and a half minutes everybody does what is due and hears of the others.
  void Settle(std::vector<Device*> devices, std::int64_t now_ms) {
    constexpr std::int64_t kStepMs = 5'000;
    const auto differs = [&](const Device* device) {
      return device->replica->council().tips() != devices[0]->replica->council().tips();
    };
    for (std::int64_t end = now_ms + 150'000; now_ms < end; now_ms += kStepMs) {
      for (Device* device : devices) Govern(*device, now_ms);
      if (std::any_of(devices.begin(), devices.end(), differs)) Meet(devices);
    }
  }
  const governance::Decision& DecisionOf(Device& device, const log::EntryId& id) {
    const governance::Decision* decision = device.replica->council().state().DecisionOn(id);
    CHECK(decision != nullptr);
    return *decision;
  }
};

}  // namespace geflecht::replica
