// The coroutines of one owner, so that none outlives it unnoticed (structured concurrency in place
// of asio::detached).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace geflecht::net {

// Not thread-safe: everything happens on the thread of the io_context. A task keeps alive what it
// uses by its own parameters; an exception that leaves a task leaves io_context::run.
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::io_context& io);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup() { Cancel(); }

  // Starts `task`. `cancel` makes it end soon by closing what it waits for; it is called at most
  // once and must not keep the task's objects alive. After Cancel the task is dropped unstarted.
  void Spawn(boost::asio::awaitable<void> task, std::function<void()> cancel);

  // Calls `cancel` of every task. They end as soon as the io_context runs, or with it.
  void Cancel();
  std::size_t running() const { return tasks_->size(); }

 private:
  using Tasks = std::map<std::uint64_t, std::function<void()>>;
  boost::asio::io_context& io_;
  std::shared_ptr<Tasks> tasks_ = std::make_shared<Tasks>();
  std::uint64_t last_ = 0;
  bool cancelled_ = false;
};

}  // namespace geflecht::net
