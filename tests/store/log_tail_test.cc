// Logs built by hand from the format of the records.
#include "node/store/rocks/log_tail.h"

#include <boost/crc.hpp>

#include "tests/store/places.h"
#include "tests/store/raw_files.h"

namespace geflecht::store {
namespace {

std::string Entry(const std::string& payload) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_byte(1);
  crc.process_bytes(payload.data(), payload.size());
  const std::uint32_t sum = crc.checksum();
  const std::uint32_t masked = (sum >> 15 | sum << 17) + 0xA282EAD8u;
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(masked >> shift));
  out.push_back(static_cast<char>(payload.size() & 255));
  out.push_back(static_cast<char>(payload.size() >> 8));
  out.push_back(1);
  return out + payload;
}

std::optional<Code> Verdict(const std::string& bytes) {
  const TempDirectory directory;
  const std::filesystem::path path = directory.path() / "000001.log";
  Spill(path, bytes);
  const Result<void> checked = CheckLogTail(path);
  return checked ? std::nullopt : std::optional(checked.error().code);
}

TEST(LogTail, WholeEmptyAndCutLogsAreFine) {
  const std::string log = Entry("first") + Entry(std::string(300, 'x')) + Entry("third");
  EXPECT_EQ(Verdict(""), std::nullopt);
  for (std::size_t size = 0; size <= log.size(); ++size) {
    EXPECT_EQ(Verdict(log.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(Verdict(log + std::string(100'000, '\0')), std::nullopt) << "preallocated space";
}

TEST(LogTail, ALengthTooLongBeforeAnIntactRecordIsDamage) {
  std::string log = Entry("first") + Entry("second") + Entry("third");
  log[Entry("first").size() + 5] = 0x40;
  EXPECT_EQ(Verdict(log), Code::kCorruption);
}

TEST(LogTail, ALengthTooLongOfTheLastRecordIsDamage) {
  std::string log = Entry("first") + Entry("second");
  log[Entry("first").size() + 4] = 0x46;
  EXPECT_EQ(Verdict(log), Code::kCorruption);
}

TEST(LogTail, ZerosBeforeMoreRecordsAreDamage) {
  EXPECT_EQ(Verdict(Entry("first") + std::string(50, '\0') + Entry("third")), Code::kCorruption);
  const std::string block = Entry("first") + std::string(32 * 1024 - Entry("first").size(), '\0');
  EXPECT_EQ(Verdict(block + Entry("second")), Code::kCorruption);
}

TEST(LogTail, ATypeThatNoLogOfOursHasIsDamage) {
  for (const char type : {'\5', '\x9', '\x81'}) {
    std::string log = Entry("first") + Entry("second") + Entry("third");
    log[Entry("first").size() + 6] = type;
    EXPECT_EQ(Verdict(log), Code::kCorruption) << static_cast<int>(type);
    log = Entry("the only one");
    log[6] = type;
    EXPECT_EQ(Verdict(log), Code::kCorruption) << static_cast<int>(type);
  }
}

TEST(LogTail, AMissingLogIsNotFound) {
  const TempDirectory directory;
  EXPECT_EQ(CheckLogTail(directory.path() / "none.log").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace geflecht::store
