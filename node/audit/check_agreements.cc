// Agreements of which the papers are open: who signed under which mandate, and how each stood at
// the bundle's date. A paper that counts for nothing is shown, and is no problem of the bundle: any
// member may write one.
#include <algorithm>
#include <map>

#include "node/audit/examination.h"
#include "node/governance/kinds.h"

namespace geflecht::audit {
namespace {

using governance::Agreement;

// For each notice, which entries of its space are it or have it in their past.
class Receipts {
 public:
  Receipts(const Examination& exam, const log::SpaceId& space) : exam_(exam), space_(space) {}

  void Follow(const std::vector<log::EntryId>& notices) {
    notices_ = notices;
    for (const FoundFeed& feed : exam_.feeds)
      if (feed.key.space == space_) feeds_[&feed];
    // Feeds go on as far as what they have seen is known, in turn; what waits for nothing that is
    // there goes on as well.
    for (bool forced = false;;) {
      bool moved = false;
      for (auto& [feed, at] : feeds_) moved = Advance(*feed, at, forced) || moved;
      if (!moved && forced) return;
      forced = !moved;
    }
  }

  bool Knows(const Place& place, std::size_t notice) const {
    const auto it = feeds_.find(place.feed);
    return it != feeds_.end() && place.index < it->second.known.size() &&
           it->second.known[place.index][notice];
  }
  // By organisation: the earliest time of an entry that knows. What stands behind the first one of
  // a branch belongs to that one's organisation.
  std::map<log::OrgId, std::int64_t> Received(std::size_t notice) const {
    std::map<log::OrgId, std::int64_t> received;
    for (const auto& [feed, at] : feeds_) {
      std::vector<std::optional<log::OrgId>> orgs(at.known.size());
      for (std::size_t i = 0; i < at.known.size(); ++i) {
        if (!at.known[i][notice]) continue;
        const log::Header& header = feed->items[i].header;
        const auto before = Before(*feed, i);
        orgs[i] = before && at.known[*before][notice]
                      ? orgs[*before]
                      : exam_.root->OrgAt(header.device, header.basis);
        if (!orgs[i]) continue;
        const auto [one, fresh] = received.try_emplace(*orgs[i], header.time_s);
        if (!fresh) one->second = std::min(one->second, header.time_s);
      }
    }
    return received;
  }

 private:
  struct Feed {
    std::vector<std::vector<bool>> known;  // by item, by notice
    std::vector<std::size_t> notices;      // by item: so many up to it
  };

  std::optional<std::size_t> Before(const FoundFeed& feed, std::size_t i) const {
    const auto& prev = feed.items[i].header.prev;
    if (!prev) return std::nullopt;
    if (i > 0 && feed.items[i - 1].id == *prev) return i - 1;
    const auto place = exam_.entries.Find(*prev);
    if (!place || place->feed != &feed || place->index >= i) return std::nullopt;
    return place->index;
  }

  bool Advance(const FoundFeed& feed, Feed& at, bool forced) {
    bool moved = false;
    for (std::size_t i = at.known.size(); i < feed.items.size(); i = at.known.size()) {
      std::vector<bool> known(notices_.size());
      if (const auto before = Before(feed, i)) known = at.known[*before];
      for (const log::EntryId& seen : feed.items[i].header.seen) {
        const auto place = exam_.entries.Find(seen);
        const auto other = place ? feeds_.find(place->feed) : feeds_.end();
        if (other == feeds_.end()) continue;
        if (place->index >= other->second.known.size()) {
          if (!forced) return moved;
          continue;
        }
        const std::vector<bool>& its = other->second.known[place->index];
        for (std::size_t n = 0; n < its.size(); ++n) known[n] = known[n] || its[n];
      }
      const auto before = Before(feed, i);
      at.notices.push_back(before ? at.notices[*before] : 0);
      if (feed.items[i].header.kind == governance::kNotice &&
          ++at.notices.back() <= governance::kNoticesOfFeedMax)
        for (std::size_t n = 0; n < notices_.size(); ++n)
          known[n] = known[n] || notices_[n] == feed.items[i].id;
      at.known.push_back(std::move(known));
      moved = true;
      if (forced) return true;
    }
    return moved;
  }

  const Examination& exam_;
  const log::SpaceId space_;
  std::vector<log::EntryId> notices_;
  std::map<const FoundFeed*, Feed> feeds_;
};

SignatureFact FactOf(const Examination& exam, const governance::PartyAct& act) {
  SignatureFact fact{act.id,     act.version, exam.root->NameOf(act.org), {}, act.mandate, {},
                     act.time_s, act.fault};
  const governance::Mandate* mandate =
      act.mandate ? exam.root->mandates().Find(*act.mandate) : nullptr;
  if (mandate != nullptr) {
    fact.person = mandate->name;
    fact.mandate_terms = governance::RenderMandateTerms(mandate->terms);
  }
  return fact;
}

std::vector<std::string> NamesOf(const Examination& exam, const std::vector<log::OrgId>& orgs) {
  std::vector<std::string> names;
  for (const log::OrgId& org : orgs) names.push_back(exam.root->NameOf(org));
  return names;
}

AgreementFact Describe(const Examination& exam, const Agreement& agreement, std::int64_t at_s) {
  AgreementFact fact;
  fact.space = agreement.space;
  if (const auto* const circle = exam.members->FindSpace(agreement.space))
    fact.space_name = circle->name;
  fact.id = agreement.id();
  fact.state = governance::StateOf(agreement.papers, at_s);
  const governance::AgreementVersion& version = *agreement.papers.Version(fact.state.version);
  fact.title = agreement.titles.at(version.id);
  fact.parties = NamesOf(exam, version.terms.parties);
  fact.missing = NamesOf(exam, fact.state.missing);
  for (const governance::PartyAct& act : agreement.papers.signatures)
    fact.signatures.push_back(FactOf(exam, act));
  for (const governance::PartyAct& act : agreement.papers.notices) {
    NoticeFact notice{FactOf(exam, act), false, {}, {}, {}};
    for (const governance::AgreementState::Notice& state : fact.state.notices) {
      if (state.notice != act.id) continue;
      notice.counts = true;
      notice.waits_for = NamesOf(exam, state.waits_for);
      notice.received = state.received;
      notice.ends = state.ends;
    }
    fact.notices.push_back(std::move(notice));
  }
  return fact;
}

// Whoever has no seat in a circle can sign or receive nothing there.
bool IsThere(const Examination& exam, const log::OrgId& org, const log::SpaceId& space) {
  return exam.root->IsMember(org) &&
         (space == exam.members->network_space() || exam.members->HasSeat(org, space));
}

// What the book cannot know: who has received notices, and who is gone.
void Complete(const Examination& exam, std::vector<Agreement>& agreements,
              const log::SpaceId& space) {
  std::vector<log::EntryId> notices;
  for (const Agreement& agreement : agreements)
    for (const governance::PartyAct& act : agreement.papers.notices) notices.push_back(act.id);
  Receipts receipts(exam, space);
  if (!notices.empty()) receipts.Follow(notices);
  for (Agreement& agreement : agreements) {
    governance::AgreementPapers& papers = agreement.papers;
    for (std::size_t n = 0; n < notices.size(); ++n) {
      if (std::none_of(papers.notices.begin(), papers.notices.end(),
                       [&](const auto& act) { return act.id == notices[n]; }))
        continue;
      papers.received[notices[n]] = receipts.Received(n);
      for (const governance::PartyAct& act : papers.signatures) {
        const auto place = exam.entries.Find(act.id);
        if (place && receipts.Knows(*place, n)) papers.knew.insert({notices[n], act.id});
      }
    }
    for (const governance::AgreementVersion& version : papers.versions)
      for (const log::OrgId& party : version.terms.parties)
        if (!IsThere(exam, party, space)) papers.gone.insert(party);
  }
}

}  // namespace

void NotePaper(Examination& exam, const FoundFeed& feed, const FeedItem& item,
               const log::Body& body) {
  const auto book = exam.books.find(feed.key.space);
  if (book == exam.books.end() || !governance::IsPaperKind(item.header.kind)) return;
  const log::Header& header = item.header;
  book->second.Add(
      {item.id, header.kind, header.about, exam.root->OrgAt(header.device, header.basis),
       header.time_s, header.evidence},
      body, [&](const log::EntryId& entry) { return exam.root->InPast(header.basis, entry); });
}

void CheckAgreements(Examination& exam) {
  if (exam.books.empty()) return;
  std::int64_t at_s = exam.info ? exam.info->exported_s : 0;
  if (!exam.info)
    for (const FoundFeed& feed : exam.feeds)
      for (const FeedItem& item : feed.items) at_s = std::max(at_s, item.header.time_s);
  exam.report.agreements_at_s = at_s;
  std::vector<AgreementFact>& facts = exam.report.agreements;
  for (const auto& [space, book] : exam.books) {
    std::vector<Agreement> agreements = book.All();
    Complete(exam, agreements, space);
    for (const Agreement& agreement : agreements) facts.push_back(Describe(exam, agreement, at_s));
  }
  std::sort(facts.begin(), facts.end(),
            [](const AgreementFact& a, const AgreementFact& b) { return a.id < b.id; });
}

}  // namespace geflecht::audit
