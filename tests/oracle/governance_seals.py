"""Seals: who must sign, first and second votes, contents, the chain, misconduct."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from governance_graph import Graph
from governance_state import Chain, States


@dataclass(frozen=True)
class Quorum:
    """What a seal's votes are measured against."""

    predecessor: int | None
    m: frozenset[str]
    k: frozenset[str]
    left: frozenset[str]

    def enough(self, signers: set[str]) -> bool:
        """More than 2/3 of K and, with those who left by themselves, more than half of M."""
        of_k = signers & self.k
        speaking = (of_k | self.left) & self.m
        return 3 * len(of_k) > 2 * len(self.k) and 2 * len(speaking) > len(self.m)


class Seals:
    """The seals of one graph."""

    def __init__(self, graph: Graph, states: States):
        self.graph = graph
        self.states = states
        self.chain = lru_cache(maxsize=None)(self._chain)
        self.quorum = lru_cache(maxsize=None)(self._quorum)
        self.counts = lru_cache(maxsize=None)(self._counts)
        self.second = lru_cache(maxsize=None)(self._second)
        self.rank = lru_cache(maxsize=None)(self._rank)
        self.content = lru_cache(maxsize=None)(self._content)

    def _quorum(self, seal: int) -> Quorum:
        past = self.graph.past[seal]
        chain = self.chain(past)
        m = self.states.members_at_seal(chain)
        there = self.states.at(past, chain, judged=True)
        k = (m & there.active) or there.active
        return Quorum(chain[-1] if chain else None, frozenset(m), frozenset(k),
                      frozenset(m & there.left))

    def _counts(self, vote: int) -> bool:
        """Whether a device signed that is certified in the past of the vote."""
        return self.states.by_device(vote, self.chain(self.graph.past[vote]))

    def votes(self, seal: int, mask: int) -> list[int]:
        """The seal-votes for this seal in `mask` that a certified device signed."""
        return [v for v in self.graph.seal_votes_about.get(seal, [])
                if mask >> v & 1 and self.counts(v)]

    def signers(self, seal: int, mask: int) -> set[str]:
        """Who voted for this seal in `mask`, in whichever round."""
        return {self.graph.entries[v].by for v in self.votes(seal, mask)}

    def _second(self, vote: int) -> bool:
        """Whether this vote confirms enough votes and its organisation is bound to no other."""
        g = self.graph
        seal, past, by = g.entries[vote].about, g.past[vote], g.entries[vote].by
        if not self.quorum(seal).enough(self.signers(seal, past)):
            return False
        for other in g.all("seal", past):
            if other != seal and not g.knows(seal, other) and by in self.signers(other, past):
                return False
        return True

    def effective(self, seal: int, mask: int) -> bool:
        """Whether enough second votes for this seal are in `mask`."""
        g = self.graph
        second = {g.entries[v].by for v in self.votes(seal, mask) if self.second(v)}
        return self.quorum(seal).enough(second)

    def _rank(self, seal: int) -> int:
        earlier = self.graph.all("seal", self.graph.past[seal])
        return 1 + max((self.rank(s) for s in earlier), default=0)

    def _content(self, seal: int) -> int:
        """What a seal seals: itself, or what one in its past with enough votes seals."""
        g = self.graph
        past = g.past[seal]
        rivals = [s for s in g.all("seal", past)
                  if self.quorum(s).predecessor == self.quorum(seal).predecessor
                  and self.quorum(s).enough(self.signers(s, past))]
        if not rivals:
            return seal
        return self.content(min(rivals, key=lambda s: (-self.rank(s), g.entries[s].id)))

    def misconduct(self, mask: int) -> dict[str, set[int]]:
        """Organisation -> seals it signed by votes neither of which the other seal knows."""
        g = self.graph
        signed: dict[str, list[tuple[int, int]]] = {}
        for seal in g.all("seal", mask):
            for vote in self.votes(seal, mask):
                signed.setdefault(g.entries[vote].by, []).append((vote, seal))
        found: dict[str, set[int]] = {}
        for organisation, votes in signed.items():
            for (v, s), (w, t) in combinations(votes, 2):
                if s != t and not g.knows(t, v) and not g.knows(s, w):
                    found.setdefault(organisation, set()).update((s, t))
        return found

    def _chain(self, mask: int) -> Chain:
        """The contents of the effective seals of `mask`, oldest first."""
        g = self.graph
        chain: list[int] = []
        effective = [s for s in g.all("seal", mask) if self.effective(s, mask)]
        while True:
            predecessor = chain[-1] if chain else None
            following = [s for s in effective if self.quorum(s).predecessor == predecessor]
            if not following:
                return tuple(chain)
            chain.append(self._winner(following, mask))

    def _winner(self, following: list[int], mask: int) -> int:
        """Of rival contents the one with more signers without misconduct, then the lower id."""
        contents: dict[int, set[str]] = {}
        for seal in following:
            signers = self.signers(seal, mask) & self.quorum(seal).k
            contents.setdefault(self.content(seal), set()).update(signers)
        if len(contents) == 1:
            return next(iter(contents))
        guilty = set(self.misconduct(mask))
        return min(contents,
                   key=lambda c: (-len(contents[c] - guilty), self.graph.entries[c].id))

    def rivals(self, mask: int) -> int:
        """How many effective seals of `mask` seal something that is not in the chain."""
        chain = self.chain(mask)
        return sum(1 for s in self.graph.all("seal", mask)
                   if self.effective(s, mask) and self.content(s) not in chain)
