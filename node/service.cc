#include "node/service.h"

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/hex.h"
#include "node/api/context.h"
#include "node/core/durations.h"
#include "node/crypto/init.h"
#include "node/runtime/system_clock.h"

namespace geflecht::node {
namespace {

api::Response JsonAnswer(const boost::json::object& object) {
  return {200, "application/json", boost::json::serialize(object)};
}

}  // namespace

Service::Service(boost::asio::io_context& io, const std::filesystem::path& directory,
                 const ServiceOptions& options, std::function<void(const std::string&)> note,
                 std::function<void(Error)> failed)
    : io_(io),
      paths_(directory),
      options_(options),
      note_(std::move(note)),
      failed_(std::move(failed)) {}

Result<std::unique_ptr<Service>> Service::OpenLocked(boost::asio::io_context& io,
                                                     const std::filesystem::path& directory,
                                                     const ServiceOptions& options,
                                                     std::function<void(const std::string&)> note,
                                                     std::function<void(Error)> failed) {
  TRY(crypto::Init());
  // Asked first: a directory without organisation gets no lock file.
  TRY(runtime::NeedsPassphrase(runtime::Paths(directory)));
  std::unique_ptr<Service> service(
      new Service(io, directory, options, std::move(note), std::move(failed)));
  ASSIGN(service->lock_, store::DirectoryLock::Take(directory));
  return service;
}

Result<std::unique_ptr<Service>> Service::Open(boost::asio::io_context& io,
                                               const std::filesystem::path& directory,
                                               const crypto::SecretBytes& passphrase,
                                               const ServiceOptions& options,
                                               std::function<void(const std::string&)> note,
                                               std::function<void(Error)> failed) {
  ASSIGN(auto service, OpenLocked(io, directory, options, std::move(note), std::move(failed)));
  TRY(service->Unlock(passphrase));
  return service;
}

std::optional<std::string> Service::listening() const {
  return runtime_ ? runtime_->listening() : std::nullopt;
}

Result<void> Service::Unlock(const crypto::SecretBytes& passphrase) {
  auto opened = runtime::Open(paths_, passphrase, random_);
  if (!opened) return Fail(opened.error());
  auto started = runtime::Runtime::Start(io_, *std::move(opened),
                                         {options_.listen, options_.peers, options_.waits_for_space,
                                          options_.erases_daily, options_.damaged},
                                         random_, note_, failed_);
  if (!started) return Fail(started.error());
  runtime_ = *std::move(started);
  if (!refused_ms_.empty())
    runtime_->Perform(
        [&](core::Node& node, Time now, core::Actions& actions) {
          for (const std::int64_t hour_ms : refused_ms_)
            node.NoteAct("unlock-refused", "", hour_ms);
          node.Finish(now, actions);
        },
        [](runtime::Kept) {}, runtime::Runtime::Effect::kMayChange);
  refused_ms_.clear();
  return {};
}

api::Response Service::LockedAnswer(const api::Request& request) const {
  if (request.path == "/healthz") return JsonAnswer({{"ok", true}});
  if (request.path == "/api/v1/status" && request.method == "GET")
    return JsonAnswer({{"locked", true}});
  return api::ProblemOf({Code::kLocked, "the node is locked", "hint.node-locked"});
}

// What is sent in the clear leaves copies in every buffer on its way; a box leaves none.
void Service::HandleUnlockKey(const api::Respond& respond) const {
  respond(JsonAnswer({{"key", crypto::BoxKeyOf(unlock_secret_).Hex()}}));
}

void Service::HandleUnlock(const api::Request& request, const api::Respond& respond) {
  if (locking_)
    return respond(api::ProblemOf({Code::kLocked, "the node is being locked", "hint.node-locked"}));
  if (runtime_) return respond(JsonAnswer({{"locked", false}}));
  const auto body = api::JsonBody(request);
  const auto text =
      body ? api::TextMember(*body, "sealed") : Result<std::string>(Fail(body.error()));
  if (!text) return respond(api::ProblemOf(text.error()));
  const std::optional<Bytes> box = FromHex(*text);
  if (!box) return respond(api::ProblemOf({Code::kMalformed, "\"sealed\" is no hex", ""}));
  const auto passphrase = crypto::OpenBox(unlock_secret_, *box);
  if (!passphrase) return respond(api::ProblemOf(passphrase.error()));
  const auto unlocked = Unlock(*passphrase);
  // While it is locked there is nothing to write it into.
  if (!unlocked && unlocked.error().code == Code::kWrongPassphrase)
    refused_ms_.insert(runtime::SystemClock().Now().wall_ms / core::kHourMs * core::kHourMs);
  respond(unlocked ? JsonAnswer({{"locked", false}}) : api::ProblemOf(unlocked.error()));
}

void Service::HandleLock(const api::Respond& respond) {
  if (locking_)
    return respond(api::ProblemOf({Code::kLocked, "the node is being locked", "hint.node-locked"}));
  if (!runtime_) return respond(JsonAnswer({{"locked", true}}));
  auto needs = runtime::NeedsPassphrase(paths_);
  if (needs && !*needs)
    return respond(api::ProblemOf({Code::kUsage, "the directory has no passphrase to lock it with",
                                   "hint.lock-without-passphrase"}));
  locking_ = true;
  Stop([this, respond](runtime::Kept kept) {
    if (kept == runtime::Kept::kInMemory) {
      // Ending now would lose what only the memory holds.
      locking_ = false;
      return respond(
          api::ProblemOf({Code::kNoSpace, "the disk is full; not locked", "hint.disk-full"}));
    }
    // Not from within the runtime that ends here.
    boost::asio::post(io_, [this, respond] {
      person_readings_ = {};
      runtime_.reset();
      locking_ = false;
      respond(JsonAnswer({{"locked", true}}));
    });
  });
}

void Service::Handle(api::Request request, api::Respond respond) {
  if (request.path == "/api/v1/unlock" && request.method == "GET") return HandleUnlockKey(respond);
  if (request.path == "/api/v1/unlock" && request.method == "POST")
    return HandleUnlock(request, respond);
  if (request.method == "POST" && request.path == "/api/v1/lock") return HandleLock(respond);
  if (!runtime_ || locking_) return respond(LockedAnswer(request));

  const auto response = std::make_shared<api::Response>();
  const bool writes = api::Writes(request);
  runtime_->Perform(
      [&, response](core::Node& node, Time now, core::Actions& actions) {
        api::Context context{node,
                             runtime_->store(),
                             now,
                             actions,
                             runtime_->keys().card,
                             random_,
                             runtime_->keys().device,
                             person_readings_,
                             runtime_->listening(),
                             [this](const crypto::BoxKey& key) {
                               return crypto::SealTo(
                                   key, runtime::PlainDeviceKeys(runtime_->keys()).view());
                             }};
        person_readings_.DropOld(now);
        *response = api::Dispatch(request, context);
        // Reading decides nothing: it must not cut short the batch that is growing.
        if (request.method != "GET") node.Finish(now, actions);
      },
      [respond, response, writes](runtime::Kept kept) {
        if (kept == runtime::Kept::kInMemory && writes && !api::ErrorOf(*response))
          *response = api::ProblemOf(
              {Code::kNoSpace, "the disk is full; held in memory", "hint.held-in-memory"});
        respond(std::move(*response));
      },
      writes ? runtime::Runtime::Effect::kMayChange : runtime::Runtime::Effect::kReads);
}

void Service::Stop(runtime::Runtime::Done done) {
  if (!runtime_) return done(runtime::Kept::kOnDisk);
  runtime_->Stop(std::move(done));
}

}  // namespace geflecht::node
