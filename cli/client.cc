#include "cli/client.h"

#include <fcntl.h>
#include <sys/un.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "cli/display.h"
#include "cli/outcome.h"
#include "cli/passphrase.h"
#include "node/api/client.h"
#include "node/api/context.h"
#include "node/runtime/directory.h"
#include "node/store/file_descriptor.h"

namespace geflecht::cli {
namespace {

constexpr std::int64_t kProbeMs = 5'000;
constexpr std::int64_t kAnswerMs = 600'000;  // an import or an export of a large network
constexpr std::int64_t kDirectoryMs = 5'000;
constexpr std::int64_t kRetryMs = 50;

void Sleep(std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

Result<void> CheckDirectory(const Globals& globals) {
  if (globals.dir.empty())
    return Fail(Code::kUsage, "no directory: --dir, GEFLECHT_DIR and HOME are empty",
                "hint.directory");
  return {};
}

}  // namespace

Result<api::Response> Client::Send(api::Request request, std::int64_t timeout_ms) {
  if (local_) return local_->Handle(std::move(request));
  if (socket_.native().size() < sizeof(sockaddr_un::sun_path))
    return api::Call(socket_, request, timeout_ms);
  // A path that no socket address can hold: reach it through a descriptor of its folder.
  const store::FileDescriptor folder(
      ::open(socket_.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) return Fail(Code::kUnreachable, "no node listens in this directory");
  const std::string shorter = "/proc/self/fd/" + std::to_string(folder.get());
  return api::Call(std::filesystem::path(shorter) / socket_.filename(), request, timeout_ms);
}

Result<bool> Client::IsNodeThere() {
  const auto answer = Send({"GET", "/healthz", {}, {}, {}}, kProbeMs);
  if (answer) return true;
  if (answer.error().code == Code::kUnreachable) return false;
  return Fail(answer.error());
}

Result<std::unique_ptr<Client>> Client::Connect(const Globals& globals) {
  TRY(CheckDirectory(globals));
  const runtime::Paths paths(globals.dir);
  std::unique_ptr<Client> client(new Client(paths.socket()));
  std::optional<crypto::SecretBytes> passphrase;
  for (std::int64_t waited_ms = 0;; waited_ms += kRetryMs) {
    ASSIGN(const bool node, client->IsNodeThere());
    if (node) break;
    if (!passphrase) {
      ASSIGN(const bool needed, runtime::NeedsPassphrase(paths));
      passphrase.emplace();
      if (needed) {
        ASSIGN(*passphrase, Passphrase(globals));
      }
    }
    auto local = LocalNode::Open(globals.dir, *passphrase);
    if (local) {
      client->local_ = *std::move(local);
      break;
    }
    // Another command is at work, or a node has just begun and does not listen yet.
    if (local.error().code != Code::kLocked || waited_ms >= kDirectoryMs)
      return Fail(local.error());
    Sleep(kRetryMs);
  }
  if (!globals.network.empty()) TRY(client->CheckNetwork(globals.network));
  return client;
}

Result<std::unique_ptr<Client>> Client::ConnectToNode(const Globals& globals) {
  TRY(CheckDirectory(globals));
  const runtime::Paths paths(globals.dir);
  std::unique_ptr<Client> client(new Client(paths.socket()));
  ASSIGN(const bool node, client->IsNodeThere());
  if (node) return client;
  TRY(runtime::NeedsPassphrase(paths));
  return Fail(Code::kUnreachable, "no node runs for " + Shown(globals.dir.string()),
              "hint.no-node");
}

Result<boost::json::value> Client::Call(api::Request request) {
  ASSIGN(const api::Response response, Send(std::move(request), kAnswerMs));
  if (const auto error = api::ErrorOf(response)) return Fail(*error);
  boost::system::error_code failed;
  boost::json::value json = boost::json::parse(response.body, failed);
  if (failed || !json.is_object()) return Fail(Code::kInternal, "the answer is no JSON object");
  return json;
}

Result<void> Client::CheckNetwork(const std::string& wanted) {
  ASSIGN(const Json status, Call({"GET", "/api/v1/status", {}, {}, {}}));
  const Json* network = status.as_object().if_contains("network");
  if (network != nullptr && network->is_object()) {
    const boost::json::object& held = network->as_object();
    if (TextOf(held, "id") == wanted || TextOf(held, "name") == wanted) return {};
  }
  return Fail(Code::kNotFound, "the directory does not belong to the network " + Shown(wanted),
              "hint.other-network");
}

void Client::Wait(std::int64_t ms) {
  if (local_) {
    local_->RunFor(ms);
  } else {
    Sleep(ms);
  }
}

Result<void> Client::Close() {
  if (!local_) return {};
  auto closed = local_->Close();
  return closed;
}

}  // namespace geflecht::cli
