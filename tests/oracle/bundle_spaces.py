"""Proposals about spaces and their minutes, for bundle_governance.py (docs/formats/governance.md,
Spaces)."""
import re

from bundle_text import Malformed, check_name, is_time

SEAT = re.compile("([+-]?)(?:member ([0-9a-f]{64})|observer ([0-9a-f]{64}) "
                  "([0-9]{4}-[0-9]{2}-[0-9]{2}))", re.A)


def read_space(subject, value):
    """Kind, name and seats (given, organisation, last day or "") of a proposal about a space."""
    founds = subject == "new"
    if not founds and not re.fullmatch("[0-9a-f]{32}", subject, re.A):
        raise Malformed("no space")
    rows = value.split("\n")
    if rows.pop():
        raise Malformed("a line without an end")
    kind = name = ""
    if founds:
        head = re.fullmatch("kind (steering|working|bilateral)\nname (.*)", "\n".join(rows[:2]))
        if not head:
            raise Malformed("no kind or name")
        kind, name = head.groups()
        check_name(name, 128)
        rows = rows[2:]
    seats = []
    for row in rows:
        seat = SEAT.fullmatch(row)
        if not seat or bool(seat[1]) == founds or (
                seat[4] and not is_time(seat[4] + "T00:00:00Z")):
            raise Malformed("no seat")
        seats.append((bool(seat[4]), seat[1] == "-", seat[2] or seat[3], seat[4] or ""))
    if any(a >= b for a, b in zip(seats, seats[1:])):
        raise Malformed("seats do not ascend")
    given = [org for _, taken, org, _ in seats if not taken]
    both = {(org, day) for _, taken, org, day in seats if taken}
    if len(set(given)) < len(given) or any(
            not taken and (org, day) in both for _, taken, org, day in seats):
        raise Malformed("two seats of one organisation")
    members = sum(not day for _, _, _, day in seats)
    if not seats or founds and (members < 2 or kind == "bilateral" and members != 2):
        raise Malformed("too few or too many seats")
    return kind, name, [(not taken, org, day) for _, taken, org, day in seats]


def minutes_of_space(matter, words, network):
    """Minutes of a space are approved by its members, those of the network's space by all."""
    space = words["freeze"].split()[1] if matter == "minutes" and "freeze" in words else network
    if space == network:
        return {}
    return {"subject": f"member:{space}", "same": ["minutes", f"member:{space}", ""]}
