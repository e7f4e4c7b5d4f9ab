// The command tree as data: each cmd_*.cc describes its commands, app.cc makes a parser of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/outcome.h"

namespace geflecht::cli {

class Session;

// What stood on the command line, by the option's name without dashes.
class Arguments {
 public:
  bool Has(std::string_view name) const { return values_.contains(name); }
  // The value; empty if it was not given.
  std::string Text(std::string_view name) const {
    const auto it = values_.find(name);
    return it == values_.end() || it->second.empty() ? std::string() : it->second.front();
  }
  std::vector<std::string> List(std::string_view name) const {
    const auto it = values_.find(name);
    return it == values_.end() ? std::vector<std::string>() : it->second;
  }
  void Set(std::string name, std::vector<std::string> values) {
    values_[std::move(name)] = std::move(values);
  }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

enum class Takes { kNothing, kOne, kMany };

struct Option {
  std::string name;   // "--title", "-o", or "FILE" for one without dashes
  std::string value;  // how help names the value; empty for flags and for those without dashes
  bool required = false;
  Takes takes = Takes::kOne;

  // The name without dashes: the key in Arguments and, in lower case, of "option.<key>".
  std::string Key() const { return name.substr(name.find_first_not_of('-')); }
};

// The sentence of the help is "help.<words joined by a dot>", that of an option "option.<key>", or
// "option.<words joined by a dot>.<key>" where the same word means something else.
struct Command {
  std::vector<std::string> words;  // {"network", "draft"}
  std::vector<Option> options;
  Result<Outcome> (*run)(Session&);
  // Of every error, where the exit codes of docs/formats/cli.md would say something else.
  std::optional<int> error_exit = {};
};

std::vector<Command> InitCommands();
std::vector<Command> SheetCommands();
std::vector<Command> NodeCommands();
std::vector<Command> DoctorCommands();
std::vector<Command> NetworkCommands();
std::vector<Command> InvitationCommands();
std::vector<Command> FoundingCommands();
std::vector<Command> DeviceCommands();
std::vector<Command> PersonCommands();
std::vector<Command> AgreementCommands();
std::vector<Command> AgreementSignCommands();
std::vector<Command> ProposalListCommands();
std::vector<Command> ProposalCommands();
std::vector<Command> CaseCommands();
std::vector<Command> SpaceCommands();
std::vector<Command> SyncCommands();
std::vector<Command> ContactCommands();
std::vector<Command> OrganisationCommands();
std::vector<Command> PrivacyPaperCommands();
std::vector<Command> PrivacyPersonCommands();
std::vector<Command> PrivacyRightsCommands();
std::vector<Command> PrivacyLogCommands();
std::vector<Command> MeetingCommands();
std::vector<Command> MinutesCommands();
std::vector<Command> TaskCommands();
std::vector<Command> ContactImportCommands();
std::vector<Command> DocCommands();
std::vector<Command> DocConflictCommands();
std::vector<Command> DocVersionCommands();
std::vector<Command> PrivacyCommands();
std::vector<Command> RetentionCommands();
std::vector<Command> RetentionOfferCommands();
std::vector<Command> AuditCommands();
std::vector<Command> BackupCommands();
std::vector<Command> DevCommands();

// All of them, in the order of the help.
const std::vector<Command>& AllCommands();

}  // namespace geflecht::cli
