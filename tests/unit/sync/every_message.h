// One message of every kind of the wire. A kind that is new does not compile until it is made here.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "proto/codec/messages.h"

namespace geflecht::sync {

// About `space` where a kind names one, otherwise as good as any.
struct EveryMessage {
  codec::Prefix space;
  codec::Hello hello;
  codec::Run run;  // about whose feed is asked; its space does not matter

  std::vector<codec::Message> All() const {
    return All(std::make_index_sequence<std::variant_size_v<codec::Message>>());
  }

 private:
  template <class Kind>
  using Of = std::in_place_type_t<Kind>;

  template <std::size_t... Kind>
  std::vector<codec::Message> All(std::index_sequence<Kind...>) const {
    return {Make(Of<std::variant_alternative_t<Kind, codec::Message>>())...};
  }
  codec::Hello Make(Of<codec::Hello>) const { return hello; }
  codec::Spaces Make(Of<codec::Spaces>) const { return {{{space, {}, false}}}; }
  codec::FrontierLines Make(Of<codec::FrontierLines>) const { return {space, {}, {}}; }
  codec::Need Make(Of<codec::Need>) const {
    return {space, {{run.device, run.life, run.first_seq}}};
  }
  codec::Run Make(Of<codec::Run>) const {
    codec::Run made = run;
    made.space = space;
    return made;
  }
  codec::Bodies Make(Of<codec::Bodies>) const {
    return {space, run.device, run.life, {{run.first_seq, {{crypto::Hash256{}}}}}};
  }
  codec::Ack Make(Of<codec::Ack>) const { return {space, 0, 0}; }
  codec::Subscribe Make(Of<codec::Subscribe>) const { return {space}; }
  codec::Status Make(Of<codec::Status>) const { return {space, {}, 1}; }
  codec::Ping Make(Of<codec::Ping>) const { return {1, false}; }
  codec::Bye Make(Of<codec::Bye>) const { return {}; }
  codec::Erasures Make(Of<codec::Erasures>) const { return {space, true, false, {}}; }
};

// Whether the message names a single space.
inline bool NamesASpace(const codec::Message& message) {
  return std::visit([](const auto& kind) { return requires { kind.space; }; }, message);
}

}  // namespace geflecht::sync
