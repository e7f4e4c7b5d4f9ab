#include "node/net/task_group.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace geflecht::net {

TaskGroup::TaskGroup(boost::asio::io_context& io) : io_(io) {}

void TaskGroup::Spawn(boost::asio::awaitable<void> task, std::function<void()> cancel) {
  if (cancelled_) return;
  const std::uint64_t number = ++last_;
  tasks_->emplace(number, std::move(cancel));
  boost::asio::co_spawn(io_, std::move(task), [tasks = tasks_, number](std::exception_ptr error) {
    tasks->erase(number);
    if (error) std::rethrow_exception(error);
  });
}

void TaskGroup::Cancel() {
  cancelled_ = true;
  for (auto& [number, cancel] : *tasks_) {
    if (const std::function<void()> call = std::exchange(cancel, nullptr)) call();
  }
}

}  // namespace geflecht::net
