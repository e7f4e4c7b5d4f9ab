#include "cli/session.h"

#include <boost/json/serialize.hpp>
#include <system_error>
#include <utility>

#include "cli/display.h"
#include "cli/files.h"
#include "cli/terminal.h"

namespace geflecht::cli {

namespace json = boost::json;

Result<Client*> Session::Node() {
  if (!client_) {
    ASSIGN(client_, Client::Connect(globals_));
  }
  return client_.get();
}

Result<Client*> Session::RunningNode() {
  if (!client_) {
    ASSIGN(client_, Client::ConnectToNode(globals_));
  }
  return client_.get();
}

Result<json::object> Session::Send(std::string method, std::string path, Query query,
                                   std::string body) {
  ASSIGN(Client* const node, Node());
  api::Request request{std::move(method), std::move(path), std::move(query), {}, std::move(body)};
  ASSIGN(Json answer, node->Call(std::move(request)));
  return std::move(answer.as_object());
}

Result<json::object> Session::Get(std::string path, Query query) {
  return Send("GET", std::move(path), std::move(query), {});
}

Result<json::object> Session::Post(std::string path, const json::object& body, Query query) {
  return Send("POST", std::move(path), std::move(query), json::serialize(body));
}

Result<void> Session::WriteFile(const std::string& path, std::string_view bytes, bool is_private,
                                Outcome& outcome) {
  if (path == "-") {
    if (globals_.json) {
      outcome.keys["text"] = bytes;
    } else {
      outcome.text = bytes;
    }
    return {};
  }
  std::error_code ignored;
  if (!globals_.yes && !globals_.json && std::filesystem::is_regular_file(path, ignored) &&
      HasTerminal()) {
    ASSIGN(const bool replace, AskYesNo(Say("cli.ask.replace", {{"file", Shown(path)}})));
    if (!replace)
      return Fail(Code::kNotPermitted, Shown(path) + " stays as it is", "hint.not-replaced");
  }
  outcome.keys["file"] = path;
  return WriteOutput(path, AsBytes(bytes), is_private ? 0600 : 0644);
}

Result<void> Session::Disconnect() {
  TRY(Close());
  client_.reset();
  return {};
}

Result<void> Session::Close() { return client_ ? client_->Close() : Result<void>(); }

}  // namespace geflecht::cli
