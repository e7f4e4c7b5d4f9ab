// Writes small bundles, their networks' ids and the exporter's secret key, for the comparison of
// the two verifiers: bundle_samples FOLDER makes FOLDER/NAME/ and FOLDER/NAME.net for each.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/bundle_folder.h"
#include "tests/unit/audit/fixture.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit {
namespace {

using namespace testing;

// A feed of one organisation that goes on behind its first entry twice.
World ForkedWorld() {
  World world = MergedWorld();
  const log::Entry first = world.At(world.FeedOf(1)).entries[0];
  world.Change(1, {}, [&](log::Header& header) {
    header.prev = first.id;
    header.seq = 1;
  });
  return world;
}

World LivesWorld() {
  World world(2);
  const auto last = world.Change(1);
  world.Change(1, {}, nullptr, 0x21);
  world.Change(2, {last});
  world.Gather(2, {}, [&](log::Header& header) { header.about = last; });
  return world;
}

bool Write(const std::filesystem::path& root, const std::string& name, const World& world,
           const Bundle& bundle) {
  std::ofstream(root / (name + ".net")) << world.network().Hex() << "\n";
  return cli::WriteBundleFolder(root / name, bundle).has_value();
}

ExportOptions ReceiptOf(const log::EntryId& entry, bool open) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kReceipt;
  options.entry = entry;
  if (open) options.open_entries.insert(entry);
  return options;
}

void Complete(SealedWorld& sealed) {
  sealed.SealAndGather();
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
}

governance::ProposalBody About(std::string matter, std::string subject, std::string value) {
  return {std::move(matter), std::move(subject), std::move(value), std::nullopt, "Antrag", "", ""};
}

// Rules, roles, a removal, an admission; certificates that do not hold; votes for seals that
// exclude one another.
void Dispute(SealedWorld& world) {
  Council& council = world.council;
  const auto decide = [&](const governance::ProposalBody& body, std::vector<std::uint8_t> orgs) {
    const log::EntryId proposal = council.Propose(body);
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : orgs)
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    return council.Enact(proposal, votes);
  };
  decide(Council::Admission(4), {1, 2});
  const std::string second = OrgCard(2).org().Hex();
  decide(About("role", second, "+body:rat"), {1, 2, 3});
  decide(About("rule", "money", "consent 3"), {1, 2, 3});
  decide(About("money", "", ""), {1, 2, 3});
  decide(About("body:rat", "", ""), {1});
  council.Seal({1, 2, 3, 4});
  decide(About("remove", OrgCard(3).org().Hex(), ""), {1, 2, 4});
  decide(About("geld", "", ""), {1});
  const std::vector<log::EntryId> heads = council.Heads();
  const log::EntryId a =
      council.Write(1, governance::kSeal, council.SealOf(heads), {}, council.Heads(1));
  std::vector<log::EntryId> others;
  for (const log::EntryId& head : heads)
    if (!council.IsOwn(2, head)) others.push_back(head);
  const log::EntryId b = council.Write(2, governance::kSeal, council.SealOf(heads), {}, others);
  council.WriteAll(4, governance::kSealVote, {}, a);
  council.WriteAll(4, governance::kSealVote, {}, b);
}

ExportOptions FirstHours(const World& world) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kScope;
  options.to_s = log::testing::kNoon;
  options.nonce = "00ff";
  options.open_spaces.insert(world.space());
  return options;
}

bool WriteAll(const std::filesystem::path& root) {
  World merged = MergedWorld();
  World covered = WorldOfOne(12);
  const log::EntryId merged_entry = merged.At(merged.FeedOf(2)).entries[1].id;
  const log::EntryId covered_entry = covered.At(covered.FeedOf(1)).entries[5].id;
  const World forked = ForkedWorld();
  const World lives = LivesWorld();
  const GovernedWorld governed = Admitted();
  SealedWorld sealed;
  Complete(sealed);
  SealedWorld missing;
  missing.council.Seal({1, 2, 3});
  missing.Gather(1);
  missing.Ask();
  missing.Answer(3);
  SealedWorld disputed;
  Dispute(disputed);
  std::ofstream(root / "exporter.seed") << ToHex(Device(1).seed()) << "\n";
  return Write(root, "leaves", merged, merged.Exported()) &&
         Write(root, "open", merged, OpenBundle(merged)) &&
         Write(root, "covered", covered, OpenBundle(covered)) &&
         Write(root, "forked", forked, OpenBundle(forked)) &&
         Write(root, "lives", lives, lives.Exported()) &&
         Write(root, "governed", governed.world, governed.world.Exported()) &&
         Write(root, "sealed", sealed.world, sealed.world.Exported()) &&
         Write(root, "missing", missing.world, missing.world.Exported()) &&
         Write(root, "disputed", disputed.world, disputed.world.Exported()) &&
         Write(root, "scope", merged, merged.Exported(FirstHours(merged))) &&
         Write(root, "receipt", merged, merged.Exported(ReceiptOf(merged_entry, true))) &&
         Write(root, "covering", covered, covered.Exported(ReceiptOf(covered_entry, false)));
}

}  // namespace
}  // namespace geflecht::audit

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: bundle_samples FOLDER\n"), 2;
  return geflecht::audit::WriteAll(argv[1]) ? 0 : 1;
}
