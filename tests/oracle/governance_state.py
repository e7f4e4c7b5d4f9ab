"""States: what is known and believed at a causally closed set, given the chain of seals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable

from governance_graph import Graph, bits
from governance_presence import Presence
from governance_rules import PROVISIONAL_KINDS, Electorate, Rule, electorate_of, holds

Chain = tuple[int, ...]


@dataclass
class Certificate:
    """A valid enact: the votes it counts and the two rules they had to satisfy."""

    enact: int
    proposal: int
    provisional: bool
    votes: dict[str, int]
    before: tuple[Rule, Electorate]
    now: tuple[Rule, Electorate]


@dataclass
class State:
    """What holds at a set of entries. Proposals map to the mask of their valid enacts."""

    effective: dict[int, int] = field(default_factory=dict)
    provisional: dict[int, int] = field(default_factory=dict)
    rejected: dict[int, int] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    roots: dict[str, str] = field(default_factory=dict)
    roles: set[tuple[str, str]] = field(default_factory=set)
    devices: set[tuple[str, str]] = field(default_factory=set)
    deprived: set[tuple[str, str]] = field(default_factory=set)
    rules: dict[str, Rule] = field(default_factory=dict)

    def rule_of(self, matter: str) -> Rule:
        """The rule in force for a matter."""
        return self.rules.get(matter, self.rules["*"])

    def electorate(self, matter: str, subject: str) -> Electorate:
        """Who decides this matter here."""
        return electorate_of(matter, subject, self.active, self.roles)


class States:
    """States of one graph, each computed once."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self._states: dict[tuple[int, Chain, bool], State] = {}
        self._certificates: dict[tuple[int, Chain], Certificate | None] = {}

    def at(self, mask: int, chain: Chain, judged: bool = False) -> State:
        """The state of `mask` under these contents of seals; `judged`: as if sealed here."""
        chain = self.within(chain, mask)
        key = (mask, chain, judged)
        if key not in self._states:
            self._states[key] = self._compute(mask, chain, judged)
        return self._states[key]

    def within(self, chain: Chain, mask: int) -> Chain:
        """The elements of the chain that lie in `mask`."""
        return tuple(c for c in chain if mask >> c & 1)

    def before(self, entry: int, chain: Chain) -> State:
        """The state of the past of an entry, with the chain elements in it."""
        return self.at(self.graph.past[entry], chain)

    def sealed(self, chain: Chain) -> State:
        """The state that the last element of a chain seals; before any seal: nothing decided."""
        if not chain:
            return State()
        return self.at(self.graph.past[chain[-1]], chain[:-1], judged=True)

    def void(self, mask: int, chain: Chain) -> int:
        """Entries of `mask` concurrent with an element of the chain, but for the exceptions."""
        g = self.graph
        found = 0
        for c in self.within(chain, mask):
            found |= mask & g.voidable & ~(g.past[c] | g.future[c])
        return found

    def members_at_seal(self, chain: Chain) -> set[str]:
        """M: the active members of the last element's state, of the charter if there is none."""
        return set(self.sealed(chain).active) if chain else set(self.graph.founders())

    # ---- signatures

    def by_device(self, entry: int, chain: Chain) -> bool:
        """Whether a device signed that is certified in the entry's own past."""
        e = self.graph.entries[entry]
        if "root" in e.raw:
            return False
        return (e.by, e.text("device")) in self.before(entry, chain).devices

    def by_member(self, entry: int, chain: Chain) -> bool:
        """Whether a certified device or the present root key of a member signed."""
        e = self.graph.entries[entry]
        if "root" not in e.raw:
            return self.by_device(entry, chain)
        state = self.before(entry, chain)
        return e.by in state.members and state.roots.get(e.by) == e.raw["root"]

    # ---- knowledge

    def votes(self, proposal: int, mask: int, chain: Chain) -> dict[str, int]:
        """The one latest vote of each organisation in `mask`; of several latest ones, none."""
        g = self.graph
        live = mask & ~self.void(mask, chain)
        cast: dict[str, list[int]] = {}
        for v in g.votes_about.get(proposal, []):
            if live >> v & 1 and self.by_device(v, chain):
                cast.setdefault(g.entries[v].by, []).append(v)
        counted = {}
        for organisation, all_votes in cast.items():
            latest = [v for v in all_votes if not any(g.knows(w, v) for w in all_votes)]
            if len(latest) == 1:
                counted[organisation] = latest[0]
        return counted

    def certificate(self, enact: int, chain: Chain) -> Certificate | None:
        """The enact as its past and the chain elements in it judge it; None if it is invalid."""
        chain = self.within(chain, self.graph.past[enact])
        key = (enact, chain)
        if key not in self._certificates:
            self._certificates[key] = self._judge(enact, chain)
        return self._certificates[key]

    def _judge(self, enact: int, chain: Chain) -> Certificate | None:
        g = self.graph
        entry, past = g.entries[enact], g.past[enact]
        proposal = entry.about
        if proposal not in g.decided or not past >> proposal & 1:
            return None
        if self.void(past, chain) >> proposal & 1 or not self.by_device(proposal, chain):
            return None
        own, then = self.before(enact, chain), self.before(proposal, chain)
        decided = g.decided[proposal]
        now = own.rule_of(decided.matter), own.electorate(decided.matter, decided.subject)
        before = then.rule_of(decided.matter), then.electorate(decided.matter, decided.subject)
        votes = self.votes(proposal, past, chain)
        for v in entry.votes:
            if v not in votes.values() or g.entries[v].by not in before[1].voters:
                return None
        provisional = now[0].kind in PROVISIONAL_KINDS or before[0].kind in PROVISIONAL_KINDS
        listed = {o: v for o, v in votes.items() if v in entry.votes}
        found = Certificate(enact, proposal, provisional, votes if provisional else listed, before,
                            now)
        if not self.holds_twice(found, found.votes):
            return None
        if decided.matter in ("remove", "inactive"):
            if not self._leaves_more_than_half(decided.subject, own, chain):
                return None
        if decided.matter == "admit" and decided.subject in own.members:
            if own.roots[decided.subject] != decided.value:
                return None
        return found

    def holds_twice(self, c: Certificate, votes: dict[str, int]) -> bool:
        """Whether these votes satisfy the rule of the proposal's past and of the enact's past."""
        both = c.before[1].voters & c.now[1].voters
        positions = {o: self.graph.entries[v].text("position") for o, v in votes.items()}
        matter = self.graph.decided[c.proposal].matter
        return all(holds(rule, matter, electorate, both, positions)
                   for rule, electorate in (c.before, c.now))

    def _leaves_more_than_half(self, subject: str, own: State, chain: Chain) -> bool:
        """Whether more than half of M stays active or is gone by its own leave."""
        g, m = self.graph, self.members_at_seal(chain)
        going = {subject} | {g.decided[p].subject for p in own.provisional
                             if g.decided[p].matter in ("remove", "inactive")}
        kept = m & ((own.active - going) | own.left)
        return 2 * len(kept) > len(m)

    # ---- belief

    def _compute(self, mask: int, chain: Chain, judged: bool) -> State:
        sealed = self.sealed(chain)
        open_ = self._open_certificates(mask, chain, sealed)
        state = State(dict(sealed.effective), {}, dict(sealed.rejected))
        self._believe_removals(open_, state, mask, chain, judged)
        self._believe_others(open_, state, mask, chain, judged)
        for proposal, certificates in open_.items():
            if proposal in state.effective:
                continue
            enacts = mask_of(c.enact for c in certificates)
            if judged:
                state.rejected[proposal] = enacts
            elif any(c.provisional for c in certificates):
                state.provisional[proposal] = enacts
        Presence(self, state, mask, chain).fill()
        return state

    def _open_certificates(self, mask: int, chain: Chain,
                           sealed: State) -> dict[int, list[Certificate]]:
        """Valid enacts of proposals that no seal has closed, in the order of judgement."""
        g = self.graph
        live = mask & ~self.void(mask, chain)
        found: dict[int, list[Certificate]] = {}
        for enact in sorted(g.all("enact", live), key=g.size_and_id):
            c = self.certificate(enact, chain)
            if c and c.proposal not in sealed.effective and c.proposal not in sealed.rejected:
                found.setdefault(c.proposal, []).append(c)
        return found

    def _believe_removals(self, open_: dict[int, list[Certificate]], state: State, mask: int,
                          chain: Chain, judged: bool) -> None:
        for proposal, certificates in open_.items():
            if self.graph.decided[proposal].matter != "remove":
                continue
            for c in certificates:
                if not c.provisional or (judged and self.holds_twice(
                        c, self.votes(proposal, mask, chain))):
                    state.effective[proposal] = mask_of(d.enact for d in certificates)

    def _believe_others(self, open_: dict[int, list[Certificate]], state: State, mask: int,
                        chain: Chain, judged: bool) -> None:
        """Judges each certificate after those in its past; one that holds is enough."""
        g = self.graph
        removed = self._removal_enacts(state)
        members = self._members_by_seal(chain)
        gone = self._goings_since(removed, mask, chain)
        admitted: dict[str, int] = {}

        def keeps(organisation: str, vote: int) -> bool:
            past = g.past[vote]
            for enacts in removed.get(organisation, []):
                if not past & enacts and any(g.concurrent(e, vote) for e in bits(enacts)):
                    return False
            still = organisation in members and not past & gone.get(organisation, 0)
            return still or bool(past & admitted.get(organisation, 0))

        certificates = [c for listed in open_.values() for c in listed
                        if g.decided[c.proposal].matter != "remove"
                        and (judged or not c.provisional)]
        for c in sorted(certificates, key=lambda c: g.size_and_id(c.enact)):
            votes = self.votes(c.proposal, mask, chain) if c.provisional else c.votes
            if self.holds_twice(c, {o: v for o, v in votes.items() if keeps(o, v)}):
                state.effective[c.proposal] = mask_of(d.enact for d in open_[c.proposal])
                decided = g.decided[c.proposal]
                if decided.matter == "admit":
                    admitted[decided.subject] = admitted.get(decided.subject, 0) | 1 << c.enact

    def _members_by_seal(self, chain: Chain) -> set[str]:
        return self.sealed(chain).members if chain else set(self.graph.founders())

    def _goings_since(self, removed: dict[str, list[int]], mask: int,
                      chain: Chain) -> dict[str, int]:
        """Leaves and enacts of removals by organisation, outside the past of the last seal."""
        g = self.graph
        since = mask & ~(g.past[chain[-1]] if chain else 0)
        gone = {o: sum_of(enacts) & since for o, enacts in removed.items()}
        for i in g.all("org.leave", since):
            if self.by_member(i, chain):
                by = g.entries[i].by
                gone[by] = gone.get(by, 0) | 1 << i
        return gone

    def _removal_enacts(self, state: State) -> dict[str, list[int]]:
        """The masks of the enacts of each effective removal, by whom it removes."""
        found: dict[str, list[int]] = {}
        for proposal, enacts in state.effective.items():
            decided = self.graph.decided[proposal]
            if decided.matter == "remove":
                found.setdefault(decided.subject, []).append(enacts)
        return found


def sum_of(masks: Iterable[int]) -> int:
    """The union of these sets."""
    total = 0
    for mask in masks:
        total |= mask
    return total


def mask_of(indices: Iterable[int]) -> int:
    """The set of these indices."""
    mask = 0
    for i in indices:
        mask |= 1 << i
    return mask
