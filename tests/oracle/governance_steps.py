"""What organisations do, most of it plausible: decisions, seals, devices, content.

Each step is a generator that pauses between entries, so that steps can run at once.
"""

from __future__ import annotations

from typing import Any, Iterator

from governance_world import MATTERS, World

Step = Iterator[None]


def position(world: World, matter: str) -> str:
    """How somebody votes: mostly yes."""
    roll = world.rng.random()
    if roll < 0.86:
        return "yes"
    return world.rng.choice(["no", "abstain", "objection", "yes"])


def decide(world: World, fields: dict[str, Any] | None = None, base: int | None = None,
           voters: list[str] | None = None) -> Step:
    """A proposal, votes, a certificate; now and then with something that voids it."""
    rng = world.rng
    fields = fields or world.some_decision()
    proposal = world.act(rng.choice(voters or world.organisations), "proposal", base=base, **fields)
    yield
    votes: list[int] = []
    body = world.seats if fields["matter"] == "body:ag" and rng.random() < 0.9 else None
    for voter in voters or body or turnout(world):
        if voter == fields.get("subject") and \
                fields["matter"] in ("remove", "inactive", "rekey"):
            if rng.random() < 0.95:
                continue
        votes.append(vote(world, voter, proposal, fields["matter"], base))
        if rng.random() < 0.3:
            yield
        if rng.random() < 0.02:
            votes.append(vote(world, voter, proposal, fields["matter"], base))
        if rng.random() < 0.01:
            old = world.closed(proposal)
            world.act(voter, "vote", proposal, base=old, position="no")
    yield
    yield from enact(world, fields, proposal, votes, base)


def turnout(world: World) -> list[str]:
    """Who votes: mostly enough, in random order."""
    rng = world.rng
    names = [o for o in world.organisations if rng.random() >= world.silence]
    rng.shuffle(names)
    if rng.random() < 0.4:
        names = names[:len(world.organisations) // 2 + 1]
    return names or [world.one()]


def vote(world: World, voter: str, proposal: int, matter: str, base: int | None) -> int:
    """One vote."""
    return world.act(voter, "vote", proposal, base=base, position=position(world, matter))


def listed(world: World, votes: list[int]) -> list[int]:
    """The votes a certificate lists: the last of each organisation, now and then others."""
    rng = world.rng
    roll = rng.random()
    last = {world.entries[v]["by"]: v for v in votes}
    chosen = [v for v in last.values() if world.entries[v]["position"] == "yes"]
    if roll < 0.03:
        return list(votes)
    if roll < 0.06:
        return chosen[1:]
    if roll < 0.09:
        foreign = [i for i, e in enumerate(world.entries) if e["type"] == "vote"]
        return chosen + [rng.choice(foreign)] if foreign else chosen
    if roll < 0.12 and chosen:
        return chosen + chosen[:1]
    if roll < 0.2:
        return list(last.values())
    return chosen


def enact(world: World, fields: dict[str, Any], proposal: int, votes: list[int],
          base: int | None) -> Step:
    """One certificate or two, and some others hear of it."""
    rng = world.rng
    if rng.random() < 0.07:
        return
    mask = 0
    for v in votes:
        mask |= world.closed(v)
    for _ in range(2 if rng.random() < 0.1 else 1):
        by = world.one()
        names = [world.id(v) for v in listed(world, votes)]
        if base is None:
            world.learn(by, mask)
        made = world.act(by, "enact", proposal, base=None if base is None else base | mask,
                         votes=names)
        yield
        for name in world.organisations:
            if rng.random() < 0.6:
                world.learn(name, world.closed(made))
    yes = sum(world.entries[v]["position"] == "yes" for v in votes)
    if rng.random() < (0.95 if 2 * yes > len(world.organisations) else 0.05):
        world.took_effect(fields)
        world.learn(fields["subject"] if fields["matter"] != "rule" else by, world.closed(made))


def body(world: World) -> Step:
    """Some get seats in a body, and those decide."""
    rng = world.rng
    for name in rng.sample(world.organisations, min(2, len(world.organisations))):
        yield from decide(world, {"matter": "role", "subject": name, "value": "+body:ag"})
    if world.seats:
        world.everyone_knows()
        yield from decide(world, {"matter": "body:ag", "subject": "t"}, voters=world.seats)


def rival_rules(world: World) -> Step:
    """Two rules for one matter, decided at once, and a decision that needs the winner."""
    rng = world.rng
    matter = rng.choice(MATTERS)
    world.everyone_knows()
    base = world.know[world.organisations[0]]
    for _ in range(2):
        fields = {"matter": "rule", "subject": world.some_rule(), "for": matter}
        yield from decide(world, fields, base)
    world.everyone_knows()
    yield from decide(world, world.some_decision(matter))


def words(world: World) -> Step:
    """The rules in words change, alone or beside a rule of matter `rule`; no rule does."""
    rng = world.rng
    world.everyone_knows()
    base = world.know[world.organisations[0]] if rng.random() < 0.5 else None
    yield from decide(world, {"matter": "rule"}, base)
    if rng.random() < 0.5:
        fields = {"matter": "rule", "subject": world.some_rule(), "for": rng.choice(["rule", "*"])}
        yield from decide(world, fields, base)
        world.everyone_knows()
        yield from decide(world, {"matter": "rule"})
    if rng.random() < 0.4:
        yield from sealed_well(world)


def superseding(world: World) -> Step:
    """The same is decided again by those who know the first decision, or a part of them do."""
    rng = world.rng
    fields = {"matter": rng.choice(["money", "body:ag", "content"]), "subject": "t"}
    for _ in range(rng.randint(2, 3)):
        yield from decide(world, dict(fields))
        if rng.random() < 0.7:
            world.everyone_knows()
        if rng.random() < 0.3:
            yield from sealed_well(world)


def circular(world: World) -> Step:
    """A resolution goes round: one votes after the other, upon all votes before; some change
    their mind, and several write the certificate when the last has voted."""
    rng = world.rng
    fields = world.some_decision(rng.choice(["money", "content", "role"]))
    proposal = world.act(world.one(), "proposal", **fields)
    known = world.closed(proposal)
    votes: list[int] = []
    for name in turnout(world):
        for _ in range(2 if rng.random() < 0.15 else 1):
            world.learn(name, known)
            votes.append(vote(world, name, proposal, fields["matter"], None))
            known |= world.closed(votes[-1])
        yield
        if rng.random() < 0.1:
            yield from sealed_well(world)
    for _ in range(rng.randint(1, 2)):
        yield from enact(world, fields, proposal, votes, None)


def under_two_rules(world: World) -> Step:
    """A proposal and votes, then another rule, then the certificate."""
    rng = world.rng
    world.everyone_knows()
    fields = world.some_decision()
    proposal = world.act(world.one(), "proposal", **fields)
    for name in world.organisations:
        world.learn(name, world.closed(proposal))
    votes = [vote(world, o, proposal, fields["matter"], None) for o in turnout(world)
             if o != fields["subject"]]
    yield
    yield from decide(world, {"matter": "rule", "subject": world.some_rule(),
                              "for": rng.choice([fields["matter"], "*"])})
    world.everyone_knows()
    yield from enact(world, fields, proposal, votes, None)


def purge(world: World) -> Step:
    """One after the other is removed or set inactive, by all the others."""
    rng = world.rng
    for _ in range(rng.randint(2, len(world.founders))):
        world.everyone_knows()
        fields = {"matter": rng.choice(["remove", "inactive"]), "subject": world.one()}
        if rng.random() < 0.2:
            yield from leave(world)
        yield from decide(world, fields, voters=list(world.organisations))


def late_vote(world: World) -> Step:
    """Some vote, mostly against, on what was enacted already; then often a seal."""
    rng = world.rng
    enacts = [i for i, e in enumerate(world.entries) if e["type"] == "enact"][-4:]
    if not enacts:
        return
    made = rng.choice(enacts)
    proposal = next(i for i, e in enumerate(world.entries)
                    if e["id"] == world.entries[made]["about"])
    for name in rng.sample(world.organisations, rng.randint(1, len(world.organisations))):
        if rng.random() < 0.8:
            world.learn(name, world.closed(made))
        world.act(name, "vote", proposal,
                  position=rng.choice(["no", "objection", "objection", "yes"]))
    yield
    if rng.random() < 0.7:
        yield from sealed_well(world)


def contested(world: World) -> Step:
    """A decision under a rule where absence counts, objections after its certificate, a seal."""
    charter = world.entries[0]
    rules = {"content": charter["rule"], **charter.get("rules", {})}
    matters = [m for m, rule in rules.items() if m != "body:ag" and isinstance(rule, dict)
               and rule["kind"] in ("consent", "cast")]
    if not matters:
        return
    world.everyone_knows()
    yield from decide(world, world.some_decision(world.rng.choice(matters)))
    yield from late_vote(world)


def seal(world: World, base: int | None = None, honest: bool = True) -> Step:
    """A seal and two rounds of votes; who is honest signs nothing that its earlier votes bar."""
    rng = world.rng
    by = world.one()
    made = world.act(by, "seal", base=base)
    yield
    first = []
    signers = [o for o in world.organisations if rng.random() >= world.silence / 2]
    for name in signers:
        if not may_sign(world, name, made) and (honest or rng.random() < 0.4):
            continue
        first.append(sign(world, name, made, base if not honest else None))
        if rng.random() < 0.2:
            yield
    yield
    mask = 0
    for v in first:
        mask |= world.closed(v)
    last = 0
    for name in signers:
        if rng.random() < world.silence / 2:
            continue
        if name in world.signed and may_sign(world, name, made) or not honest:
            world.learn(name, mask)
            last |= world.closed(sign(world, name, made, None, 2))
            if rng.random() < 0.1:
                yield
    yield
    for name in world.organisations:
        if rng.random() < 0.7:
            world.learn(name, last)


def overtaken(world: World) -> Step:
    """A seal, and another by one who knows only some of its votes; who may signs both."""
    rng = world.rng
    if len(world.organisations) < 3:
        return
    world.everyone_knows()
    names = rng.sample(world.organisations, len(world.organisations))
    enough = 2 * len(names) // 3 + 1
    first = world.act(names[0], "seal")
    votes = {o: sign(world, o, first, world.closed(first)) for o in names[:enough]}
    yield
    known = names[:rng.randint(1, enough)]
    for o in known:
        world.learn(names[0], world.closed(votes[o]))
    later = world.act(names[0], "seal", base=None)
    signers = known + names[enough:]
    if rng.random() < 0.3:
        signers = names
    for made, those in ((first, list(votes)), (later, signers)):
        if made == later:
            for o in those:
                votes[o] = sign(world, o, made, world.closed(made))
            yield
        mask = 0
        for o in those:
            mask |= world.closed(votes[o])
        for o in those:
            if rng.random() < 0.8:
                sign(world, o, made, mask if rng.random() < 0.7 else None, 2)


def may_sign(world: World, name: str, made: int) -> bool:
    """Whether all seals this organisation signed are this one or lie in its past."""
    return all(s == made or world.past[made] >> s & 1 for s in world.signed.get(name, []))


def sign(world: World, name: str, made: int, base: int | None, turn: int = 1) -> int:
    """One seal-vote."""
    world.signed.setdefault(name, []).append(made)
    more = {"round": 2} if turn == 2 else {}
    return world.act(name, "seal-vote", made, base=base, **more)


def sealed_well(world: World) -> Step:
    """Everybody learns everything, then a seal."""
    world.everyone_knows()
    yield from seal(world)


def device(world: World) -> Step:
    """An organisation certifies a device, uses it, sometimes revokes it."""
    rng = world.rng
    name = world.one()
    root = world.card.get(name, "") if rng.random() < 0.9 else f"K{rng.randint(1, 9)}"
    label = rng.choice(["d1", "d2", root])
    made = world.act(name, "device.add", subject=label, root=root)
    world.spare[name] = label, made
    yield
    if rng.random() < 0.5:
        yield
        if rng.random() < 0.3:
            world.act(name, "device.revoke", subject=label, root=world.card.get(name, ""))
        else:
            world.act(name, "device.revoke", subject=label, device=world.card.get(name, ""))
        if rng.random() < 0.7:
            world.spare.pop(name, None)
    if rng.random() < 0.2:
        world.act(name, "device.revoke", subject=world.card.get(name, ""))


def leave(world: World) -> Step:
    """An organisation leaves; often it is admitted again later."""
    rng = world.rng
    name = world.one()
    more = {"root": world.card.get(name, "")} if rng.random() < 0.2 else {}
    made = world.act(name, "org.leave", **more)
    for other in world.organisations:
        if rng.random() < 0.8:
            world.learn(other, world.closed(made))
    world.drop(name)
    yield
    if rng.random() < 0.5:
        fields = {"matter": "admit", "subject": name}
        if world.card.get(name):
            fields["value"] = world.card[name]
        yield from decide(world, fields)


def fork(world: World) -> Step:
    """Evidence that a device used positions twice; a second one suspends it."""
    rng = world.rng
    name = world.one()
    label = world.spare.get(name, ("", 0))[0] or world.card.get(name, "")
    for _ in range(rng.randint(1, 3)):
        world.act(world.one(), "fork.evidence", subject=[name, label],
                  position=f"p{rng.randint(1, 4)}")
        yield
    if rng.random() < 0.4:
        world.act(name, "device.add", subject=label, root=world.card.get(name, ""))


def content(world: World) -> Step:
    """Entries outside the root space, some of them referring to those of others."""
    rng = world.rng
    space = rng.choice(["", "", "w"])
    for _ in range(rng.randint(1, 6)):
        write(world, world.one(), space)
        if rng.random() < 0.5:
            yield
    if world.gone and rng.random() < 0.6:
        write(world, rng.choice(world.gone), space)


def write(world: World, by: str, space: str) -> int:
    """One content entry upon what its writer knows, sometimes upon an old basis."""
    rng = world.rng
    known = world.know.get(by, 1)
    if rng.random() < 0.2:
        known = world.closed(rng.choice(world.maximal(known)))
    basis = world.maximal(known)[:4]
    seen = world.content.get(by, 0)
    if rng.random() < 0.4:
        seen |= world.content.get(world.one(), 0)
    entry: dict[str, Any] = {"type": "adopt" if rng.random() < 0.1 else "change", "by": by,
                             "basis": sorted(world.id(b) for b in basis)}
    if space:
        entry["space"] = space
    world.name_device(entry, known)
    made = world.append(entry, world.maximal(seen))
    world.content[by] = seen | world.closed(made)
    return made
