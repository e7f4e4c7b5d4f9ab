"""Level receipt for verify_bundle.py: one entry, the proof that it is in its feed, its fields."""
import re

from bundle_text import (
    Malformed, check_body, check_slots, network_space, read_note, read_proof, read_slot,
    root_by_path, root_space, sha256)

RUN_MAX = 256
MAY_BE_COVERED = {"change", "gather", "blob"}
KINDS_OF_SPACES = {"change", "gather", "erase", "erase.receipt", "fork.evidence",
                   "freeze", "amend", "sign", "notice"}
KINDS_OF_ROOT_SPACE = {"acknowledge", "proposal", "comment", "vote", "enact", "seal", "seal-vote",
                       "device.add", "device.revoke", "org.leave", "person.add", "person.end",
                       "gather", "erase", "fork.evidence", "audit.request"}


def may_be_covered(entry):
    return entry.kind in MAY_BE_COVERED


def fits_space(kind, space, network):
    """kinds.md: the kind belongs to the space."""
    if space == root_space(network):
        return kind in KINDS_OF_ROOT_SPACE
    return kind in KINDS_OF_SPACES


RECEIPT_FILE = re.compile(r"receipt/(entry\.log|entry\.tlog-proof|([0-9]{4})\.(field|leaf))", re.A)


class ReceiptSteps:
    def check_receipt(self):
        entries = self.receipt.entries if self.receipt else []
        for name in self.files:
            slot = RECEIPT_FILE.fullmatch(name)
            if slot and not self.is_receipt():
                self.bad(name, 0, "receipt", "this bundle is no receipt")
            elif slot and slot[2] and entries and int(slot[2]) >= entries[0].fields:
                self.bad(name, 0, "field", "the entry has no such field")
        if not self.is_receipt():
            return
        if self.receipt is None:
            self.bad("receipt/entry.log", 0, "missing-file")
            return
        if not entries:
            self.bad("receipt/entry.log", 0, "empty-feed")
            return
        if self.members is not None:
            self.receipt_rights(entries[0])
        self.receipt_run(entries)
        self.receipt_proof(entries[0])
        self.receipt_fields(entries[0])

    def receipt_rights(self, entry):
        name = "receipt/entry.log"
        if entry.net != self.network:
            self.bad(name, 1, "network")
        if entry.device not in self.devices:
            self.bad(name, 1, "device")
        elif not self.knows_space(entry.space):
            self.bad(name, 1, "space")
        elif not fits_space(entry.kind, entry.space, self.network):
            self.bad(name, 1, "kind")
        elif self.root is not None and self.whole and entry.space != root_space(
                self.network) and not self.was_entitled(entry.space, entry.basis, entry.device):
            self.bad(name, 1, "not-entitled")
        for basis in entry.basis:
            if basis != "-" and not self.is_of_root_space(basis):
                self.bad(name, 1, "basis-missing")

    def receipt_run(self, entries):
        name, first, last = "receipt/entry.log", entries[0], entries[-1]
        for before, entry in zip(entries, entries[1:]):
            if entry.feed != first.feed:
                self.bad(name, entry.line, "feed")
            if entry.seq != before.seq + 1 or entry.prev != before.id:
                self.bad(name, entry.line, "prev")
            if before.signature is not None:
                self.bad(name, entry.line, "receipt", "an entry behind the signature")
        if len(entries) > RUN_MAX:
            self.bad(name, last.line, "run-too-long")
        if last.signature is None or len(entries) > 1 and not may_be_covered(first):
            self.bad(name, first.line, "signature-missing")
        elif not self.verify(last.device, "geflecht-entry@v1", last.text, last.signature):
            self.bad(name, last.signature_line, "signature")

    def receipt_proof(self, entry):
        name = "receipt/entry.tlog-proof"
        if name not in self.files:
            self.bad(name, 0, "missing-file")
            return
        try:
            index, path, rest, before = read_proof(self.files[name])
        except Malformed as error:
            self.bad(name, 0, "proof", str(error))
            return
        try:
            origin, size, root, signed, signatures = read_note(rest)
        except Malformed as error:
            self.bad(name, before, "checkpoint", str(error))
            return
        if index != entry.seq:
            self.bad(name, 2, "proof", "the index is not the entry's position")
        if root_by_path(bytes.fromhex(entry.id), index, size, path) != root:
            self.bad(name, 3, "proof", "the hashes do not lead to the root")
        ids = bytes.fromhex(self.network + "".join(entry.feed))
        if origin != "geflecht/" + sha256(ids).hex():
            self.bad(name, before, "checkpoint", "the origin is not this feed's")
        if self.members is not None:
            self.note_signatures(name, before, signed, signatures)

    def receipt_fields(self, entry):
        slots = []
        for index in range(entry.fields):
            field, leaf = (self.files.get(f"receipt/{index:04}.{end}") for end in ("field", "leaf"))
            if field is None and leaf is None:
                self.bad(f"receipt/{index:04}.field", 0, "missing-file")
                continue
            try:
                slots.append(read_slot(field, leaf))
            except Malformed:
                self.bad(f"receipt/{index:04}.{'field' if leaf is None else 'leaf'}", 1, "field")
        if len(slots) < entry.fields:
            return
        try:
            if entry.fields:
                check_slots(slots)
                check_body(entry, slots)
        except Malformed as error:
            self.bad("receipt/entry.log", 1, "body", str(error))
            return
        if any(isinstance(slot, bytes) for slot in slots[:entry.evidence]):
            self.open_point("withheld-evidence")
