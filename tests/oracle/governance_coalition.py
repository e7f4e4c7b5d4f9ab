"""Graphs in which most organisations are honest and a minority works together against them.

Honest organisations act upon all they know, vote only for what honest ones propose, propose no
removal of each other, and sign seals by the rules. What the others propose carries `evil`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from governance_hostile import enact_again, old_base
from governance_steps import Step, may_sign, sign
from governance_world import World

MAJORITIES: list[Any] = ["majority", "majority", "two-thirds", "unanimity",
                         {"kind": "k", "k": 2}, {"kind": "consent", "k": 2}]


@dataclass
class Plot:
    """Who is honest in a world, and what the others proposed."""

    world: World
    bad: list[str]
    most_bad: int | None
    evil: set[str] = field(default_factory=set)

    def honest(self) -> list[str]:
        """Honest members of the network."""
        return [o for o in self.world.organisations if o not in self.bad]


def make_plot(seed: int, number: int, most_bad: int | None = None) -> Plot:
    """A world that has run; `most_bad`: at most so many bad ones."""
    rng = random.Random(f"geflecht coalition {seed} {number} {most_bad}")
    n = rng.choice([3, 4, 4, 5, 5, 6, 7, rng.randint(8, 20)])
    world = World(rng, n)
    world.carelessness = 0.0
    charter = world.entries[0]
    charter["rule"] = rng.choice(MAJORITIES)
    charter.pop("rules", None)
    bad_count = n // 2 if most_bad is None else most_bad
    plot = Plot(world, rng.sample(world.founders, rng.randint(1, max(1, bad_count))),
                most_bad)
    running: list[Step] = []
    steps = rng.randint(3, 12)
    while (steps or running) and len(world.entries) < 160:
        if steps and len(running) < 3:
            makers = [good_decision, good_decision, evil_decision, evil_decision, repeat, good_seal,
                      bad_signer, gossip]
            running.append(rng.choice(makers)(plot))
            steps -= 1
        step = rng.choice(running)
        if next(step, "ended") == "ended":
            running.remove(step)
    return plot


def gossip(plot: Plot) -> Step:
    """Some learn what others know."""
    plot.world.gossip(0.5)
    yield


def good_decision(plot: Plot) -> Step:
    """A decision that honest ones carry; bad ones take part as they like."""
    world, rng = plot.world, plot.world.rng
    proposer = rng.choice(plot.honest())
    fields = some_good_decision(plot)
    proposal = world.act(proposer, "proposal", **fields)
    yield
    votes = []
    for voter in list(world.organisations):
        if voter == fields["subject"] and fields["matter"] in ("remove", "rekey", "inactive"):
            continue
        if rng.random() < (0.1 if voter not in plot.bad else 0.5):
            continue
        base = world.closed(proposal) if voter in plot.bad and rng.random() < 0.5 else None
        votes.append(world.act(voter, "vote", proposal, base=base, position="yes"))
        if rng.random() < 0.2:
            yield
    yield
    mask = 0
    for v in votes:
        mask |= world.closed(v)
    by = rng.choice(plot.honest())
    world.learn(by, mask)
    made = world.act(by, "enact", proposal, votes=[world.id(v) for v in votes])
    for name in world.organisations:
        if rng.random() < 0.6:
            world.learn(name, world.closed(made))
    if 2 * len(votes) > len(world.organisations):
        world.took_effect(fields)
        world.learn(fields["subject"], world.closed(made))


def some_good_decision(plot: Plot) -> dict[str, Any]:
    """An admission, the removal or rekey of a bad one, a role or a text."""
    world, rng = plot.world, plot.world.rng
    bad = [o for o in plot.bad if o in world.organisations]
    roll = rng.random()
    if roll < 0.35:
        fields = {"matter": "admit", "subject": world.newcomer()}
        plot.bad += [fields["subject"]] if may_grow(plot) and rng.random() < 0.1 else []
        return fields
    if roll < 0.65 and bad and len(world.organisations) > 3:
        return {"matter": "remove", "subject": rng.choice(bad)}
    if roll < 0.8:
        return {"matter": "role", "subject": world.one(), "value": "+space:w"}
    return {"matter": "content", "subject": f"t{rng.randint(1, 99)}"}


def may_grow(plot: Plot) -> bool:
    """Whether one more bad one among the newcomers still is a minority everywhere."""
    return plot.most_bad is None and 2 * (len(plot.bad) + 1) <= len(plot.world.founders)


def evil_decision(plot: Plot) -> Step:
    """The bad ones and those they invent decide upon any state they like."""
    world, rng = plot.world, plot.world.rng
    honest = plot.honest()
    matter = rng.choice(["admit", "remove", "rekey", "rule", "inactive"])
    fields: dict[str, Any] = {"matter": matter, "subject": rng.choice(honest)}
    if matter == "admit":
        fields["subject"] = rng.choice(["E1", "E2", rng.choice(honest)])
    if matter in ("rekey", "admit") and (matter == "rekey" or rng.random() < 0.5):
        fields["value"] = "KE"
    if matter == "rule":
        fields["subject"], fields["for"] = {"kind": "k", "k": 1}, rng.choice(["admit", "*"])
    base = old_base(world) if rng.random() < 0.6 else None
    proposal = world.act(rng.choice(plot.bad), "proposal", base=base, **fields)
    plot.evil.add(world.id(proposal))
    votes = []
    for voter in plot.bad + ["E1", "E2"]:
        for _ in range(1 if rng.random() < 0.9 else 2):
            stale = world.closed(proposal) if rng.random() < 0.5 else None
            if rng.random() < 0.85:
                votes.append(world.act(voter, "vote", proposal, base=stale, position="yes"))
        if rng.random() < 0.2:
            yield
    for _ in range(rng.randint(0, 6)):
        yield
    mask = old_base(world) if rng.random() < 0.5 else world.know[rng.choice(honest)]
    for v in votes:
        mask |= world.closed(v)
    chosen = votes if rng.random() < 0.3 else [
        v for v in votes if world.entries[v]["by"] in plot.bad]
    last = {world.entries[v]["by"]: v for v in chosen}
    world.act(rng.choice(plot.bad), "enact", proposal, base=mask,
              votes=[world.id(v) for v in last.values()])
    yield


def repeat(plot: Plot) -> Step:
    """A certificate of any proposal is posted again upon an old state."""
    world = plot.world
    proposals = [i for i, e in enumerate(world.entries) if e["type"] == "proposal"]
    if proposals:
        yield from enact_again(world, world.rng.choice(proposals))


def good_seal(plot: Plot) -> Step:
    """A seal by an honest one; honest ones sign it as the rules of nodes say."""
    world, rng = plot.world, plot.world.rng
    made = world.act(rng.choice(plot.honest()), "seal")
    yield
    first = [sign(world, o, made, None) for o in list(world.organisations)
             if rng.random() < 0.9 and (o in plot.bad or may_sign(world, o, made))]
    yield
    mask = 0
    for v in first:
        mask |= world.closed(v)
    for o in list(world.organisations):
        if o in plot.bad or (o in world.signed and may_sign(world, o, made)):
            if rng.random() < 0.9:
                world.learn(o, mask)
                sign(world, o, made, None, 2)
    world.gossip(0.5)


def bad_signer(plot: Plot) -> Step:
    """The bad ones propose seals upon old states and sign whatever there is."""
    world, rng = plot.world, plot.world.rng
    if rng.random() < 0.6:
        world.act(rng.choice(plot.bad), "seal", base=old_base(world))
    seals = [i for i, e in enumerate(world.entries) if e["type"] == "seal"]
    for made in seals[-3:]:
        for name in plot.bad:
            if rng.random() < 0.7:
                sign(world, name, made, world.closed(made) if rng.random() < 0.5 else None)
        yield
