#!/usr/bin/python3
"""A second implementation of evaluate() of design/governance.md, as literal as possible.

usage: governance_model.py FILE.json...    prints {"cases": [{"name", "result"}]}
       governance_model.py --check FILE.json...   compares with `expect`, exit 1 on differences

It shares no code and no author with node/governance; the form of FILE is that of the vectors.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from governance_graph import Graph, is_content
from governance_rules import write_rule
from governance_seals import Seals
from governance_state import State, States

sys.setrecursionlimit(20000)


class Model:
    """evaluate() for one graph."""

    def __init__(self, entries: list[dict[str, Any]]):
        self.graph = Graph(entries)
        self.states = States(self.graph)
        self.seals = Seals(self.graph, self.states)

    def state(self, mask: int | None = None) -> State:
        """The state of a causally closed set of root-space entries; default: all."""
        mask = self.graph.root_mask if mask is None else mask
        return self.states.at(mask, self.seals.chain(mask))

    def result(self, mask: int | None = None) -> dict[str, Any]:
        """The output in the form of `expect`."""
        g = self.graph
        mask = g.root_mask if mask is None else mask
        chain = self.seals.chain(mask)
        state = self.states.at(mask, chain)
        standing, quarantined = self._standing(state)
        double = self.seals.misconduct(mask)
        names = [g.entries[c].id for c in chain]
        return {
            "members": sorted(state.members),
            "inactive": sorted(state.members - state.active),
            "rule": write_rule(state.rules["*"]),
            "rules": {m: write_rule(state.rules[m]) for m in sorted(state.rules) if m != "*"},
            "effective": sorted(g.entries[p].id for p in state.effective),
            "provisional": sorted(g.entries[p].id for p in state.provisional),
            "rejected": sorted(g.entries[p].id for p in state.rejected),
            "seal": names[-1] if names else None,
            "seals": names,
            "void": g.ids(self.states.void(mask, chain)),
            "double": {o: sorted(g.entries[s].id for s in double[o]) for o in sorted(double)},
            "devices": [list(d) for d in sorted(state.devices) if d[1]],
            "deprived": [list(d) for d in sorted(state.deprived)],
            "roles": [list(r) for r in sorted(state.roles)],
            "standing": standing,
            "quarantined": quarantined,
        }

    def _standing(self, now: State) -> tuple[list[str], list[str]]:
        """Ids of the content entries that stand and of those in quarantine."""
        g = self.graph
        accepted = [i for i, e in enumerate(g.entries) if is_content(e) and self._accepted(i)]
        stand = {i for i in accepted if entitled(g, i, now)}
        for i in list(stand):
            stand.update(j for j in accepted if g.knows(i, j))
        return (sorted(g.entries[i].id for i in stand),
                sorted(g.entries[i].id for i in accepted if i not in stand))

    def _accepted(self, i: int) -> bool:
        """Whether the device was entitled at the basis."""
        g = self.graph
        basis = 0
        for name in g.entries[i].raw["basis"]:
            b = g.index[name]
            basis |= g.past[b] | 1 << b
        return entitled(g, i, self.state(basis))


def entitled(graph: Graph, i: int, state: State) -> bool:
    """Whether the device of a content entry may write into its space in this state."""
    e = graph.entries[i]
    space = e.text("space")
    return ((e.by, e.text("device")) in state.devices
            and (not space or (e.by, "space:" + space) in state.roles))


def read_cases(path: str) -> list[dict[str, Any]]:
    """The cases of a file: a list, {"cases": list} or a single case."""
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    if isinstance(data, dict):
        return data.get("cases") or [data]
    return data


def differences(expect: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """The keys of `expect` whose value is another one here."""
    return [f"{key}: expected {json.dumps(expect[key])}, is {json.dumps(result.get(key))}"
            for key in expect if expect[key] != result.get(key)]


def check(paths: list[str]) -> int:
    """Compares every case with its `expect`; returns the exit code."""
    total, bad = 0, 0
    for path in paths:
        for case in read_cases(path):
            total += 1
            found = differences(case["expect"], Model(case["entries"]).result())
            bad += bool(found)
            for line in found:
                print(f"{path}: {case['name']}: {line}")
    print(f"{total} cases, {bad} differ")
    return 1 if bad or not total else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with `expect`")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    if args.check:
        return check(args.files)
    cases = [{"name": case.get("name", ""), "result": Model(case["entries"]).result()}
             for path in args.files for case in read_cases(path)]
    json.dump({"cases": cases}, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
