#!/usr/bin/python3
"""Compares evaluate() of the product with the model on generated graphs, in two arrival orders.

usage: governance_compare.py GEFLECHT [--seed N] [--count K] [--seconds S] [--kind KIND]
       governance_compare.py GEFLECHT --files FILE.json...    compares on these cases instead

Ends after K graphs or S seconds, whichever comes first. Exit 1 on a difference: the first one is
printed with the smallest graph that still shows it, `--keep FILE` also writes that graph.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from typing import Any

from governance_graphs import KINDS, make_case
from governance_model import Model, read_cases

Case = dict[str, Any]
BATCH = 250
TIME_LIMIT = 600


class ProductFailed(Exception):
    """The program ended with an error or without a result."""


def evaluate(geflecht: str, cases: list[Case]) -> list[Any]:
    """Results of the product, in the order of the cases."""
    with tempfile.TemporaryDirectory(prefix="geflecht-compare-") as folder:
        path = os.path.join(folder, "cases.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(cases, file)
        run = subprocess.run([geflecht, "dev", "evaluate", path, "--json"], capture_output=True,
                             text=True, timeout=TIME_LIMIT, check=False)
    lines = run.stdout.strip().splitlines()
    last = json.loads(lines[-1]) if lines else {}
    if last.get("type") != "result" or len(last.get("cases", [])) != len(cases):
        raise ProductFailed(f"exit {run.returncode}: {run.stderr.strip()[:2000]}"
                            f"{run.stdout.strip()[:2000]}")
    return [c["result"] for c in last["cases"]]


def another_order(case: Case, seed: str) -> Case:
    """The same entries in another order in which each comes after its causes."""
    rng = random.Random(seed)
    waits = {e["id"]: set(e["parents"]) | set(e.get("basis", [])) for e in case["entries"]}
    by_id = {e["id"]: e for e in case["entries"]}
    order = []
    while waits:
        ready = sorted(name for name, causes in waits.items() if not causes)
        chosen = rng.choice(ready)
        del waits[chosen]
        for causes in waits.values():
            causes.discard(chosen)
        order.append(by_id[chosen])
    return {"name": case["name"] + " in another order", "entries": order}


def differing(expected: Any, found: Any) -> list[str]:
    """Lines that name the keys with different values."""
    return [f"  {key}: model {json.dumps(expected[key])}, product {json.dumps(found.get(key))}"
            for key in expected if expected[key] != found.get(key)]


def first_difference(geflecht: str, cases: list[Case]) -> tuple[Case, list[str]] | None:
    """The first case with another result than the model's, and the lines that say where."""
    for case, found in zip(cases, evaluate(geflecht, cases)):
        lines = differing(Model(case["entries"]).result(), found)
        if lines:
            return case, lines
    return None


def without(case: Case, dropped: set[str]) -> Case:
    """The case without these entries and what is about them; children take over their parents."""
    instead: dict[str, set[str]] = {}
    pasts: dict[str, set[str]] = {}
    kept = []

    def renamed(names: list[str]) -> list[str]:
        found: set[str] = set()
        for name in names:
            found |= instead.get(name, {name})
        return sorted(n for n in found if not any(n in pasts[m] for m in found))

    for entry in case["entries"]:
        parents = renamed(entry["parents"])
        pasts[entry["id"]] = set(parents).union(*(pasts[p] for p in parents), set())
        if entry["id"] in dropped or entry.get("about") in instead:
            instead[entry["id"]] = set(parents)
            continue
        entry = dict(entry, parents=parents)
        if "votes" in entry:
            entry["votes"] = [v for v in entry["votes"] if v not in instead]
        if "basis" in entry:
            entry["basis"] = renamed(entry["basis"])
        kept.append(entry)
    return {"name": case["name"], "entries": kept}


def minimised(geflecht: str, case: Case) -> Case:
    """Removes entries, larger groups first, as long as the results still differ."""
    size = len(case["entries"]) // 2
    while size:
        names = [e["id"] for e in case["entries"] if e["type"] != "charter"]
        groups = [set(names[i:i + size]) for i in range(0, len(names), size)]
        smaller = [without(case, group) for group in reversed(groups)]
        found = first_difference(geflecht, smaller) if smaller else None
        if found:
            case = found[0]
        else:
            size //= 2
    return case


def report(geflecht: str, case: Case, keep: str | None) -> None:
    """Prints a difference with its smallest graph."""
    small = minimised(geflecht, case)
    expected = Model(small["entries"]).result()
    found = evaluate(geflecht, [small])[0]
    print(f"{case['name']}: the product differs from the model. Smallest graph:")
    for entry in small["entries"]:
        print("  " + json.dumps(entry))
    print("\n".join(differing(expected, found)))
    if keep:
        with open(keep, "w", encoding="utf-8") as file:
            json.dump([dict(small, expect=expected)], file, indent=1)


def generated(args: argparse.Namespace) -> int:
    """Compares generated graphs; the exit code."""
    kinds = [args.kind] if args.kind else list(KINDS)
    started, done = time.monotonic(), 0
    while done < args.count and time.monotonic() - started < args.seconds:
        numbers = range(done, min(done + BATCH, args.count))
        cases = [make_case(args.seed, i, kinds[i % len(kinds)]) for i in numbers]
        orders = [another_order(c, f"{args.seed} {c['name']}") for c in cases]
        found = first_difference(args.geflecht, cases + orders)
        if found:
            report(args.geflecht, found[0], args.keep)
            return 1
        done += len(cases)
        if args.progress:
            print(f"{done} graphs, {time.monotonic() - started:.0f} s", flush=True)
    print(f"seed {args.seed}: {done} graphs, each in two orders: the same results")
    return 0 if done else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("geflecht", help="the program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--kind", choices=sorted(KINDS))
    parser.add_argument("--files", nargs="+", help="cases to compare instead of generated ones")
    parser.add_argument("--keep", help="file for the smallest graph with a difference")
    parser.add_argument("--progress", action="store_true")
    args = parser.parse_args()
    if not args.files:
        return generated(args)
    cases = [case for path in args.files for case in read_cases(path)]
    found = first_difference(args.geflecht, cases)
    if found:
        report(args.geflecht, found[0], args.keep)
        return 1
    print(f"{len(cases)} cases: the same results")
    return 0 if cases else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProductFailed as failure:
        print(f"the product gave no result: {failure}", file=sys.stderr)
        sys.exit(2)
