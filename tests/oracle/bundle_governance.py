"""The root space of a bundle for verify_bundle.py: entries in the form of governance_model.py, and
what follows from them: who may write, decisions with numbers, completeness (docs/formats)."""
import re
import sys
import unicodedata

from bundle_text import (
    Entry, Malformed, check_body, check_name, from_base64, is_time, network_space,
    read_body_line, read_proven_card, root_space, sha256, sshsig_preimage)
from bundle_erasures import DecidedErasures, check_asked
from bundle_spaces import minutes_of_space, read_space
from governance_graph import Graph
from governance_seals import Seals
from governance_state import States

sys.setrecursionlimit(20000)

NOTHING = "-"  # a matter that nobody can decide: points and reviews set no rule
HEX32 = re.compile("[0-9a-f]{64}", re.A)
RULE = re.compile("(unanimity|two-thirds|majority|consent|quorum|votes-cast)( [1-9][0-9]{0,9})?"
                  "((?: both [0-9a-f]{64})*)", re.A)
MATTER = re.compile(r"(body:)?[a-z0-9.-]{1,64}", re.A)
NAMED = {"admit", "remove", "role", "rule", "rekey", "inactive", "space", "audit", "relay", "merge"}
TERMS = re.compile(
    "(?:freeze [0-9a-f]{32} [0-9a-f]{64} [0-9a-f]{64}\n)?(?:meeting [0-9a-f]{32}\n)?"
    "(?:points\n)?(?:recommendation\n)?(?:review (?P<review>[0-9]{4}-[0-9]{2}-[0-9]{2})\n)?"
    "(?:supersedes (?P<supersedes>[0-9a-f]{64})\n)?", re.A)
RULE_NAMES = {"quorum": "k", "votes-cast": "cast"}
FIELDS = {
    "proposal": (["matter", "subject", "value", "deadline", "title", "text", "note"], 6),
    "vote": (["position", "reason"], 1), "enact": (["votes"], 1), "seal": (["state"], 1),
    "device.add": (["org", "card"], 2), "device.revoke": (["device"], 1),
    "audit.request": (["nonce", "spaces"], 2),
    "fork.evidence": (["branch-lower", "branch-higher"], 2)}


def org_of(root):
    return sha256(b"geflecht-org@v1\n" + root.encode()).hex()


def parse_rule(text):
    """A rule in the form of the model."""
    match = RULE.fullmatch(text)
    if not match or bool(match[2]) != (match[1] in ("consent", "quorum", "votes-cast")):
        raise Malformed("no rule")
    both = match[3].split(" both ")[1:]
    if match[2] and int(match[2]) > 4294967295 or any(a >= b for a, b in zip(both, both[1:])) or (
            len(both) > 256):
        raise Malformed("no rule")
    rule = {"kind": RULE_NAMES.get(match[1], match[1])}
    if match[2]:
        rule["k"] = int(match[2])
    if both:
        rule["both"] = both
    return rule


def render_rule(rule):
    kind = {word: name for name, word in RULE_NAMES.items()}.get(rule.kind, rule.kind)
    return (kind + (f" {rule.number}" if rule.number else "") +
            "".join(f" both {carrier}" for carrier in rule.carriers))


def is_safe(matter, rule, members):
    """state.md, Rules: what a charter is refused for."""
    few = matter not in NAMED and matter != "*" and not matter.startswith("body:")
    both = rule.get("both", [])
    number = rule.get("k")
    return ((matter == "*" or bool(MATTER.fullmatch(matter))) and
            (number is None or number <= len(members) and (few or 2 * number > len(members))) and
            len(both) in (0, 2) and set(both) <= set(members))


def check_text(text, most=65536):
    if len(text.encode()) > most or text and not text.endswith("\n") or (
            unicodedata.normalize("NFC", text) != text):
        raise Malformed("no text")
    for character in text:
        if character not in "\n\u200c\u200d" and unicodedata.category(character) in (
                "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise Malformed("a text holds a character that is not allowed")


def fields_of(kind, slots, claimed):
    """Texts of the evidence; what can be erased says nothing. `claimed`: the header's number."""
    names, evidence = FIELDS[kind]
    if kind == "proposal" and len(slots) > len(names):
        names, evidence = names[:-1] + ["terms", "note"], evidence + 1
    if len(slots) != len(names) or claimed != evidence:
        raise Malformed("another number of fields")
    texts = []
    for i, (slot, name) in enumerate(zip(slots, names)):
        if i >= evidence:
            texts.append("")
            continue
        if isinstance(slot, bytes):
            raise Malformed("an evidence field is withheld")
        if slot[1] != name:
            raise Malformed("another name of a field")
        try:
            texts.append(slot[2].decode())
        except UnicodeDecodeError:
            raise Malformed("no UTF-8") from None
    return texts


def read_terms(text):
    """Words of the lines of field `terms`, with what they name."""
    match = TERMS.fullmatch(text or "")
    if not match or text == "":
        raise Malformed("no terms")
    words = {row.split(" ")[0]: row for row in (text or "").split("\n")[:-1]}
    if match["review"] and not is_time(match["review"] + "T00:00:00Z"):
        raise Malformed("no day")
    if match["supersedes"]:
        words["supersedes"] = match["supersedes"]
    return words


def read_ids(text, size, most):
    rows = text.split("\n")
    if rows.pop() or len(rows) > most or any(
            not re.fullmatch(f"[0-9a-f]{{{size}}}", row, re.A) for row in rows) or any(
                a >= b for a, b in zip(rows, rows[1:])):
        raise Malformed("no list of ids")
    return rows


class RootSpace(DecidedErasures):
    """Built up in causal order; asked once all entries are there."""

    def __init__(self, network, charter, terms, checker):
        self.network, self.checker = network, checker
        self.claims = {}  # device -> [(organisation, entry that says so, card)]
        self.names, self.titles, self.times, self.raw = {}, {}, {charter.id: charter.time}, []
        self.devices = {card["device"] for card in terms["cards"]}
        self.device, self.requests, self.states_of_seals = {charter.id: charter.device}, {}, {}
        self.parents, self.pasts, self.entries = {charter.id: []}, {charter.id: frozenset()}, []
        self.asked = {}  # proposal that would erase content -> space, text of the erasure
        keys = {}
        for card in terms["cards"]:
            org = org_of(card["root"])
            keys[org] = [card["root"], card["device"]]
            self.note(org, charter.id, card)
        rules = {matter: parse_rule(rule) for matter, rule in terms["rules"]}
        self.raw.append({"id": charter.id, "type": "charter", "by": "*", "parents": [],
                         "founders": sorted(keys), "keys": keys,
                         "rule": rules.pop("*", {"kind": "majority"}), "rules": rules})

    def note(self, org, said_by, card):
        self.claims.setdefault(card["device"], []).append((org, said_by, card))
        self.names.setdefault(org, card["name"])

    def org_of_device(self, device, past):
        return min((org for org, said_by, _ in self.claims.get(device, []) if said_by in past),
                   default="")

    def fill(self, entries):
        """(entry, slots or None) of all; an entry counts once its past does."""
        waiting = {}
        for entry, slots in entries:
            waiting.setdefault(entry.id, (entry, slots))
        progress = True
        while progress:
            progress = False
            for name in sorted(waiting):
                entry, slots = waiting[name]
                parents = {*entry.seen, *({entry.prev, entry.about} - {"-"})}
                if parents and parents <= self.parents.keys():
                    self.add(entry, slots, sorted(parents))
                    del waiting[name]
                    progress = True
        self.graph = Graph(self.raw)
        self.states = States(self.graph)
        self.seals = Seals(self.graph, self.states)
        self.mask = self.graph.root_mask
        self.chain = self.seals.chain(self.mask)
        self.now = self.states.at(self.mask, self.chain)
        self.depth = {}
        for i, entry in enumerate(self.graph.entries):
            self.depth[i] = 1 + max((self.depth[p] for p in entry.parents), default=-1)

    def add(self, entry, slots, parents):
        past = frozenset(parents).union(*(self.pasts[p] for p in parents))
        self.parents[entry.id], self.pasts[entry.id] = parents, past
        self.times[entry.id], self.device[entry.id] = entry.time, entry.device
        raw = {"id": entry.id, "type": "other", "by": self.org_of_device(entry.device, past),
               "device": entry.device, "parents": parents}
        try:
            if entry.fields == 0 or slots is not None:
                raw.update(self.act(entry, slots or [], past))
        except Malformed:
            pass
        self.raw.append(raw)

    def act(self, entry, slots, past):
        kind = entry.kind
        if kind == "org.leave" and not slots:
            return {"type": kind}
        if kind == "seal-vote" and not slots and entry.about != "-":
            return {"type": kind, "about": entry.about}
        if kind not in FIELDS:
            return {}
        said = fields_of(kind, slots, entry.evidence)
        if kind == "proposal":
            return self.proposal(entry, said)
        if kind == "vote" and entry.about != "-":
            if said[0] not in ("yes", "no", "abstain", "objection"):
                raise Malformed("no position")
            return {"type": kind, "about": entry.about, "position": said[0]}
        if kind == "enact" and entry.about != "-":
            return {"type": kind, "about": entry.about, "votes": read_ids(said[0], 64, 4096)}
        if kind in ("seal", "device.revoke"):
            if not HEX32.fullmatch(said[0]):
                raise Malformed("64 hex expected")
            if kind == "seal":
                self.states_of_seals[entry.id] = said[0]
                return {"type": kind}
            return {"type": kind, "subject": said[0]}
        if kind == "device.add":
            return self.device_add(entry, said, past)
        if kind == "fork.evidence":
            return self.fork(said, past)
        if kind == "audit.request":
            if not re.fullmatch("([0-9a-f]{2}){8,32}", said[0], re.A):
                raise Malformed("no nonce")
            read_ids(said[1], 32, 256)
            self.requests.setdefault(said[0], set()).add(entry.id)
        return {}

    def device_add(self, entry, said, past):
        if not HEX32.fullmatch(said[0]):
            raise Malformed("no organisation")
        card = read_proven_card(said[1], self.checker)
        self.devices.add(card["device"])
        if any(known == card and said_by in past
               for _, said_by, known in self.claims.get(card["device"], [])):
            return {}
        self.note(said[0], entry.id, card)
        return {"type": "device.add", "by": said[0], "root": card["root"],
                "subject": card["device"]}

    def proposal(self, entry, said):
        terms = said.pop(6) if len(said) > 7 else None
        matter, subject, value, deadline, title, text, note = said
        if not (re.fullmatch(r"\*|[a-z][a-z0-9.:-]{0,63}", matter, re.A) and
                re.fullmatch("[ -~]{0,64}", subject) and len(value.encode()) <= 9216):
            raise Malformed("no proposal")
        if deadline != "-" and not (re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", deadline, re.A)
                                    and is_time(deadline)):
            raise Malformed("no deadline")
        check_name(title, 512)
        check_text(text)
        words = read_terms(terms)
        self.titles[entry.id] = title, matter
        try:
            self.devices.add(read_proven_card(value, self.checker)["device"])
        except Malformed:
            pass
        raw = {"type": "proposal", "matter": matter, "subject": subject}
        about_rules = bool({"points", "review"} & words.keys())
        seats = matter == "space" and bool(subject or value)
        erases = matter == "content" and bool(subject or value)
        without_effect = not seats and not erases and matter not in (
            "admit", "rekey", "remove", "inactive", "role", "rule")
        if (about_rules and matter != "rule" or
                "recommendation" in words and not without_effect or
                "freeze" in words and not without_effect and (matter != "rule" or about_rules)):
            raise Malformed("terms that do not fit the matter")
        raw["supersedes"] = words.get("supersedes", "")
        raw["same"] = [matter, subject if not without_effect else "",
                       value[1:] if matter == "role" else ""]
        if seats:
            return {**raw, **self.space(entry, subject, value)}
        if erases:
            check_asked(subject, value)
            self.asked[entry.id] = subject, value
            return {**raw, "subject": ""}
        if matter in ("admit", "rekey", "remove", "inactive", "role"):
            if not HEX32.fullmatch(subject):
                raise Malformed("no organisation")
        if matter in ("admit", "rekey"):
            card = read_proven_card(value, self.checker)
            self.note(subject, entry.id, card)
            return {**raw, "value": card["root"], "device-key": card["device"]}
        if matter == "role":
            if not re.fullmatch(r"[+-](body|space):[a-z0-9.:-]*", value, re.A) or len(value) > 65:
                raise Malformed("no role")
            return {**raw, "value": value}
        if matter == "rule" and about_rules and not subject and not value:
            if "points" in words:
                points = text.split("\n")[:-1]
                for point in points:
                    check_name(point, 4096)
                if not 1 <= len(points) <= 256:
                    raise Malformed("no points")
            return {**raw, "matter": "rule", "subject": "majority", "for": NOTHING}
        if matter == "rule":
            if "points" in words or "freeze" in words:
                raise Malformed("points or a frozen text beside a rule")
            if subject != "*" and not MATTER.fullmatch(subject):
                raise Malformed("no matter")
            return {**raw, "subject": parse_rule(value), "for": subject}
        if matter not in ("remove", "inactive") and (
                not MATTER.fullmatch(matter) and matter != "*" or subject):
            raise Malformed("no matter, or a subject that it has not")
        if value:
            raise Malformed("a value that the matter has not")
        return {**raw, **minutes_of_space(matter, words, network_space(self.network))}

    def space(self, entry, subject, value):
        """Who decides is named by the role of its members; of a new space everybody does."""
        _, _, seats = read_space(subject, value)
        space = subject
        if subject == "new":
            space = sha256(b"geflecht-space@v1\n" + entry.id.encode()).hex()[:32]
        electors = "" if subject == "new" else f"member:{space}"
        return {"subject": electors, "same": ["space", electors, ""],
                "seats": [[given, org, f"observer:{space}:{day}" if day else f"member:{space}"]
                          for given, org, day in seats]}

    def fork(self, said, past):
        lower, higher = (self.branch(text.encode()) for text in said)
        if lower.feed != higher.feed or lower.seq != higher.seq or lower.id >= higher.id:
            raise Malformed("no fork")
        org = self.org_of_device(lower.device, past)
        if not org:
            raise Malformed("nobody's device")
        return {"type": "fork.evidence", "subject": [org, lower.device],
                "position": "".join(lower.feed) + str(lower.seq)}

    def branch(self, text):
        """The first entry of a branch whose last one is signed."""
        blocks = text.split(b"\n\n")
        signature = re.fullmatch(rb"sig (\S+)\n", blocks.pop())
        run = [Entry(block + b"\n", 0) for block in blocks]
        if not run or not signature or len(run) > 256:
            raise Malformed("no branch")
        for before, entry in zip(run, run[1:]):
            if (entry.feed, entry.seq, entry.prev) != (before.feed, before.seq + 1, before.id):
                raise Malformed("no branch")
        covered = all(entry.kind in ("change", "gather", "blob") for entry in run[:-1])
        if not covered or any(entry.net != self.network for entry in run) or (
                not self.checker.verify(bytes.fromhex(run[-1].device), sshsig_preimage(
                    "geflecht-entry@v1", run[-1].text), from_base64(signature[1], 64))):
            raise Malformed("no valid branch")
        return run[0]

    # ---- answers

    def closed(self, ids):
        mask = 0
        for name in ids:
            i = self.graph.index[name]
            mask |= self.graph.past[i] | 1 << i
        return mask

    def entitled_at(self, basis, device):
        """Whether the device may write in the network space in the state of this basis."""
        if not set(basis) <= self.graph.index.keys():
            return False
        past = frozenset(basis).union(*(self.pasts[b] for b in basis))
        org = self.org_of_device(device, past)
        mask = self.closed(basis)
        return bool(org) and (org, device) in self.states.at(mask, self.seals.chain(mask)).devices

    def has_seat_at(self, basis, device, space):
        """The same for a space that a decision has founded: a member's seat in it."""
        if not self.entitled_at(basis, device):
            return False
        past = frozenset(basis).union(*(self.pasts[b] for b in basis))
        mask = self.closed(basis)
        state = self.states.at(mask, self.seals.chain(mask))
        return (self.org_of_device(device, past), f"member:{space}") in state.roles

    def was_ever_entitled(self, device):
        return any(device == d for _, d in self.now.devices | self.now.deprived)

    def members(self):
        """(organisation's name, organisation, device) of all that are entitled."""
        return sorted((self.names.get(org, ""), org, device) for org, device in self.now.devices)

    def awaited(self, circle=None):
        """Of the spaces that all write in, or of one that a decision has founded."""
        return [(org, device) for org, device in sorted(self.now.devices)
                if org in self.now.active and
                (circle is None or (org, f"member:{circle}") in self.now.roles)]

    def last_seal(self):
        return self.chain[-1] if self.chain else None

    def answered(self, nonce):
        """Devices with an entry behind a request of this nonce; None: there is no request."""
        if nonce not in self.requests:
            return None
        requests = sum(1 << self.graph.index[name] for name in self.requests[nonce])
        return {self.device[entry.id] for i, entry in enumerate(self.graph.entries)
                if (self.graph.past[i] | 1 << i) & requests}

    def is_sealed_at(self, basis, seal):
        return set(basis) <= self.graph.index.keys() and seal in self.seals.chain(
            self.closed(basis))

    def founded_spaces(self):
        """Ids of the spaces that effective decisions have founded; ascending."""
        g = self.graph
        return sorted(sha256(b"geflecht-space@v1\n" + g.entries[p].id.encode()).hex()[:32]
                      for p in self.now.effective
                      if g.entries[p].raw.get("seats") and not g.entries[p].raw["subject"])

    def decisions(self):
        """(title, matter, status, number) of all with a valid certificate; sorted."""
        g, found, numbers = self.graph, self.found_decisions(), {}
        count = 0
        for k, seal in enumerate(self.chain):
            before = self.states.sealed(self.chain[:k]).effective
            new = [p for p in self.states.sealed(self.chain[:k + 1]).effective if p not in before]
            year = self.times[g.entries[seal].id][:4]
            for p in sorted(new, key=lambda p: (self.depth[p], g.entries[p].id)):
                count += 1
                numbers[p] = f"{year}-{count:03}"
        return sorted((*self.titles[g.entries[p].id], status, numbers.get(p, ""))
                      for p, status in found.items())

    def is_replaced(self, proposal):
        """An effective decision names it, which has it in its past and is about the same."""
        g = self.graph
        earlier = g.entries[proposal]
        return any(g.entries[p].raw["supersedes"] == earlier.id and g.knows(p, proposal) and
                   g.entries[p].raw["same"] == earlier.raw["same"] for p in self.now.effective)

    def decided_without(self, mask, chain, state):
        """Proposals whose certificates lost votes to a concurrent removal."""
        open_ = self.states._open_certificates(mask, chain, self.states.sealed(chain))
        return [p for p in open_ if p not in state.effective and p not in state.provisional]

    def wrong_seals(self):
        return [self.graph.entries[seal].id for seal in self.chain
                if sha256(self.state_text(self.graph.past[seal]).encode()).hex() !=
                self.states_of_seals.get(self.graph.entries[seal].id)]

    def state_text(self, mask):
        """governance.md, State text."""
        chain = self.seals.chain(mask)
        state = self.states.at(mask, chain)
        rows = ["geflecht-state@v1"]
        rows += [f"member {o} {state.roots[o]} {'active' if o in state.active else 'inactive'}"
                 for o in sorted(state.members)]
        rows += [f"role {o} {role}" for o, role in sorted(state.roles)]
        rows += [f"device {o} {device}" for o, device in sorted(state.devices)]
        rows += [f"rule {matter} {render_rule(rule)}"
                 for matter, rule in sorted(state.rules.items()) if matter != NOTHING]
        verdicts = {p: "failed" for p in self.decided_without(mask, chain, state)}
        for name in ("rejected", "provisional", "effective"):
            verdicts.update({p: name for p in getattr(state, name)})
        rows += sorted(f"decision {self.graph.entries[p].id} {verdict}"
                       for p, verdict in verdicts.items())
        return "".join(row + "\n" for row in rows)

    def double_signers(self):
        return sorted(self.names.get(org, "") for org in self.seals.misconduct(self.mask))

    def void_certificates(self):
        held = 0
        for enacts in (*self.now.effective.values(), *self.now.provisional.values(),
                       *self.now.rejected.values()):
            held |= enacts
        open_ = self.states._open_certificates(self.mask, self.chain,
                                               self.states.sealed(self.chain))
        for certificates in open_.values():
            for certificate in certificates:
                held |= 1 << certificate.enact
        return sorted(self.graph.entries[i].id for i in self.graph.all("enact", self.mask & ~held))


class GovernanceSteps:
    """What verify_bundle.py asks of the root space."""

    def evaluate(self):
        """Step 3. Without all evidence of the root space nothing is said about decisions."""
        self.root, self.whole, entries = None, True, []
        if self.members is None:
            return
        root_of = root_space(self.network)
        for feed in self.feeds:
            if feed.key[0] != root_of:
                continue
            bodies = self.bodies_that_fit(feed)
            for entry in feed.entries:
                if entry.net != self.network or entry.space != root_of:
                    continue
                slots = bodies.pop(entry.id, None)
                if entry.evidence and (slots is None or any(
                        isinstance(slot, bytes) for slot in slots[:entry.evidence])):
                    self.whole = False
                entries.append((entry, slots))
        root = RootSpace(self.network, self.charter, self.terms, self.checker)
        root.fill(entries)
        self.root, self.devices = root, root.devices
        if not self.whole:
            return
        for name in root.wrong_seals():
            feed, index = self.places[name]
            self.bad(feed.name, feed.entries[index].line, "seal-state")
        if root.double_signers():
            self.forked = True
            self.bad("", 0, "double-signer")

    def bodies_that_fit(self, feed):
        bodies = {}
        for row in self.files.get(feed.other("bodies", "jsonl"), b"").split(b"\n")[:-1]:
            try:
                entry_id, slots = read_body_line(row)
                place, index = self.places.get(entry_id, (None, 0))
                if place is feed:
                    check_body(feed.entries[index], slots)
                    bodies.setdefault(entry_id, slots)
            except Malformed:
                continue
        return bodies

    def entitled(self, feed):
        """Whoever wrote was a member's device, by what it relied on."""
        if self.root is None or not self.whole:
            return
        device = feed.key[1]
        if feed.key[0] == root_space(self.network):
            if not self.root.was_ever_entitled(device):
                self.bad(feed.name, feed.entries[0].line, "not-entitled")
            return
        known = {}
        for entry in feed.entries:
            basis = tuple(entry.basis)
            if basis not in known:
                known[basis] = self.was_entitled(feed.key[0], entry.basis, device)
            if not known[basis]:
                self.bad(feed.name, entry.line, "not-entitled")

    def was_entitled(self, space, basis, device):
        if space == network_space(self.network):
            return self.root.entitled_at(basis, device)
        return self.root.has_seat_at(basis, device, space)

    def knows_space(self, space):
        """Spaces that decisions have founded are known once all evidence is there."""
        if space in (root_space(self.network), network_space(self.network)):
            return True
        return bool(self.root and self.whole and space in self.root.founded_spaces())

    def completeness(self):
        """bundle.md, Complete: open points and who is missing, of each space."""
        self.spaces = {}
        if self.members is None:
            return
        seal = self.root.last_seal() if self.root and self.whole else None
        founded = self.root.founded_spaces() if self.root and self.whole else []
        for space in (root_space(self.network), network_space(self.network), *founded):
            is_root = space == root_space(self.network)
            points, missing = [], []
            held = is_root or any(feed.key[0] == space for feed in self.feeds)
            if not held:
                points.append("not-covered")
            if seal is None:
                points.append("not-sealed")
            elif is_root:
                answered = self.root.answered(self.nonce)
                if answered is None:
                    points.append("not-requested")
                else:
                    missing = [d for _, d in self.root.awaited() if d not in answered]
                    points += ["not-answered"] if missing else []
            elif held:
                awaited = self.root.awaited(space if space in founded else None)
                missing = [d for _, d in awaited if not self.gathered(space, d, seal)]
                points += ["not-gathered"] if missing or not awaited else []
            self.spaces[space] = points, missing
            for point in points:
                self.open_point(point)

    def gathered(self, space, device, seal):
        """Whether the last gather of some way through a feed of the device shows the seal."""
        for feed in self.feeds:
            if feed.key[:2] != (space, device):
                continue
            followed = set()
            for entry in reversed(feed.entries):
                behind = entry.id in followed
                if entry.kind == "gather" and entry.feed == feed.key:
                    if not behind and self.root.is_sealed_at(entry.basis, seal):
                        return True
                    behind = True
                if behind and entry.prev:
                    followed.add(entry.prev)
        return False
