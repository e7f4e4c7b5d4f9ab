// Every limit of docs/formats/wire.md, reached by one and kept by one less. Frames over a limit are
// put together field by field, since the encoder is never asked for them.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/codec/samples.h"

namespace geflecht::codec {
namespace {

class Raw {
 public:
  Raw() = default;
  explicit Raw(std::uint8_t type) : bytes_{type} {}
  Raw& Number(unsigned field, std::uint64_t value) {
    Varint(field << 3);
    Varint(value);
    return *this;
  }
  Raw& Put(unsigned field, ByteView content) {
    Varint(field << 3 | 2);
    Varint(content.size());
    Append(bytes_, content);
    return *this;
  }
  Raw& Zeros(unsigned field, std::size_t size) { return Put(field, Bytes(size, 0)); }
  Raw& Put(unsigned field, std::string_view text) { return Put(field, AsBytes(text)); }
  const Bytes& bytes() const { return bytes_; }

 private:
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  Bytes bytes_;
};

std::optional<Code> CodeOf(const Bytes& frame) {
  const auto message = DecodeFrame(frame);
  return message ? std::nullopt : std::optional(message.error().code);
}

Raw Feed(std::uint8_t type) { return Raw(type).Zeros(1, 8).Zeros(2, 32).Zeros(3, 8); }

struct Part {
  std::size_t seen = 0, basis = 0, about = 0, root = 32, signature = 64;
  std::uint64_t time = 0, fields = 0, evidence = 0;
  std::string kind = "change";
  Bytes Encode() const {
    return Raw()
        .Zeros(1, seen)
        .Zeros(2, basis)
        .Number(3, time)
        .Put(4, kind)
        .Zeros(5, about)
        .Number(6, fields)
        .Number(7, evidence)
        .Zeros(8, root)
        .Zeros(9, signature)
        .bytes();
  }
};
std::optional<Code> RunOf(const Part& part) {
  return CodeOf(Feed(5).Put(6, part.Encode()).bytes());
}
Bytes FieldOf(std::size_t salt, std::string_view name, std::size_t value) {
  return Raw().Zeros(2, salt).Put(3, name).Zeros(4, value).bytes();
}
std::optional<Code> BodyOf(const std::vector<Bytes>& slots) {
  Raw body;
  for (const Bytes& slot : slots) body.Put(1, slot);
  return CodeOf(Feed(6).Put(4, Raw().Put(2, body.bytes()).bytes()).bytes());
}

TEST(WireLimits, Frame) {
  EXPECT_EQ(CodeOf({}), Code::kMalformed);
  EXPECT_EQ(CodeOf(Bytes(limits::kFrameBytesMax + 1, 10)), Code::kTooLarge);
  Bytes padded = EncodeFrame(Ping{});
  Append(padded, Raw().Zeros(15, limits::kFrameBytesMax - 6).bytes());
  while (padded.size() > limits::kFrameBytesMax) padded.pop_back();
  EXPECT_NE(CodeOf(padded), Code::kTooLarge);
}

TEST(WireLimits, Type) {
  EXPECT_EQ(CodeOf({0}), Code::kMalformed);
  EXPECT_EQ(CodeOf({12}), Code::kMalformed);
  EXPECT_EQ(CodeOf({10}), std::nullopt);
}

TEST(WireLimits, HelloProtocolRange) {
  const auto hello = [](std::uint64_t min, std::uint64_t max) {
    return CodeOf(Raw(1).Number(1, min).Number(2, max).Zeros(3, 8).Zeros(4, 8).Zeros(5, 8).bytes());
  };
  EXPECT_EQ(hello(1, 1), std::nullopt);
  EXPECT_EQ(hello(0, 1), Code::kMalformed);
  EXPECT_EQ(hello(2, 1), Code::kMalformed);
}

TEST(WireLimits, Spaces) {
  EXPECT_EQ(CodeOf(Raw(2).Zeros(1, 25 * 1024).bytes()), std::nullopt);
  EXPECT_EQ(CodeOf(Raw(2).Zeros(1, 25 * 1025).bytes()), Code::kTooLarge);
  EXPECT_EQ(CodeOf(Raw(2).Zeros(1, 24).bytes()), Code::kMalformed);
  Spaces spaces;
  spaces.lines.emplace_back();
  Bytes frame = EncodeFrame(spaces);
  for (const int mark : {0, 1, 2, 3, 4, 255}) {
    frame.back() = static_cast<std::uint8_t>(mark);
    EXPECT_EQ(CodeOf(frame), mark < 4 ? std::nullopt : std::optional(Code::kMalformed)) << mark;
  }
}

TEST(WireLimits, FeedsOfAFrontier) {
  const Bytes line = Raw().Zeros(1, 8).Number(2, 1).Zeros(3, 8).bytes();
  Raw frame = Raw(3).Zeros(1, 8);
  for (int i = 0; i < 4096; ++i) frame.Put(3, line);
  EXPECT_EQ(CodeOf(frame.bytes()), std::nullopt);
  frame.Put(3, line);
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kTooLarge);
}

TEST(WireLimits, FullLines) {
  const auto line = [](std::uint64_t n) {
    Bytes device(32, 0);
    device[0] = static_cast<std::uint8_t>(n >> 8);
    device[1] = static_cast<std::uint8_t>(n);
    return Raw().Put(1, device).Zeros(2, 8).Zeros(4, 32).bytes();
  };
  Raw frame = Raw(3).Zeros(1, 8).Number(2, 1);
  Raw unordered = frame;
  unordered.Put(4, line(2)).Put(4, line(1));
  EXPECT_EQ(CodeOf(unordered.bytes()), Code::kMalformed);
  Raw twice = frame;
  twice.Put(4, line(1)).Put(4, line(1));
  EXPECT_EQ(CodeOf(twice.bytes()), Code::kMalformed);
  for (std::uint64_t i = 0; i < 4096; ++i) frame.Put(4, line(i));
  EXPECT_EQ(CodeOf(frame.bytes()), std::nullopt);
  frame.Put(4, line(4096));
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kTooLarge);
  EXPECT_EQ(CodeOf(Raw(3).Zeros(1, 8).Number(2, 1).Put(4, line(1)).Put(4, line(1)).bytes()),
            Code::kMalformed)
      << "a feed named twice";
  EXPECT_EQ(CodeOf(Raw(3).Zeros(1, 8).Put(4, line(1)).bytes()), Code::kMalformed)
      << "full lines in a message that says short";
}

TEST(WireLimits, NeedItems) {
  const Bytes item = Raw().Zeros(1, 32).Zeros(2, 8).bytes();
  Raw frame = Raw(4).Zeros(1, 8);
  for (std::size_t i = 0; i < kNeedItemsMax; ++i) frame.Put(2, item);
  EXPECT_EQ(CodeOf(frame.bytes()), std::nullopt);
  frame.Put(2, item);
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kTooLarge);
}

TEST(WireLimits, EntriesOfARun) {
  const Bytes entry = Part{}.Encode();
  Raw frame = Feed(5);
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kMalformed) << "no entry";
  for (std::size_t i = 0; i < limits::kRunEntriesMax; ++i) frame.Put(6, entry);
  EXPECT_EQ(CodeOf(frame.bytes()), std::nullopt);
  frame.Put(6, entry);
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kTooLarge);
}

TEST(WireLimits, PartsOfAnEntry) {
  EXPECT_EQ(RunOf({}), std::nullopt);
  EXPECT_EQ(RunOf({.seen = 32 * 128}), std::nullopt);
  EXPECT_EQ(RunOf({.seen = 32 * 129}), Code::kTooLarge);
  EXPECT_EQ(RunOf({.seen = 31}), Code::kMalformed);
  EXPECT_EQ(RunOf({.basis = 32 * 4}), std::nullopt);
  EXPECT_EQ(RunOf({.basis = 32 * 5}), Code::kTooLarge);
  EXPECT_EQ(RunOf({.about = 32}), std::nullopt);
  EXPECT_EQ(RunOf({.about = 33}), Code::kMalformed);
  EXPECT_EQ(RunOf({.root = 31}), Code::kMalformed);
  EXPECT_EQ(RunOf({.root = 0}), Code::kMalformed);
  EXPECT_EQ(RunOf({.signature = 63}), Code::kMalformed);
  EXPECT_EQ(RunOf({.signature = 0}), Code::kMalformed) << "a run ends in a signed entry";
  EXPECT_EQ(RunOf({.time = 253'402'300'799}), std::nullopt);
  EXPECT_EQ(RunOf({.time = 253'402'300'800}), Code::kMalformed);
  EXPECT_EQ(RunOf({.fields = 4096, .evidence = 4096}), std::nullopt);
  EXPECT_EQ(RunOf({.fields = 4097}), Code::kTooLarge);
  EXPECT_EQ(RunOf({.fields = 1, .evidence = 2}), Code::kMalformed);
}

TEST(WireLimits, Kinds) {
  EXPECT_EQ(RunOf({.kind = "erase.receipt-2"}), std::nullopt);
  EXPECT_EQ(RunOf({.kind = std::string(32, 'a')}), std::nullopt);
  for (const std::string& kind :
       {std::string(33, 'a'), std::string(), std::string("Change"), std::string("2x"),
        std::string("a b"), std::string("a\n"), std::string("\xc3\xa4"), std::string("a\0", 2)})
    EXPECT_EQ(RunOf({.kind = kind}), Code::kMalformed);
}

TEST(WireLimits, Positions) {
  const auto run = [](std::uint64_t seq) {
    return CodeOf(Feed(5).Number(4, seq).Put(6, Part{}.Encode()).Zeros(7, 16).bytes());
  };
  EXPECT_EQ(CodeOf(Feed(5).Number(4, 1).Put(6, Part{}.Encode()).bytes()), Code::kMalformed)
      << "prev missing";
  EXPECT_EQ(CodeOf(Feed(5).Put(6, Part{}.Encode()).Zeros(7, 16).bytes()), Code::kMalformed)
      << "prev in front of the first entry";
  EXPECT_EQ(CodeOf(Feed(5).Number(4, 1).Put(6, Part{}.Encode()).Zeros(7, 15).bytes()),
            Code::kMalformed);
  EXPECT_EQ(run(limits::kSeqMax), std::nullopt);
  EXPECT_EQ(run(limits::kSeqMax + 1), Code::kMalformed);
  EXPECT_EQ(run(~std::uint64_t{0}), Code::kMalformed);
  const auto need = [](std::uint64_t seq) {
    return CodeOf(
        Raw(4).Zeros(1, 8).Put(2, Raw().Zeros(1, 32).Zeros(2, 8).Number(3, seq).bytes()).bytes());
  };
  EXPECT_EQ(need(limits::kSeqMax), std::nullopt);
  EXPECT_EQ(need(limits::kSeqMax + 1), Code::kMalformed);
}

TEST(WireLimits, Bodies) {
  EXPECT_EQ(CodeOf(Feed(6).bytes()), Code::kMalformed) << "no body";
  const Bytes item = Raw().Number(1, 1).Put(2, Bytes{}).bytes();
  Raw frame = Feed(6);
  for (std::size_t i = 0; i < kBodyItemsMax; ++i) frame.Put(4, item);
  EXPECT_EQ(CodeOf(frame.bytes()), std::nullopt);
  frame.Put(4, item);
  EXPECT_EQ(CodeOf(frame.bytes()), Code::kTooLarge);
}

TEST(WireLimits, FieldsOfABody) {
  EXPECT_EQ(BodyOf({FieldOf(16, "name", 5)}), std::nullopt);
  EXPECT_EQ(BodyOf({FieldOf(15, "name", 5)}), Code::kMalformed) << "salt";
  EXPECT_EQ(BodyOf({FieldOf(16, "Name", 5)}), Code::kMalformed);
  EXPECT_EQ(BodyOf({FieldOf(16, std::string(64, 'n'), 5)}), std::nullopt);
  EXPECT_EQ(BodyOf({FieldOf(16, std::string(65, 'n'), 5)}), Code::kMalformed);
  EXPECT_EQ(BodyOf({FieldOf(16, "n", limits::kFieldBytesMax - 1)}), std::nullopt);
  EXPECT_EQ(BodyOf({FieldOf(16, "n", limits::kFieldBytesMax)}), Code::kTooLarge);
  EXPECT_EQ(BodyOf({Bytes{}}), Code::kMalformed) << "a slot with nothing in it";
  EXPECT_EQ(BodyOf({Raw().Zeros(1, 32).bytes()}), std::nullopt);
  EXPECT_EQ(BodyOf({Raw().Zeros(1, 31).bytes()}), Code::kMalformed) << "leaf";
  const Bytes leaf = Raw().Zeros(1, 32).bytes();
  EXPECT_EQ(BodyOf(std::vector<Bytes>(limits::kFieldsMax, leaf)), std::nullopt);
  EXPECT_EQ(BodyOf(std::vector<Bytes>(limits::kFieldsMax + 1, leaf)), Code::kTooLarge);
}

TEST(WireLimits, NamesOfFields) {
  const auto known = [](std::uint64_t number) {
    return BodyOf({Raw().Zeros(2, 16).Number(5, number).bytes()});
  };
  EXPECT_EQ(known(1), std::nullopt);
  EXPECT_EQ(known(2 + 2 * 999 + 1), std::nullopt);
  EXPECT_EQ(known(2 + 2 * 1000), Code::kMalformed);
  EXPECT_EQ(known(0), std::nullopt) << "the structure needs no name";
  EXPECT_EQ(BodyOf({Raw().Zeros(2, 16).Put(3, "n").Number(5, 1).bytes()}), Code::kMalformed)
      << "two names";
  EXPECT_EQ(BodyOf({Raw().Zeros(2, 16).Number(5, 1).bytes(), FieldOf(16, "structure", 1)}),
            Code::kMalformed)
      << "one name twice";
  EXPECT_EQ(BodyOf({Raw().Zeros(1, 32).Zeros(2, 16).Put(3, "n").bytes()}), Code::kMalformed)
      << "a leaf and a field";
  EXPECT_EQ(BodyOf({Raw().Zeros(2, 16).Zeros(2, 16).Put(3, "n").bytes()}), Code::kMalformed)
      << "two salts";
}

TEST(WireLimits, SizeOfABody) {
  const std::size_t half = limits::kBodyBytesMax / 2 - 17;
  EXPECT_EQ(BodyOf({FieldOf(16, "a", half), FieldOf(16, "b", half)}), std::nullopt);
  EXPECT_EQ(BodyOf({FieldOf(16, "a", half), FieldOf(16, "b", half + 1)}), Code::kTooLarge);
}

TEST(WireLimits, ErrorCodes) {
  EXPECT_EQ(CodeOf(Raw(11).Number(1, 1).bytes()), std::nullopt);
  EXPECT_EQ(CodeOf(Raw(11).Number(1, 8).bytes()), std::nullopt);
  EXPECT_EQ(CodeOf(Raw(11).Number(1, 0).bytes()), Code::kMalformed);
  EXPECT_EQ(CodeOf(Raw(11).Number(1, 9).bytes()), Code::kMalformed);
}

TEST(WireLimits, SizesOfIds) {
  for (const std::size_t size : {0u, 7u, 9u}) {
    EXPECT_EQ(CodeOf(Raw(7).Zeros(1, size).bytes()), Code::kMalformed);
    EXPECT_EQ(CodeOf(Raw(8).Zeros(1, size).bytes()), Code::kMalformed);
    EXPECT_EQ(CodeOf(Raw(9).Zeros(1, size).Zeros(2, 32).bytes()), Code::kMalformed);
  }
  EXPECT_EQ(CodeOf(Raw(9).Zeros(1, 8).Zeros(2, 31).bytes()), Code::kMalformed);
  EXPECT_EQ(CodeOf(Raw(9).Zeros(1, 8).Zeros(2, 32).bytes()), std::nullopt);
  EXPECT_EQ(CodeOf(Raw(6).Zeros(1, 8).Zeros(2, 31).Zeros(3, 8).bytes()), Code::kMalformed);
  EXPECT_EQ(CodeOf(Raw(6).Zeros(1, 8).Zeros(2, 32).Zeros(3, 7).bytes()), Code::kMalformed);
}

}  // namespace
}  // namespace geflecht::codec
