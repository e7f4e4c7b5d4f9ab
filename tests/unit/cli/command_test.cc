#include "cli/command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/i18n/i18n.h"

namespace geflecht::cli {
namespace {

const std::set<std::string> kExpected = {"init",
                                         "card",
                                         "status",
                                         "lock",
                                         "unlock",
                                         "open",
                                         "network draft",
                                         "network sign",
                                         "network found",
                                         "network join",
                                         "network members",
                                         "network rules",
                                         "network leave",
                                         "device list",
                                         "device add",
                                         "device revoke",
                                         "proposal new",
                                         "proposal list",
                                         "proposal show",
                                         "proposal vote",
                                         "proposal comment",
                                         "proposal enact",
                                         "space new",
                                         "space list",
                                         "space show",
                                         "space change",
                                         "sync",
                                         "contact import",
                                         "contact list",
                                         "contact show",
                                         "contact set",
                                         "contact export",
                                         "organisation list",
                                         "privacy access",
                                         "privacy register",
                                         "privacy export",
                                         "privacy rectify",
                                         "privacy restrict",
                                         "privacy breach",
                                         "privacy papers",
                                         "organisation show",
                                         "organisation set",
                                         "doc new",
                                         "doc list",
                                         "doc show",
                                         "doc text",
                                         "doctor",
                                         "doc set",
                                         "doc history",
                                         "doc blame",
                                         "doc conflicts",
                                         "doc diff",
                                         "doc resolve",
                                         "privacy erase",
                                         "privacy erase-person",
                                         "privacy status",
                                         "privacy log",
                                         "audit request",
                                         "audit export",
                                         "audit verify",
                                         "dev trace",
                                         "dev evaluate",
                                         "network seal",
                                         "network invite",
                                         "network invite list",
                                         "network invite admit",
                                         "network invite withdraw",
                                         "network acknowledge",
                                         "meeting new",
                                         "meeting list",
                                         "meeting show",
                                         "meeting agenda",
                                         "meeting record",
                                         "meeting invite",
                                         "meeting attend",
                                         "meeting minutes",
                                         "meeting export",
                                         "meeting freeze",
                                         "meeting approve",
                                         "task add",
                                         "task list",
                                         "task done",
                                         "person add",
                                         "person list",
                                         "person end",
                                         "agreement draft",
                                         "agreement freeze",
                                         "agreement amend",
                                         "agreement list",
                                         "agreement status",
                                         "agreement export",
                                         "agreement sign",
                                         "agreement notice",
                                         "sheet check",
                                         "retention list",
                                         "retention run",
                                         "retention pause",
                                         "retention resume",
                                         "retention protocol",
                                         "retention offer list",
                                         "retention offer export",
                                         "retention offer answer",
                                         "backup create",
                                         "backup verify",
                                         "backup restore",
                                         "case release"};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

TEST(CommandTest, EveryCommandAndOptionIsExplained) {
  for (const Command& command : AllCommands()) {
    std::string key = "help";
    for (const std::string& word : command.words) {
      key += '.' + word;
      EXPECT_TRUE(i18n::HasKey(key)) << key;
    }
    for (const Option& option : command.options)
      EXPECT_TRUE(i18n::HasKey("option." + Lower(option.Key()))) << key << ' ' << option.name;
  }
}

TEST(CommandTest, TheCommandsOfTheInterfaceAreThere) {
  std::set<std::string> names;
  for (const Command& command : AllCommands()) {
    std::string name;
    for (const std::string& word : command.words) name += (name.empty() ? "" : " ") + word;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names, kExpected);
}

}  // namespace
}  // namespace geflecht::cli
