#include "node/api/handlers/person_traces.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

#include "node/api/handlers/agreement_json.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/earlier_texts.h"
#include "node/api/handlers/organisation_list.h"
#include "node/api/handlers/proposal_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
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

// Whether `said` stands in a text, and no word goes on behind it.
bool Says(std::string_view text, std::string_view said) {
  for (std::size_t at = text.find(said); at != text.npos; at = text.find(said, at + 1)) {
    const std::size_t end = at + said.size();
    if (end == text.size()) return true;
    const auto next = static_cast<unsigned char>(text[end]);
    if (next < 0x80 && std::isalnum(next) == 0) return true;
  }
  return false;
}

std::string_view ClassNamed(std::string_view what) {
  return governance::RetentionClassOf(what).name;
}

// Which of the passages of a text are about the person.
struct Judged {
  array sure, unclear;
};

class Collector final : public PersonTraces {
 public:
  Collector(replica::Replica& replica, Subject subject, std::string mark)
      : replica_(replica),
        subject_(std::move(subject)),
        mark_(std::move(mark)),
        self_(KnownPerson(subject_.person)) {
    const std::string family = domain::FoldHeading(subject_.person.family_name) + '\n';
    for (const KnownPersonPtr& other : subject_.others) {
      others_.Add(other->finder);
      if (!other->person.family_name.empty() && other->name == self_.name)
        namesakes_.push_back(&other->person);
      if (other->name.starts_with(family)) family_.push_back(&other->person);
      for (const std::string& email : other->emails)
        if (std::find(self_.emails.begin(), self_.emails.end(), email) != self_.emails.end())
          shared_.insert(email);
    }
  }

  const Subject& subject() const override { return subject_; }
  Result<Traces> OfDocument(const replica::OpenDocument& open, Time now) override {
    now_ = now;
    TRY(Document(open));
    return Take();
  }
  Result<Traces> OfPaper(const replica::Paper& paper, Time now) override {
    now_ = now;
    TRY(Paper(paper));
    return Take();
  }
  Result<Traces> OfRootEntry(const log::EntryId& id, std::string_view kind) override {
    TRY(RootEntry(id, kind));
    return Take();
  }
  Result<Traces> OfMandates(Time now) override {
    now_ = now;
    Mandates();
    TRY(Signatures());
    return Take();
  }

 private:
  Traces Take() {
    logged_.clear();
    return {std::exchange(traces_, {}), std::exchange(unclear_, {}), std::exchange(log_, {})};
  }
  // `context`: organisations to which the text belongs, by name. Sentences of `known` are left out.
  Judged Judge(std::string_view text, const std::vector<std::string>& context,
               std::string_view known = {}) const;
  std::optional<bool> IsMeant(const Passage& one, std::string_view text,
                              const std::vector<std::string>& context) const;
  bool IsShared(std::string_view found) const { return shared_.contains(domain::FoldCase(found)); }
  std::string Masked(std::string_view text) const {
    return domain::MaskOthers(text, self_.finder, others_.MaybeIn(text), mark_);
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

  Result<void> Document(const replica::OpenDocument& open);
  Result<bool> Earlier(object trace, const crdt::DocumentId& id, const object& fields,
                       const std::vector<std::string>& context);
  Result<void> OwnRecord(object trace, const crdt::DocumentId& id, const object& fields);
  bool Attendance(const object& trace, const Json& list);
  Result<void> LogDocument(const crdt::DocumentId& id, std::string_view type);
  Result<void> Paper(const replica::Paper& paper);
  void Mandates();
  Result<void> Signatures();
  Result<void> RootEntry(const log::EntryId& id, std::string_view kind);
  std::string OrgOf(const replica::Paper& paper) const {
    const auto org = replica_.OrgOf(paper);
    return org ? replica_.council().directory().NameOf(*org) : std::string();
  }

  replica::Replica& replica_;
  Subject subject_;
  std::string mark_;
  Time now_;
  KnownPerson self_;
  domain::PersonIndex others_;
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
    for (const PersonFinder* other : others_.MaybeIn(text))
      for (const Passage& theirs : other->Find(text))
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

Judged Collector::Judge(std::string_view text, const std::vector<std::string>& context,
                        std::string_view known) const {
  Judged judged;
  std::set<std::string> said;
  array bare;
  for (const Passage& one : self_.finder.Find(text)) {
    const std::optional<bool> meant = IsMeant(one, text, context);
    if (meant && !*meant) continue;
    const std::string sentence(domain::SentenceAround(text, one.begin, one.end));
    if (Says(known, sentence) || !said.insert(sentence).second) continue;
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

// In drafts of agreements names stand in "[[" and "]]".
std::string WithoutNameMarks(std::string text) {
  for (const char* const mark : {"[[", "]]"})
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at))
      text.erase(at, 2);
  return text;
}

// Of another person's record only who stands in for them is about somebody else.
bool MayNameOthers(std::string_view type, std::string_view field) {
  if (std::find(std::begin(kEnvelope), std::end(kEnvelope), field) != std::end(kEnvelope))
    return false;
  return type != domain::kContact || field == "deputy" || field == "availability" ||
         field == "topics";
}

Result<void> Collector::Document(const replica::OpenDocument& open) {
  if (open.void_reason) return {};
  const codec::StoredDocument info = open.info;
  ASSIGN(const object fields, DocumentJson(open.document));
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
    if (!MayNameOthers(info.type, name)) continue;
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
    found = Put(std::move(one), Judge(WithoutNameMarks(std::move(text)), context)) || found;
  }
  ASSIGN(const bool earlier, Earlier(std::move(trace), info.id, fields, context));
  found = earlier || found;
  return found ? LogDocument(info.id, info.type) : Result<void>();
}

// What the document no longer says and what its history still shows.
Result<bool> Collector::Earlier(object trace, const crdt::DocumentId& id, const object& fields,
                                const std::vector<std::string>& context) {
  ASSIGN(const EarlierLines lines, EarlierTexts(replica_, id));
  trace["kind"] = "earlier";
  bool found = false;
  for (const auto& [field, said] : lines) {
    if (!MayNameOthers(std::string_view(trace.at("type").as_string()), field)) continue;
    std::string now;
    const Json* value = fields.if_contains(field);
    if (value != nullptr) Flatten(*value, now);
    if (field.empty()) Flatten(fields, now);
    now = WithoutNameMarks(std::move(now));
    std::string text;
    for (const std::string& line : said)
      if (const std::string bare = WithoutNameMarks(line);
          !self_.finder.Find(bare).empty() && !Says(now, bare))
        text += bare + "\n\n";
    object one = trace;
    one["field"] = field;
    found = Put(std::move(one), Judge(text, context, now)) || found;
  }
  return found;
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

Result<void> Collector::Paper(const replica::Paper& paper) {
  const std::string organisation = OrgOf(paper);
  object trace = NewTrace("", paper.id.Hex(), paper.kind, "", organisation);
  LieIn(trace, paper.space);
  std::string text;
  if (paper.kind == governance::kFreeze || paper.kind == governance::kAmend) {
    const auto frozen = replica_.FrozenText(paper.id);
    if (!frozen) return {};
    const bool minutes = frozen->what == governance::kMinutes;
    trace["kind"] = minutes ? "minutes-frozen" : "agreement";
    trace["title"] = Masked(frozen->title);
    trace["retention_class"] =
        ClassNamed(minutes ? governance::kMinutesFrozen : governance::kAgreementFrozen);
    trace["purpose"] = minutes ? "network_coordination" : "agreement_management";
    auto persons = frozen->persons;
    for (auto& name : persons)
      if (name && self_.finder.Find(*name).empty()) name = mark_;
    for (const std::string& block : frozen->blocks)
      text += governance::WithPersons(block, persons, mark_) + "\n\n";
  } else if (paper.kind == governance::kNotice) {
    ASSIGN(const auto body, replica_.BodyOf(paper));
    const auto notice = body ? governance::ReadNotice(*body, paper.evidence)
                             : Result<governance::NoticeBody>(Fail(Code::kNotFound, ""));
    if (!notice) return {};
    trace["kind"] = "notice";
    trace["purpose"] = "agreement_management";
    trace["retention_class"] = ClassNamed(governance::kNoticeGiven);
    text = notice->reason;
  }
  if (Put(std::move(trace), Judge(text, {})))
    Log(paper.id.Hex(), paper.kind, paper.time_s, organisation);
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

Result<void> Collector::RootEntry(const log::EntryId& id, std::string_view kind) {
  ASSIGN(const auto body, replica_.RootBodyOf(id));
  const replica::Council::Record* record = replica_.council().Find(id);
  if (!body || record == nullptr) return {};
  const std::string organisation =
      record->org ? replica_.council().directory().NameOf(*record->org) : std::string();
  std::string title, text;
  for (const log::Slot& slot : body->slots) {
    const auto* field = std::get_if<log::Field>(&slot);
    if (field == nullptr || (field->name != "title" && field->name != "text" &&
                             field->name != "note" && field->name != "reason"))
      continue;
    const std::string_view said = AsText(field->value);
    if (domain::IsCleanText(said, /*line_breaks_allowed=*/true))
      (field->name == "title" ? title : text) += std::string(said) + "\n\n";
  }
  object trace = NewTrace(kind, id.Hex(), kind, "", organisation);
  trace["purpose"] = "network_coordination";
  // The text of a proposal is what was decided.
  trace["retention_class"] = kind == governance::kProposal
                                 ? "L4"
                                 : ClassNamed(kind == governance::kVote ? governance::kVoteReason
                                                                        : governance::kCommentText);
  // The title stays as what was voted on, the rest may be erased.
  object titled = trace;
  titled["field"] = "title";
  bool found = Put(std::move(titled), Judge(title, {}));
  found = Put(std::move(trace), Judge(text, {})) || found;
  if (found) Log(id.Hex(), kind, record->time_s, organisation);
  return {};
}

}  // namespace

std::unique_ptr<PersonTraces> MakePersonTraces(replica::Replica& replica, Subject subject,
                                               std::string mark) {
  return std::make_unique<Collector>(replica, std::move(subject), std::move(mark));
}

}  // namespace geflecht::api
