"""Who and what is there: members, activity, root keys, roles, devices and rules of a state.

A member, role or device is there if one add has in its past an enact (leave, revocation) of every
effective removal of it. What whoever added it knew is the past of the proposal, not of the enact:
anybody may post an old certificate again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable

from governance_rules import Rule, read_rule, strictness

if TYPE_CHECKING:
    from governance_state import Chain, State, States

Device = tuple[str, str]
FORKS_THAT_SUSPEND = 2


def present(adds: Iterable[int], removals: list[int]) -> bool:
    """Whether the past of one add meets every removal."""
    return any(all(add & removal for removal in removals) for add in adds)


class Presence:
    """Fills in a state whose effective decisions are known."""

    def __init__(self, states: States, state: State, mask: int, chain: Chain):
        self.states = states
        self.graph = states.graph
        self.state = state
        self.mask = mask
        self.chain = chain
        self.live = mask & ~states.void(mask, chain)

    def fill(self) -> None:
        """Computes all that follows from the effective decisions."""
        self._members()
        self._roots()
        self._roles()
        self._devices()
        self._rules()

    def _effective(self, *matters: str) -> list[tuple[int, int]]:
        return [(p, enacts) for p, enacts in self.state.effective.items()
                if self.graph.decided[p].matter in matters]

    def _subject(self, proposal: int) -> str:
        return self.graph.decided[proposal].subject

    def _charter_in(self) -> bool:
        return bool(self.mask >> self.graph.charter & 1)

    def _members(self) -> None:
        g, state = self.graph, self.state
        adds: dict[str, list[int]] = {}
        for founder in g.founders() if self._charter_in() else []:
            adds.setdefault(founder, []).append(0)
        for p, _ in self._effective("admit"):
            adds.setdefault(self._subject(p), []).append(g.past[p])
        leaves: dict[str, list[int]] = {}
        for i in g.all("org.leave", self.mask):
            if self.states.by_member(i, self.chain):
                leaves.setdefault(g.entries[i].by, []).append(1 << i)
        removals = self._enacts_by_subject("remove")
        inactivations = self._enacts_by_subject("inactive")
        for organisation, pasts in adds.items():
            gone = leaves.get(organisation, [])
            if not present(pasts, gone):
                state.left.add(organisation)
            if present(pasts, gone + removals.get(organisation, [])):
                state.members.add(organisation)
                if present(pasts, inactivations.get(organisation, [])):
                    state.active.add(organisation)

    def _enacts_by_subject(self, matter: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for p, enacts in self._effective(matter):
            found.setdefault(self._subject(p), []).append(enacts)
        return found

    def _newest(self, decisions: list[tuple[int, int]]) -> list[int]:
        """Proposals none of whose enacts another of these proposals has in its past."""
        return [p for p, enacts in decisions
                if not any(q != p and self.graph.past[q] & enacts for q, _ in decisions)]

    def _roots(self) -> None:
        g, state = self.graph, self.state
        if self._charter_in():
            state.roots = {founder: g.founder_keys(founder)[0] for founder in g.founders()}
        by_subject: dict[str, list[tuple[int, int]]] = {}
        for p, enacts in self._effective("admit", "rekey"):
            by_subject.setdefault(self._subject(p), []).append((p, enacts))
        for organisation, decisions in by_subject.items():
            first = min(self._newest(decisions), key=lambda p: g.entries[p].id)
            state.roots[organisation] = g.decided[first].value

    def _roles(self) -> None:
        g, state = self.graph, self.state
        adds: dict[tuple[str, str], list[int]] = {}
        removals: dict[tuple[str, str], list[int]] = {}
        for p, enacts in self._effective("role"):
            sign, role = g.decided[p].value[:1], (self._subject(p), g.decided[p].value[1:])
            if sign == "+":
                adds.setdefault(role, []).append(g.past[p])
            else:
                removals.setdefault(role, []).append(enacts)
        for p, enacts in self._effective("space"):
            for given, organisation, name in g.entries[p].raw.get("seats", []):
                if given:
                    adds.setdefault((organisation, name), []).append(g.past[p])
                else:
                    removals.setdefault((organisation, name), []).append(enacts)
        for role, pasts in adds.items():
            if role[0] in state.members and present(pasts, removals.get(role, [])):
                state.roles.add(role)

    def _device_adds(self) -> list[tuple[Device, str, int]]:
        """Every add of a device: the device, the root key that speaks for it, what it knew."""
        g = self.graph
        adds = [((f, g.founder_keys(f)[1]), g.founder_keys(f)[0], 0)
                for f in g.founders()] if self._charter_in() else []
        for p, _ in self._effective("admit", "rekey"):
            decided = g.decided[p]
            adds.append(((decided.subject, decided.device), decided.value, g.past[p]))
        for i in g.all("device.add", self.live):
            e = g.entries[i]
            if "root" in e.raw:
                adds.append(((e.by, e.text("subject")), e.raw["root"], g.past[i]))
        return adds

    def _devices(self) -> None:
        g, state = self.graph, self.state
        revocations: dict[Device, list[int]] = {}
        for i in g.all("device.revoke", self.mask):
            if self.states.by_member(i, self.chain):
                device = g.entries[i].by, g.entries[i].text("subject")
                revocations.setdefault(device, []).append(1 << i)
        for device, root, past in self._device_adds():
            state.deprived.add(device)
            if (device[0] in state.members and state.roots.get(device[0]) == root
                    and present([past], revocations.get(device, []))
                    and self._forks_outside(device, past) < FORKS_THAT_SUSPEND):
                state.devices.add(device)
        state.deprived -= state.devices

    def _forks_outside(self, device: Device, past: int) -> int:
        """How many positions this device is proven to have used twice, outside that past."""
        g = self.graph
        positions = set()
        for i in g.all("fork.evidence", self.mask & ~past):
            if tuple(g.entries[i].raw["subject"]) == device:
                positions.add(g.entries[i].text("position"))
        return len(positions)

    def _rules(self) -> None:
        g, state = self.graph, self.state
        charter = g.entries[g.charter].raw
        state.rules = {"*": read_rule(charter["rule"])}
        state.rules.update((m, read_rule(r)) for m, r in charter.get("rules", {}).items())
        by_matter: dict[str, list[tuple[int, int]]] = {}
        for p, enacts in self._effective("rule"):
            if g.decided[p].rule is not None:
                by_matter.setdefault(g.decided[p].sets_rule_of, []).append((p, enacts))
        for matter, decisions in by_matter.items():
            strictest = min(self._newest(decisions), key=self._strictness)
            state.rules[matter] = self._rule_of(strictest)

    def _rule_of(self, proposal: int) -> Rule:
        rule = self.graph.decided[proposal].rule
        assert rule is not None
        return rule

    def _strictness(self, proposal: int) -> tuple[tuple[int, int, int], str]:
        return strictness(self._rule_of(proposal)), self.graph.entries[proposal].id
