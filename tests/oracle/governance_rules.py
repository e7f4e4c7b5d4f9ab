"""Rules of decision: what a tally has to reach, and which of two rules is the stricter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FREE_MATTER = "content"
FIXED_MATTERS = {"admit", "remove", "role", "rule", "rekey", "inactive", "space", "audit", "relay",
                 "merge"}
EXCLUDES_SUBJECT = {"remove", "inactive", "rekey"}
PROVISIONAL_KINDS = {"consent", "cast"}
STRICTEST_FIRST = ["unanimity", "consent", "two-thirds", "majority", "k", "cast"]


@dataclass(frozen=True)
class Rule:
    """One rule. `number` is k, q or the quorum, 0 if its kind has none."""

    kind: str
    number: int = 0
    carriers: tuple[str, ...] = ()


def read_rule(raw: Any) -> Rule:
    """A rule from its JSON form: a name or an object with kind, k, both."""
    if isinstance(raw, str):
        return Rule(raw)
    return Rule(raw["kind"], raw.get("k", 0), tuple(raw.get("both", [])))


def write_rule(rule: Rule) -> Any:
    """The JSON form of a rule."""
    if not rule.number and not rule.carriers:
        return rule.kind
    raw: dict[str, Any] = {"kind": rule.kind}
    if rule.number:
        raw["k"] = rule.number
    if rule.carriers:
        raw["both"] = list(rule.carriers)
    return raw


def strictness(rule: Rule) -> tuple[int, int, int]:
    """Sorts the stricter rule first."""
    return STRICTEST_FIRST.index(rule.kind), -rule.number, -len(rule.carriers)


@dataclass(frozen=True)
class Electorate:
    """Who votes, and the number n that the rule counts with."""

    voters: frozenset[str]
    n: int


def electorate_of(matter: str, subject: str, active: set[str],
                  roles: set[tuple[str, str]]) -> Electorate:
    """Active members, of a body or space those with a seat; the subject of some matters does not
    vote. A space that changes, or whose minutes are approved, is named by the role of its members.
    """
    if matter.startswith("body:"):
        seated = frozenset(o for o in active if (o, matter) in roles)
        return Electorate(seated, len(seated))
    if matter in ("space", "minutes") and subject:
        seated = frozenset(o for o in active if (o, subject) in roles)
        return Electorate(seated if len(seated) > 1 else frozenset(), len(seated))
    if matter in EXCLUDES_SUBJECT:
        return Electorate(frozenset(active - {subject}), max(3, len(active)))
    return Electorate(frozenset(active), len(active))


def bounded(number: int, matter: str, electorate: Electorate) -> int:
    """k or q as it counts here: at most the electorate, at least a majority where it must be."""
    number = max(1, min(number, len(electorate.voters)))
    if matter in FIXED_MATTERS or matter.startswith("body:"):
        return max(number, electorate.n // 2 + 1)
    return number


def needed(rule: Rule, matter: str, electorate: Electorate) -> int:
    """How many yes a rule asks for; of votes cast: how many must have voted."""
    n = electorate.n
    if rule.kind == "unanimity":
        all_others = max(n - 1, len(electorate.voters))
        return max(1, all_others if matter in EXCLUDES_SUBJECT else n)
    if rule.kind == "majority":
        return n // 2 + 1
    if rule.kind == "two-thirds":
        return max(1, (2 * n + 2) // 3)
    return bounded(rule.number, matter, electorate)


def holds(rule: Rule, matter: str, electorate: Electorate, both: frozenset[str],
          positions: dict[str, str]) -> bool:
    """Whether these votes satisfy the rule; `both`: who votes before and now."""
    counted = [position for voter, position in positions.items() if voter in both]
    yes = counted.count("yes")
    against = counted.count("no") + counted.count("objection")
    if any(positions.get(carrier) != "yes" for carrier in rule.carriers if carrier in both):
        return False
    if rule.kind == "cast":
        return len(counted) >= needed(rule, matter, electorate) and yes > against
    if rule.kind == "consent" and "objection" in counted:
        return False
    return yes >= needed(rule, matter, electorate)
