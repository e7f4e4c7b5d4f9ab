#include "node/api/handlers/case_release.h"

#include <algorithm>

#include "base/hex.h"
#include "node/api/handlers/proposal_json.h"
#include "node/crypto/hash.h"
#include "node/crypto/sign.h"
#include "node/governance/kinds.h"
#include "node/governance/rule.h"

namespace geflecht::api {
namespace {

constexpr std::string_view kNameSpace = "case-guard.geflecht.v1";
constexpr std::size_t kMarkBytes = 16;

bool HasLine(std::string_view text, std::string_view line) {
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    if (text.substr(0, size) == line) return true;
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return false;
}

}  // namespace

std::string CaseMark(const Context& context, std::string_view text) {
  const crypto::Signature signature = context.device_key.Sign(kNameSpace, AsBytes(text));
  const crypto::Hash256 hash = crypto::Sha256(ByteView(signature.bytes));
  return ToHex(ByteView(hash.bytes).first(kMarkBytes));
}

std::string ReleaseLine(std::string_view mark) { return "case-guard " + std::string(mark); }

bool IsReleased(Context& context, std::string_view text) {
  replica::Replica* const replica = context.node.replica();
  if (replica == nullptr) return false;
  const std::string line = ReleaseLine(CaseMark(context, text));
  const log::OrgId own = context.card.org();
  const auto proposals = replica->council().OfKind(governance::kProposal);
  return std::any_of(proposals.begin(), proposals.end(), [&](const log::EntryId& id) {
    const replica::Council::Record* record = replica->council().Find(id);
    if (record == nullptr || record->org != own) return false;
    const auto found = FindProposal(*replica, id);
    if (!found || found->body.matter != governance::kContent) return false;
    if (!HasLine(found->body.text, line)) return false;
    const auto& cast = found->ballot.cast;
    return std::any_of(cast.begin(), cast.end(), [&](const governance::Ballot::Cast& vote) {
      return vote.org != own && vote.position == governance::Position::kYes;
    });
  });
}

}  // namespace geflecht::api
