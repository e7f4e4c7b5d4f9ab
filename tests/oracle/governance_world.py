"""A small world of organisations that know parts of one graph and act upon what they know.

Everything follows from the random generator that is handed in. Sets of entries are bit masks.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, Iterable

MATTERS = ["admit", "remove", "rule", "inactive", "rekey", "role", "body:ag", "content", "money"]
NAMES = [chr(c) for c in range(ord("A"), ord("T") + 1)]
ROLES = ["body:ag", "space:w", "space:v"]


class World:
    """The graph so far, and what each organisation knows of it."""

    def __init__(self, rng: random.Random, founders: int):
        self.rng = rng
        self.entries: list[dict[str, Any]] = []
        self.past: list[int] = []
        self.ids: set[str] = set()
        self.founders = NAMES[:founders]
        self.organisations = list(self.founders)
        self.gone: list[str] = []
        self.card = {name: "" for name in self.founders}
        self.spare: dict[str, tuple[str, int]] = {}
        self.seats: list[str] = []
        self.know: dict[str, int] = {}
        self.content: dict[str, int] = {}
        self.signed: dict[str, list[int]] = {}
        self.newcomers = 0
        self.carelessness = rng.choice([0.0, 0.0, 0.05, 0.3])
        self.silence = rng.choice([0.0, 0.0, 0.1, 0.25])
        charter: dict[str, Any] = {"type": "charter", "by": "*", "founders": self.founders,
                                   "rule": self.some_rule()}
        rules = {m: self.some_rule() for m in MATTERS if rng.random() < 0.15}
        if rules:
            charter["rules"] = rules
        self.append(charter, [])
        for name in self.founders:
            self.know[name] = 1
            self.content[name] = 0

    # ---- the graph

    def append(self, entry: dict[str, Any], parents: Iterable[int]) -> int:
        """Adds an entry with these parents; its id is a hash of what it says."""
        parents = list(parents)
        entry = {"type": entry["type"], "by": entry["by"],
                 "parents": sorted(self.entries[p]["id"] for p in parents), **entry}
        while True:
            text = json.dumps(entry, sort_keys=True)
            name = hashlib.sha256(text.encode()).hexdigest()[:12]
            if name not in self.ids:
                break
            entry["n"] = entry.get("n", 0) + 1
        self.ids.add(name)
        self.entries.append({"id": name, **entry})
        past = 0
        for p in parents:
            past |= self.past[p] | 1 << p
        self.past.append(past)
        return len(self.entries) - 1

    def closed(self, entry: int) -> int:
        """An entry with its past."""
        return self.past[entry] | 1 << entry

    def maximal(self, mask: int) -> list[int]:
        """The entries of a set that no other one of it has in its past."""
        found, covered = [], 0
        while mask & ~covered:
            top = (mask & ~covered).bit_length() - 1
            found.append(top)
            covered |= self.closed(top)
        return found

    def id(self, entry: int) -> str:
        """The id of an entry."""
        return self.entries[entry]["id"]

    # ---- acting

    def act(self, by: str, kind: str, about: int | None = None, base: int | None = None,
            **fields: Any) -> int:
        """An entry upon all that `by` knows; `base`: upon that set instead (back-dated)."""
        mask = self.know.setdefault(by, 1)
        if about is not None:
            mask |= self.closed(about)
            fields["about"] = self.id(about)
            if base is None and kind != "enact" and self.rng.random() < self.carelessness:
                mask = self.closed(about)
        if base is not None:
            mask = base | (self.closed(about) if about is not None else 0)
        entry = {"type": kind, "by": by, **fields}
        if "root" not in fields and "device" not in fields:
            self.name_device(entry, mask)
        made = self.append(entry, self.maximal(mask))
        self.know[by] |= self.closed(made)
        return made

    def name_device(self, entry: dict[str, Any], mask: int) -> None:
        """Writes down the device that signs: the card device, sometimes another one."""
        by = entry["by"]
        label = self.card.get(by, "")
        if by in self.spare and self.rng.random() < 0.4:
            spare, added = self.spare[by]
            if mask >> added & 1 or self.rng.random() < 0.1:
                label = spare
        if label:
            entry["device"] = label

    def learn(self, name: str, mask: int) -> None:
        """Lets an organisation know a causally closed set."""
        self.know[name] = self.know.get(name, 1) | mask

    def gossip(self, share: float) -> None:
        """Some organisations learn all that some other one knows."""
        for name in self.organisations:
            if self.rng.random() < share:
                other = self.rng.choice(self.organisations)
                self.learn(name, self.know.get(other, 1))

    def everyone_knows(self) -> None:
        """All learn everything that anybody in the network knows."""
        mask = 0
        for name in self.organisations:
            mask |= self.know.get(name, 1)
        for name in self.organisations:
            self.learn(name, mask)

    # ---- choices

    def one(self) -> str:
        """Any organisation of the network."""
        return self.rng.choice(self.organisations)

    def newcomer(self) -> str:
        """A name that was not used before."""
        self.newcomers += 1
        return f"N{self.newcomers}"

    def some_rule(self) -> Any:
        """A rule, mostly one that can be satisfied."""
        rng, n = self.rng, len(self.founders)
        kind = rng.choice(["majority", "majority", "majority", "two-thirds", "unanimity", "consent",
                           "k", "cast"])
        if kind in ("consent", "k", "cast"):
            rule = {"kind": kind, "k": rng.randint(1, n + 1)}
        elif rng.random() < 0.85:
            return kind
        else:
            rule = {"kind": kind}
        if rng.random() < 0.2:
            rule["both"] = sorted(rng.sample(self.founders, min(n, rng.randint(1, 2))))
        return rule if len(rule) > 1 else kind

    def some_decision(self, matter: str | None = None) -> dict[str, Any]:
        """Fields of a proposal."""
        rng = self.rng
        matter = matter or rng.choice(MATTERS + ["admit", "remove", "role"])
        if matter == "body:ag" and not self.seats and rng.random() < 0.8:
            matter = "role"
        if matter == "admit":
            return self._admission()
        if matter == "remove" or matter == "inactive":
            return {"matter": matter, "subject": self.one()}
        if matter == "rule":
            fields = {"matter": matter, "subject": self.some_rule()}
            if rng.random() < 0.7:
                fields["for"] = rng.choice(MATTERS)
            return fields
        if matter == "rekey":
            return {"matter": matter, "subject": self.one(), "value": f"K{rng.randint(1, 9)}"}
        if matter == "role":
            sign = "+" if rng.random() < 0.75 else "-"
            role = rng.choice(ROLES)
            subject = rng.choice(self.seats) if sign == "-" and self.seats else self.one()
            return {"matter": matter, "subject": subject, "value": sign + role}
        return {"matter": matter, "subject": f"t{rng.randint(1, 99)}"}

    def _admission(self) -> dict[str, Any]:
        rng = self.rng
        roll = rng.random()
        if roll < 0.3 and self.gone:
            subject = rng.choice(self.gone)
        elif roll < 0.45:
            subject = self.one()
        elif roll < 0.55 and self.newcomers:
            subject = f"N{rng.randint(1, self.newcomers)}"
        else:
            subject = self.newcomer()
        fields = {"matter": "admit", "subject": subject}
        value = self.card.get(subject, "")
        if rng.random() < 0.15:
            value = f"K{rng.randint(1, 9)}"
        if value:
            fields["value"] = value
        return fields

    def took_effect(self, fields: dict[str, Any]) -> None:
        """Follows a decision that probably took effect, so that later steps fit."""
        subject = fields.get("subject", "")
        if fields["matter"] == "admit":
            if subject not in self.organisations:
                self.organisations.append(subject)
            if subject in self.gone:
                self.gone.remove(subject)
            self.card[subject] = fields.get("value", "")
        elif fields["matter"] == "remove":
            self.drop(subject)
        elif fields["matter"] == "rekey":
            self.card[subject] = fields["value"]
        elif fields["matter"] == "role" and fields["value"] == "+body:ag":
            self.seats.append(subject)

    def drop(self, name: str) -> None:
        """An organisation is no longer asked, but may still act."""
        if name in self.organisations and len(self.organisations) > 2:
            self.organisations.remove(name)
            self.gone.append(name)
