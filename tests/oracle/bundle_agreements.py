"""Agreements in a bundle, from docs/formats/statement.md, frozen.md and agreement.md alone: which
texts are agreements, and whether each signature and notice that is open counts, with the reason.
`agreements(verifier)` gives {id of a sign or notice: fault or None} of one run of verify_bundle;
`receipts(verifier)` {id of a notice: {organisation: day of receipt}}."""
import re

from bundle_text import (
    Malformed, check_body, check_name, from_base64, is_date, read_body_line, read_proven_card,
    root_space, sha256)

SIGNED = re.compile(
    r"geflecht-sign@v1\nnet ([0-9a-f]{64})\nact ([a-z][a-z0-9.-]{0,31})\n"
    r"object ([0-9a-f]{64}|-)\nvalue ([ -~]{1,256})\norg ([0-9a-f]{64})\n"
    r"mandate ([0-9a-f]{64}|-)\ntime (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nsig (\S+)\n", re.A)
TERMS = re.compile(
    r"((?:party [0-9a-f]{64}\n){2,64})start (\S+)\nend (\S+)\n"
    r"notice (-|[1-9]\d{0,3} (?:day|week|month))\nform (?:text|written)\n"
    r"parent (?:-|[0-9a-f]{64})\ndocument (?:-|[0-9a-f]{32})\n", re.A)
MANDATE = re.compile(r"(sign|coordinate) (\S+) (\S+)", re.A)
ZERO = "0" * 32  # the charter's space
FILE_MAX, NAME_MAX = 512 * 1024 - 1024, 256


def is_day(text):
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.A)
    return bool(match) and is_date(*map(int, match.groups()), 0, 0, 0)


class Statement:
    def __init__(self, text):
        match = SIGNED.fullmatch(text)
        if not match or len(text) > 1024:
            raise Malformed("no statement")
        self.net, self.act, self.object, self.value, self.org, self.mandate, self.time = \
            match.groups()[:7]
        clock = list(map(int, re.split("[-T:Z]", self.time)[:6]))
        if not is_date(*clock):
            raise Malformed("no time")
        self.signature = from_base64(match[8].encode(), 64)
        self.text = text[:match.start(8) - len("sig ")].encode()


def text_of(slot, name):
    if isinstance(slot, bytes) or slot[1] != name:
        raise Malformed("another field")
    try:
        return slot[2].decode()
    except UnicodeDecodeError:
        raise Malformed("no UTF-8") from None


def check_line(text, most):
    check_name(text, most)


def check_lines(text, most):
    if len(text.encode()) > most or text and not text.endswith("\n"):
        raise Malformed("no text")
    for line in text.split("\n")[:-1]:
        if line.strip(" "):
            check_name(line.strip(" "), most)


def files(slots):
    if len(slots) > 16:
        raise Malformed("too many files")
    for number, slot in enumerate(slots, 1):
        if isinstance(slot, bytes) or slot[1] != f"evidence.{number}":
            raise Malformed("no file")
        name, line, content = slot[2].partition(b"\n")
        if not line or len(content) > FILE_MAX:
            raise Malformed("no file")
        try:
            check_line(name.decode(), NAME_MAX)
        except UnicodeDecodeError:
            raise Malformed("no name") from None


def read_frozen(entry, slots):
    """Parties of an agreement's text; None of another kind of text."""
    evidence, persons = slots[:entry.evidence], slots[entry.evidence:]
    if len(evidence) < 4 or len(persons) > 1000:
        raise Malformed("too few fields")
    what = text_of(evidence[0], "what")
    check_line(text_of(evidence[1], "title"), 512)
    terms = text_of(evidence[2], "terms")
    check_lines(terms, 32768)
    blocks = [slot for slot in evidence[3:] if not isinstance(slot, bytes) and
              slot[1].startswith("block.")]
    if not 1 <= len(blocks) <= 2000:
        raise Malformed("no blocks")
    for number, slot in enumerate(blocks, 1):
        block = text_of(slot, f"block.{number}")
        check_lines(block, 65536)
        names = re.findall(r"\[\[([1-9]\d*)\]\]", block, re.A)
        if not block or block.count("[[") != len(names) or \
                any(int(name) > len(persons) for name in names):
            raise Malformed("no block")
    files(evidence[3 + len(blocks):])
    for number, slot in enumerate(persons, 1):
        if not isinstance(slot, bytes):
            check_line(text_of(slot, f"person.{number}"), 512)
    if what == "minutes":
        return None
    match = TERMS.fullmatch(terms)
    if what != "agreement" or not match or \
            not all(day == "-" or is_day(day) for day in match.groups()[1:3]) or \
            match[4] != "-" and int(match[4].split()[0]) > 1000 or \
            "-" not in match.groups()[1:3] and match[3] < match[2]:
        raise Malformed("no terms")
    parties = re.findall("[0-9a-f]{64}", match[1])
    if sorted(set(parties)) != parties:
        raise Malformed("parties do not ascend")
    return parties


class Agreements:
    def __init__(self, verifier):
        self.verifier, self.network = verifier, verifier.network
        self.claims, self.mandates, self.ends, self.versions, self.faults = {}, {}, {}, {}, {}
        self.stated = {}  # by whoever signed or gave notice
        for card in verifier.members.values():
            org = sha256(b"geflecht-org@v1\n", card["root"].encode()).hex()
            self.claims.setdefault(card["device"], []).append((org, self.network))
        self.bodies = dict(self.open_bodies())
        self.spaces = {feed.key[0] for feed in verifier.feeds
                       if feed.key[0] not in (ZERO, root_space(self.network))
                       and verifier.knows_space(feed.key[0])}

    def open_bodies(self):
        for feed in self.verifier.feeds:
            name = feed.other("bodies", "jsonl")
            for row in self.verifier.files.get(name, b"").split(b"\n")[:-1]:
                try:
                    entry_id, slots = read_body_line(row)
                    place, index = self.verifier.places.get(entry_id, (None, 0))
                    if place is feed:
                        check_body(feed.entries[index], slots)
                        yield entry_id, slots
                except Malformed:
                    continue

    def past(self, heads):
        """The entries with these and in their past, of the root space."""
        found, waiting = set(), list(heads)
        while waiting:
            entry_id = waiting.pop()
            if entry_id in found or entry_id not in self.verifier.places:
                continue
            found.add(entry_id)
            feed, index = self.verifier.places[entry_id]
            entry = feed.entries[index]
            waiting += [i for i in (*entry.seen, entry.prev, entry.about) if i and i != "-"]
        return found

    def org_of(self, device, past):
        orgs = sorted(org for org, said_by in self.claims.get(device, []) if said_by in past)
        return orgs[0] if orgs else None

    def run(self):
        root = [entry for feed in self.verifier.feeds if feed.key[0] == root_space(self.network)
                for entry in feed.entries]
        for entry in root:
            slots = self.bodies.get(entry.id, [])
            try:
                said = {slot[1]: slot[2].decode() for slot in slots if not isinstance(slot, bytes)}
                if entry.kind == "proposal" and said.get("matter") in ("admit", "rekey"):
                    card = read_proven_card(said["value"], self.verifier.checker)
                    self.claims.setdefault(card["device"], []).append((said["subject"], entry.id))
                elif entry.kind == "device.add":
                    card = read_proven_card(said["card"], self.verifier.checker)
                    self.claims.setdefault(card["device"], []).append((said["org"], entry.id))
            except (Malformed, UnicodeDecodeError, KeyError):
                continue
        for entry in root:
            if entry.kind == "person.add":
                self.mandate(entry)
        for entry in root:
            if entry.kind == "person.end" and not entry.fields and entry.about in self.mandates:
                org = self.org_of(entry.device, self.past(self.parents(entry)))
                if org == self.mandates[entry.about][0]:
                    self.ends.setdefault(entry.about, set()).add(entry.id)
        papers = [entry for feed in self.verifier.feeds if feed.key[0] in self.spaces
                  for entry in feed.entries if entry.id in self.bodies]
        for entry in papers:
            self.version(entry)
        for entry in papers:
            if entry.kind in ("sign", "notice") and self.is_of_agreement(entry):
                self.act(entry)
        return self.faults

    def space_of(self, entry_id):
        return self.verifier.places[entry_id][0].key[0]

    def is_of_agreement(self, act):
        """Whether the text and all that it amends are agreements, in the space of the act."""
        version = act.about
        while version in self.versions and self.space_of(version) == self.space_of(act.id):
            version = self.versions[version][1]
            if version == "-":
                return True
        return False

    @staticmethod
    def parents(entry):
        return [i for i in (*entry.seen, entry.prev, entry.about) if i and i != "-"]

    def holds(self, statement, key):
        return self.verifier.verify(key, "geflecht-sign@v1", statement.text, statement.signature)

    def mandate(self, entry):
        slots = self.bodies.get(entry.id, [])
        try:
            if len(slots) != 3:
                raise Malformed("another number of fields")
            key = text_of(slots[0], "key")
            said = Statement(text_of(slots[1], "statement"))
            if not isinstance(slots[2], bytes) and text_of(slots[2], "name"):
                check_line(text_of(slots[2], "name"), 256)
        except Malformed:
            return
        terms = MANDATE.fullmatch(said.value)
        if (not re.fullmatch("[0-9a-f]{64}", key) or not terms or said.act != "mandate" or
                said.object != "-" or said.mandate != "-" or said.net != self.network or
                not all(day == "-" or is_day(day) for day in terms.groups()[1:]) or
                "-" not in terms.groups()[1:] and terms[3] < terms[2] or
                not self.holds(said, key)):
            return
        if said.org == self.org_of(entry.device, self.past(self.parents(entry))):
            self.mandates[entry.id] = (said.org, key, *terms.groups())

    def version(self, entry):
        if {"freeze": entry.about == "-", "amend": entry.about != "-"}.get(entry.kind) is not True:
            return
        try:
            parties = read_frozen(entry, self.bodies[entry.id])
        except Malformed:
            return
        if parties and self.org_of(entry.device, self.past(entry.basis)):
            self.versions[entry.id] = (parties, entry.about)

    def act(self, entry):
        slots = self.bodies[entry.id]
        try:
            said = Statement(text_of(slots[0], "statement"))
            if entry.kind == "sign":
                if entry.evidence != len(slots):
                    raise Malformed("erasable fields")
                files(slots[1:])
            elif entry.evidence != 1 or len(slots) != 2:
                raise Malformed("another number of fields")
            elif not isinstance(slots[1], bytes):
                check_lines(text_of(slots[1], "reason"), 16384)
        except (Malformed, IndexError):
            return
        past = self.past(entry.basis)
        writer = self.org_of(entry.device, past)
        if writer:
            self.stated[entry.id] = said.time
            self.faults[entry.id] = self.fault(entry, said, past, writer)

    def fault(self, entry, said, past, writer):
        if (said.net, said.act, said.object, said.value) != (self.network, entry.kind, entry.about,
                                                            "-"):
            return "other-object"
        if said.org != writer:
            return "other-writer"
        if said.mandate not in self.mandates or said.mandate not in past:
            return "no-mandate"
        org, key, role, first, last = self.mandates[said.mandate]
        if org != said.org:
            return "other-org"
        if role != "sign":
            return "other-role"
        if first != "-" and said.time[:10] < first:
            return "not-yet"
        if last != "-" and said.time[:10] > last:
            return "expired"
        if self.ends.get(said.mandate, set()) & past:
            return "ended"
        if not self.holds(said, key):
            return "signature"
        parties, before = self.versions[entry.about]
        if said.org not in parties and said.org not in self.versions.get(before, ([],))[0]:
            return "no-party"
        return None


    def receipts(self):
        """Of notices that count: the earliest time that a feed claims from the first entry on that
        has the notice in its past, not before the notice. One pass over each space."""
        self.run()
        found = {}
        for space in sorted(self.spaces):
            found.update(self.receipts_in(space))
        return {notice: {org: max(time, self.stated[notice])[:10]
                         for org, time in times.items() if org}
                for notice, times in found.items() if self.faults.get(notice, "") is None}

    def receipts_in(self, space):
        feeds = [feed for feed in self.verifier.feeds if feed.key[0] == space]
        place = {entry.id: entry for feed in feeds for entry in feed.entries}
        given, found = {}, {}  # entry: notices in front of it in its feed; notice: {org: time}
        knows = {}  # entry: {notice: organisation of the first entry on its feed's way}
        waiting = list(place.values())
        while waiting:
            later = []
            for entry in waiting:
                causes = [i for i in (*entry.seen, entry.prev) if i in place]
                if any(i not in knows for i in causes):
                    later.append(entry)
                    continue
                before = entry.prev if entry.prev in place else None
                given[entry.id] = given.get(before, 0) + (entry.kind == "notice")
                known = dict(knows.get(before, {}))
                learnt = {notice for i in entry.seen if i in place for notice in knows[i]}
                if entry.kind == "notice" and given[entry.id] <= 64:
                    learnt.add(entry.id)
                for notice in learnt - set(known):
                    known[notice] = self.org_of(entry.device, self.past(entry.basis))
                knows[entry.id] = known
                for notice, org in known.items():
                    times = found.setdefault(notice, {})
                    times[org] = min(times.get(org, entry.time), entry.time)
            if len(later) == len(waiting):
                break  # what they refer to is not in the bundle
            waiting = later
        return found


def receipts(verifier):
    return Agreements(verifier).receipts() if verifier.members else {}


def agreements(verifier):
    return Agreements(verifier).run() if verifier.members else {}
