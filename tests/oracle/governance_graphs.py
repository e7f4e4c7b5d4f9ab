#!/usr/bin/python3
"""Random governance graphs in the form of the vectors; the seed alone repeats them.

usage: governance_graphs.py --seed N --count K [--kind KIND]     prints a list of cases
       governance_graphs.py --seed N --count K --statistics      how often each outcome occurs
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from typing import Any, Callable

from governance_hostile import HOSTILE, hanging, repeated, rival_seals
from governance_model import Model
from governance_steps import (Step, body, circular, contested, content, decide, device, fork,
                              late_vote, leave, overtaken, purge, rival_rules, seal, sealed_well,
                              superseding, under_two_rules, words)
from governance_world import MATTERS, World

Maker = Callable[[World], Step]

# Steps by kind of graph, with weights.
KINDS: dict[str, list[tuple[Maker, int]]] = {
    "decisions": [(decide, 10), (body, 1), (sealed_well, 1), (contested, 4)],
    "rules": [(decide, 3), (rival_rules, 3), (under_two_rules, 3), (purge, 1), (sealed_well, 1),
              (leave, 1)],
    "texts": [(words, 4), (superseding, 3), (circular, 3), (decide, 1), (body, 1), (rival_rules, 1),
              (under_two_rules, 1), (leave, 1)],
    "seals": [(decide, 6), (sealed_well, 4), (seal, 3), (leave, 1), (rival_seals, 1),
              (late_vote, 1), (contested, 2)],
    "devices": [(decide, 5), (device, 5), (fork, 2), (leave, 2), (sealed_well, 1), (content, 2)],
    "content": [(decide, 6), (content, 6), (leave, 1), (device, 1), (sealed_well, 1)],
    "hostile": [(decide, 5), (sealed_well, 1), (seal, 1)] + [(h, 1) for h in HOSTILE],
    "mixed": [(decide, 8), (sealed_well, 2), (seal, 1), (device, 1), (leave, 1), (fork, 1),
              (content, 2), (late_vote, 1)] + [(h, 1) for h in HOSTILE],
    "hanging": [(hanging, 4), (decide, 1), (sealed_well, 1), (repeated, 1)],
    "overtaken": [(overtaken, 4), (decide, 1)],
    "rivals": [(decide, 4), (rival_seals, 4), (overtaken, 3), (sealed_well, 1), (late_vote, 1),
               (repeated, 1)],
    "large": [(decide, 8), (sealed_well, 2), (leave, 1)] + [(h, 1) for h in HOSTILE[:4]],
}
MOST_ENTRIES = {"large": 300}
OUTCOMES = ["effective", "provisional", "rejected", "void", "double", "deprived", "quarantined",
            "standing", "inactive", "roles", "devices", "seals"]


def founders(rng: random.Random, kind: str) -> int:
    """How many found the network."""
    if kind == "large":
        return rng.randint(8, 20)
    return rng.choice([2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8])


def make_case(seed: int, number: int, kind: str) -> dict[str, Any]:
    """One case without `expect`."""
    rng = random.Random(f"geflecht governance {seed} {number} {kind}")
    world = World(rng, founders(rng, kind))
    makers, weights = zip(*KINDS[kind])
    running: list[Step] = []
    to_start = rng.randint(2, 12)
    at_once = rng.randint(1, 4)
    if kind == "overtaken":
        to_start, at_once = rng.randint(1, 3), 1
    limit = MOST_ENTRIES.get(kind, 130)
    while (to_start or running) and len(world.entries) < limit:
        if to_start and len(running) < at_once:
            running.append(rng.choices(makers, weights)[0](world))
            to_start -= 1
        step = rng.choice(running)
        if next(step, "ended") == "ended":
            running.remove(step)
            world.gossip(0.3)
    return {"name": f"{kind} {seed}/{number}", "entries": world.entries}


def make_cases(seed: int, count: int, kind: str | None = None) -> list[dict[str, Any]]:
    """So many cases, of all kinds in turn unless one is asked for."""
    names = [kind] if kind else list(KINDS)
    return [make_case(seed, i, names[i % len(names)]) for i in range(count)]


def outcomes(case: dict[str, Any]) -> Counter[str]:
    """How often each outcome occurs in a case."""
    model = Model(case["entries"])
    g, mask = model.graph, model.graph.root_mask
    result = model.result()
    found: Counter[str] = Counter()
    for key in OUTCOMES:
        found[key] += len(result[key])
    for matter in MATTERS:
        found["effective " + matter.split(":")[0]] += 0
    chain = model.seals.chain(mask)
    found["rival"] += model.seals.rivals(mask)
    found["inherited content"] += sum(model.seals.content(s) != s for s in g.all("seal", mask)
                                      if model.seals.effective(s, mask))
    for enact in g.all("enact", mask):
        c = model.states.certificate(enact, chain)
        found["enact valid" if c else "enact invalid"] += 1
        if c and c.proposal not in model.state().effective and not c.provisional:
            found["valid but not believed"] += 1
    for p in model.state().effective:
        found["effective " + g.decided[p].matter.split(":")[0]] += 1
    found["refused"] += sum("basis" in e.raw for e in g.entries) - len(
        result["standing"]) - len(result["quarantined"])
    found["entries"] += len(case["entries"])
    return found


def statistics(cases: list[dict[str, Any]]) -> int:
    """Prints how often each outcome occurs; 1 if one never does."""
    total: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for case in cases:
        found = outcomes(case)
        total.update(found)
        within.update(key for key, n in found.items() if n)
    for key in sorted(total):
        print(f"{key:26} {total[key]:8} in {within[key]:6} of {len(cases)} cases")
    missing = [key for key in total if not total[key]]
    if missing:
        print("never:", ", ".join(missing))
    return 1 if missing else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--kind", choices=sorted(KINDS))
    parser.add_argument("--statistics", action="store_true")
    args = parser.parse_args()
    cases = make_cases(args.seed, args.count, args.kind)
    if args.statistics:
        return statistics(cases)
    json.dump(cases, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
