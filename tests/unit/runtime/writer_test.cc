#include "node/runtime/writer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "tests/unit/runtime/faulty_store.h"

namespace geflecht::runtime {
namespace {

constexpr std::chrono::milliseconds kRetry{2};
AnchorFile unused_anchor("/nonexistent/anchor");  // no batch here has one

// What the writer reported, in order: "persisted 3", "full", "writable", "failed no-space".
class Events {
 public:
  WriterEvents All() {
    WriterEvents events = OnlyFailures();
    events.disk_full = [this] { Add("full"); };
    events.disk_writable = [this] { Add("writable"); };
    return events;
  }
  WriterEvents OnlyFailures() {
    WriterEvents events;
    events.persisted = [this](core::Ticket ticket) { Add("persisted " + std::to_string(ticket)); };
    events.failed = [this](const Error& error) {
      Add("failed " + std::string(CodeName(error.code)));
    };
    return events;
  }
  // Waits until `event` is the last one.
  std::vector<std::string> Until(const std::string& event) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !events_.empty() && events_.back() == event; });
    return events_;
  }
  std::vector<std::string> Now() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  void Add(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

core::Persist Number(core::Ticket ticket) {
  const store::Batch batch{{{store::Table::kLog, ToBytes("g"), ticket}, ToBytes("v")}};
  return {ticket, std::make_shared<const store::Batch>(batch), std::nullopt};
}

using Lines = std::vector<std::string>;

struct WriterTest : testing::Test {
  std::size_t Stored() {
    std::size_t count = 0;
    EXPECT_TRUE(store.Scan(store::Table::kLog, AsBytes("g"), 0, [&](const store::Record&) {
      ++count;
      return true;
    }));
    return count;
  }
  void AwaitTries(int more) {
    for (const int end = fault->writes + more; fault->writes < end;)
      std::this_thread::sleep_for(kRetry);
  }
  std::shared_ptr<Fault> fault = std::make_shared<Fault>();
  FaultyStore store{store::MakeMemoryStore(), fault};
  Events events;
};

TEST_F(WriterTest, KeepsWhatAFullDiskRefusesAndWritesItWhenThereIsSpace) {
  Writer writer(store, unused_anchor, events.All(), kRetry);
  writer.Add(Number(1));
  events.Until("persisted 1");
  fault->full = true;
  for (core::Ticket ticket = 2; ticket <= 5; ++ticket) writer.Add(Number(ticket));
  events.Until("full");
  AwaitTries(5);
  EXPECT_EQ(events.Now(), (Lines{"persisted 1", "full"})) << "said once, nothing is acknowledged";
  EXPECT_EQ(Stored(), 1u);
  writer.Add(Number(6));
  fault->full = false;
  events.Until("persisted 6");
  EXPECT_EQ(events.Now(), (Lines{"persisted 1", "full", "writable", "persisted 6"}));
  EXPECT_EQ(Stored(), 6u);
}

TEST_F(WriterTest, NothingIsAcknowledgedOfARoundThatStoppedInTheMiddle) {
  fault->full = true;
  Writer writer(store, unused_anchor, events.All(), kRetry);
  writer.Add(Number(1));
  events.Until("full");
  for (core::Ticket ticket = 2; ticket <= 9; ++ticket) writer.Add(Number(ticket));
  fault->room = 3;
  fault->full = false;
  for (int tries = 0; Stored() < 3; ++tries) std::this_thread::sleep_for(kRetry);
  AwaitTries(3);
  EXPECT_EQ(events.Now(), Lines{"full"}) << "three are written but not synced";
  fault->room = -1;
  fault->full = false;
  events.Until("persisted 9");
  EXPECT_EQ(Stored(), 9u);
  EXPECT_EQ(events.Now(), (Lines{"full", "writable", "persisted 9"}));
}

TEST_F(WriterTest, ExpungesWhatIsWrittenBeforeItSaysSo) {
  Writer writer(store, unused_anchor, events.All(), kRetry);
  core::Persist persist = Number(1);
  persist.expunge = {{store::Table::kLog, ToBytes("g")}, {store::Table::kBodies, ToBytes("h")}};
  writer.Add(std::move(persist));
  events.Until("persisted 1");
  EXPECT_EQ(fault->expunged, 2);
  EXPECT_EQ(fault->writes_before, 1);
  writer.Add(Number(2));
  events.Until("persisted 2");
  EXPECT_EQ(fault->expunged, 2) << "once";
}

TEST_F(WriterTest, EndsOnAFullDiskWithoutWaitingForSpace) {
  fault->full = true;
  {
    Writer writer(store, unused_anchor, events.All(), std::chrono::hours(1));
    writer.Add(Number(1));
    events.Until("full");
  }
  EXPECT_EQ(events.Now(), Lines{"full"});
  EXPECT_EQ(Stored(), 0u);
}

TEST_F(WriterTest, TriesOnceMoreAtTheEnd) {
  fault->full = true;
  {
    Writer writer(store, unused_anchor, events.All(), std::chrono::hours(1));
    writer.Add(Number(1));
    events.Until("full");
    fault->full = false;
  }
  EXPECT_EQ(events.Now(), (Lines{"full", "writable", "persisted 1"}));
}

TEST_F(WriterTest, AFullDiskIsAFailureForWhoeverDoesNotWait) {
  fault->full = true;
  Writer writer(store, unused_anchor, events.OnlyFailures(), kRetry);
  writer.Add(Number(1));
  events.Until("failed no-space");
}

TEST_F(WriterTest, AFailedWriteIsNeverRepeated) {
  fault->broken = true;
  Writer writer(store, unused_anchor, events.All(), kRetry);
  writer.Add(Number(1));
  events.Until("failed io");
  const int tries = fault->writes;
  fault->broken = false;
  writer.Add(Number(2));
  std::this_thread::sleep_for(10 * kRetry);
  EXPECT_EQ(fault->writes, tries);
  EXPECT_EQ(events.Now(), Lines{"failed io"});
}

}  // namespace
}  // namespace geflecht::runtime
