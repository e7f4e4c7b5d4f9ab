"""What organisations must not be able to gain by: back-dating, stashing, double signing, inventing.

Steps as in governance_steps.py.
"""

from __future__ import annotations

from governance_steps import Step, decide, enact, seal, sign, vote, write
from governance_world import World


def old_base(world: World) -> int:
    """The past of some earlier entry with it: what a liar claims to have known."""
    entries = [i for i, e in enumerate(world.entries) if "basis" not in e]
    return world.closed(world.rng.choice(entries))


def backdated(world: World) -> Step:
    """A decision upon an old state, voted by some who may be gone."""
    rng = world.rng
    names = world.organisations + world.gone
    voters = rng.sample(names, rng.randint(1, len(names)))
    yield from decide(world, base=old_base(world), voters=voters)


def stashed(world: World) -> Step:
    """A proposal and votes that wait while the world goes on, then a certificate."""
    rng = world.rng
    fields = world.some_decision()
    by = world.one()
    proposal = world.act(by, "proposal", **fields)
    votes = [vote(world, o, proposal, fields["matter"], world.closed(proposal))
             for o in world.organisations if rng.random() < 0.6]
    for _ in range(rng.randint(2, 12)):
        yield
    yield from enact(world, fields, proposal, votes, None)


def invented(world: World) -> Step:
    """Somebody who is no member proposes, votes, certifies a device and signs seals."""
    rng = world.rng
    name = rng.choice(["Z1", "Z2"])
    world.learn(name, world.know[world.one()] if world.one() in world.know else 1)
    if rng.random() < 0.3:
        world.act(name, "device.add", subject="", root="")
    proposals = [i for i, e in enumerate(world.entries) if e["type"] == "proposal"]
    if proposals and rng.random() < 0.6:
        proposal = rng.choice(proposals)
        made = world.act(name, "vote", proposal, position="yes")
        yield
        yield from enact_again(world, proposal, [made])
    else:
        yield from decide(world, voters=[name, world.one(), world.one()])


def enact_again(world: World, proposal: int, more: list[int] | None = None) -> Step:
    """Another certificate of an old proposal, upon an old or the present state."""
    rng = world.rng
    votes = [i for i, e in enumerate(world.entries)
             if e["type"] == "vote" and e["about"] == world.id(proposal)
             and e["position"] == "yes" and rng.random() < 0.9]
    mask = 0
    for v in votes + (more or []):
        mask |= world.closed(v)
    by = world.one()
    base = mask | world.closed(proposal)
    names = sorted(world.id(v) for v in set(votes + (more or [])))
    world.act(by, "enact", proposal, base=base if rng.random() < 0.5 else world.know[by] | mask,
              votes=names)
    yield


def repeated(world: World) -> Step:
    """An old proposal is enacted once more."""
    proposals = [i for i, e in enumerate(world.entries) if e["type"] == "proposal"]
    if proposals:
        yield from enact_again(world, world.rng.choice(proposals))


def rival_seals(world: World) -> Step:
    """Two seals upon different pasts; some or all sign both."""
    rng = world.rng
    one = seal(world, honest=False)
    other = seal(world, base=old_base(world), honest=False)
    steps = [one, other]
    while steps:
        step = rng.choice(steps)
        try:
            next(step)
            yield
        except StopIteration:
            steps.remove(step)


def double_signer(world: World) -> Step:
    """One organisation signs every seal there is, in any order."""
    rng = world.rng
    name = rng.choice(world.organisations + world.gone)
    seals = [i for i, e in enumerate(world.entries) if e["type"] == "seal"]
    rng.shuffle(seals)
    for made in seals[:3]:
        sign(world, name, made, world.closed(made) if rng.random() < 0.5 else None)
        yield


def split(world: World) -> Step:
    """Two halves decide against each other without knowing of each other."""
    rng = world.rng
    names = list(world.organisations)
    rng.shuffle(names)
    middle = len(names) // 2 + 1
    base = world.know[names[0]]
    one = decide(world, {"matter": "remove", "subject": names[-1]}, base, names[:middle])
    other = decide(world, {"matter": "remove", "subject": names[0]}, base, names[-middle:])
    for step in (one, other):
        for _ in step:
            yield


def gone_writes(world: World) -> Step:
    """Who is gone goes on: content, votes, a leave, a device."""
    rng = world.rng
    if not world.gone:
        return
    name = rng.choice(world.gone)
    roll = rng.random()
    if roll < 0.3:
        write(world, name, "")
    elif roll < 0.5:
        world.act(name, "org.leave")
    elif roll < 0.7:
        made = world.act(name, "device.add", subject="d9", root=world.card.get(name, ""))
        world.spare[name] = "d9", made
    else:
        yield from decide(world, voters=[name, world.one()])
    yield


def old_root(world: World) -> Step:
    """The first root key of a founder is used again after a rekey."""
    rng = world.rng
    name = rng.choice(world.founders)
    kind = rng.choice(["device.add", "device.revoke", "org.leave"])
    more = {} if kind == "org.leave" else {"subject": rng.choice(["", "d1", "dx"])}
    world.act(name, kind, root="", **more)
    yield


HOSTILE = [backdated, stashed, invented, repeated, rival_seals, double_signer, split, gone_writes,
           old_root]
