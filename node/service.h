// A node's directory with everything that serves it: the composition of runtime and local
// interface. The same object answers in the node (geflechtd) and in the command line's own process.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/api/handlers/person_reading.h"
#include "node/api/server.h"
#include "node/crypto/sealed_box.h"
#include "node/crypto/system_random.h"
#include "node/runtime/runtime.h"

namespace geflecht::node {

struct ServiceOptions {
  std::optional<std::string> listen;                    // "HOST:PORT"
  std::vector<std::string> peers;                       // "HOST:PORT", kept connected
  bool waits_for_space = false;                         // runtime.h
  bool erases_daily = false;                            // runtime.h
  std::function<void(const Error&)> damaged = nullptr;  // runtime.h
};

// All calls on the loop's thread.
class Service {
 public:
  // Takes the directory's lock and opens it. Errors of runtime::Open and of Listen. `note` gets
  // lines for the operator's log, `failed` is called when the store cannot be written: the process
  // must then end. Both may be called only from the loop. `io` outlives the service.
  static Result<std::unique_ptr<Service>> Open(boost::asio::io_context& io,
                                               const std::filesystem::path& directory,
                                               const crypto::SecretBytes& passphrase,
                                               const ServiceOptions& options,
                                               std::function<void(const std::string&)> note,
                                               std::function<void(Error)> failed);
  // Takes the lock only: everything but status, health and unlock answers kLocked.
  static Result<std::unique_ptr<Service>> OpenLocked(boost::asio::io_context& io,
                                                     const std::filesystem::path& directory,
                                                     const ServiceOptions& options,
                                                     std::function<void(const std::string&)> note,
                                                     std::function<void(Error)> failed);

  // Answers when everything that the request decided is on the disk; if the disk is full at once,
  // and to a request that writes with kNoSpace and "hint.held-in-memory".
  void Handle(api::Request request, api::Respond respond);
  // Cuts open changes, says goodbye to peers and calls `done`.
  void Stop(runtime::Runtime::Done done);

  std::optional<std::string> listening() const;

 private:
  Service(boost::asio::io_context& io, const std::filesystem::path& directory,
          const ServiceOptions& options, std::function<void(const std::string&)> note,
          std::function<void(Error)> failed);
  Result<void> Unlock(const crypto::SecretBytes& passphrase);
  void HandleUnlockKey(const api::Respond& respond) const;
  void HandleUnlock(const api::Request& request, const api::Respond& respond);
  void HandleLock(const api::Respond& respond);
  api::Response LockedAnswer(const api::Request& request) const;

  boost::asio::io_context& io_;
  runtime::Paths paths_;
  ServiceOptions options_;
  std::function<void(const std::string&)> note_;
  std::function<void(Error)> failed_;
  crypto::SystemRandom random_;
  // To whose public key passphrases are sealed.
  const crypto::SecretBytes unlock_secret_ =
      crypto::SecretBytes::Generate(crypto::kBoxSecretBytes, random_);
  std::optional<store::DirectoryLock> lock_;  // as long as the service lives
  std::unique_ptr<runtime::Runtime> runtime_;
  // Hours (milliseconds since 1970) in which somebody gave a wrong passphrase since it was locked.
  std::set<std::int64_t> refused_ms_;
  api::PersonReadings person_readings_;  // of the runtime's replica
  bool locking_ = false;                 // between the request to lock and its end
};

}  // namespace geflecht::node
