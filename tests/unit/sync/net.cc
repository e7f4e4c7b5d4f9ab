#include "tests/unit/sync/net.h"

#include <algorithm>

#include "base/check.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::sync {

Net::Net(std::size_t count, std::uint64_t seed, std::size_t space_count)
    : random(seed), network(random.Make<log::NetworkId>()) {
  spaces.push_back(log::RootSpace(network));
  while (spaces.size() < space_count) spaces.push_back(random.Make<log::SpaceId>());
  for (std::size_t i = 0; i < count; ++i)
    nodes.push_back(std::make_unique<FakeSource>(network, spaces, random));
}

std::size_t Net::Connect(std::size_t a, std::size_t b, FeedPrefix prefix) {
  Link& link = links.emplace_back();
  const std::size_t ids[2] = {a, b};
  for (int i = 0; i < 2; ++i) {
    const FakeSource& own = *nodes[ids[i]];
    const FakeSource& peer = *nodes[ids[1 - i]];
    link.ends[i].node = ids[i];
    const codec::Hello hello{codec::kProtocolMin, codec::kProtocolMax,
                             codec::PrefixOf(own.network()), codec::PrefixOf(own.device()),
                             random.Make<codec::InstanceId>()};
    link.ends[i].session = std::make_unique<Session>(hello, peer.device(), own, now, prefix);
  }
  for (int i = 0; i < 2; ++i) {
    Outputs out;
    link.ends[i].session->Start(out);
    Execute(links.size() - 1, i, std::move(out));
  }
  return links.size() - 1;
}

void Net::Write(std::size_t node, const log::SpaceId& space, std::size_t count,
                std::size_t value_bytes) {
  nodes[node]->Write(space, count, value_bytes);
  Stored(node, space);
}

void Net::Stored(std::size_t node, const log::SpaceId& space) {
  for (std::size_t i = 0; i < links.size(); ++i)
    for (int end = 0; end < 2; ++end) {
      if (!links[i].up || links[i].ends[end].node != node) continue;
      Outputs out;
      links[i].ends[end].session->OnStored(space, now, out);
      Execute(i, end, std::move(out));
    }
}

void Net::Opened(std::size_t node) {
  nodes[node]->held_back = false;
  for (std::size_t i = 0; i < links.size(); ++i)
    for (int end = 0; end < 2; ++end) {
      if (!links[i].up || links[i].ends[end].node != node) continue;
      Outputs out;
      links[i].ends[end].session->OnOpened(now, out);
      Execute(i, end, std::move(out));
    }
}

void Net::Execute(std::size_t link, int end, Outputs outputs) {
  End& mine = links[link].ends[end];
  End& other = links[link].ends[1 - end];
  for (const Output& output : outputs) {
    if (!links[link].up) return;
    if (const auto* send = std::get_if<SendMessage>(&output)) {
      Bytes frame = codec::EncodeFrame(send->message);
      if (std::holds_alternative<codec::Run>(send->message) ||
          std::holds_alternative<codec::Bodies>(send->message) ||
          std::holds_alternative<codec::Erasures>(send->message)) {
        mine.in_flight += frame.size();
        mine.in_flight_max = std::max(mine.in_flight_max, mine.in_flight);
      }
      other.inbox.push_back(std::move(frame));
    } else if (const auto* close = std::get_if<Close>(&output)) {
      mine.closed = *close;
      Disconnect(link);
    } else if (admissions_wait) {
      mine.admissions.push_back(output);
    } else {
      Admit(link, end, output);
    }
  }
}

void Net::Admit(std::size_t link, int end, const Output& output) {
  End& mine = links[link].ends[end];
  FakeSource& source = *nodes[mine.node];
  const auto* run = std::get_if<AdmitRun>(&output);
  if (const auto* announced = std::get_if<LockErased>(&output)) {
    for (const codec::ErasureItem& item : announced->erasures.items)
      source.locked.push_back(log::IdOf(item.header));
    Outputs out;
    mine.session->OnAdmitted(announced->ticket, Admission::kStored, now, out);
    return Execute(link, end, std::move(out));
  }
  const auto* bodies = std::get_if<AdmitBodies>(&output);
  CHECK(run != nullptr || bodies != nullptr);
  const log::SpaceId space = run != nullptr ? run->space : bodies->space;
  const Admission admission =
      run != nullptr ? source.Admit(space, run->run) : source.AdmitBodies(space, bodies->bodies);
  Outputs out;
  mine.session->OnAdmitted(run != nullptr ? run->ticket : bodies->ticket, admission, now, out);
  Execute(link, end, std::move(out));
  Stored(mine.node, space);
}

void Net::Deliver(std::size_t link, int end) {
  End& mine = links[link].ends[end];
  const Bytes frame = std::move(mine.inbox.front());
  mine.inbox.pop_front();
  mine.bytes_received += frame.size() + 4;  // with the length in front of each frame
  ++mine.frames_received;
  Outputs out;
  const auto message = codec::DecodeFrame(frame);
  if (message) {
    if (const auto* ack = std::get_if<codec::Ack>(&*message)) mine.in_flight -= ack->bytes;
    mine.session->OnMessage(*message, frame.size(), now, out);
  } else {
    mine.session->OnMalformed(message.error(), out);
  }
  Execute(link, end, std::move(out));
}

bool Net::Step() {
  struct Choice {
    std::size_t link;
    int end;
    bool admission;
  };
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < links.size(); ++i)
    for (int end = 0; end < 2; ++end) {
      const End& one = links[i].ends[end];
      if (links[i].up && !one.inbox.empty()) choices.push_back({i, end, false});
      // What was read before a connection broke is still admitted.
      if (!one.admissions.empty()) choices.push_back({i, end, true});
    }
  if (choices.empty()) return false;
  const Choice choice = choices[random.Below(choices.size())];
  if (!choice.admission) {
    Deliver(choice.link, choice.end);
    return true;
  }
  std::vector<Output>& waiting = links[choice.link].ends[choice.end].admissions;
  const auto index = static_cast<std::ptrdiff_t>(random.Below(waiting.size()));
  const Output output = waiting[static_cast<std::size_t>(index)];
  waiting.erase(waiting.begin() + index);
  Admit(choice.link, choice.end, output);
  return true;
}

void Net::RunUntilQuiet() {
  while (Step()) {
  }
}

void Net::RunFor(std::int64_t ms) {
  const std::int64_t end = now.mono_ms + ms;
  RunUntilQuiet();
  while (now.mono_ms < end) {
    std::int64_t next = end;
    for (const Link& link : links)
      for (const End& one : link.ends)
        if (link.up) next = std::min(next, one.session->NextDeadlineMs());
    now.mono_ms = std::max(now.mono_ms + 1, next);
    for (std::size_t i = 0; i < links.size(); ++i)
      for (int side = 0; side < 2; ++side) {
        if (!links[i].up || links[i].ends[side].session->NextDeadlineMs() > now.mono_ms) continue;
        Outputs out;
        links[i].ends[side].session->OnTimer(now, out);
        Execute(i, side, std::move(out));
      }
    RunUntilQuiet();
  }
}

bool Net::AllHoldTheSame() const {
  for (const log::SpaceId& space : spaces)
    for (const auto& node : nodes)
      if (node->Frontier(space) != nodes[0]->Frontier(space) || node->MissingBodyCount(space) != 0)
        return false;
  return true;
}

}  // namespace geflecht::sync
