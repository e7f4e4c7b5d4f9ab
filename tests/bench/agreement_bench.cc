// What a list of agreements costs beside many other documents:
//   agreement_bench [CONTACTS [AGREEMENTS]]
// prints milliseconds and, from the same run, how many times as long it takes to read all documents
// for the drafts and to build everything for one agreement.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/check.h"
#include "node/domain/document_types.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

constexpr Time kNow{0, 1'772'452'800'000};

template <class Work>
double Milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

void Fill(Network& net, std::size_t notes, std::size_t agreements) {
  Device& device = net[0];
  for (std::size_t i = 0; i < notes; ++i) device.MakeNote("Notiz");
  const crypto::SigningKey person = crypto::SigningKey::Generate(device.random);
  const log::OrgId own = device.Card().org();
  const auto mandate =
      device.replica->AddPerson({person.public_key(),
                                 governance::SignStatement({net.founding.network(),
                                                            std::string(governance::kActMandate),
                                                            {},
                                                            "sign - -",
                                                            own,
                                                            {},
                                                            kNow.wall_ms / 1000},
                                                           person),
                                 "Person"},
                                kNow);
  CHECK(mandate.has_value());
  governance::AgreementTerms terms;
  for (const auto& one : net.devices) terms.parties.push_back(one->Card().org());
  std::sort(terms.parties.begin(), terms.parties.end());
  for (std::size_t i = 0; i < agreements; ++i) {
    const auto frozen = device.replica->Freeze({std::string(governance::kAgreement),
                                                "Vereinbarung " + std::to_string(i),
                                                governance::RenderAgreementTerms(terms),
                                                {"Es hilft.\n"},
                                                {},
                                                {}},
                                               net.space, kNow);
    CHECK(frozen.has_value());
    const governance::SignBody sign{
        governance::SignStatement({net.founding.network(), std::string(governance::kActSign),
                                   *frozen, "", own, *mandate, kNow.wall_ms / 1000},
                                  person),
        {}};
    CHECK(device.replica->Sign(*frozen, sign, kNow).has_value());
    device.Write();
  }
}

void Measure(std::size_t notes, std::size_t agreements) {
  Network net(2);
  Fill(net, notes, agreements);
  net[0].Load(net.founding);
  Replica& replica = *net[0].replica;
  const double first = Milliseconds([&] { CHECK(replica.Agreements().has_value()); });
  std::vector<governance::Agreement> all;
  const double again = Milliseconds([&] { all = *replica.Agreements(); });
  CHECK(all.size() == agreements);
  const double states = Milliseconds([&] {
    for (const governance::Agreement& one : all) (void)StateOf(one.papers, kNow.wall_ms / 1000);
  });
  const double one = Milliseconds([&] { CHECK(replica.AgreementOf(all.back().id()).has_value()); });
  const double everything = Milliseconds([&] { CHECK(replica.ListDocuments().has_value()); });
  const double drafts =
      Milliseconds([&] { CHECK(replica.ListDocuments(domain::kAgreement).has_value()); });
  std::cout << notes << " notes, " << agreements << " agreements: first list " << first
            << " ms, again " << again << " ms, states " << states << " ms, one of them " << one
            << " ms (" << again / one << " times less), all documents " << everything
            << " ms, drafts alone " << drafts << " ms (" << everything / drafts << " times less)\n";
}

}  // namespace
}  // namespace geflecht::replica

int main(int argc, char** argv) {
  const std::size_t notes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const std::size_t agreements = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
  geflecht::replica::Measure(notes, agreements);
  return 0;
}
