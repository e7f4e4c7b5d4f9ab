// The way to the node: over its socket if one runs, else with the same handlers in this process.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/globals.h"
#include "cli/local_node.h"
#include "node/api/http.h"

namespace geflecht::cli {

class Client {
 public:
  // kNotInitialised, kLocked (another command has the directory for longer than five seconds),
  // kWrongPassphrase (also if one is needed and nobody can be asked), kNotFound if the directory's
  // network is not `globals.network`.
  static Result<std::unique_ptr<Client>> Connect(const Globals& globals);
  // kUnreachable with "hint.no-node" unless a node runs.
  static Result<std::unique_ptr<Client>> ConnectToNode(const Globals& globals);

  // The answer's JSON, or the error that the handler reports.
  Result<boost::json::value> Call(api::Request request);
  // Lets the exchange with partners go on for this long.
  void Wait(std::int64_t ms);
  // Closes a store that is open here; what was answered is on the disk before and after.
  Result<void> Close();
  bool interrupted() const { return local_ != nullptr && local_->interrupted(); }

 private:
  explicit Client(std::filesystem::path socket) : socket_(std::move(socket)) {}
  Result<api::Response> Send(api::Request request, std::int64_t timeout_ms);
  Result<bool> IsNodeThere();
  Result<void> CheckNetwork(const std::string& wanted);

  std::filesystem::path socket_;
  std::unique_ptr<LocalNode> local_;  // nullptr: over the socket
};

}  // namespace geflecht::cli
