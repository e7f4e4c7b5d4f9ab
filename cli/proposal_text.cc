#include "cli/proposal_text.h"

#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/rule_text.h"
#include "node/log/ids.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string Count(const json::object& from, std::string_view key) {
  return std::to_string(NumberOf(from, key));
}

std::vector<NamedOrg> OrgsIn(const json::array& list) {
  std::vector<NamedOrg> orgs;
  for (const Json& item : list)
    orgs.push_back({TextOf(item.as_object(), "org"), TextOf(item.as_object(), "organisation")});
  return orgs;
}

std::string ByText(const Session& session, const json::object& by) {
  const std::string time = ShownTime(session.globals().lang, TextOf(by, "time"));
  const std::string organisation = TextOf(by, "organisation");
  return organisation.empty() ? time : organisation + ", " + time;
}

std::string DeadlineText(const Session& session, const json::object& proposal) {
  const std::string deadline = TextOf(proposal, "deadline");
  if (deadline.empty()) return session.Say("cli.proposal.no-deadline");
  const i18n::Lang lang = session.globals().lang;
  const std::string time = ShownTime(lang, deadline);
  if (FlagOf(proposal, "deadline_passed"))
    return session.Say("cli.proposal.deadline-passed", {{"time", time}});
  if (TextOf(proposal, "status") != "open") return time;
  return i18n::TrCount(lang, "cli.proposal.deadline-left", NumberOf(proposal, "days_left"),
                       {{"time", time}});
}

// The rule, and how the votes compare with it.
std::string TermsWords(const Session& session, const json::object& terms,
                       const json::object& counts) {
  const std::string rule = RuleWords(session.globals().lang, TextOf(terms, "rule"),
                                     OrgsIn(terms.at("carriers").as_array()));
  const bool votes_cast = TextOf(terms, "kind") == "votes-cast";
  const std::int64_t cast = NumberOf(counts, "yes") + NumberOf(counts, "no") +
                            NumberOf(counts, "abstain") + NumberOf(counts, "objection");
  const std::int64_t against = NumberOf(counts, "no") + NumberOf(counts, "objection");
  const std::string arithmetic =
      session.Say(votes_cast ? "cli.proposal.count-cast" : "cli.proposal.count",
                  {{"yes", Count(counts, "yes")},
                   {"n", Count(terms, "n")},
                   {"need", Count(terms, "need")},
                   {"cast", std::to_string(cast)},
                   {"against", std::to_string(against)}});
  return rule + "\n" + arithmetic;
}

void AddTerms(const Session& session, const json::object& proposal, Listing& listing) {
  const json::object& counts = proposal.at("counts").as_object();
  const json::object& then = proposal.at("terms").at("then").as_object();
  const json::object& now = proposal.at("terms").at("now").as_object();
  if (then == now) {
    listing.Add(session.Say("cli.column.rule"), TermsWords(session, now, counts));
  } else {
    listing.Add(session.Say("cli.proposal.rule-then"), TermsWords(session, then, counts));
    listing.Add(session.Say("cli.proposal.rule-now"), TermsWords(session, now, counts));
  }
}

std::string NamesIn(const json::object& from, std::string_view key) {
  std::string names;
  for (const Json& item : from.at(key).as_array())
    names += (names.empty() ? "" : ", ") + TextOf(item.as_object(), "organisation");
  return names;
}

// Of an open proposal: what is missing, and from whom.
std::string MissingText(const Session& session, const json::object& proposal) {
  if (TextOf(proposal, "status") != "open" || !proposal.at("superseded_by").as_array().empty())
    return {};
  std::string text;
  if (const std::int64_t needed = NumberOf(proposal, "still_needed"); needed > 0)
    text +=
        i18n::TrCount(session.globals().lang,
                      TextOf(proposal, "still_needed_of") == "votes" ? "cli.proposal.needs-votes"
                                                                     : "cli.proposal.needs-yes",
                      needed) +
        '\n';
  if (const std::string names = NamesIn(proposal, "unanswered"); !names.empty())
    text += session.Say("cli.proposal.unanswered", {{"names", Shown(names)}}) + '\n' +
            session.Say("cli.proposal.silence") + '\n';
  return text;
}

std::string ReasonText(const Session& session, const json::object& said) {
  const std::string reason = TextOf(said, "reason");
  return reason.empty() ? session.Say("cli.proposal.no-reason") + '\n' : ShownLines(reason);
}

// Whose vote was not for what was decided, and objections that were settled.
std::string DissentText(const Session& session, const json::object& proposal) {
  std::string text;
  const json::array& minority = proposal.at("minority").as_array();
  if (!minority.empty()) text += '\n' + session.Say("cli.proposal.minority") + '\n';
  for (const Json& item : minority) {
    const json::object& said = item.as_object();
    text += session.Say("cli.proposal.reason",
                        {{"organisation", Shown(TextOf(said, "organisation"))},
                         {"position", PositionWords(session, TextOf(said, "position"))}}) +
            '\n' + ReasonText(session, said);
  }
  for (const Json& item : proposal.at("objections").as_array()) {
    const json::object& said = item.as_object();
    if (!FlagOf(said, "resolved")) continue;
    text += '\n' +
            session.Say("cli.proposal.objection-resolved",
                        {{"by", Shown(ByText(session, said))},
                         {"position", PositionWords(session, TextOf(said, "later"))},
                         {"time", ShownTime(session.globals().lang, TextOf(said, "later_time"))}}) +
            '\n' + ReasonText(session, said);
  }
  return text;
}

std::string PositionsText(const Session& session, const json::object& proposal) {
  const bool decided = TextOf(proposal, "status") != "open";
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.position"),
               session.Say("cli.column.time"), ""});
  std::string reasons;
  for (const Json& item : proposal.at("positions").as_array()) {
    const json::object& position = item.as_object();
    const std::string time = TextOf(position, "time");
    table.Add({TextOf(position, "organisation"),
               PositionWords(session, TextOf(position, "position")),
               time.empty() ? "" : ShownTime(session.globals().lang, time),
               FlagOf(position, "required") ? session.Say("cli.proposal.required") : ""});
    const bool minority = decided && TextOf(position, "position") != "yes";
    if (const std::string reason = TextOf(position, "reason"); !reason.empty() && !minority)
      reasons += session.Say("cli.proposal.reason",
                             {{"organisation", Shown(TextOf(position, "organisation"))},
                              {"position", PositionWords(session, TextOf(position, "position"))}}) +
                 '\n' + ShownLines(reason);
  }
  return table.Text() + (reasons.empty() ? "" : '\n' + reasons);
}

std::string CommentsText(const Session& session, const json::object& proposal) {
  std::string text;
  for (const Json& item : proposal.at("comments").as_array())
    text +=
        '\n' +
        session.Say("cli.proposal.comment", {{"by", Shown(ByText(session, item.as_object()))}}) +
        '\n' + ShownLines(TextOf(item.as_object(), "text"));
  return text;
}

std::string CertificatesText(const Session& session, const json::object& proposal) {
  std::string text;
  for (const Json& item : proposal.at("certificates").as_array()) {
    const json::object& certificate = item.as_object();
    text += session.Say(FlagOf(certificate, "valid") ? "cli.proposal.certificate"
                                                     : "cli.proposal.certificate-void",
                        {{"by", Shown(ByText(session, certificate))}}) +
            '\n';
  }
  return text.empty() ? text : '\n' + text;
}

// What can be done next with an open proposal.
std::string NextText(const Session& session, const json::object& proposal) {
  if (TextOf(proposal, "status") != "open") return {};
  const std::string id = ShortId(TextOf(proposal, "id"));
  if (!proposal.at("superseded_by").as_array().empty()) return {};
  if (FlagOf(proposal, "holds"))
    return '\n' +
           session.Say(FlagOf(proposal, "recommendation") ? "cli.proposal.next-recommend"
                                                          : "cli.proposal.next-enact",
                       {{"id", id}}) +
           '\n';
  const std::string own = TextOf(proposal, "own");
  if (own != "missing" && own != "contradictory") return {};
  return '\n' + session.Say("cli.proposal.next-vote", {{"id", id}}) + '\n';
}

}  // namespace

Result<std::string> ProposalIdOf(Session& session, std::string_view typed) {
  if (log::EntryId::FromHexText(typed)) return std::string(typed);
  ASSIGN(const auto answer, session.Get("/api/v1/proposals"));
  std::vector<std::string> ids;
  for (const Json& proposal : answer.at("proposals").as_array())
    ids.push_back(TextOf(proposal.as_object(), "id"));
  auto id = MatchId(typed, ids);
  if (!id && id.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, id.error().detail, "hint.proposal-id");
  return id;
}

std::string PositionWords(const Session& session, std::string_view position) {
  return session.Say("position." + std::string(position));
}

std::string StatusWords(const Session& session, const json::object& proposal) {
  const std::string status = TextOf(proposal, "status");
  const std::string number = TextOf(proposal, "number");
  const bool unsealed = status == "effective" && !FlagOf(proposal, "sealed");
  std::string words = session.Say("proposal.status." + (unsealed ? "unsealed" : status));
  if (FlagOf(proposal, "recommendation") && status == "effective")
    words = session.Say(unsealed ? "proposal.status.recommended-unsealed"
                                 : "proposal.status.recommended");
  if (!number.empty()) words += ", " + session.Say("cli.proposal.number", {{"number", number}});
  const json::array& by = proposal.at("superseded_by").as_array();
  if (by.empty()) return words;
  return session.Say("proposal.status.superseded",
                     {{"status", words}, {"id", ShortId(by.front().as_string())}});
}

// Who gets or loses which seat, one a line.
std::string SeatWords(const Session& session, const json::object& proposal) {
  std::string words;
  for (const Json& item : proposal.at("seats").as_array()) {
    const json::object& seat = item.as_object();
    const std::string until = TextOf(seat, "until");
    const std::string key = std::string("cli.space.") + (FlagOf(seat, "give") ? "gives" : "takes") +
                            (until.empty() ? "" : "-observer");
    words += "\n" + session.Say(key, {{"organisation", Shown(TextOf(seat, "organisation"))},
                                      {"day", until}});
  }
  return words;
}

// What a decision about content would erase: one line for each, the entries counted.
std::string ErasesWords(const Session& session, const json::object& erases) {
  std::string words =
      "\n" + session.Say("cli.proposal.erases", {{"reason", TextOf(erases, "reason")}});
  for (const Json& document : erases.at("documents").as_array())
    words += "\n" + session.Say("cli.proposal.erases-document",
                                {{"id", ShortId(std::string_view(document.as_string()))}});
  for (const Json& item : erases.at("fields").as_array())
    words += "\n" + session.Say("cli.proposal.erases-field",
                                {{"id", ShortId(TextOf(item.as_object(), "document"))},
                                 {"field", Shown(TextOf(item.as_object(), "field"))}});
  const std::size_t entries = erases.at("entries").as_array().size();
  if (entries > 0)
    words += "\n" + session.Say("cli.proposal.erases-entries", {{"n", std::to_string(entries)}});
  return words;
}

std::string SubjectWords(const Session& session, const json::object& proposal, bool with_id) {
  const i18n::Lang lang = session.globals().lang;
  const std::string matter = TextOf(proposal, "matter");
  std::string words = MatterWords(lang, matter);
  const std::string subject = TextOf(proposal, "subject");
  const std::string name = TextOf(proposal, "subject_name");
  const std::string value = TextOf(proposal, "value");
  if (!name.empty()) {
    words += ": " + name + (with_id ? " (" + ShortId(subject) + ")" : "");
  } else if (matter == governance::kRule) {
    words += ": " + MatterWords(lang, subject);
  } else if (!subject.empty()) {
    words += ": " + ShortId(subject);
  }
  if (value.empty()) return words;
  const Json* const erases = proposal.if_contains("erases");
  if (erases != nullptr && erases->is_object())
    return with_id ? words + ErasesWords(session, erases->as_object()) : words;
  if (matter == governance::kContent) return words;
  if (matter == governance::kSpace) return with_id ? words + SeatWords(session, proposal) : words;
  if (matter == governance::kRule) {
    const Json* positions = proposal.if_contains("positions");
    words += ", " + RuleWords(lang, value,
                              positions == nullptr ? std::vector<NamedOrg>()
                                                   : OrgsIn(positions->as_array()));
    return words;
  }
  return words + ", " +
         session.Say(value[0] == '+' ? "cli.proposal.role-give" : "cli.proposal.role-take",
                     {{"role", value.substr(1)}});
}

std::string CountText(const Session& session, const json::object& proposal) {
  const json::object& counts = proposal.at("counts").as_object();
  return session.Say("cli.proposal.count", {{"yes", Count(counts, "yes")},
                                            {"n", Count(proposal, "n")},
                                            {"need", Count(proposal, "need")}}) +
         (FlagOf(proposal, "holds") && TextOf(proposal, "status") == "open"
              ? ' ' + session.Say("cli.proposal.holds")
              : std::string());
}

std::string ProposalText(const Session& session, const json::object& proposal) {
  Listing listing;
  listing.Add(session.Say("cli.column.title"), TextOf(proposal, "title"));
  listing.Add(session.Say("cli.column.id"), TextOf(proposal, "id"));
  listing.Add(session.Say("cli.column.subject"), SubjectWords(session, proposal, /*with_id=*/true));
  if (const std::string earlier = TextOf(proposal, "supersedes"); !earlier.empty())
    listing.Add(session.Say("cli.proposal.supersedes"), ShortId(earlier));
  if (FlagOf(proposal, "recommendation"))
    listing.Add(session.Say("cli.proposal.kind"), session.Say("cli.proposal.recommendation"));
  if (FlagOf(proposal, "circular"))
    listing.Add(session.Say("cli.proposal.procedure"), session.Say("cli.proposal.circular"));
  if (const std::string review = TextOf(proposal, "review"); !review.empty())
    listing.Add(session.Say("cli.rules.review"), DayText(session.globals().lang, review));
  listing.Add(session.Say("cli.proposal.by"), ByText(session, proposal));
  listing.Add(session.Say("cli.column.state"), StatusWords(session, proposal));
  listing.Add(session.Say("cli.column.deadline"), DeadlineText(session, proposal));
  AddTerms(session, proposal, listing);
  std::string text = listing.Text();
  if (FlagOf(proposal, "waits_for_seal") && TextOf(proposal, "status") == "open")
    text += session.Say("cli.proposal.waits-for-seal") + '\n';
  text += MissingText(session, proposal);
  if (FlagOf(proposal, "charter")) text += '\n' + session.Say("cli.rules.points") + '\n';
  for (const char* part : {"text", "note"})
    if (const std::string lines = TextOf(proposal, part); !lines.empty())
      text += '\n' + ShownLines(lines);
  return text + '\n' + PositionsText(session, proposal) + DissentText(session, proposal) +
         CommentsText(session, proposal) + CertificatesText(session, proposal) +
         NextText(session, proposal);
}

}  // namespace geflecht::cli
