#include "tests/sim/decade.h"

#include <algorithm>

#include "node/api/handlers/document_json.h"
#include "node/governance/day.h"

namespace geflecht::sim {
namespace {

using boost::json::array;
using boost::json::object;
using governance::Day;

constexpr int kQuarters = 40;  // ten years; then four in which nothing is done
constexpr std::size_t kStaff = 5;
constexpr std::size_t kPublicBody = 0, kPaused = 3, kAway = 4;
constexpr int kPauseFrom = 9, kPauseTo = 15, kAwayFrom = 21, kAwayTo = 23;
// The same machine: its organisation leaves the network.
constexpr int kLeft = 30;

const std::vector<std::string>& Organisations() {
  static const std::vector<std::string> organisations = {
      "Jugendamt Weidenbruck", "Klinikum Silbertannen gGmbH", "Hebammenpraxis Moorwiesen",
      "Familienzentrum Steinfurche", "Verein Frühstart Ammerfeld e. V."};
  return organisations;
}

log::CharterText Rules() {
  log::CharterText rules;
  // They meet once a quarter: with the default of 90 days each meeting would find all held back,
  // and begin all announcements anew.
  rules.offline_days = 120;
  rules.name = "Netzwerk Weidenbruck";
  rules.purpose = "Familien früh erreichen";
  rules.rules = {{"*", "majority"}};
  rules.points = {"Wir treffen uns einmal im Quartal."};
  return rules;
}

// The first day of a quarter, from 2026-01-01 on.
Day FirstDay(int quarter) {
  return governance::AddMonths(*governance::ParseDay("2026-01-01"),
                               static_cast<std::uint32_t>(3 * quarter));
}

std::string DayAfter(int quarter, Day days) {
  return governance::RenderDay(FirstDay(quarter) + days);
}

// What is left of an entry's body.
object HeldOf(const replica::Replica& replica, const log::EntryId& id) {
  const auto stored = replica.EntryOf(id);
  Require(stored.has_value() && stored->has_value(), "an entry is not there");
  const auto body = replica.Log((*stored)->entry.header.space).BodyOf(**stored);
  Require(body.has_value() && body->has_value(), "the body of an entry is not there");
  object fields;
  for (const log::Slot& slot : (*body)->slots)
    if (const auto* field = std::get_if<log::Field>(&slot))
      fields[field->name] = AsText(field->value);
  return fields;
}

}  // namespace

Decade::Decade()
    : year_(std::make_unique<Year>(Organisations(), kOrganisations, Rules())),
      staff_(kOrganisations) {}

// Two capitals and eight letters: nobody is called so, and nothing else looks like it.
std::string Decade::Name() {
  std::string name = "Qz";
  for (int i = 0; i < 8; ++i) name += static_cast<char>('a' + random_.Below(26));
  return name;
}

crdt::DocumentId Decade::Make(std::size_t machine, const std::string& type, Fields fields,
                              const std::string& text) {
  fields.try_emplace("purpose", "network_coordination");
  fields.try_emplace("legal_basis", "contract");
  Result<crdt::DocumentId> id = Fail(Code::kInternal, "");
  year_->Change(machine, [&](replica::Replica& replica, Time now) {
    id = replica.Create(
        type,
        [&](crdt::Transaction& edit) -> Result<void> {
          for (const auto& [key, value] : fields) TRY(edit.Set("/" + key, value));
          if (text.empty()) return {};
          return edit.InsertText(type == "meeting" ? "/minutes" : "/body", 0, text);
        },
        now);
  });
  Require(id.has_value(), "a record is refused: " + (id ? std::string() : id.error().detail));
  object record{{"id", id->Hex()},
                {"machine", machine},
                {"type", type},
                {"made", year_->Today()},
                {"text", text}};
  object told;
  for (const auto& [key, value] : fields) told[key] = value;
  record["fields"] = std::move(told);
  records_.push_back(std::move(record));
  return *id;
}

void Decade::Set(std::size_t machine, const crdt::DocumentId& id, const std::string& key,
                 const std::string& value) {
  year_->Change(machine, [&](replica::Replica& replica, Time now) {
    const auto set = [&](crdt::Transaction& edit) {
      return value.empty() ? edit.RemoveKey("/" + key) : edit.Set("/" + key, value);
    };
    Require(replica.Edit(id, set, now).has_value() && replica.Cut(id, now).has_value(),
            "an edit is refused");
  });
  Event("set", {{"id", id.Hex()}, {"key", key}, {"value", value}});
}

void Decade::Event(const char* what, object event) {
  event["what"] = what;
  event["stage"] = stages_.size();
  events_.push_back(std::move(event));
}

void Decade::Hire(std::size_t machine) {
  const std::string name = Name();
  staff_[machine].push_back({Make(machine, "contact",
                                  {{"family_name", name},
                                   {"organisation", Organisations()[machine]},
                                   {"email", name + "@weidenbruck.example"},
                                   {"retention_class", "L1"}}),
                             name});
}

void Decade::Retire(std::size_t machine, std::size_t person) {
  auto& staff = staff_[machine];
  Set(machine, staff[person].contact, "role_end", year_->Today());
  staff.erase(staff.begin() + static_cast<std::ptrdiff_t>(person));
}

void Decade::Found() {
  for (std::size_t machine = 0; machine < kOrganisations; ++machine) {
    organisations_.push_back(Make(machine, "organisation",
                                  {{"law_profile", "dsgvo_bdsg"},
                                   {"natural_person", "no"},
                                   {"public_body", machine == kPublicBody ? "yes" : "no"},
                                   {"retention_class", "L5"}}));
    for (std::size_t i = 0; i < kStaff; ++i) Hire(machine);
  }
}

// Some 15 per cent a year; whoever was there at the founding and still is goes in the tenth year.
void Decade::Turnover(std::size_t machine, int quarter) {
  const bool last = quarter >= kQuarters - 4;
  const bool leaves =
      last ? quarter < kQuarters - 1 || !staff_[machine].empty() : random_.Below(20) < 4;
  if (!leaves) return;
  const std::size_t leaving = last ? std::min<std::size_t>(2, staff_[machine].size()) : 1;
  for (std::size_t i = 0; i < leaving; ++i) {
    Retire(machine, 0);
    Hire(machine);
  }
}

// A meeting with whoever came, and what was taken on there.
void Decade::Work(std::size_t machine, int quarter) {
  std::string minutes = "Anwesend:";
  for (const Person& person : staff_[machine]) minutes += ' ' + person.name;
  const auto meeting = Make(machine, "meeting",
                            {{"title", "Treffen " + Name()},
                             {"date", DayAfter(quarter, 1 + random_.Below(60))},
                             {"retention_class", quarter % 5 == 0 ? "L2" : "L3"}},
                            minutes + "\n");
  meetings_.emplace_back(machine, meeting);
  const auto task = Make(machine, "task",
                         {{"title", "Aufgabe " + Name()},
                          {"due", DayAfter(quarter, random_.Below(80))},
                          {"assignee", staff_[machine].front().name},
                          {"status", "open"},
                          {"retention_class", "L3"}});
  if (random_.Below(4) != 0) Set(machine, task, "status", "done");
}

void Decade::Rotating(std::size_t machine, int quarter) {
  static const std::vector<std::string> classes = {"L4", "L6", "L7", "L8", "L9", "L10", "L11"};
  const std::string& name = classes[(static_cast<std::size_t>(quarter) + machine) % classes.size()];
  Make(machine, "note", {{"title", "Notiz " + Name()}, {"retention_class", name}},
       "Notiz " + Name() + "\n");
  if (quarter % 4 == static_cast<int>(machine) % 4) {
    Make(machine, "agreement",
         {{"title", "Vereinbarung " + Name()},
          {"end", DayAfter(quarter, 30 + random_.Below(400))},
          {"retention_class", "L5"}},
         "Zwischen " + Name() + "\n");
    Make(machine, "contact",
         {{"family_name", Name()}, {"organisation", "noch keine"}, {"retention_class", "L6"}});
  }
}

// Records that are held back and given free, a pause, a machine that is away.
void Decade::Exceptions(int quarter) {
  if (quarter % 2 == 1) {
    const auto& [machine, meeting] = meetings_[random_.Below(meetings_.size())];
    Site& site = year_->site(machine);
    const bool held =
        std::find(held_.begin(), held_.end(), std::pair(machine, meeting)) != held_.end();
    if (site.up() && !held && !*site.node().replica()->IsErased(meeting)) {
      Set(machine, meeting, "restricted", "legal_hold");
      held_.emplace_back(machine, meeting);
    }
  }
  if (quarter % 8 == 5 && held_.size() > 1 && year_->site(held_.front().first).up()) {
    const auto [machine, meeting] = held_.front();
    held_.erase(held_.begin());
    Set(machine, meeting, "restricted", "");
  }
  if (quarter == kPauseFrom) Set(kPaused, organisations_[kPaused], "retention_pause", "open");
  if (quarter == kPauseTo)
    Set(kPaused, organisations_[kPaused], "retention_pause", DayAfter(quarter, 40));
}

// The archive of the public body takes one of four, declines one, and says nothing to the others.
void Decade::Answers(int) {
  core::Retention& retention = *year_->site(kPublicBody).node().retention();
  std::vector<core::RetentionId> open;
  for (const auto& [id, notice] : retention.notices())
    if (notice.archive == governance::ArchiveAnswer::kOpen) open.push_back(id);
  for (const core::RetentionId& id : open) {
    const std::uint64_t dice = random_.Below(8);
    if (dice > 1) continue;
    const auto answer =
        dice == 0 ? governance::ArchiveAnswer::kTaken : governance::ArchiveAnswer::kDeclined;
    year_->Change(kPublicBody, [&](replica::Replica&, Time) {
      Require(retention.AnswerOffer(id, answer).has_value(), "an answer is refused");
    });
    Event("answer", {{"id", core::HexOf(id)}, {"answer", core::NameOf(answer)}});
  }
}

// Decided and sealed before everybody goes.
void Decade::Budget(int quarter) {
  const std::string year = DayAfter(quarter, 0).substr(0, 4);
  decisions_.push_back(
      year_->Decide(1, {"money", "", "", std::nullopt, "Haushalt " + year, "", ""}, {0, 1, 2, 3}));
  Comment(2, decisions_.back(), {{"enacted", year_->Today()}});
  year_->Sleep(9);
  year_->AwaitSeal();
}

void Decade::Quarter(int quarter) {
  if (quarter == kAwayTo) year_->Joins(kAway);
  year_->Open();
  year_->AwaitEqual();
  if (quarter == 4 || quarter == 20 || quarter == 44) Checkpoint();
  Answers(quarter);
  if (quarter >= kQuarters) return;
  if (quarter == 0) Found();
  for (std::size_t machine = 0; machine < kOrganisations; ++machine) {
    if (IsGone(machine, quarter)) continue;
    if (quarter > 0) Turnover(machine, quarter);
    Work(machine, quarter);
    Rotating(machine, quarter);
  }
  Exceptions(quarter);
  Debate(quarter);
  FreezeMinutes(quarter);
  Agreements(quarter);
  year_->AwaitEqual();
  if (quarter % 4 == 0) Budget(quarter);
  if (quarter == kAwayFrom) year_->Leaves(kAway);
  if (quarter == kLeft) LeavesForGood();
}

bool Decade::IsGone(std::size_t machine, int quarter) {
  return machine == kAway && ((quarter >= kAwayFrom && quarter < kAwayTo) || quarter > kLeft);
}

void Decade::LeavesForGood() {
  const log::OrgId org = year_->OrgOf(kAway);
  year_->Do(kAway, [](replica::Replica& replica, Time now) { return replica.Leave(now); });
  for (std::size_t machine = 0; machine < kAway; ++machine)
    year_->Await("the leave is known",
                 [&] { return year_->state(machine).Member(org) == nullptr; });
  year_->Leaves(kAway);
  Event("left", {{"machine", kAway}, {"day", year_->Today()}});
}

void Decade::Pass(int quarter) {
  object stage{{"from", year_->Today()}, {"to", DayAfter(quarter + 1, 0)}};
  array away;
  if (!year_->site(kAway).up()) away.emplace_back(kAway);
  stage["away"] = std::move(away);
  stages_.push_back(std::move(stage));
  year_->Alone((FirstDay(quarter + 1) * 24 + 6) * 3'600'000LL);
}

array Decade::Protocols() {
  array protocols;
  for (std::size_t machine = 0; machine < kOrganisations; ++machine) {
    array lines;
    if (!year_->site(machine).up()) {
      protocols.push_back(std::move(lines));
      continue;
    }
    for (const core::RetentionLine& line : year_->site(machine).node().retention()->Protocol())
      lines.push_back(object{{"day", governance::RenderDay(line.day)},
                             {"id", core::HexOf(line.record.id)},
                             {"class", line.record.retention_class},
                             {"until", governance::RenderDay(line.record.until)},
                             {"announced", governance::RenderDay(line.record.announced)},
                             {"archive", core::NameOf(line.record.archive)}});
    protocols.push_back(std::move(lines));
  }
  return protocols;
}

void Decade::Checkpoint() {
  array nodes;
  for (std::size_t machine = 0; machine < kOrganisations; ++machine) {
    object documents;
    if (!year_->site(machine).up()) continue;
    year_->Ask(machine, [&](replica::Replica& replica, Time) {
      const auto list = replica.ListDocuments();
      Require(list.has_value(), "the documents cannot be listed");
      for (const codec::StoredDocument& info : *list) {
        const auto open = replica.Open(info.id);
        Require(open.has_value(), "a document cannot be opened");
        auto fields = api::DocumentJson((*open)->document);
        Require(fields.has_value(), "a document cannot be shown");
        documents[info.id.Hex()] = *std::move(fields);
      }
      for (const boost::json::value& told : records_)
        if (const auto id = log::EntryId::FromHexText(std::string_view(told.at("id").as_string())))
          documents[id->Hex()] = HeldOf(replica, *id);
    });
    nodes.push_back(std::move(documents));
  }
  checkpoints_.push_back(object{{"day", year_->Today()},
                                {"stages", stages_.size()},
                                {"nodes", std::move(nodes)},
                                {"protocols", Protocols()}});
}

void Decade::Tell() {
  constexpr int kQuiet = 4;
  constexpr int kMorningS = 6 * 3600;  // the machines' clocks differ: all have the same day
  year_->Wait(kMorningS);
  for (int quarter = 0; quarter <= kQuarters + kQuiet; ++quarter) {
    Quarter(quarter);
    if (quarter < kQuarters + kQuiet) Pass(quarter);
  }
  Require(staff_[0].size() == kStaff, "somebody was not replaced");
  // What was erased last is taken off the disks twenty seconds later.
  year_->Wait(60);
  year_->AwaitEqual();
}

object Decade::History() {
  array decisions;
  for (const log::EntryId& id : decisions_) decisions.emplace_back(id.Hex());
  return {{"network", year_->founding().network().Hex()},
          {"public_body", kPublicBody},
          {"organisations", array(Organisations().begin(), Organisations().end())},
          {"records", records_},
          {"events", events_},
          {"stages", stages_},
          {"checkpoints", checkpoints_},
          {"decisions", std::move(decisions)}};
}

}  // namespace geflecht::sim
