#!/usr/bin/python3
"""The seven properties of design/governance.md, tried on the model with generated graphs.

usage: governance_properties.py --seed N --count K [--only 1,2,...] [--keep DIR]
Prints every violation with the case's name and exits 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from typing import Any, Callable, Iterator

from governance_coalition import Plot, make_plot
from governance_compare import another_order
from governance_graph import bits
from governance_graphs import make_cases
from governance_model import Model
from governance_steps import sign

Case = dict[str, Any]
SUBSETS = 6


def closed_subsets(model: Model, seed: str, count: int = SUBSETS) -> Iterator[int]:
    """Random causally closed sets of root-space entries, and what some seal-votes knew."""
    rng = random.Random(seed)
    g = model.graph
    entries = list(bits(g.root_mask))
    for _ in range(count):
        mask = 1 << g.charter
        for e in rng.sample(entries, min(len(entries), rng.randint(1, 8))):
            mask |= g.past[e] | 1 << e
        yield mask
    votes = list(g.all("seal-vote", g.root_mask))
    for e in rng.sample(votes, min(len(votes), count)):
        yield g.past[e] | 1 << e


def same_in_any_order(case: Case, model: Model) -> list[str]:
    """1: the order of arrival changes nothing."""
    other = Model(another_order(case, case["name"])["entries"]).result()
    return [f"order changes {key}" for key, value in model.result().items() if other[key] != value]


def verdicts_stay(case: Case, model: Model) -> list[str]:
    """2: what a seal decided changes only by misconduct."""
    found = []
    whole = model.seals.chain(model.graph.root_mask)
    for mask in closed_subsets(model, case["name"]):
        part = model.seals.chain(mask)
        if whole[:len(part)] == part:
            before, after = model.states.sealed(part), model.states.sealed(whole)
            if not (before.effective.keys() <= after.effective.keys()
                    and before.rejected.keys() <= after.rejected.keys()):
                found.append("a sealed verdict changed")
        else:
            found += excused(model, part, whole)
    return found


def excused(model: Model, part: tuple[int, ...], whole: tuple[int, ...]) -> list[str]:
    """Empty if enough misconduct explains that a chain gave way to another one."""
    at = next(i for i, c in enumerate(part) if i >= len(whole) or whole[i] != c)
    m = model.states.members_at_seal(part[:at])
    g = model.graph
    guilty = set(model.seals.misconduct(g.root_mask)) & m
    if 3 * len(guilty) > len(m):
        return []
    predecessor = part[at - 1] if at else None
    reduced = any(model.seals.quorum(s).predecessor == predecessor
                  and m - model.states.at(g.past[s], model.seals.chain(g.past[s]), True).active
                  for s in g.all("seal", g.root_mask) if model.seals.effective(s, g.root_mask))
    if guilty and reduced:
        return []
    return [f"rival seals, guilty only {sorted(guilty)} of {sorted(m)}, M reduced: {reduced}"]


def removals_hold(case: Case, model: Model) -> list[str]:
    """4: a valid removal takes effect; two of them at once have a voter in common."""
    del case
    found = []
    g, states = model.graph, model.states
    chain = model.seals.chain(g.root_mask)
    state = model.state()
    removals = {}
    live = g.root_mask & ~states.void(g.root_mask, chain)
    for enact in g.all("enact", live):
        c = states.certificate(enact, chain)
        if not c or g.decided[c.proposal].matter != "remove" or c.provisional:
            continue
        if c.proposal in state.rejected:
            continue
        if c.proposal not in state.effective:
            found.append(f"valid removal {g.entries[c.proposal].id} has no effect")
            continue
        removals[enact] = c
        subject = g.decided[c.proposal].subject
        again = [p for p in state.effective if g.decided[p].matter == "admit"
                 and g.decided[p].subject == subject
                 and g.past[p] & state.effective[c.proposal]]
        if subject in state.members and not again:
            found.append(f"{subject} is a member in spite of its removal")
    for enact, c in removals.items():
        for other, d in removals.items():
            if enact < other and g.concurrent(enact, other) and c.proposal != d.proposal:
                if not yes_of(model, c.votes) & yes_of(model, d.votes):
                    found.append("two removals at once by disjoint groups")
    return found


def yes_of(model: Model, votes: dict[str, int]) -> set[str]:
    """Who says yes."""
    return {o for o, v in votes.items() if model.graph.entries[v].text("position") == "yes"}


def entries_stand(case: Case, model: Model) -> list[str]:
    """5: a founder with which nobody deals, and that does not leave, loses no entry."""
    g = model.graph
    touched = set()
    for e in g.entries:
        if e.type == "proposal":
            touched.add(e.text("subject") if isinstance(e.raw.get("subject"), str) else "")
        if e.type in ("org.leave", "device.revoke"):
            touched.add(e.by)
        if e.type == "fork.evidence":
            touched.add(e.raw["subject"][0])
    lost = model.result()["quarantined"]
    return [f"{e['by']} lost {e['id']}" for e in case["entries"]
            if e["id"] in lost and e["by"] in g.founders() and e["by"] not in touched]


def founders_have_no_rights(case: Case, model: Model) -> list[str]:
    """6: what an outdated root key signs changes nothing."""
    g = model.graph
    chain = model.seals.chain(g.root_mask)
    now = model.state()
    inert = []
    for i, entry in enumerate(case["entries"]):
        if "root" not in entry:
            continue
        then = model.states.before(i, chain)
        if entry["root"] not in (now.roots.get(entry["by"]), then.roots.get(entry["by"])):
            inert.append(i)
    if not inert:
        return []
    entries = list(case["entries"])
    for i in inert:
        entries[i] = dict(entries[i], type="gather")
    other = Model(entries).result()
    return [f"an outdated root key changes {key}" for key, value in model.result().items()
            if key not in ("void", "deprived") and other[key] != value]


Check = Callable[[Case, Model], list[str]]
ON_GRAPHS: dict[int, Check] = {1: same_in_any_order, 2: verdicts_stay, 4: removals_hold,
                               5: entries_stand, 6: founders_have_no_rights}


def coalition_gains(plot: Plot, model: Model) -> list[str]:
    """3: nothing that only a minority wants becomes effective, at no time."""
    found = []
    g = model.graph
    honest = set(plot.honest()) & set(plot.world.founders)
    for mask in [g.root_mask, *closed_subsets(model, str(len(g.entries)))]:
        state = model.state(mask)
        evil = [g.entries[p].id for p in state.effective if g.entries[p].id in plot.evil]
        if evil:
            found.append(f"a minority decides: {evil}")
        if not honest <= state.members or {"E1", "E2"} & state.members:
            found.append(f"members are {sorted(state.members)}")
    return found


def others_can_seal(plot: Plot, model: Model) -> list[str]:
    """7: whatever a single organisation did, the others seal everything."""
    g = model.graph
    state = model.state()
    honest = sorted(o for o in state.active if o not in plot.bad)
    m = model.states.members_at_seal(model.seals.chain(g.root_mask))
    if len(m & state.active) < 4 and not m & state.active <= set(honest):
        return []
    world = plot.world
    world.know = {o: g.root_mask for o in honest}
    world.spare = {}
    made = world.act(honest[0], "seal")
    first = [sign(world, o, made, None) for o in honest]
    for o in honest:
        for v in first:
            world.learn(o, world.closed(v))
        sign(world, o, made, None, 2)
    after = Model(world.entries)
    if not after.seals.effective(made, after.graph.root_mask):
        quorum = after.seals.quorum(made)
        return [f"{honest} cannot seal: K {sorted(quorum.k)}, M {sorted(quorum.m)}"]
    return []


def everybody_can_seal(case: Case, model: Model) -> list[str]:
    """7, wider: when all active members sign, they seal, whatever was decided before."""
    del case
    g = model.graph
    chain = model.seals.chain(g.root_mask)
    m = model.states.members_at_seal(chain)
    there = model.states.at(g.root_mask, chain, judged=True)
    k = (m & there.active) or there.active
    if there.active and 2 * len((k | there.left) & m) <= len(m):
        return [f"active {sorted(there.active)}, left {sorted(there.left)}, M {sorted(m)}"]
    return []


ON_GRAPHS[8] = everybody_can_seal


def keep_case(folder: str | None, case: Case, model: Model, name: str) -> None:
    """Writes a counter-example with the model's result."""
    if folder:
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            json.dump([dict(case, expect=model.result())], file, indent=1)


def run_graphs(args: argparse.Namespace, only: set[int]) -> int:
    """Tries the properties of single graphs; how many violations."""
    bad = 0
    for case in make_cases(args.seed, args.count, args.kind):
        model = Model(case["entries"])
        for number, check in ON_GRAPHS.items():
            for line in check(case, model) if number in only else []:
                bad += 1
                print(f"property {number}: {case['name']}: {line}")
                keep_case(args.keep, case, model, f"{number}-{bad}")
    return bad


def run_plots(args: argparse.Namespace, only: set[int]) -> int:
    """Tries what coalitions gain; how many violations."""
    bad = 0
    for i in range(args.count):
        for number, most_bad, check in ((3, None, coalition_gains), (7, 1, others_can_seal)):
            if number not in only:
                continue
            plot = make_plot(args.seed, i, most_bad)
            case = {"name": f"coalition {args.seed}/{i}", "entries": list(plot.world.entries)}
            model = Model(case["entries"])
            found = check(plot, model)
            if number == 3:
                found += verdicts_stay(case, model) + removals_hold(case, model)
            for line in found:
                bad += 1
                print(f"property {number}: {case['name']}: {line}")
                keep_case(args.keep, case, model, f"{number}-{bad}")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--kind")
    parser.add_argument("--only", default="1,2,3,4,5,6,7")
    parser.add_argument("--keep", help="folder for counter-examples")
    args = parser.parse_args()
    only = {int(n) for n in args.only.split(",")}
    bad = run_graphs(args, only) + run_plots(args, only)
    print(f"seed {args.seed}: {args.count} graphs and as many coalitions, {bad} violations")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
