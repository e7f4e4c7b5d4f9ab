#include "cli/local_node.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <utility>

#include "cli/interrupt.h"
#include "node/service.h"

namespace geflecht::cli {

namespace asio = boost::asio;

namespace {

// Leaves the node in the middle of a decision; it is not used any more after that.
struct DamagedStore : std::exception {
  explicit DamagedStore(Error what_failed) : error(std::move(what_failed)) {}
  Error error;
};

node::ServiceOptions Options() {
  node::ServiceOptions options;
  options.damaged = [](const Error& error) { throw DamagedStore(error); };
  return options;
}

}  // namespace

struct LocalNode::Loop {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  asio::signal_set signals{io, SIGINT, SIGTERM};
  bool interrupted = false;
  std::optional<Error> failure;
  std::unique_ptr<node::Service> service;
};

LocalNode::LocalNode(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

LocalNode::~LocalNode() {
  loop_->service.reset();
  loop_.reset();
  InstallSignals();
}

Result<std::unique_ptr<LocalNode>> LocalNode::Open(const std::filesystem::path& directory,
                                                   const crypto::SecretBytes& passphrase) {
  auto made = std::make_unique<Loop>();
  Loop& loop = *made;
  std::unique_ptr<LocalNode> node(new LocalNode(std::move(made)));
  ASSIGN(loop.service, node::Service::Open(
                           loop.io, directory, passphrase, Options(), [](const std::string&) {},
                           [&loop](Error error) { loop.failure = std::move(error); }));
  loop.signals.async_wait([&loop](const boost::system::error_code& error, int) {
    if (!error) loop.interrupted = true;
  });
  return node;
}

Result<api::Response> LocalNode::Handle(api::Request request) {
  const auto answer = std::make_shared<std::optional<api::Response>>();
  try {
    loop_->service->Handle(std::move(request),
                           [answer](api::Response response) { *answer = std::move(response); });
    while (!*answer && !loop_->failure && !loop_->interrupted) loop_->io.run_one();
  } catch (const DamagedStore& damaged) {
    loop_->failure = damaged.error;
  }
  if (loop_->failure) return Fail(*loop_->failure);
  if (!*answer) return Fail(Code::kIncomplete, "interrupted");
  return std::move(**answer);
}

void LocalNode::RunFor(std::int64_t ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  try {
    while (!loop_->failure && !loop_->interrupted && std::chrono::steady_clock::now() < end)
      loop_->io.run_one_until(end);
  } catch (const DamagedStore& damaged) {
    loop_->failure = damaged.error;
  }
}

Result<void> LocalNode::Close() {
  if (loop_->failure) return Fail(*loop_->failure);
  const auto stopped = std::make_shared<bool>(false);
  try {
    loop_->service->Stop([stopped](runtime::Kept) { *stopped = true; });
    while (!*stopped && !loop_->failure) loop_->io.run_one();
  } catch (const DamagedStore& damaged) {
    loop_->failure = damaged.error;
  }
  if (loop_->failure) return Fail(*loop_->failure);
  return {};
}

bool LocalNode::interrupted() const { return loop_->interrupted; }

}  // namespace geflecht::cli
