#!/usr/bin/python3
"""A second verifier of audit bundles, written from docs/formats alone: bundle.md, entry.md,
body.md, card.md, charter.md, kinds.md, governance.md, state.md. Standard library and OpenSSL; no
code of the first one. Decisions are evaluated by governance_model.py.

  verify_bundle.py BUNDLE --net HEX [--nonce HEX] [--sample N] [--openssl]

Prints the verdict, then one line `FILE:LINE REASON DETAIL` for each problem; ends with the exit
code of `geflecht audit verify`: 0 complete, 1 invalid, 2 incomplete, 3 forked, 4 unreadable.
--sample N checks N signatures of entries only, and the last one of each branch; --openssl calls the
command for each signature where libcrypto would be called. Names with characters that Unicode 15.0
assigned first are refused where Python's tables are older."""
import argparse
import base64
import random
import re
import sys

import ed25519
from bundle_erasures import ErasureSteps
from bundle_governance import GovernanceSteps, is_safe, parse_rule
from bundle_receipt import RECEIPT_FILE, RUN_MAX, ReceiptSteps, fits_space, may_be_covered
from bundle_text import (
    BYTES_MAX, Entry, FILES_MAX, Malformed, Unreadable, check_body, from_base64, network_space,
    read_body_line, read_bundle, read_info, read_note, read_rules, root_space,
    sha256, ssh_armour, ssh_public, sshsig_preimage, tree)

VERDICTS = ["complete", "invalid", "incomplete", "forked", "unreadable"]
LIVES_MAX = 16
FIXED = ["README.txt", "MANIFEST.sha256", "MANIFEST.sha256.sig", "bundle.json", "charter.sigs",
         "keys/allowed_signers"]
STEM = re.compile(r"(feeds|bodies)/([0-9a-f]{32})-([0-9a-f]{64})-([0-9a-f]{16})"
                  r"\.(log|checkpoint|jsonl)", re.A)
KEY_FILE = re.compile(r"keys/([0-9a-f]{64})\.pem", re.A)


class Feed:
    def __init__(self, name, key):
        self.name, self.key, self.entries = name, key, []

    def other(self, folder, end):
        return f"{folder}/{'-'.join(self.key)}.{end}"


class Verifier(ReceiptSteps, GovernanceSteps, ErasureSteps):
    def __init__(self, files, network, checker, sample=None, seed=0, nonce=""):
        self.all_files, self.network, self.checker = files, network, checker
        self.sample, self.random = sample, random.Random(seed)
        self.problems, self.forked, self.open_points = [], False, []
        self.files, self.feeds, self.places = {}, [], {}
        self.charter, self.members, self.exporter = None, None, None
        self.info, self.receipt, self.devices, self.erased = None, None, set(), 0
        self.nonce, self.terms, self.root, self.whole, self.spaces = nonce, None, None, False, {}

    def bad(self, file, line, reason, detail=""):
        self.problems.append((file, line, reason, detail))

    def open_point(self, name):
        if name not in self.open_points:
            self.open_points.append(name)

    def run(self):
        if not self.all_files:
            self.bad("", 0, "empty")
            return 4
        if (len(self.all_files) > FILES_MAX or
                sum(len(content) for _, content in self.all_files) > BYTES_MAX):
            self.bad("", 0, "too-large")
            return 4
        for step in (self.names, self.manifest, self.read_feeds, self.read_charter,
                     self.evaluate, self.check_feeds, self.references, self.completeness,
                     self.bodies, self.keys, self.checkpoints, self.check_receipt):
            step()
        self.problems.sort(key=lambda problem: problem[:2])
        if self.forked:
            return 3
        if self.problems:
            return 1
        return 2 if self.open_points else 0

    # Step 1: names and hashes of all files.
    def names(self):
        for name, content in self.all_files:
            stem = STEM.fullmatch(name)
            slot = RECEIPT_FILE.fullmatch(name)
            if not (name in FIXED or KEY_FILE.fullmatch(name) or
                    slot and int(slot[2] or 0) < 4096 or
                    stem and (stem[1] == "bodies") == (stem[5] == "jsonl")):
                self.bad("".join(c if "!" <= c <= "~" else "?" for c in name), 0, "unknown-file")
            elif name in self.files:
                self.bad(name, 0, "duplicate-file")
            else:
                self.files[name] = content
        for name in FIXED:
            if name not in self.files:
                self.bad(name, 0, "missing-file")
        try:
            self.info = read_info(self.files.get("bundle.json", b""))
        except Malformed:
            self.info = None
        if self.info and self.info["level"] != "full":
            self.open_point(self.info["level"])

    def lines(self, name, reason, detail=""):
        """Numbered lines of a file; what follows the last LF is a problem."""
        rows = self.files.get(name, b"").split(b"\n")
        yield from enumerate(rows[:-1], 1)
        if rows[-1]:
            self.bad(name, len(rows), reason, detail or "no line feed at the end")

    def manifest(self):
        if "MANIFEST.sha256" not in self.files:
            return
        name, listed, highest = "MANIFEST.sha256", set(), ""
        for number, row in self.lines(name, "manifest-line"):
            match = re.fullmatch(rb"([0-9a-f]{64})  (.+)", row, re.S)
            if not match:
                self.bad(name, number, "manifest-line")
                continue
            file = match[2].decode("latin-1")
            if listed and file <= highest:
                self.bad(name, number, "manifest-line", "names do not ascend")
            if file not in self.files or file in ("MANIFEST.sha256", "MANIFEST.sha256.sig"):
                self.bad(name, number, "manifest-line", "there is no such file to list")
            elif sha256(self.files[file]).hex() != match[1].decode():
                self.bad(file, 0, "manifest-hash")
            listed.add(file)
            highest = max(highest, file)
        for file in self.files:
            if not file.startswith("MANIFEST") and file not in listed:
                self.bad(file, 0, "unlisted-file")

    # Step 3, first half: the text of the feeds.
    def read_feeds(self):
        for name in sorted(self.files):
            stem = STEM.fullmatch(name)
            if not stem or stem[5] != "log":
                continue
            feed = Feed(name, stem.groups()[1:4])
            self.read_feed(feed, self.files[name])
            if not feed.entries:
                self.bad(name, 0, "empty-feed")
            self.feeds.append(feed)
        for feed in self.feeds:
            for index, entry in enumerate(feed.entries):
                self.places.setdefault(entry.id, (feed, index))
        if self.is_receipt() and "receipt/entry.log" in self.files:
            self.receipt = Feed("receipt/entry.log", ())
            self.read_feed(self.receipt, self.files["receipt/entry.log"])

    def is_receipt(self):
        return self.info is not None and self.info["level"] == "receipt"

    def in_scope(self, entry):
        scope = self.info and self.info["scope"]
        if not scope or entry.net == "-" or entry.space == root_space(self.network):
            return True
        return scope["from"] <= entry.time <= scope["to"] and entry.space in scope["spaces"]

    def read_feed(self, feed, content):
        block, start = [], 1
        rows = content.split(b"\n")
        for number, row in enumerate(rows[:-1], 1):
            if row:
                block.append(row)
                continue
            self.read_block(feed, block, start)
            block, start = [], number + 1
        if block or rows[-1]:
            self.bad(feed.name, len(rows), "header", "the file does not end with an empty line")

    def read_block(self, feed, block, start):
        signed = [i for i, row in enumerate(block) if row.startswith(b"sig ")]
        if signed and signed != [len(block) - 1]:
            self.bad(feed.name, start + signed[0], "header", "an empty line behind a signature")
            return
        head = block[:len(block) - len(signed)]
        try:
            entry = Entry(b"".join(row + b"\n" for row in head), start)
            if signed:
                entry.signature = from_base64(block[-1][4:], 64)
                entry.signature_line = start + len(block) - 1
        except Malformed as error:
            self.bad(feed.name, start, "header", str(error))
            return
        feed.entries.append(entry)

    # Step 2: the charter, its founders, and the members that follow from it.
    def read_charter(self):
        found = None
        for feed in self.feeds:
            for entry in feed.entries:
                if entry.net != "-":
                    continue
                if entry.id == self.network:
                    self.charter, found = entry, feed
                else:
                    self.bad(feed.name, entry.line, "foreign-charter")
        if found is None:
            self.bad("", 0, "charter-missing")
            return
        name = found.other("bodies", "jsonl")
        if name not in self.files:
            self.bad(name, 0, "missing-file")
            return
        if self.charter.signature is None:
            self.bad(found.name, self.charter.line, "signature-missing")
            return
        line, end, _ = self.files[name].partition(b"\n")
        if not end:
            return  # a problem of the bodies, as below
        try:
            _, slots = read_body_line(line)
        except Malformed:
            return
        if any(isinstance(slot, bytes) for slot in slots):
            self.bad(name, 1, "charter-evidence")
            return
        try:
            terms = self.founding(self.charter, slots)
        except Malformed as error:
            self.bad(found.name, self.charter.line, "charter", str(error))
            return
        self.founders(terms["cards"])
        if self.members is None:
            return
        try:
            if not all(is_safe(matter, parse_rule(rule), terms["organisations"])
                       for matter, rule in terms["rules"]):
                raise Malformed("a rule that is not safe")
            self.terms = terms
        except Malformed as error:
            self.members = None
            self.bad(found.name, self.charter.line, "charter", str(error))

    def founding(self, charter, slots):
        check_body(charter, slots)
        if charter.evidence != 1 or charter.fields != 1 or slots[0][1] != "rules":
            raise Malformed("one evidence field, rules, expected")
        try:
            text = slots[0][2].decode()
        except UnicodeDecodeError:
            raise Malformed("rules that are no UTF-8") from None
        terms = read_rules(text, self.checker)
        if charter.device not in [card["device"] for card in terms["cards"]]:
            raise Malformed("the device is on no card")
        if not self.verify(charter.device, "geflecht-entry@v1", charter.text, charter.signature):
            raise Malformed("the device's signature does not hold")
        return terms

    def founders(self, cards):
        signed, before = set(), ""
        roots = {card["root"] for card in cards}
        for number, row in self.lines("charter.sigs", "founder-signature"):
            match = re.fullmatch(rb"founder ([0-9a-f]{64}) (\S+)", row)
            try:
                signature = from_base64(match[2], 64) if match else None
            except Malformed:
                signature = None
            if signature is None:
                self.bad("charter.sigs", number, "founder-signature")
                continue
            root = match[1].decode()
            if before and root <= before:
                self.bad("charter.sigs", number, "founder-signature", "roots do not ascend")
            before = root
            if root in roots and self.verify(root, "geflecht-charter@v1", self.charter.text,
                                             signature):
                signed.add(root)
            else:
                self.bad("charter.sigs", number, "founder-signature")
        if "charter.sigs" not in self.files or roots - signed:
            for root in sorted(roots - signed):
                self.bad("charter.sigs", 0, "founder-missing", root)
            return
        self.members = {card["device"]: card for card in cards}

    def same_space(self, named, feed):
        root = ("0" * 32, root_space(self.network))  # the charter belongs to the root space
        return named.key[0] == feed.key[0] or named.key[0] in root and feed.key[0] in root

    def is_of_root_space(self, entry_id):
        place = self.places.get(entry_id, (None,))[0]
        return place is not None and place.key[0] in ("0" * 32, root_space(self.network))

    def verify(self, key, namespace, message, signature):
        return self.checker.verify(bytes.fromhex(key), sshsig_preimage(namespace, message),
                                   signature)

    # Step 3: chains, signatures, forks, rights.
    def check_feeds(self):
        lives = {}
        for feed in self.feeds:
            for entry in feed.entries:
                if entry.feed != feed.key:
                    self.bad(feed.name, entry.line, "feed")
                if entry.net not in ("-", self.network):
                    self.bad(feed.name, entry.line, "network")
            branches = self.chain(feed)
            if self.members is not None and feed.entries:
                self.rights(feed)
                if feed.key[1] in self.devices:
                    self.signatures(feed, branches)
        for feed in self.feeds:
            number = lives[feed.key[:2]] = lives.get(feed.key[:2], 0) + 1
            if number == LIVES_MAX + 1:
                self.bad(feed.name, 0, "too-many-lives")

    def chain(self, feed):
        branches = []
        for i, entry in enumerate(feed.entries):
            last = feed.entries[i - 1] if i else None
            if last and entry.seq == last.seq + 1 and entry.prev == last.id:
                branches[-1].append(entry)
                continue
            branches.append([entry])
            if self.places[entry.id] != (feed, i):
                self.bad(feed.name, entry.line, "duplicate-entry")
                continue
            place, index = self.places.get(entry.prev, (None, 0))
            stands = place is feed and index < i and place.entries[index].seq + 1 == entry.seq
            if entry.seq and not stands:
                after = last.seq + 1 if last else 0
                self.bad(feed.name, entry.line, "gap" if entry.seq > after else "prev")
        return branches

    def rights(self, feed):
        space, device, _ = feed.key
        if device not in self.devices:
            self.bad(feed.name, feed.entries[0].line, "device")
        if set(space) == {"0"}:
            return
        if not self.knows_space(space):
            self.bad(feed.name, feed.entries[0].line, "space")
        elif device in self.devices:
            for entry in feed.entries:
                if not fits_space(entry.kind, space, self.network):
                    self.bad(feed.name, entry.line, "kind")
                if space == root_space(self.network) and not entry.seen and {
                        entry.prev, entry.about} == {"-"}:
                    self.bad(feed.name, entry.line, "no-past")
            self.entitled(feed)

    def signatures(self, feed, branches):
        first_at = {}
        for branch in branches:
            covered, pending, reported = [], [], False
            for entry in branch:
                pending.append(entry)
                holds = False
                if entry.signature is None:
                    if not may_be_covered(entry):
                        self.bad(feed.name, entry.line, "signature-missing")
                elif self.skips(entry, branch) or self.verify(
                        entry.device, "geflecht-entry@v1", entry.text, entry.signature):
                    holds = True
                else:
                    self.bad(feed.name, entry.signature_line, "signature")
                if holds:
                    if len(pending) > RUN_MAX:
                        self.bad(feed.name, entry.line, "run-too-long")
                    covered += pending
                    pending = []
            if pending:
                self.bad(feed.name, pending[0].line, "unsigned-tail")
            for entry in covered:
                ours = entry.feed == feed.key and (entry is self.charter or
                                                   entry.net == self.network)
                if ours and first_at.setdefault(entry.seq, entry.id) != entry.id:
                    self.forked = True
                    if not reported:
                        self.bad(feed.name, entry.line, "fork")
                    reported = True

    def skips(self, entry, branch):
        """Whether this signature is outside the sample."""
        if self.sample is None or entry is branch[-1]:
            return False
        self.open_point("sampled")
        total = sum(len(feed.entries) for feed in self.feeds)
        return self.random.random() * total >= self.sample

    # Step 4: what headers name is there.
    def references(self):
        for feed in self.feeds:
            for entry in feed.entries:
                for seen in entry.seen:
                    named = self.places.get(seen, (None,))[0]
                    if named is None or not self.same_space(named, feed):
                        self.bad(feed.name, entry.line, "seen-missing")
                    elif named is feed:
                        self.bad(feed.name, entry.line, "seen-own")
                for basis in entry.basis:
                    if basis != "-" and not self.is_of_root_space(basis):
                        self.bad(feed.name, entry.line, "basis-missing")
                if entry.about != "-":
                    named = self.places.get(entry.about, (None,))[0]
                    if named is None or not self.same_space(named, feed):
                        self.bad(feed.name, entry.line, "about-missing")

    # Step 5: bodies.
    def bodies(self):
        self.read_erasures()
        for feed in self.feeds:
            self.bodies_of(feed, feed.other("bodies", "jsonl"))
        names = {feed.other("bodies", "jsonl") for feed in self.feeds}
        for name, content in self.files.items():
            if name.startswith("bodies/"):
                if name not in names:
                    self.bad(name, 0, "body-place")
                if not content:
                    self.bad(name, 0, "body-line", "the file is empty")

    def bodies_of(self, feed, name):
        following, held = 0, set()
        for number, row in self.lines(name, "body-line"):
            try:
                entry_id, slots = read_body_line(row)
            except Malformed as error:
                self.bad(name, number, "body-line", str(error))
                continue
            place, index = self.places.get(entry_id, (None, 0))
            if place is not feed or index < following:
                self.bad(name, number, "body-place")
                continue
            following = index + 1
            entry = feed.entries[index]
            held.add(entry_id)
            try:
                check_body(entry, slots)
            except Malformed as error:
                self.bad(name, number, "body", str(error))
                continue
            if self.members is not None and not self.in_scope(entry):
                self.bad(name, number, "body-place", "outside of the scope")
                continue
            self.count_erased(entry, slots)
            if any(isinstance(slot, bytes) for slot in slots[:entry.evidence]):
                self.open_point("withheld-evidence")
        for entry in feed.entries:
            if entry.id not in held and entry.evidence and self.in_scope(entry):
                self.open_point("withheld-evidence")

    # Step 6: keys, the manifest's signature, bundle.json.
    def keys(self):
        if self.members is None:
            return
        self.manifest_signature()
        for device in sorted(self.devices):
            name = f"keys/{device}.pem"
            der = base64.b64encode(ed25519.DER_FRONT + bytes.fromhex(device))
            if name not in self.files:
                self.bad(name, 0, "missing-file")
            elif self.files[name] != (b"-----BEGIN PUBLIC KEY-----\n" + der +
                                      b"\n-----END PUBLIC KEY-----\n"):
                self.bad(name, 0, "key")
        for name in self.files:
            match = KEY_FILE.fullmatch(name)
            if match and match[1] not in self.devices:
                self.bad(name, 0, "key")
        signers = self.files.get("keys/allowed_signers")
        if signers is not None and self.exporter and signers != self.allowed_signers():
            self.bad("keys/allowed_signers", 0, "allowed-signers")
        if "bundle.json" in self.files and not self.info_holds():
            self.bad("bundle.json", 0, "bundle-info")

    def manifest_signature(self):
        manifest = self.files.get("MANIFEST.sha256")
        armour = self.files.get("MANIFEST.sha256.sig")
        if manifest is None or armour is None:
            return
        try:
            raw = base64.b64decode(b"".join(armour.split(b"\n")[1:-2]), validate=True)
        except ValueError:
            raw = b""
        for device in sorted(self.devices):
            key = bytes.fromhex(device)
            if (len(raw) >= 64 and
                    ssh_armour(key, "geflecht-bundle@v1", raw[-64:]).encode() == armour and
                    self.verify(device, "geflecht-bundle@v1", manifest, raw[-64:])):
                self.exporter = device
        if self.exporter is None:
            self.bad("MANIFEST.sha256.sig", 0, "manifest-signature")

    def allowed_signers(self):
        def row(key, namespaces):
            public = base64.b64encode(ssh_public(bytes.fromhex(key))).decode()
            return f'{key} namespaces="{namespaces}" ssh-ed25519 {public}\n'
        rows = [row(device, "geflecht-entry@v1" +
                    (",geflecht-bundle@v1" if device == self.exporter else ""))
                for device in sorted(self.devices)]
        rows += [row(root, "geflecht-charter@v1")
                 for root in sorted(card["root"] for card in self.members.values())]
        return "".join(rows).encode()

    def info_holds(self):
        if self.info is None:
            return False
        feeds = self.feeds + ([self.receipt] if self.receipt and self.receipt.entries else [])
        times = [entry.time for feed in feeds for entry in feed.entries]
        zero = "0" * 32
        spaces = [feed.entries[0].space if feed is self.receipt else feed.key[0] for feed in feeds]
        spaces = sorted({root_space(self.network) if space == zero else space
                         for space in spaces})
        entry = self.receipt.entries[0].id if self.receipt and self.receipt.entries else None
        return (self.info["network"] == self.network and
                (not self.exporter or self.info["exporter"] == self.exporter) and
                self.info["from"] == min(times, default="") and
                self.info["to"] == max(times, default="") and self.info["spaces"] == spaces and
                (entry is None or self.info["entry"] == entry))

    # Step 7: checkpoints.
    def checkpoints(self):
        names = {feed.other("feeds", "checkpoint") for feed in self.feeds}
        for feed in self.feeds:
            name = feed.other("feeds", "checkpoint")
            if name not in self.files:
                self.bad(name, 0, "missing-file")
                continue
            try:
                origin, size, root, signed, signatures = read_note(self.files[name])
            except Malformed as error:
                self.bad(name, 0, "checkpoint", str(error))
                continue
            leaves = []
            for entry in feed.entries:
                if leaves and entry.prev != leaves[-1].hex():
                    break
                leaves.append(bytes.fromhex(entry.id))
            ids = bytes.fromhex(self.network + "".join(feed.key))
            if (origin, size, root) != ("geflecht/" + sha256(ids).hex(), len(leaves),
                                        tree(leaves)):
                self.bad(name, 0, "checkpoint", "not that of the feed")
            if self.members is not None:
                self.note_signatures(name, 0, signed, signatures)
        for name in self.files:
            if name.endswith(".checkpoint") and name not in names:
                self.bad(name, 0, "checkpoint", "there is no such feed")

    def note_signatures(self, name, before, signed, signatures):
        signers = set()
        for number, key_name, raw in signatures:
            match = re.fullmatch("geflecht/device/([0-9a-f]{64})", key_name)
            if not match or match[1] not in self.devices:
                continue
            key = bytes.fromhex(match[1])
            if raw[:4] != sha256(key_name.encode() + b"\n\x01" + key)[:4]:
                continue
            if match[1] in signers or not self.checker.verify(key, signed, raw[4:]):
                self.bad(name, before + number, "checkpoint-signature")
            signers.add(match[1])
        if self.exporter and self.exporter not in signers:
            self.bad(name, 0, "checkpoint-signature", "none of the exporter's device")


def examine(folder, network, checker, **options):
    """Exit code, and the verifier with what it found."""
    try:
        verifier = Verifier(read_bundle(folder), network, checker, **options)
    except Unreadable as error:
        verifier = Verifier([], network, checker)
        verifier.bad("", 0, "unreadable", str(error))
        return 4, verifier
    return verifier.run(), verifier


def verify(folder, network, checker, **options):
    """Exit code, problems."""
    code, verifier = examine(folder, network, checker, **options)
    return code, verifier.problems


def main():
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("bundle")
    parser.add_argument("--net", required=True)
    parser.add_argument("--nonce", default="")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--openssl", action="store_true")
    try:
        options = parser.parse_args()
    except (argparse.ArgumentError, SystemExit):
        return 4
    if not re.fullmatch("[0-9a-f]{64}", options.net):
        return 4
    checker = ed25519.Checker(command=options.openssl)
    code, problems = verify(options.bundle, options.net, checker, sample=options.sample,
                            nonce=options.nonce)
    print(VERDICTS[code])
    for file, line, reason, detail in problems:
        print(f"{file}:{line} {reason} {detail}".rstrip())
    return code


if __name__ == "__main__":
    sys.exit(main())
