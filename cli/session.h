// One command's run: what it was asked, and its way to the node.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/i18n/i18n.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/globals.h"
#include "cli/output.h"

namespace geflecht::cli {

using Query = std::map<std::string, std::string>;

class Session {
 public:
  Session(const Globals& globals, const Arguments& arguments, Output& output)
      : globals_(globals), arguments_(arguments), output_(output) {}

  const Globals& globals() const { return globals_; }
  const Arguments& arguments() const { return arguments_; }
  Output& output() { return output_; }
  // A sentence in the user's language. Values from outside pass through Shown first.
  std::string Say(std::string_view key, i18n::Args args = {}) const {
    return i18n::Tr(globals_.lang, key, args);
  }

  // The node; connects on first use.
  Result<Client*> Node();
  // Only one that runs: kUnreachable otherwise.
  Result<Client*> RunningNode();
  Result<boost::json::object> Get(std::string path, Query query = {});
  Result<boost::json::object> Post(std::string path, const boost::json::object& body,
                                   Query query = {});
  Result<boost::json::object> Send(std::string method, std::string path, Query query,
                                   std::string body);

  // Writes a result file, or hands it to standard output for "-". Asks before it replaces a file if
  // somebody is there to be asked and --yes was not given. `keys` gets "file"; for "-" with --json
  // "text" instead. Private files get mode 0600.
  Result<void> WriteFile(const std::string& path, std::string_view bytes, bool is_private,
                         Outcome& outcome);

  // What is shown with the command's error: lines in front of its sentences, keys of its result.
  void AddToError(std::string text, boost::json::object keys) {
    error_text_ = std::move(text);
    error_keys_ = std::move(keys);
  }
  const std::string& error_text() const { return error_text_; }
  const boost::json::object& error_keys() const { return error_keys_; }

  Result<void> Close();
  // Close, and the next request connects anew.
  Result<void> Disconnect();
  bool interrupted() const { return client_ != nullptr && client_->interrupted(); }

 private:
  const Globals& globals_;
  const Arguments& arguments_;
  Output& output_;
  std::unique_ptr<Client> client_;
  std::string error_text_;
  boost::json::object error_keys_;
};

}  // namespace geflecht::cli
