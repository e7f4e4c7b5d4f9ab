#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "cli/app.h"
#include "cli/display.h"
#include "node/api/handlers/version.h"

namespace geflecht::cli {
namespace {

using i18n::Tr;

// CLI11's help in the user's language.
class Formatter : public CLI::Formatter {
 public:
  explicit Formatter(i18n::Lang lang) : lang_(lang) {
    column_width(30);
    label("Usage", Tr(lang, "cli.help.usage"));
    label("OPTIONS", Tr(lang, "cli.help.options-mark"));
    label("SUBCOMMAND", Tr(lang, "cli.help.command-mark"));
    label("Positionals", Tr(lang, "cli.help.positionals"));
    label("REQUIRED", "");
  }
  // Options of all levels take the global ones, so these stand in the help of the program only.
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string& name = option->get_type_name();
    std::string text = name.empty() ? "" : " " + name;
    if (option->get_required()) text += " (" + Tr(lang_, "cli.help.required") + ")";
    return text;
  }

 private:
  i18n::Lang lang_;
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string Joined(const std::vector<std::string>& words, char between) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : std::string(1, between)) + word;
  return text;
}

const std::vector<Option>& GlobalOptions() {
  static const std::vector<Option> options = {
      {"--dir", "DIR"},
      {"--network", "HEX|NAME"},
      {"--passphrase-file", "FILE"},
      {"--json", "", false, Takes::kNothing},
      {"--lang", "de|en"},
      {"--yes", "", false, Takes::kNothing},
      {"--quiet", "", false, Takes::kNothing},
  };
  return options;
}

class Parser {
 public:
  explicit Parser(i18n::Lang lang) : lang_(lang), root_(Tr(lang, "cli.help.program"), "geflecht") {
    Prepare(root_);
    for (const Option& option : GlobalOptions()) Add(root_, option);
    root_
        .set_version_flag("--version", "geflecht " + std::string(api::kVersion),
                          Tr(lang, "option.version"))
        ->group(Tr(lang, "cli.help.options"));
    for (const Command& command : AllCommands()) Add(command);
  }

  Result<Parsed> Parse(const std::vector<std::string>& words, Globals globals) {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    Parsed parsed;
    try {
      root_.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      MarkRequired();
      parsed.text = root_.help();
      return parsed;
    } catch (const CLI::CallForVersion& version) {
      parsed.text = std::string(version.what()) + '\n';
      return parsed;
    } catch (const CLI::ParseError& error) {
      return Fail(Code::kUsage, error.what());
    }
    TRY(CheckRest());
    const auto command = commands_.find(&Deepest());
    if (command == commands_.end())
      return Fail(Code::kUsage, "a command is missing", "hint.command-missing");
    parsed.command = command->second;
    TRY(Collect(parsed));
    TRY(TakeGlobals(globals));
    parsed.globals = std::move(globals);
    return parsed;
  }

 private:
  void Prepare(CLI::App& app) {
    app.formatter(std::make_shared<Formatter>(lang_));
    app.set_help_flag("-h,--help", Tr(lang_, "option.help"));
    app.get_help_ptr()->group(Tr(lang_, "cli.help.options"));
    app.require_subcommand(0, 1);
    app.allow_extras();
    if (&app != &root_) app.fallthrough();
  }

  void Add(CLI::App& app, const Option& option) {
    std::string words;
    for (const CLI::App* at = &app; at != &root_; at = at->get_parent())
      words = at->get_name() + "." + words;
    const std::string own = "option." + words + Lower(option.Key());
    const std::string help = Tr(lang_, i18n::HasKey(own) ? own : "option." + Lower(option.Key()));
    const std::string group =
        Tr(lang_, &app == &root_ ? "cli.help.global-options" : "cli.help.options");
    if (option.takes == Takes::kNothing) {
      app.add_flag(option.name, help)->group(group);
      return;
    }
    // The values are read as they stand (results()), because CLI11's conversions give "{}" and
    // "[a,b]" a meaning of their own.
    CLI::Option* added = app.add_option(
        option.name, [](const CLI::results_t&) { return true; }, help);
    added->type_size(1)->type_name(option.value)->group(group);
    if (option.takes == Takes::kMany) {
      added->expected(1, CLI::detail::expected_max_vector_size);
      added->allow_extra_args(true);
      added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }

  void Add(const Command& command) {
    CLI::App* app = &root_;
    std::string key = "help.";
    for (const std::string& word : command.words) {
      key += (app == &root_ ? "" : ".") + word;
      CLI::App*& next = by_key_[key];
      if (next == nullptr) {
        next = app->add_subcommand(word, Tr(lang_, key));
        next->group(Tr(lang_, "cli.help.commands"));
        Prepare(*next);
      }
      app = next;
    }
    for (const Option& option : command.options) Add(*app, option);
    commands_[app] = &command;
  }

  // For the help only: what is missing is named in Collect, all of it and in the user's language.
  void MarkRequired() {
    CLI::App& app = Deepest();
    const auto command = commands_.find(&app);
    if (command == commands_.end()) return;
    for (const Option& option : command->second->options)
      app.get_option(option.name)->required(option.required);
  }

  CLI::App& Deepest() {
    CLI::App* app = &root_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return *app;
  }

  Result<void> CheckRest() {
    std::vector<std::string> rest = root_.remaining(true);
    std::erase(rest, "--");  // CLI11 leaves the mark of the options' end there
    if (rest.empty()) return {};
    const bool is_command = commands_.find(&Deepest()) == commands_.end();
    return Fail(Code::kUsage, (is_command ? "unknown command: " : "not expected: ") + rest.front(),
                is_command ? "hint.command-unknown" : "hint.word-unexpected");
  }

  Result<void> Collect(Parsed& parsed) {
    CLI::App& app = Deepest();
    std::vector<std::string> missing;
    for (const Option& option : parsed.command->options) {
      const CLI::Option* found = app.get_option_no_throw(option.name);
      if (found != nullptr && found->count() > 0) {
        parsed.arguments.Set(option.Key(), found->results());
      } else if (option.required) {
        missing.push_back(option.name);
      }
    }
    if (missing.empty()) return {};
    return Fail(Code::kUsage,
                "geflecht " + Joined(parsed.command->words, ' ') + ": " + Joined(missing, ' '),
                "hint.option-missing");
  }

  Result<void> TakeGlobals(Globals& globals) {
    const auto given = [&](const char* name) { return root_.get_option(name)->count() > 0; };
    const auto text = [&](const char* name) { return root_.get_option(name)->results().front(); };
    if (given("--dir")) globals.dir = text("--dir");
    if (given("--network")) globals.network = text("--network");
    if (given("--passphrase-file")) globals.passphrase_file = text("--passphrase-file");
    if (given("--lang") && text("--lang") != "de" && text("--lang") != "en")
      return Fail(Code::kUsage, "--lang is de or en");
    globals.json = given("--json");
    globals.yes = given("--yes");
    globals.quiet = given("--quiet");
    return {};
  }

  i18n::Lang lang_;
  CLI::App root_;
  std::map<std::string, CLI::App*> by_key_;
  std::map<const CLI::App*, const Command*> commands_;
};

}  // namespace

Result<Parsed> Parse(const std::vector<std::string>& words, Globals globals) {
  Parser parser(globals.lang);
  return parser.Parse(words, std::move(globals));
}

}  // namespace geflecht::cli
