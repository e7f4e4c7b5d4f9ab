"""Entries of a governance graph: reading the form of the vectors, causal pasts as bit masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from governance_rules import Rule, read_rule

NEVER_VOID = {"device.add", "device.revoke", "org.leave", "fork.evidence", "seal", "seal-vote"}
ROOT_TYPES = NEVER_VOID | {"charter", "proposal", "vote", "enact"}


class BadGraph(Exception):
    """The input is no causally closed graph with one charter."""


@dataclass
class Entry:
    """One entry. Fields that its type does not have are empty."""

    id: str
    type: str
    by: str
    parents: list[int]
    about: int | None
    votes: list[int]
    raw: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """The field as a text, `default` if the entry has none."""
        return self.raw.get(name, default)


@dataclass
class Decided:
    """What a proposal would change."""

    matter: str
    subject: str
    value: str
    rule: Rule | None = None
    sets_rule_of: str = "*"
    device: str = ""  # on the card; the vectors name root key and device by one word


class Graph:
    """All entries of a case, by index in the order of arrival; sets of entries are bit masks."""

    def __init__(self, entries: list[dict[str, Any]]):
        self.index: dict[str, int] = {}
        self.entries: list[Entry] = []
        self.past: list[int] = []
        self.future: list[int] = []
        self.charter = -1
        self.root_mask = 0
        self.voidable = 0
        self.of_type: dict[str, int] = {}
        for raw in entries:
            self._add(raw)
        if self.charter < 0:
            raise BadGraph("no charter")
        self._fill_future()
        self.decided = {i: read_decided(self.entries[i])
                        for i in bits(self.of_type.get("proposal", 0))}
        self.votes_about = self._by_about("vote")
        self.seal_votes_about = self._by_about("seal-vote")

    def _add(self, raw: dict[str, Any]) -> None:
        here = len(self.entries)
        if raw["id"] in self.index:
            raise BadGraph(f"{raw['id']} occurs twice")
        for parent in raw["parents"]:
            if parent not in self.index:
                raise BadGraph(f"{raw['id']} comes before its parent {parent}")
        parents = [self.index[p] for p in raw["parents"]]
        past = 0
        for parent in parents:
            past |= self.past[parent] | 1 << parent
        about = self.index.get(raw["about"]) if isinstance(raw.get("about"), str) else None
        votes = [self.index.get(v, -1) for v in raw.get("votes", [])]
        entry = Entry(raw["id"], raw["type"], raw["by"], parents, about, votes, raw)
        self.index[entry.id] = here
        self.entries.append(entry)
        self.past.append(past)
        self.of_type[entry.type] = self.of_type.get(entry.type, 0) | 1 << here
        if not is_content(entry):
            self.root_mask |= 1 << here
            if entry.type not in NEVER_VOID:
                self.voidable |= 1 << here
        if entry.type == "charter":
            if self.charter >= 0:
                raise BadGraph("two charters")
            self.charter = here

    def _fill_future(self) -> None:
        self.future = [0] * len(self.entries)
        for here, past in enumerate(self.past):
            for earlier in bits(past):
                self.future[earlier] |= 1 << here

    def _by_about(self, kind: str) -> dict[int, list[int]]:
        """Entries of this type by what they are about; only where that lies in their past."""
        found: dict[int, list[int]] = {}
        for i in bits(self.of_type.get(kind, 0)):
            about = self.entries[i].about
            if about is not None and self.knows(i, about):
                found.setdefault(about, []).append(i)
        return found

    def knows(self, later: int, earlier: int) -> bool:
        """Whether `earlier` lies in the past of `later`."""
        return bool(self.past[later] >> earlier & 1)

    def concurrent(self, one: int, other: int) -> bool:
        """Neither lies in the past of the other."""
        return one != other and not self.knows(one, other) and not self.knows(other, one)

    def all(self, kind: str, mask: int) -> Iterator[int]:
        """Indices of the entries of this type in `mask`."""
        return bits(self.of_type.get(kind, 0) & mask)

    def ids(self, mask: int) -> list[str]:
        """Sorted ids of a set of entries."""
        return sorted(self.entries[i].id for i in bits(mask))

    def founders(self) -> list[str]:
        """The founding organisations."""
        return self.entries[self.charter].raw["founders"]

    def founder_keys(self, name: str) -> tuple[str, str]:
        """Root key and device of a founder's card; the vectors leave them out."""
        root, device = self.entries[self.charter].raw.get("keys", {}).get(name, ("", ""))
        return root, device

    def size_and_id(self, i: int) -> tuple[int, str]:
        """The order in which certificates are judged."""
        return self.past[i].bit_count(), self.entries[i].id


def is_content(entry: Entry) -> bool:
    """Entries outside the root space: those that name a basis."""
    return "basis" in entry.raw and entry.type not in ROOT_TYPES


def read_decided(entry: Entry) -> Decided:
    """What this proposal would change."""
    matter = entry.text("matter")
    if matter == "rule":
        return Decided(matter, "", "", read_rule(entry.raw["subject"]), entry.text("for", "*"))
    value = entry.text("value")
    return Decided(matter, entry.text("subject"), value, device=entry.text("device-key", value))


def bits(mask: int) -> Iterator[int]:
    """Indices of the set bits, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
