// The node's handlers in the command's own process, while no node has the directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "node/api/http.h"
#include "node/crypto/secret.h"

namespace geflecht::cli {

class LocalNode {
 public:
  // Takes the directory's lock. Errors of node::Service::Open. SIGINT and SIGTERM are caught from
  // here to Close: the request under way is given up, the store is closed as always.
  static Result<std::unique_ptr<LocalNode>> Open(const std::filesystem::path& directory,
                                                 const crypto::SecretBytes& passphrase);
  ~LocalNode();

  // Runs the loop until the answer is there; everything that it says is then on the disk.
  // kIncomplete if a signal came, the store's error if it cannot be written.
  Result<api::Response> Handle(api::Request request);
  // Runs the loop for this long, or until a signal comes.
  void RunFor(std::int64_t ms);
  // Cuts open changes, says goodbye to partners, writes everything.
  Result<void> Close();

  bool interrupted() const;

 private:
  struct Loop;
  explicit LocalNode(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace geflecht::cli
