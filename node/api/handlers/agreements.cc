// /api/v1/agreements: frozen texts, signatures, amendments, notices.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <set>

#include "node/api/context.h"
#include "node/api/handlers/agreement_json.h"
#include "node/api/handlers/case_check.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/spaces.h"
#include "node/crypto/base64.h"
#include "node/domain/document_types.h"
#include "node/governance/kinds.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

std::string FieldText(const crdt::Document& document, std::string_view key) {
  const auto found = document.Get("/" + std::string(key));
  if (!found || found->writings.empty()) return {};
  const auto* value = std::get_if<crdt::Value>(&found->writings.front().slot);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : *text;
}

Result<governance::AgreementTerms> TermsOf(const crdt::Document& document,
                                           const crdt::DocumentId& id) {
  const auto bad = [](std::string detail) {
    return Fail(Code::kUsage, std::move(detail), "hint.agreement-terms");
  };
  governance::AgreementTerms terms;
  std::string parties = FieldText(document, "parties");
  for (std::string_view rest = parties; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const auto org = log::OrgId::FromHexText(rest.substr(0, end));
    if (!org) return bad("parties are ids of organisations with spaces between");
    terms.parties.push_back(*org);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::sort(terms.parties.begin(), terms.parties.end());
  terms.parties.erase(std::unique(terms.parties.begin(), terms.parties.end()), terms.parties.end());
  for (const auto& [key, day] : {std::pair("start", &terms.start), std::pair("end", &terms.end)}) {
    const std::string text = FieldText(document, key);
    if (text.empty()) continue;
    *day = governance::ParseDay(text);
    if (!*day) return bad(std::string(key) + ": no day");
  }
  const std::string notice = FieldText(document, "notice");
  if (!notice.empty()) {
    terms.notice = governance::ParseNoticePeriod(notice);
    if (!terms.notice) return bad("notice: no period");
  }
  const std::string form = FieldText(document, "form");
  if (!form.empty() && form != "text" && form != "written") return bad("form: no such form");
  terms.written = form == "written";
  const std::string parent = FieldText(document, "parent");
  if (!parent.empty()) {
    terms.parent = log::EntryId::FromHexText(parent);
    if (!terms.parent) return bad("parent: no id of an agreement");
  }
  terms.document = governance::DocumentRef::From(id.view());
  return terms;
}

Result<std::vector<governance::EvidenceFile>> EvidenceOf(const object& body) {
  std::vector<governance::EvidenceFile> files;
  const Json* list = body.if_contains("evidence");
  if (list == nullptr) return files;
  if (!list->is_array()) return Fail(Code::kUsage, "the member \"evidence\" is no list");
  for (const Json& item : list->as_array()) {
    if (!item.is_object()) return Fail(Code::kUsage, "a file is no object");
    ASSIGN(const std::string name, TextMember(item.as_object(), "name"));
    const auto line = log::ToLine(name, governance::kEvidenceNameBytesMax);
    if (!line) return Fail(Code::kUsage, line.error().detail, "hint.evidence-name");
    ASSIGN(const std::string base64, TextMember(item.as_object(), "base64"));
    ASSIGN(Bytes content, crypto::FromBase64(base64));
    files.push_back({*line, std::move(content)});
  }
  return files;
}

Result<FoundDocument> DraftOf(const object& body, Context& context) {
  ASSIGN(const std::string id, TextMember(body, "document"));
  return FindDocument(id, context);
}

// The text of a document of type `agreement` as it stands now.
Result<governance::Frozen> FrozenOf(const object& body, const FoundDocument& found) {
  const crdt::Document& document = found.open->document;
  if (found.open->info.type != domain::kAgreement)
    return Fail(Code::kUsage, "the document is no agreement", "hint.no-agreement-draft");
  if (!document.Contests().empty())
    return Fail(Code::kConflict, "the document holds conflicts", "hint.agreement-conflicts");
  governance::Frozen frozen;
  frozen.what = governance::kAgreement;
  const auto title = log::ToLine(FieldText(document, "title"), governance::kTitleBytesMax);
  if (!title) return Fail(Code::kUsage, title.error().detail, "hint.agreement-title");
  frozen.title = *title;
  ASSIGN(const governance::AgreementTerms terms, TermsOf(document, found.id));
  frozen.terms = governance::RenderAgreementTerms(terms);
  ASSIGN(const std::string text, document.Text("/body"));
  ASSIGN(governance::TypedText typed, governance::BlocksOf(text));
  frozen.blocks = std::move(typed.blocks);
  frozen.persons = std::move(typed.persons);
  ASSIGN(frozen.evidence, EvidenceOf(body));
  return frozen;
}

Answer Show(const log::EntryId& version, replica::Replica& replica, Time now) {
  ASSIGN(governance::Agreement agreement, replica.AgreementOf(version));
  return AgreementJson(AgreementNow(replica, std::move(agreement), now), now);
}

// Drafts: documents of the type that no text was made of. Counts restricted ones.
Result<array> DraftsJson(replica::Replica& replica,
                         const std::vector<governance::Agreement>& agreements,
                         std::int64_t& restricted) {
  array drafts;
  std::set<std::pair<log::SpaceId, governance::DocumentRef>> frozen;
  for (const governance::Agreement& agreement : agreements)
    for (const governance::AgreementVersion& version : agreement.papers.versions)
      if (version.terms.document) frozen.emplace(agreement.space, *version.terms.document);
  ASSIGN(const auto documents, replica.ListDocuments(domain::kAgreement));
  for (const codec::StoredDocument& info : documents) {
    if (frozen.contains({info.space, *governance::DocumentRef::From(info.id.view())})) continue;
    const auto open = replica.Open(info.id);
    if (!open || (*open)->void_reason) continue;
    if (IsRestricted((*open)->document)) {
      ++restricted;
      continue;
    }
    object draft{{"document", info.id.Hex()},
                 {"title", FieldText((*open)->document, "title")},
                 {"conflicts", (*open)->document.Contests().size()}};
    AddSpace(draft, replica, info.space);
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

// GET ?due=DAYS: only those of which something is due within so many days, and no drafts.
Answer ListAgreements(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  std::int64_t days = kDueDays;
  const auto due = request.query.find("due");
  if (due != request.query.end()) {
    const std::string& text = due->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (error != std::errc() || end != text.data() + text.size() || days < 0 || days > 36500)
      return Fail(Code::kUsage, "due is a number of days", "hint.due-days");
  }
  ASSIGN(std::vector<governance::Agreement> agreements, replica->Agreements());
  array drafts;
  std::int64_t restricted = 0;
  if (due == request.query.end()) {
    ASSIGN(drafts, DraftsJson(*replica, agreements, restricted));
  }
  array list;
  for (governance::Agreement& agreement : agreements) {
    const FoundAgreement found = AgreementNow(*replica, std::move(agreement), context.now);
    object summary = AgreementSummary(found, context.now, days);
    if (due != request.query.end() && summary.at("due").as_array().empty()) continue;
    if (found.restricted) {
      ++restricted;
    } else {
      list.push_back(std::move(summary));
    }
  }
  return object{
      {"agreements", std::move(list)}, {"drafts", std::move(drafts)}, {"restricted", restricted}};
}

Answer ShowAgreement(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundAgreement found, FindAgreement(arguments.at(0), context));
  return AgreementJson(found, context.now);
}

Answer ShowEvidence(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundAgreement found, FindAgreement(arguments.at(0), context));
  ASSIGN(array files, EvidenceJson(found));
  return object{{"files", std::move(files)}};
}

// POST {document, evidence?: [{name, base64}]} -> as GET of it. The text lies where the document
// lies.
Answer Freeze(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const FoundDocument draft, DraftOf(body, context));
  ASSIGN(const governance::Frozen frozen, FrozenOf(body, draft));
  if (auto answer = FrozenCaseAnswer(request, context, frozen)) return *std::move(answer);
  const log::SpaceId space = replica->SpaceOf(draft.id);
  TRY(replica->CheckAgreement(frozen, space));
  ASSIGN(const log::EntryId id, replica->Freeze(frozen, space, context.now));
  return Show(id, *replica, context.now);
}

// The same for another text of an agreement, by the id of the version that holds.
Answer Amend(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundAgreement found, FindAgreement(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const FoundDocument draft, DraftOf(body, context));
  // Elsewhere others would read what the document says.
  if (found.replica->SpaceOf(draft.id) != found.agreement.space)
    return Fail(Code::kNotPermitted, "the document lies in another space", "hint.amend-space");
  ASSIGN(const governance::Frozen frozen, FrozenOf(body, draft));
  if (auto answer = FrozenCaseAnswer(request, context, frozen)) return *std::move(answer);
  ASSIGN(const log::EntryId id, found.replica->Amend(found.state.version, frozen, context.now));
  return Show(id, *found.replica, context.now);
}

Result<governance::SignedStatement> StatementOf(const object& body) {
  ASSIGN(const std::string text, TextMember(body, "statement"));
  auto said = governance::ParseSigned(text);
  if (!said) return Fail(Code::kUsage, said.error().detail, "hint.statement.other-object");
  return said;
}

// POST {statement, evidence?}: a signature of the version of the path.
Answer Sign(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundAgreement found, FindAgreement(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  governance::SignBody sign;
  ASSIGN(sign.said, StatementOf(body));
  ASSIGN(sign.evidence, EvidenceOf(body));
  const auto version = log::EntryId::FromHexText(arguments.at(0));
  TRY(found.replica->Sign(*version, sign, context.now));
  return Show(*version, *found.replica, context.now);
}

// POST {statement, reason?}: notice of the version of the path.
Answer GiveNotice(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundAgreement found, FindAgreement(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  governance::NoticeBody notice;
  ASSIGN(notice.said, StatementOf(body));
  if (body.contains("reason")) {
    ASSIGN(const std::string typed, TextMember(body, "reason"));
    auto reason = log::ToText(typed, governance::kReasonBytesMax);
    if (!reason) return Fail(Code::kUsage, reason.error().detail, "hint.notice-reason");
    notice.reason = *std::move(reason);
    if (auto answer = CaseAnswer(request, context, {{notice.reason, false, {}}}))
      return *std::move(answer);
  }
  const auto version = log::EntryId::FromHexText(arguments.at(0));
  TRY(found.replica->GiveNotice(*version, notice, context.now));
  return Show(*version, *found.replica, context.now);
}

}  // namespace

std::vector<Route> AgreementRoutes() {
  return {{"GET", "/api/v1/agreements", ListAgreements},
          {"POST", "/api/v1/agreements", Freeze},
          {"GET", "/api/v1/agreements/{}", ShowAgreement},
          {"GET", "/api/v1/agreements/{}/evidence", ShowEvidence},
          {"POST", "/api/v1/agreements/{}/amend", Amend},
          {"POST", "/api/v1/agreements/{}/signatures", Sign},
          {"POST", "/api/v1/agreements/{}/notices", GiveNotice}};
}

}  // namespace geflecht::api
