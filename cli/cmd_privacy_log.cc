// geflecht privacy log
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMarkDigits = 16;

std::string ActsText(const Session& session, const json::array& acts) {
  Table table({session.Say("cli.acts.column.hour"), session.Say("cli.acts.column.act"),
               session.Say("cli.acts.column.object")});
  for (const json::value& item : acts) {
    const json::object& act = item.as_object();
    const std::string name = "act." + TextOf(act, "act");
    const std::string object = TextOf(act, "object");
    table.Add({ShownTime(session.globals().lang, TextOf(act, "time")),
               i18n::HasKey(name) ? session.Say(name) : TextOf(act, "act"),
               object.empty() ? std::string("-") : ShortId(object)});
  }
  return table.Text();
}

Result<Outcome> ShowActs(Session& session) {
  const std::string after = session.arguments().Text("after");
  ASSIGN(json::object answer,
         session.Get("/api/v1/privacy/log", after.empty() ? Query{} : Query{{"after", after}}));
  const json::array& acts = answer.at("acts").as_array();
  Outcome outcome;
  outcome.text = acts.empty() ? session.Say("cli.acts.none") + '\n' : ActsText(session, acts);
  if (const json::value& mark = answer.at("mark"); mark.is_string())
    outcome.text += '\n' +
                    session.Say("cli.acts.mark",
                                {{"mark", std::string(mark.as_string()).substr(0, kMarkDigits)}}) +
                    '\n';
  if (!answer.at("whole").as_bool()) {
    session.AddToError(std::move(outcome.text), std::move(answer));
    return Fail(Code::kVerification, "lines of the record are missing", "hint.acts-gap");
  }
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyLogCommands() {
  return {{{"privacy", "log"}, {{"--after", "MARK"}}, ShowActs}};
}

}  // namespace geflecht::cli
