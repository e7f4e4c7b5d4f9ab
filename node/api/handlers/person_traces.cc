#include "node/api/handlers/person_traces.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <utility>

#include "node/api/handlers/agreement_json.h"
#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/meeting_json.h"
#include "node/api/handlers/organisation_list.h"
#include "node/api/handlers/proposal_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
#include "node/domain/person_name.h"
#include "node/domain/text.h"
#include "node/governance/kinds.h"
#include "node/governance/retention.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using domain::Evidence;
using domain::Passage;
using domain::Person;
using domain::PersonFinder;

constexpr std::int64_t kHour = 3600;
constexpr std::string_view kEnvelope[] = {"purpose", "legal_basis", "retention_class", "source",
                                          "restricted"};

bool Holds(std::string_view folded_text, const std::string& name) {
  const std::string folded = domain::FoldHeading(name);
  return !folded.empty() && folded_text.find(folded) != folded_text.npos;
}

Person Named(std::string_view name) {
  const domain::PersonName parts = domain::SplitName(domain::OneLine(name));
  return {parts.family, parts.given, {}, {}, {}};
}

std::string_view ClassNamed(std::string_view what) {
  return governance::RetentionClassOf(what).name;
}

// Which of the passages of a text are about the person.
struct Judged {
  array sure, unclear;
};

class Collector {
 public:
  Collector(replica::Replica& replica, const Subject& subject, std::string_view mark, Time now)
      : replica_(replica), subject_(subject), mark_(mark), now_(now), self_(subject.person) {
    for (const Person& other : subject.others) {
      others_.emplace_back(other);
      if (domain::HaveSameName(other, subject.person)) namesakes_.push_back(&other);
      if (domain::FoldHeading(other.family_name) == domain::FoldHeading(subject.person.family_name))
        family_.push_back(&other);
      for (const std::string& email : other.emails)
        for (const std::string& own : subject.person.emails)
          if (domain::FoldCase(email) == domain::FoldCase(own)) shared_.insert(email);
    }
  }

  Result<object> Collect() {
    TRY(Documents());
    TRY(Papers());
    Mandates();
    TRY(Signatures());
    TRY(RootSpace());
    return object{
        {"traces", std::move(traces_)}, {"unclear", std::move(unclear_)}, {"log", std::move(log_)}};
  }

 private:
  // `context`: organisations to which the text belongs, by name.
  Judged Judge(std::string_view text, const std::vector<std::string>& context) const;
  std::optional<bool> IsMeant(const Passage& one, std::string_view text,
                              const std::vector<std::string>& context) const;
  bool IsShared(std::string_view found) const {
    return std::any_of(shared_.begin(), shared_.end(), [&](const std::string& email) {
      return domain::FoldCase(email) == domain::FoldCase(found);
    });
  }
  std::string Masked(std::string_view text) const {
    return domain::MaskOthers(text, self_, others_, mark_);
  }

  // Puts a trace with what was judged; whether something is sure.
  bool Put(object trace, Judged judged);
  void LieIn(object& trace, const log::SpaceId& space) const {
    AddSpace(trace, replica_, space);
    trace["space_former"] = SeatOf(replica_, space, now_) == "former";
  }
  void PutSure(object trace) { traces_.push_back(std::move(trace)); }
  void Log(std::string_view id, std::string_view type, std::int64_t time_s,
           const std::string& organisation);

  Result<void> Documents();
  Result<void> Document(const codec::StoredDocument& info);
  Result<void> OwnRecord(object trace, const crdt::DocumentId& id, const object& fields);
  bool Attendance(const object& trace, const Json& list);
  Result<void> LogDocument(const crdt::DocumentId& id, std::string_view type);
  Result<void> Papers();
  void Mandates();
  Result<void> Signatures();
  Result<void> RootSpace();
  std::string OrgOf(const replica::Paper& paper) const {
    const auto org = replica_.OrgOf(paper);
    return org ? replica_.council().directory().NameOf(*org) : std::string();
  }

  replica::Replica& replica_;
  const Subject& subject_;
  std::string mark_;
  Time now_;
  PersonFinder self_;
  std::vector<PersonFinder> others_;
  std::vector<const Person*> namesakes_, family_;
  std::set<std::string> shared_;  // addresses that several persons use
  array traces_, unclear_, log_;
  std::set<std::string> logged_;
};

std::optional<bool> Collector::IsMeant(const Passage& one, std::string_view text,
                                       const std::vector<std::string>& context) const {
  const std::string_view found = text.substr(one.begin, one.end - one.begin);
  if (one.evidence == Evidence::kAddress)
    return IsShared(found) ? std::optional<bool>() : std::optional<bool>(true);
  if (one.evidence == Evidence::kFamily) {
    // "Peter Weber": the given name of somebody else stands in front of it.
    for (const PersonFinder& other : others_)
      for (const Passage& theirs : other.Find(text))
        if (theirs.begin <= one.begin && one.end <= theirs.end &&
            theirs.evidence == Evidence::kName)
          return false;
    return std::nullopt;
  }
  const auto& rivals = one.evidence == Evidence::kName ? namesakes_ : family_;
  if (rivals.empty()) return true;
  const std::string_view sentence = domain::SentenceAround(text, one.begin, one.end);
  std::string around = domain::FoldHeading(sentence);
  for (const std::string& name : context) around += "\n" + domain::FoldHeading(name);
  const auto speaks_of = [&](const Person& person) {
    const auto& names = person.organisations;
    const bool organisation = std::any_of(names.begin(), names.end(),
                                          [&](const auto& name) { return Holds(around, name); });
    const auto passages = PersonFinder({"", "", person.emails, person.phones, {}}).Find(sentence);
    return organisation || !passages.empty();
  };
  const bool own = speaks_of(subject_.person);
  const bool other = std::any_of(rivals.begin(), rivals.end(),
                                 [&](const Person* rival) { return speaks_of(*rival); });
  if (own == other) return std::nullopt;
  return own;
}

Judged Collector::Judge(std::string_view text, const std::vector<std::string>& context) const {
  Judged judged;
  std::set<std::string> said;
  array bare;
  for (const Passage& one : self_.Find(text)) {
    const std::optional<bool> meant = IsMeant(one, text, context);
    if (meant && !*meant) continue;
    const std::string sentence(domain::SentenceAround(text, one.begin, one.end));
    if (!said.insert(sentence).second) continue;
    // The family name once more in a text that is about the person anyway.
    array& into = meant                                                  ? judged.sure
                  : one.evidence == Evidence::kFamily && family_.empty() ? bare
                                                                         : judged.unclear;
    into.emplace_back(Masked(sentence));
  }
  array& rest = judged.sure.empty() ? judged.unclear : judged.sure;
  for (Json& passage : bare) rest.push_back(std::move(passage));
  return judged;
}

bool Collector::Put(object trace, Judged judged) {
  if (!judged.unclear.empty()) {
    object unclear = trace;
    unclear["passages"] = std::move(judged.unclear);
    unclear_.push_back(std::move(unclear));
  }
  if (judged.sure.empty()) return false;
  trace["passages"] = std::move(judged.sure);
  traces_.push_back(std::move(trace));
  return true;
}

void Collector::Log(std::string_view id, std::string_view type, std::int64_t time_s,
                    const std::string& organisation) {
  const std::string time = log::RenderTime(time_s - time_s % kHour);
  if (!logged_.insert(std::string(id) + time + organisation).second) return;
  log_.push_back(
      object{{"id", id}, {"type", type}, {"time", time}, {"organisation", organisation}});
}

object NewTrace(std::string_view kind, std::string_view id, std::string_view type,
                std::string_view field, const std::string& organisation) {
  return {{"kind", kind},
          {"id", id},
          {"type", type},
          {"title", ""},
          {"space", nullptr},
          {"space_name", nullptr},
          {"space_former", false},
          {"field", field},
          {"organisation", organisation},
          {"purpose", ""},
          {"legal_basis", ""},
          {"retention_class", ""},
          {"source", ""},
          {"restricted", false},
          {"values", array()},
          {"earlier", array()},
          {"passages", array()}};
}

Result<void> Collector::Documents() {
  ASSIGN(const auto documents, replica_.ListDocuments());
  for (const codec::StoredDocument& info : documents) TRY(Document(info));
  return {};
}

// All texts below a value, with empty lines between.
void Flatten(const Json& value, std::string& out) {
  if (value.is_string()) {
    if (!value.as_string().empty()) out += std::string(value.as_string()) + "\n\n";
  } else if (value.is_array()) {
    for (const Json& item : value.as_array()) Flatten(item, out);
  } else if (value.is_object()) {
    for (const auto& [key, item] : value.as_object()) Flatten(item, out);
  }
}

Result<void> Collector::Document(const codec::StoredDocument& info) {
  const auto open = replica_.Open(info.id);
  if (!open || (*open)->void_reason) return {};
  ASSIGN(const object fields, DocumentJson((*open)->document));
  ASSIGN(const auto org, replica_.OrgOfDocument(info.id));
  const std::string owner = org ? replica_.council().directory().NameOf(*org) : std::string();
  const std::string id = info.id.Hex();
  object trace = NewTrace("mention", id, info.type, "", owner);
  LieIn(trace, info.space);
  for (const std::string_view key : kEnvelope)
    if (const Json* value = fields.if_contains(key)) trace[key] = *value;
  const auto text_of = [&](std::string_view key) {
    const Json* value = fields.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const bool contact = info.type == domain::kContact;
  if (!contact) trace["title"] = Masked(text_of("title"));
  if (contact && std::find(subject_.contacts.begin(), subject_.contacts.end(), info.id) !=
                     subject_.contacts.end())
    return OwnRecord(std::move(trace), info.id, fields);
  std::vector<std::string> context;
  if (contact) context.push_back(text_of("organisation"));
  if (info.type == domain::kOrganisation) context.push_back(owner);
  if (const auto assigned = log::OrgId::FromHexText(text_of("assignee_org")))
    context.push_back(replica_.council().directory().NameOf(*assigned));
  bool found = false;
  for (const auto& [key, value] : fields) {
    const std::string name(key);
    if (std::find(std::begin(kEnvelope), std::end(kEnvelope), name) != std::end(kEnvelope))
      continue;
    // Of another person's record only who stands in for them is about somebody else.
    if (contact && name != "deputy" && name != "availability" && name != "topics") continue;
    object one = trace;
    one["field"] = name;
    if (name == "attendance") {
      found = Attendance(one, value) || found;
      continue;
    }
    if (info.type == domain::kTask && name == "assignee") one["kind"] = "task";
    if (info.type == domain::kMeeting && name == "minutes") one["kind"] = "minutes";
    if (info.type == domain::kOrganisation) one["kind"] = "organisation";
    std::string text;
    Flatten(value, text);
    // In drafts of agreements names stand in "[[" and "]]".
    for (const char* const mark : {"[[", "]]"})
      for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at))
        text.erase(at, 2);
    found = Put(std::move(one), Judge(text, context)) || found;
  }
  return found ? LogDocument(info.id, info.type) : Result<void>();
}

Result<void> Collector::OwnRecord(object trace, const crdt::DocumentId& id, const object& fields) {
  trace["kind"] = "contact";
  array values;
  for (const auto& [key, value] : fields) {
    const bool of_other = key == "deputy" && value.is_string();
    values.push_back(object{{"key", key}, {"value", of_other ? Json(mark_) : value}});
  }
  trace["values"] = std::move(values);
  ASSIGN(const auto history, replica_.History(id));
  array earlier;
  for (const replica::ChangeInfo& change : history) {
    Log(id.Hex(), domain::kContact, change.time_s, change.organisation);
    for (const crdt::Edit& edit : change.edits) {
      const auto* set = std::get_if<crdt::SetKey>(&edit);
      if (set == nullptr || !set->map.empty() || !set->slot || set->key == "deputy") continue;
      const auto* value = std::get_if<crdt::Value>(&*set->slot);
      if (value == nullptr || std::holds_alternative<crdt::Absent>(*value)) continue;
      const Json* now = fields.if_contains(set->key);
      if (now != nullptr && *now == ValueJson(*value)) continue;
      earlier.push_back(object{{"key", set->key},
                               {"value", ValueJson(*value)},
                               {"time", TimeText((change.time_s - change.time_s % kHour) * 1000)},
                               {"organisation", change.organisation}});
    }
  }
  trace["earlier"] = std::move(earlier);
  PutSure(std::move(trace));
  return {};
}

bool Collector::Attendance(const object& trace, const Json& list) {
  bool found = false;
  if (!list.is_array()) return false;
  for (const Json& item : list.as_array()) {
    const object* one = item.if_object();
    const Json* name = one == nullptr ? nullptr : one->if_contains("name");
    if (name == nullptr || !name->is_string()) continue;
    const Json* org = one->if_contains("org");
    const auto id = org != nullptr && org->is_string()
                        ? log::OrgId::FromHexText(std::string_view(org->as_string()))
                        : std::nullopt;
    const std::string organisation =
        id ? replica_.council().directory().NameOf(*id) : std::string();
    object attended = trace;
    attended["kind"] = "attendance";
    attended["values"] = array{object{{"key", "organisation"}, {"value", organisation}}};
    if (const Json* state = one->if_contains("state"))
      attended["values"].as_array().push_back(object{{"key", "state"}, {"value", *state}});
    found = Put(std::move(attended), Judge(std::string_view(name->as_string()), {organisation})) ||
            found;
  }
  return found;
}

Result<void> Collector::LogDocument(const crdt::DocumentId& id, std::string_view type) {
  ASSIGN(const auto history, replica_.History(id));
  for (const replica::ChangeInfo& change : history)
    Log(id.Hex(), type, change.time_s, change.organisation);
  return {};
}

Result<void> Collector::Papers() {
  for (const replica::Paper* const one : replica_.AllPapers()) {
    const replica::Paper& paper = *one;
    const std::string organisation = OrgOf(paper);
    object trace = NewTrace("", paper.id.Hex(), paper.kind, "", organisation);
    LieIn(trace, paper.space);
    std::string text;
    if (paper.kind == governance::kFreeze || paper.kind == governance::kAmend) {
      const auto frozen = replica_.FrozenText(paper.id);
      if (!frozen) continue;
      const bool minutes = frozen->what == governance::kMinutes;
      trace["kind"] = minutes ? "minutes-frozen" : "agreement";
      trace["title"] = Masked(frozen->title);
      trace["retention_class"] =
          ClassNamed(minutes ? governance::kMinutesFrozen : governance::kAgreementFrozen);
      trace["purpose"] = minutes ? "network_coordination" : "agreement_management";
      auto persons = frozen->persons;
      for (auto& name : persons)
        if (name && self_.Find(*name).empty()) name = mark_;
      for (const std::string& block : frozen->blocks)
        text += governance::WithPersons(block, persons, mark_) + "\n\n";
    } else if (paper.kind == governance::kNotice) {
      ASSIGN(const auto body, replica_.BodyOf(paper));
      const auto notice = body ? governance::ReadNotice(*body, paper.evidence)
                               : Result<governance::NoticeBody>(Fail(Code::kNotFound, ""));
      if (!notice) continue;
      trace["kind"] = "notice";
      trace["purpose"] = "agreement_management";
      trace["retention_class"] = ClassNamed(governance::kNoticeGiven);
      text = notice->reason;
    }
    if (Put(std::move(trace), Judge(text, {})))
      Log(paper.id.Hex(), paper.kind, paper.time_s, organisation);
  }
  return {};
}

void Collector::Mandates() {
  const governance::Mandates& mandates = replica_.council().mandates();
  for (const log::EntryId& id : mandates.all()) {
    const governance::Mandate& mandate = *mandates.Find(id);
    const std::string organisation = replica_.council().directory().NameOf(mandate.org);
    object trace = NewTrace("mandate", id.Hex(), governance::kPersonAdd, "name", organisation);
    trace["purpose"] = "agreement_management";
    trace["retention_class"] = ClassNamed(governance::kMandateGiven);
    trace["values"] = array{object{{"key", "role"}, {"value", mandate.terms.role}}};
    if (Put(std::move(trace), Judge(mandate.name, {organisation})))
      Log(id.Hex(), governance::kPersonAdd, mandate.time_s, organisation);
  }
}

Result<void> Collector::Signatures() {
  ASSIGN(const auto agreements, replica_.Agreements());
  for (const governance::Agreement& agreement : agreements) {
    const auto each = [&](const std::vector<governance::PartyAct>& acts, std::string_view kind) {
      for (const governance::PartyAct& act : acts) {
        const governance::Mandate* mandate =
            act.mandate ? replica_.council().mandates().Find(*act.mandate) : nullptr;
        if (mandate == nullptr) continue;
        const std::string organisation = replica_.council().directory().NameOf(act.org);
        object trace = NewTrace(kind, act.id.Hex(), kind, "mandate", organisation);
        LieIn(trace, agreement.space);
        trace["purpose"] = "agreement_management";
        trace["retention_class"] = ClassNamed(governance::kMandateGiven);
        if (const auto title = agreement.titles.find(act.version); title != agreement.titles.end())
          trace["title"] = Masked(title->second);
        if (Put(std::move(trace), Judge(mandate->name, {organisation})))
          Log(act.id.Hex(), kind, act.time_s, organisation);
      }
    };
    each(agreement.papers.signatures, "signature");
    each(agreement.papers.notices, "notice");
  }
  return {};
}

Result<void> Collector::RootSpace() {
  for (const std::string_view kind :
       {governance::kProposal, governance::kVote, governance::kComment}) {
    for (const log::EntryId& id : replica_.council().OfKind(kind)) {
      ASSIGN(const auto body, replica_.RootBodyOf(id));
      const replica::Council::Record* record = replica_.council().Find(id);
      if (!body || record == nullptr) continue;
      const std::string organisation =
          record->org ? replica_.council().directory().NameOf(*record->org) : std::string();
      std::string text;
      for (const log::Slot& slot : body->slots) {
        const auto* field = std::get_if<log::Field>(&slot);
        if (field == nullptr || (field->name != "title" && field->name != "text" &&
                                 field->name != "note" && field->name != "reason"))
          continue;
        const std::string_view said = AsText(field->value);
        if (domain::IsCleanText(said, /*line_breaks_allowed=*/true))
          text += std::string(said) + "\n\n";
      }
      object trace = NewTrace(kind, id.Hex(), kind, "", organisation);
      trace["purpose"] = "network_coordination";
      // The text of a proposal is what was decided.
      trace["retention_class"] = kind == governance::kProposal ? "L4"
                                 : ClassNamed(kind == governance::kVote ? governance::kVoteReason
                                                                     : governance::kCommentText);
      if (Put(std::move(trace), Judge(text, {}))) Log(id.Hex(), kind, record->time_s, organisation);
    }
  }
  return {};
}

}  // namespace

Result<Subject> SubjectOf(replica::Replica& replica, std::string_view typed) {
  ASSIGN(const auto contacts, Contacts(replica));
  const Person named = Named(typed);
  const PersonFinder finder(named);
  std::vector<std::pair<crdt::DocumentId, Person>> meant;
  const auto id = crdt::DocumentId::FromHexText(typed);
  for (const Contact& contact : contacts) {
    Person person = domain::PersonOf(contact.record);
    const auto& emails = person.emails;
    const bool by_email = std::any_of(emails.begin(), emails.end(), [&](const auto& email) {
      return domain::FoldCase(email) == domain::FoldCase(typed);
    });
    const bool by_name =
        !id && (domain::HaveSameName(person, named) || PersonFinder(person).IsName(typed));
    if (contact.id == id || by_email || by_name) meant.emplace_back(contact.id, std::move(person));
  }
  Subject subject;
  if (meant.empty()) {
    if (id || typed.find('@') != typed.npos || named.given_name.empty())
      return Fail(Code::kNotFound, "no such person", "hint.person-unknown");
    subject.person = named;
  } else {
    subject.person = meant.front().second;
    for (const auto& [other, person] : meant)
      if (other != meant.front().first && !domain::IsSamePerson(subject.person, person))
        return Fail(Code::kConflict, "several persons", "hint.person-ambiguous");
  }
  // Further records of the same person: joined until nothing is added.
  for (bool added = !meant.empty(); added;) {
    added = false;
    for (const Contact& contact : contacts) {
      const Person person = domain::PersonOf(contact.record);
      const bool known = std::find(subject.contacts.begin(), subject.contacts.end(), contact.id) !=
                         subject.contacts.end();
      if (known ||
          (contact.id != meant.front().first && !domain::IsSamePerson(subject.person, person)))
        continue;
      domain::Join(subject.person, person);
      subject.contacts.push_back(contact.id);
      added = true;
    }
  }
  const auto add_other = [&](Person person) {
    if (!person.family_name.empty() && !domain::HaveSameName(person, subject.person))
      subject.others.push_back(std::move(person));
  };
  for (const Contact& contact : contacts) {
    if (std::find(subject.contacts.begin(), subject.contacts.end(), contact.id) !=
        subject.contacts.end())
      continue;
    subject.others.push_back(domain::PersonOf(contact.record));
    if (const auto deputy = domain::TextOf(contact.record, "deputy"); !deputy.empty())
      add_other(Named(deputy));
  }
  const governance::Mandates& mandates = replica.council().mandates();
  for (const log::EntryId& mandate : mandates.all()) add_other(Named(mandates.Find(mandate)->name));
  ASSIGN(const auto meetings, Meetings(replica));
  for (const FoundMeeting& meeting : meetings)
    for (const domain::Attendance& one : meeting.meeting.attendance) add_other(Named(one.name));
  return subject;
}

Result<object> TracesOf(replica::Replica& replica, const Subject& subject, std::string_view mark,
                        Time now) {
  return Collector(replica, subject, mark, now).Collect();
}

}  // namespace geflecht::api
