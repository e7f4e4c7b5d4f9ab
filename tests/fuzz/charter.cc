// Founding. First byte: 0 the rules of a charter, 1 a founding or draft, 2 one founder's signature,
// 3 the rules of a charter as a founding whose device signed it.
#include "node/log/charter.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/signer.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckRules(std::string_view text) {
  const auto rules = log::ParseCharterText(text);
  if (!rules) return;
  CHECK(log::RenderCharterText(*rules) == text);
  CHECK(!rules->founders.empty() && rules->founders.size() <= limits::kFoundersMax);
  for (std::size_t i = 1; i < rules->founders.size(); ++i)
    CHECK(rules->founders[i - 1].org() < rules->founders[i].org());
}

void CheckFounding(std::string_view text) {
  const auto founding = log::ParseFounding(text);
  if (!founding) return;
  CHECK(log::RenderFounding(*founding) == text);
  CHECK(founding->Missing().size() + founding->signatures.size() == founding->text.founders.size());
}

void CheckSignature(std::string_view text) {
  const auto signature = log::ParseFounderSignature(text);
  if (!signature) return;
  CHECK(log::RenderFounderSignature(signature->network, signature->root, signature->signature) ==
        text);
}

void CheckDraft(std::string_view text) {
  const auto rules = log::ParseCharterText(text);
  if (!rules) return;
  SeededRandom random(1);
  const auto founding = log::DraftFounding(*rules, KnownKey(101), log::LifeId(), 0, random);
  if (!founding) return;
  const std::string drafted = log::RenderFounding(*founding);
  const auto again = log::ParseFounding(drafted);
  CHECK(again.has_value() && *again == *founding);
}

}  // namespace

void Charter(ByteView input) {
  Input in(input);
  switch (in.Below(4)) {
    case 0:
      return CheckRules(AsText(in.Rest()));
    case 1:
      return CheckFounding(AsText(in.Rest()));
    case 2:
      return CheckSignature(AsText(in.Rest()));
    default:
      return CheckDraft(AsText(in.Rest()));
  }
}

}  // namespace geflecht::fuzz
