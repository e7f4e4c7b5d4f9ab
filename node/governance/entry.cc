#include "node/governance/entry.h"

namespace geflecht::governance {
namespace {

struct MatterName {
  std::string_view operator()(const Admit&) const { return kAdmit; }
  std::string_view operator()(const Remove&) const { return kRemove; }
  std::string_view operator()(const SetInactive&) const { return kInactive; }
  std::string_view operator()(const Rekey&) const { return kRekey; }
  std::string_view operator()(const ChangeRole&) const { return kRole; }
  std::string_view operator()(const ChangeRule&) const { return kRule; }
  std::string_view operator()(const ChangeSpace&) const { return kSpace; }
  std::string_view operator()(const EraseContent&) const { return kContent; }
  std::string_view operator()(const Resolve& resolve) const { return resolve.matter; }
};

}  // namespace

std::string_view MatterOf(const Measure& measure) { return std::visit(MatterName{}, measure); }

}  // namespace geflecht::governance
