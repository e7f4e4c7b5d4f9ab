"""Erased fields of a bundle for verify_bundle.py: which leaves the erasures in it explain
(docs/formats/erasure.md, change.md)."""
import re

from bundle_text import Malformed, read_body_line, root_space, sha256

REASONS = {"request", "consent", "purpose", "retention", "unlawful", "mistake"}
ENTRY = re.compile("([0-9a-f]{64}) ((?:0|[1-9][0-9]{0,3})(?:,(?:0|[1-9][0-9]{0,3}))*)", re.A)
DOCUMENT = re.compile("document ([0-9a-f]{32})", re.A)
CONTAINER = re.compile("container ([0-9a-f]{32}) ([a-z][a-z0-9_]{0,63})", re.A)
NOWHERE = "/"
# The types of documents: keys of the root map that are personal, those that are not; a mark behind
# a key says that it is a container.
SCHEMAS = {
    "contact": ("family_name given_name prefix suffix salutation function network_role phone "
                "phone_2 mobile email email_2 street postal_code city availability deputy role_end",
                "organisation department topics verified_at info_status"),
    "note": ("body=", "title"),
    "meeting": ("attendance= minutes=", "title date start end place agenda= invited="),
    "task": ("assignee", "title assignee_org due status meeting agenda_item"),
    "agreement": ("body=", "title parties start end notice form parent"),
    "organisation": ("dpo dpo_email dpo_phone contact_point contact_email contact_phone street "
                     "postal_code city phone email",
                     "law_profile land authority natural_person public_body")}


def read_targets(reason, text):
    """Entries with numbers of fields, documents, (document, key)."""
    entries, documents, containers = [], [], []
    rows = text.split("\n")
    if reason not in REASONS or rows.pop() or not 1 <= len(rows) <= 4096:
        raise Malformed("no erasure")
    for row in rows:
        if match := ENTRY.fullmatch(row):
            numbers = [int(number) for number in match[2].split(",")]
            if documents or containers or numbers[-1] > 4095 or any(
                    a >= b for a, b in zip(numbers, numbers[1:])):
                raise Malformed("no entry of an erasure")
            entries.append((match[1], numbers))
        elif (match := DOCUMENT.fullmatch(row)) and not containers:
            documents.append(match[1])
        elif match := CONTAINER.fullmatch(row):
            containers.append((match[1], match[2]))
        else:
            raise Malformed("no line of an erasure")
    for ids in ([entry for entry, _ in entries], documents, containers):
        if any(a >= b for a, b in zip(ids, ids[1:])):
            raise Malformed("an erasure that does not ascend")
    return entries, documents, containers


def read_erasure(entry, slots):
    """(targets, text as a proposal says it, proposal or "")"""
    names = [slot[1] for slot in slots if not isinstance(slot, bytes)]
    if entry.about != "-" or not entry.fields == entry.evidence == len(slots) == len(names) or (
            names not in (["reason", "targets"], ["reason", "targets", "decision"])):
        raise Malformed("no erasure")
    try:
        texts = [slot[2].decode() for slot in slots]
    except UnicodeDecodeError:
        raise Malformed("no erasure") from None
    if len(texts) > 2 and not re.fullmatch("[0-9a-f]{64}", texts[2], re.A):
        raise Malformed("no decision")
    targets = read_targets(texts[0], texts[1])
    return targets, f"reason {texts[0]}\n{texts[1]}", (texts + [""])[2]


def read_receipt(entry, slots):
    """Erasures that a receipt names."""
    fits = entry.about == "-" and entry.fields == entry.evidence == len(slots) == 1
    if not fits or isinstance(slots[0], bytes) or slots[0][1] != "erasures":
        raise Malformed("no receipt")
    rows = slots[0][2].split(b"\n")
    if rows.pop() or not 1 <= len(rows) <= 4096 or any(a >= b for a, b in zip(rows, rows[1:])):
        raise Malformed("no receipt")
    if not all(re.fullmatch(b"[0-9a-f]{64}", row) for row in rows):
        raise Malformed("no receipt")
    return [row.decode() for row in rows]


def check_asked(subject, value):
    """A proposal's space and value that would erase something."""
    reason, _, targets = value.partition("\n")
    if not re.fullmatch("[0-9a-f]{32}", subject, re.A) or not reason.startswith("reason "):
        raise Malformed("no space, or no reason of an erasure")
    read_targets(reason[len("reason "):], targets)


def first_erasable(entry):
    first = {"change": 1, "vote": 1, "notice": 1, "person.add": 2, "comment": 0,
             "freeze": entry.evidence, "amend": entry.evidence}.get(entry.kind, entry.fields)
    if entry.kind == "proposal" and entry.fields >= 7:
        first = entry.fields - 1
    return min(max(entry.evidence, first), entry.fields)


class Reader:
    """The structure of a change."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Malformed("the structure of a change ends")
        self.at += count
        return self.data[self.at - count:self.at]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        return self.take(self.varint()).decode("utf-8", "replace")

    def ids(self, size):
        return [self.take(size).hex() for _ in range(self.varint())]


class Change:
    """Head of a change, and for each content field where its pieces lie."""

    def __init__(self, structure):
        self.read = read = Reader(structure)
        read.take(1)
        flags = read.take(1)[0]
        self.type = self.document = None
        if flags & 1:
            self.type = read.text()
            read.varint()
        else:
            self.document = read.take(16).hex()
        read.varint()
        read.ids(32)
        self.erasures = set(read.ids(32)) if flags & 2 else set()

    def edits(self, personal):
        """Sets of places by content field. A place is a key of the root map or (change, event) of
        a container that another change made. `personal`: whether a key's values are."""
        read = self.read
        containers = [self.container() for _ in range(read.varint())]
        self.made, self.groups, self.events = [], {}, 0
        for _ in range(read.varint()):
            self.edit(containers, personal)
        return list(self.groups.values())

    def container(self):
        kind = self.read.take(1)[0]
        if kind == 1:
            return "key", self.read.text()
        if kind == 2:
            return "far", (self.read.take(32).hex(), self.read.varint())
        if kind == 3:
            return "own", self.read.varint()
        return "root", ""

    def place_of_event(self, event):
        for first, count, place in reversed(self.made):
            if first <= event < first + count:
                return place
        return NOWHERE

    def piece(self, group, size):
        if size:
            self.groups.setdefault(group, set()).add(self.place)

    def value(self, tag, group):
        if tag == 1:
            self.read.varint()
            self.piece(group, 1)
        elif tag in (2, 3):
            self.piece(group, self.read.varint())

    def slot(self, group):
        tag = self.read.take(1)[0]
        if tag == 4:
            self.read.take(1)
        else:
            self.value(tag, group)

    def attribute(self, key, group):
        read, tag = self.read, self.read.take(1)[0]
        shown = key in ("type", "level")
        if tag == 1:
            read.take(1)
        elif tag == 2 and shown:
            read.varint()
        elif tag == 3 and shown:
            read.text()
        elif tag in (2, 3):
            self.piece(group, read.varint())

    def edit(self, containers, personal):
        read = self.read
        operation = read.take(1)[0]
        kind, name = where = containers[read.varint()]
        flag = personal(name) if kind == "key" else True
        self.place = {"root": "", "key": name, "far": name}.get(kind, None)
        if kind == "own":
            self.place = self.place_of_event(name)
        record, text, count, hidden = ("", flag), (where, flag), 1, 0
        if operation in (0, 1, 2):
            if read.take(1)[0] == 0:
                key = read.text()
                self.place = key if kind == "root" else self.place
                record = ("", personal(key)) if kind == "root" else record
            else:
                if kind == "root":
                    record = ("", True)
                hidden = read.varint()
            self.piece(record, hidden)
            if operation == 1:
                self.value(read.take(1)[0], record)
            elif operation == 2:
                read.take(1)
        elif operation == 3:
            read.varint()
            count = read.varint()
            self.piece(text, read.varint())
        elif operation == 4:
            read.varint()
            count = read.varint()
            for _ in range(count):
                self.slot(record)
        elif operation == 5:
            read.varint()
            count = read.varint()
        elif operation == 6:
            read.varint()
        elif operation == 7:
            read.varint()
            self.slot(record)
        elif operation == 8:
            read.varint()
            read.varint()
        elif operation in (9, 10):
            for _ in range(operation - 8):
                read.varint()
            read.take(read.varint())
        elif operation == 11:
            read.varint()
        elif operation == 12:
            read.varint()
            read.varint()
            read.take(1)
            self.attribute_of_mark(text)
        elif operation == 13:
            read.varint()
            for _ in range(read.varint()):
                self.attribute(read.text(), text)
        elif operation == 14:
            read.varint()
            self.attribute(read.text(), text)
        else:
            raise Malformed("no operation")
        self.made.append((self.events, count, self.place))
        self.events += count

    def attribute_of_mark(self, group):
        self.read.text()
        tag = self.read.take(1)[0]
        if tag == 1:
            self.read.take(1)
        elif tag in (2, 3):
            self.piece(group, self.read.varint())


def begun_by(entry_id):
    return sha256(b"geflecht-document@v1" + bytes.fromhex(entry_id)).hex()[:32]


class DecidedErasures:
    """What erasures ask of the root space, for RootSpace."""

    def found_decisions(self):
        found = {p: "rejected" for p in self.decided_without(self.mask, self.chain, self.now)}
        found.update({p: "rejected" for p in self.now.rejected})
        found.update({p: "provisional" for p in self.now.provisional})
        found.update({p: "superseded" if self.is_replaced(p) else "effective"
                      for p in self.now.effective})
        return found

    def decided_on(self):
        """Ids of the proposals of decisions()."""
        return {self.graph.entries[p].id for p in self.found_decisions()}

    def org_at(self, device, basis):
        """For which organisation the device signed in the past of these entries; "": nobody."""
        return self.org_of_device(device, self.past_of(basis))

    def past_of(self, basis):
        known = [b for b in basis if b in self.pasts]
        return frozenset(known).union(*(self.pasts[b] for b in known))

    def state_at(self, basis):
        if not basis or not set(basis) <= self.graph.index.keys():
            return None
        mask = self.closed(basis)
        return self.states.at(mask, self.seals.chain(mask))

    def is_decided_at(self, basis, proposal, space, text):
        """Whether that proposal asks for this erasure, and its decision is effective."""
        state = self.state_at(basis)
        return bool(state) and self.asked.get(proposal) == (space, text) and (
            self.graph.index.get(proposal) in state.effective)


class ErasureSteps:
    """Counts leaves that are erased, for Verifier."""

    def count_erased(self, entry, slots):
        if self.root is None or entry.space != "0" * 32 and entry.space not in self.spaces:
            return
        for i in self.erased_in(entry):
            if first_erasable(entry) <= i < len(slots) and isinstance(slots[i], bytes):
                self.erased += 1

    def read_erasures(self):
        self.named, self.of_documents, self.of_containers = {}, {}, {}
        self.decided, self.receipts = {}, {}
        self.bodies_here, self.began, self.events_of = {}, {}, {}
        for feed in self.feeds:
            for entry in feed.entries:
                if entry.space not in ("0" * 32, root_space(self.network)):
                    self.began.setdefault(begun_by(entry.id), entry)
            for row in self.files.get(feed.other("bodies", "jsonl"), b"").split(b"\n"):
                self.read_body_of(feed, row)

    def read_body_of(self, feed, row):
        try:
            entry_id, slots = read_body_line(row)
            place, index = self.places.get(entry_id, (None, 0))
            if place is not feed:
                return
            entry = feed.entries[index]
            if entry.kind == "change":
                self.bodies_here[entry_id] = slots
            if entry.kind == "erase.receipt":
                for erasure in read_receipt(entry, slots):
                    self.receipts.setdefault(erasure, []).append(entry)
            if entry.kind != "erase":
                return
            (entries, documents, containers), text, proposal = read_erasure(entry, slots)
        except Malformed:
            return
        basis = self.basis_of(entry)
        decided = bool(proposal) and self.root is not None and self.root.is_decided_at(
            basis, proposal, entry.space, text)
        if decided:
            self.decided.setdefault(proposal, {})[entry.id] = entry
        named = entry, basis, proposal if decided else ""
        for target, numbers in entries:
            self.named.setdefault(target, []).append((named, numbers))
        for document in documents:
            self.of_documents.setdefault(document, []).append(named)
        for document, key in containers:
            self.of_containers.setdefault(document, []).append((named, key))

    def decided_erasures(self):
        """(title, space, reason, entries, fields, documents, containers, carried) of decisions
        that erase; carried: (entry, organisation, time, organisations with a receipt)."""
        found = []
        for proposal in self.root.decided_on() & self.root.asked.keys():
            space, text = self.root.asked[proposal]
            reason, _, targets = text[len("reason "):].partition("\n")
            entries, documents, containers = read_targets(reason, targets)
            carried = tuple((erase.id, self.name_at(erase), erase.time, tuple(sorted(
                {self.name_at(receipt) for receipt in self.receipts.get(erase.id, [])} - {""})))
                for _, erase in sorted(self.decided.get(proposal, {}).items()))
            found.append((self.root.titles[proposal][0], space, reason, len(entries),
                          sum(len(numbers) for _, numbers in entries), tuple(documents),
                          tuple(containers), carried))
        return found

    def name_at(self, entry):
        org = self.root.org_at(entry.device, self.basis_of(entry))
        return self.root.names.get(org, "") if org else ""

    def basis_of(self, entry):
        if entry.basis != ["-"]:
            return entry.basis
        return sorted({*entry.seen, *({entry.prev, entry.about} - {"-"})})

    def may(self, named, owner):
        """Whether the erasure counts for what the organisation that wrote `owner` has written."""
        entry, basis, decided = named
        if decided:
            return True
        org = self.root.org_at(entry.device, basis)
        owns = self.root.org_at(owner.device, basis) if owner else ""
        if not org or not owns:
            return False
        state = self.root.state_at(basis)
        if org == owns:
            return True
        gone = bool(state) and org in state.active and owns not in state.members
        return gone and set(self.basis_of(owner)) <= self.root.past_of(basis)

    def change_of(self, entry_id):
        """The change, and the document that it belongs to; None if its structure is not open."""
        slots = self.bodies_here.get(entry_id, [])
        if not slots or isinstance(slots[0], bytes) or slots[0][1] != "structure":
            return None, None
        try:
            change = Change(slots[0][2])
        except Malformed:
            return None, None
        return change, change.document or begun_by(entry_id)

    def places_of(self, entry_id, document):
        """Sets of keys by content field; None where they cannot be known."""
        change, _ = self.change_of(entry_id)
        begun = self.began.get(document)
        first = self.change_of(begun.id)[0] if begun else None
        if change is None or first is None or first.type not in SCHEMAS:
            return None
        personal = {key.rstrip("=") for key in SCHEMAS[first.type][0].split()}
        declared = personal | {key.rstrip("=") for key in SCHEMAS[first.type][1].split()}
        declared |= set("purpose legal_basis retention_class owner_org visibility restricted "
                        "source".split())
        fields = change.edits(lambda key: key in personal or key not in declared)
        self.events_of[entry_id] = change
        return [{self.key_of(place, document) for place in places} for places in fields]

    def key_of(self, place, document):
        while isinstance(place, tuple):
            maker, event = place
            if maker not in self.events_of:
                self.places_of(maker, document)
            change = self.events_of.get(maker)
            if change is None:
                return None
            place = change.place_of_event(event)
        return place

    def erased_in(self, entry):
        """How many leaves of this entry's body stand for erased fields; `slots` fit its header."""
        document = change = None
        if entry.kind == "change":
            change, document = self.change_of(entry.id)
        erased = set()
        for named, numbers in self.named.get(entry.id, []):
            org = self.root.org_at(named[0].device, named[1])
            if org and org == self.root.org_at(entry.device, named[1]):
                erased.update(numbers)
            elif document and self.may(named, self.began.get(document)):
                erased.update(numbers)
            elif not document and (named[2] or entry.kind != "change" and self.may(named, entry)):
                erased.update(numbers)
        if document and any(self.may(named, self.began.get(document))
                            for named in self.of_documents.get(document, [])):
            erased.update(range(entry.fields))
        keys = {key for named, key in self.of_containers.get(document, [])
                if (named[2] or named[0].id) not in change.erasures and
                self.may(named, self.began.get(document))} if document else set()
        fields = self.places_of(entry.id, document) if keys else None
        if fields and not any(None in places for places in fields):
            erased.update(i + 1 for i, places in enumerate(fields)
                          if NOWHERE in places or places & keys)
        return erased
