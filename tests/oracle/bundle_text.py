"""Readers of a bundle's texts for verify_bundle.py, each as strict as its page of docs/formats."""
import base64
import hashlib
import json
import os
import re
import stat
import struct
import unicodedata
import zipfile

import ed25519

FILES_MAX, BYTES_MAX = 25000, 2147483648
NOTE_SIGNATURES_MAX = 16
HEADER = re.compile(
    rb"geflecht-entry@v1\nnet ([0-9a-f]{64}|-)\nspace ([0-9a-f]{32})\ndevice ([0-9a-f]{64})\n"
    rb"life ([0-9a-f]{16})\nseq (0|[1-9][0-9]{0,15})\nprev ([0-9a-f]{64}|-)\n"
    rb"((?:seen [0-9a-f]{64}\n){0,128})((?:basis (?:[0-9a-f]{64}|-)\n){1,4})"
    rb"time ([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z\n"
    rb"kind ([a-z][a-z0-9.-]{0,31})\nabout ([0-9a-f]{64}|-)\n"
    rb"body (0|[1-9][0-9]{0,3}) (0|[1-9][0-9]{0,3}) ([0-9a-f]{64})\n")
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
SPACES = r'(?:"[0-9a-f]{32}"(?:,(?="))?)*'
INFO = re.compile(
    r'\{"format":"geflecht-bundle@v1","level":"(?P<level>full|scope|receipt)",'
    r'"network":"(?P<network>[0-9a-f]{64})","exporter":"(?P<exporter>[0-9a-f]{64})",'
    f'"exported":"(?P<exported>{TIME})","from":"(?P<from>{TIME})","to":"(?P<to>{TIME})",'
    fr'"spaces":\[(?P<spaces>{SPACES})\]'
    fr'(?P<scope>,"scope":\{{"from":"(?P<scope_from>{TIME})","to":"(?P<scope_to>{TIME})",'
    fr'"spaces":\[(?P<scope_spaces>{SPACES})\]\}})?'
    r'(?:,"entry":"(?P<entry>[0-9a-f]{64})")?(?:,"nonce":"(?P<nonce>[0-9a-f]{2,64})")?\}\n', re.A)
RULE = re.compile("(unanimity|two-thirds|majority|(consent|quorum|votes-cast) [1-9][0-9]{0,9})"
                  "( both [0-9a-f]{64})*", re.A)
FIELD_NAME = re.compile(r"[a-z][a-z0-9.-]{0,63}", re.A)
SPACES_OF_NOTES = set(" \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(c) for c in range(0x2000, 0x200b)}
NOTHING = hashlib.sha256(b"").digest()


class Unreadable(Exception):
    pass


class Malformed(Exception):
    pass


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def tree(leaves):
    """RFC 6962 section 2.1, level by level; a node without a sibling moves up."""
    if not leaves:
        return NOTHING
    while len(leaves) > 1:
        paired = [sha256(b"\x01", leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = paired + leaves[len(leaves) - len(leaves) % 2:]
    return leaves[0]


def from_base64(text, size=None):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Malformed("no base64") from None
    if base64.b64encode(raw) != (text.encode() if isinstance(text, str) else text):
        raise Malformed("not canonical base64")
    if size is not None and len(raw) != size:
        raise Malformed(f"{size} bytes in base64 expected")
    return raw


def sshsig_preimage(namespace, message):
    def string(value):
        return struct.pack(">I", len(value)) + value
    return (b"SSHSIG" + string(namespace.encode()) + string(b"") + string(b"sha512") +
            string(hashlib.sha512(message).digest()))


def ssh_public(key):
    return struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + key


def ssh_armour(key, namespace, signature):
    def string(value):
        return struct.pack(">I", len(value)) + value
    blob = (b"SSHSIG" + struct.pack(">I", 1) + string(ssh_public(key)) +
            string(namespace.encode()) + string(b"") + string(b"sha512") +
            string(string(b"ssh-ed25519") + string(signature)))
    text = base64.b64encode(blob).decode()
    return "\n".join(["-----BEGIN SSH SIGNATURE-----"] +
                     [text[i:i + 70] for i in range(0, len(text), 70)] +
                     ["-----END SSH SIGNATURE-----", ""])


def is_date(year, month, day, hour, minute, second):
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (year >= 1970 and 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour <= 23 and
            minute <= 59 and second <= 59)


def is_time(text):
    return is_date(*(int(part) for part in re.split("[-T:Z]", text)[:6]))


def check_name(name, most=256):
    """card.md, Names."""
    if not 1 <= len(name.encode()) <= most or unicodedata.normalize("NFC", name) != name:
        raise Malformed("not a name in Normalization Form C of allowed length")
    for character in name:
        if character not in "\u200c\u200d" and unicodedata.category(character) in (
                "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise Malformed("a name holds a character that is not allowed")
    if "Zs" in (unicodedata.category(name[0]), unicodedata.category(name[-1])):
        raise Malformed("a name begins or ends with a space")


class Entry:
    """A header's text and what it says; raises Malformed."""

    def __init__(self, text, line):
        match = HEADER.fullmatch(text)
        if not match or len(text) > 12288:
            raise Malformed("not the lines of a header")
        self.text, self.line, self.signature, self.signature_line = text, line, None, None
        part = [group.decode() for group in match.groups()]
        self.net, self.space, self.device, self.life = part[0], part[1], part[2], part[3]
        self.seq, self.prev = int(part[4]), part[5]
        self.seen = [row[5:] for row in part[6].splitlines()]
        self.basis = [row[6:] for row in part[7].splitlines()]
        self.time = "{}-{}-{}T{}:{}:{}Z".format(*part[8:14])
        self.kind, self.about = part[14], part[15]
        self.fields, self.evidence, self.root = int(part[16]), int(part[17]), part[18]
        self.id = sha256(b"\x00", text).hex()
        self._check(tuple(int(piece) for piece in part[8:14]))

    def _check(self, time):
        def ascend(ids):
            return all(a < b for a, b in zip(ids, ids[1:]))
        holds = (
            self.seq < 2 ** 53 and (self.prev == "-") == (self.seq == 0) and
            ascend(self.seen) and self.prev not in self.seen and
            ascend(self.basis) and ("-" not in self.basis or len(self.basis) == 1) and
            is_date(*time) and self.fields <= 4096 and self.evidence <= self.fields and
            (self.fields > 0 or bytes.fromhex(self.root) == NOTHING) and
            (self.kind not in ("change", "gather") or time[4:] == (0, 0)) and
            (self.kind != "change" or self.about == "-") and
            (self.kind != "gather" or self.fields == 0))
        if self.net == "-":
            holds = holds and (
                set(self.space) == {"0"} and self.seq == 0 and not self.seen and
                self.basis == ["-"] and self.kind == "charter" and self.about == "-")
        else:
            holds = holds and (
                set(self.space) != {"0"} and self.kind != "charter" and
                (self.basis == ["-"]) == (self.space == root_space(self.net)))
        if not holds:
            raise Malformed("the header breaks a rule")

    @property
    def feed(self):
        return self.space, self.device, self.life


def root_space(network):
    return sha256(b"geflecht-root@v1\n" + network.encode()).hex()[:32]


def network_space(network):
    return sha256(b"geflecht-network@v1\n" + network.encode()).hex()[:32]


def read_rules(text, checker):
    """Cards and rules of matters in a charter's rules (charter.md)."""
    rows = text.split("\n")
    if rows.pop() or rows[:1] != ["geflecht-rules@v1"]:
        raise Malformed("not the lines of rules")
    at = 1

    def take(word, least=0, most=1):
        nonlocal at
        values = []
        while len(values) < most and at < len(rows) and rows[at].startswith(word + " "):
            values.append(rows[at][len(word) + 1:])
            at += 1
        if len(values) < least:
            raise Malformed(f"{word} expected")
        return values
    check_name(take("name", 1)[0])
    version = take("rules", 1)[0]
    if not re.fullmatch("[1-9][0-9]{0,9}", version, re.A) or int(version) > 4294967295:
        raise Malformed("no version of the rules")
    for text_of in take("purpose"):
        check_name(text_of, 4096)
    for review in take("review"):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", review, re.A) or not is_time(
                review + "T00:00:00Z"):
            raise Malformed("no date of a review")
    for days in take("offline-days"):
        if not re.fullmatch("[1-9][0-9]{0,3}", days, re.A) or int(days) > 3650:
            raise Malformed("no number of days")
    rules = [tuple(rule.split(" ", 1)) for rule in take("rule", 0, 256)]
    if (any(len(rule) != 2 or not RULE.fullmatch(rule[1]) or len(rule[0]) > 64 or
            not re.fullmatch(r"\*|[a-z][a-z0-9.:-]*", rule[0], re.A) for rule in rules) or
            any(a[0] >= b[0] for a, b in zip(rules, rules[1:]))):
        raise Malformed("no rules of matters")
    for point in take("point", 0, 256):
        check_name(point, 4096)
    if at == len(rows) or (len(rows) - at) % 6 or len(rows) - at > 6 * 256:
        raise Malformed("not the lines of cards")
    cards = [read_card(rows[i:i + 6], checker) for i in range(at, len(rows), 6)]
    ids = [sha256(b"geflecht-org@v1\n" + card["root"].encode()) for card in cards]
    keys = [card[word] for card in cards for word in ("root", "device", "tls")]
    if any(a >= b for a, b in zip(ids, ids[1:])) or len(set(keys)) != len(keys):
        raise Malformed("cards do not ascend, or a key occurs twice")
    return {"cards": cards, "rules": rules, "organisations": ids}


def read_proven_card(text, checker):
    """card.md, Proof: seven lines."""
    rows = text.split("\n")
    if len(rows) != 8 or rows[7] or not rows[6].startswith("proof "):
        raise Malformed("no card with proof")
    card = read_card(rows[:6], checker)
    signed = "".join(row + "\n" for row in rows[:6]).encode()
    if not checker.verify(bytes.fromhex(card["device"]),
                          sshsig_preimage("geflecht-device@v1", signed),
                          from_base64(rows[6][6:], 64)):
        raise Malformed("a card's proof")
    return card


def read_card(rows, checker):
    text = "".join(row + "\n" for row in rows)
    match = re.fullmatch("geflecht-card@v1\norganisation ([^\n]*)\nroot ([0-9a-f]{64})\n"
                         "device ([0-9a-f]{64})\ntls ([0-9a-f]{64})\nsignature ([^\n]{88})\n", text)
    if not match or len(text.encode()) > 4096:
        raise Malformed("no card")
    check_name(match[1])
    keys = [bytes.fromhex(match[i]) for i in (2, 3, 4)]
    if len(set(keys)) != 3 or not all(ed25519.is_acceptable(key) for key in keys):
        raise Malformed("a card's keys")
    signed = "".join(row + "\n" for row in rows[:5]).encode()
    if not checker.verify(keys[0], sshsig_preimage("geflecht-card@v1", signed),
                          from_base64(match[5], 64)):
        raise Malformed("a card's signature")
    return {"name": match[1], "root": match[2], "device": match[3], "tls": match[4]}


def read_body_line(row):
    """Id of the entry and slots: bytes of a leaf, or (salt, name, value)."""
    try:
        text = row.decode()
        slots = []
        line = json.loads(text)
        for slot in line["slots"]:
            if "leaf" in slot:
                slots.append(bytes.fromhex(slot["leaf"]))
                continue
            value = slot["value"].encode() if "value" in slot else from_base64(slot["base64"])
            slots.append((bytes.fromhex(slot["salt"]), slot["name"], value))
        if render_body(line["entry"], slots) != text:
            raise Malformed("not the one spelling of a body")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(f"no body: {type(error).__name__}") from None
    if not re.fullmatch("[0-9a-f]{64}", line["entry"]):
        raise Malformed("no id of an entry")
    check_slots(slots)
    return line["entry"], slots


def check_slots(slots):
    """body.md, Rules 1 and 2."""
    fields = [slot for slot in slots if not isinstance(slot, bytes)]
    names = [name for _, name, _ in fields]
    if (len(slots) > 4096 or
            any(len(slot) != 32 for slot in slots if isinstance(slot, bytes)) or
            any(len(salt) != 16 or not FIELD_NAME.fullmatch(name) or
                len(name) + len(value) > 524288 for salt, name, value in fields) or
            len(set(names)) != len(names) or
            sum(16 + len(name) + len(value) for _, name, value in fields) > 917504):
        raise Malformed("a body that breaks a rule")


def read_slot(field, leaf):
    """The content of a file of a field, or of one of a leaf."""
    if field is None:
        if not re.fullmatch(b"[0-9a-f]{64}\n", leaf):
            raise Malformed("no leaf")
        return bytes.fromhex(leaf[:64].decode())
    match = re.fullmatch(rb"([0-9a-f]{32})\n([^\n]*)\n(.*)", field, re.S)
    if leaf is not None or not match:
        raise Malformed("no field, or a field and a leaf")
    return bytes.fromhex(match[1].decode()), match[2].decode("latin-1"), match[3]


def read_info(content):
    """bundle.json; what does not belong to the level is None."""
    match = INFO.fullmatch(content.decode("latin-1"))
    if not match:
        raise Malformed("not the text of bundle.json")
    part = match.groupdict()
    info = {key: part[key] for key in ("level", "network", "exporter", "from", "to", "entry")}
    info["spaces"], info["scope"] = re.findall("[0-9a-f]{32}", part["spaces"]), None
    times = [part[key] for key in ("exported", "from", "to")]
    if info["level"] == "scope" and part["scope"]:
        info["scope"] = {"from": part["scope_from"], "to": part["scope_to"],
                         "spaces": re.findall("[0-9a-f]{32}", part["scope_spaces"])}
        times += [part["scope_from"], part["scope_to"]]
        spaces = info["scope"]["spaces"]
        if part["scope_from"] > part["scope_to"] or spaces != sorted(set(spaces)):
            raise Malformed("a scope that no exporter writes")
    if (not all(is_time(time) for time in times) or
            (info["level"] == "scope") != bool(part["scope"]) or
            (info["level"] == "receipt") != bool(part["entry"]) or
            part["nonce"] and len(part["nonce"]) % 2):
        raise Malformed("members that do not belong to this level")
    return info


def read_proof(content):
    """Index, hashes, what follows them, lines in front of that."""
    head, empty, rest = content.partition(b"\n\n")
    rows = head.decode("latin-1").split("\n")
    if (not empty or rows[0] != "c2sp.org/tlog-proof@v1" or len(rows) < 2 or len(rows) > 65 or
            not re.fullmatch("index (0|[1-9][0-9]{0,15})", rows[1], re.A) or
            int(rows[1][6:]) > 2 ** 53):
        raise Malformed("no proof of inclusion")
    return int(rows[1][6:]), [from_base64(row, 32) for row in rows[2:]], rest, len(rows) + 1


def root_by_path(node, index, size, path):
    """RFC 9162 section 2.1.3.2; None if the path does not have the length of this index."""
    if index >= size:
        return None
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\x01", sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def render_body(entry, slots):
    def quote(text):
        # JSON's own writer has these spellings of control characters; U+007F stands as it is.
        return json.dumps(text, ensure_ascii=False)

    def render(slot):
        if isinstance(slot, bytes):
            return '{"leaf":"' + slot.hex() + '"}'
        salt, name, value = slot
        out = '{"salt":"' + salt.hex() + '","name":"' + name + '",'
        try:
            return out + '"value":' + quote(value.decode()) + "}"
        except UnicodeDecodeError:
            return out + '"base64":"' + base64.b64encode(value).decode() + '"}'
    return '{"entry":"' + entry + '","slots":[' + ",".join(map(render, slots)) + "]}"


def check_body(entry, slots):
    leaves = [slot if isinstance(slot, bytes) else
              sha256(b"\x00", slot[0].hex().encode(), b"\n", slot[1].encode(), b"\n", slot[2])
              for slot in slots]
    if entry.fields == 0 or len(slots) != entry.fields or tree(leaves).hex() != entry.root:
        raise Malformed("fields and root are not those of the header")


def read_note(content):
    """Origin, size, root, signed text, [(line, key name, key id and signature)]."""
    try:
        rows = content.decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("no UTF-8") from None
    if len(rows) < 6 or rows[-1] or rows[3] or len(rows) - 5 > NOTE_SIGNATURES_MAX:
        raise Malformed("three lines, an empty one and 1 to 16 signatures expected")
    if not re.fullmatch("[1-9][0-9]{0,15}", rows[1], re.A) or int(rows[1]) >= 2 ** 53:
        raise Malformed("no number of entries from 1 on")
    signatures = []
    for number, row in enumerate(rows[4:-1], 5):
        parts = row.split(" ", 2)
        if len(parts) != 3 or parts[0] != "\u2014" or not is_key_name(parts[1]):
            raise Malformed("no line of a signature")
        raw = from_base64(parts[2])
        if len(raw) < 5:
            raise Malformed("a signature of less than 5 bytes")
        signatures.append((number, parts[1], raw))
    if not is_key_name(rows[0]):
        raise Malformed("no origin")
    signed = "".join(row + "\n" for row in rows[:3]).encode()
    return rows[0], int(rows[1]), from_base64(rows[2], 32), signed, signatures


def is_key_name(name):
    return bool(name) and not any(c < " " or c == "+" or c in SPACES_OF_NOTES for c in name)


def read_folder(folder):
    """(name, content) of all files; anything but files in one level of folders is refused."""
    found, total = [], 0

    def visit(path, front):
        nonlocal total
        for item in sorted(os.scandir(path), key=lambda item: item.name):
            mode = item.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and not front:
                visit(item.path, item.name + "/")
            elif stat.S_ISREG(mode):
                total += item.stat().st_size
                if total > BYTES_MAX or len(found) >= FILES_MAX:
                    raise Unreadable("too large")
                with open(item.path, "rb") as file:
                    found.append((front + item.name, file.read()))
            else:
                raise Unreadable("regular files in one level of folders expected")
    try:
        visit(folder, "")
    except OSError as error:
        raise Unreadable(str(error)) from None
    return found


def read_zip(path):
    """The same of a zip archive; entries that are not stored, links, other names are refused."""
    found, seen, total = [], set(), 0
    with zipfile.ZipFile(path) as archive:
        for item in archive.infolist():
            name, kind = item.filename, stat.S_IFMT(item.external_attr >> 16)
            if name.endswith("/") and item.file_size == 0:
                continue
            parts = name.split("/")
            total += item.file_size
            if total > BYTES_MAX or len(found) >= FILES_MAX:
                raise Unreadable("too large")
            if (len(parts) > 2 or not set(parts).isdisjoint({"", ".", ".."}) or len(name) > 160 or
                    kind not in (0, stat.S_IFREG) or item.compress_type != zipfile.ZIP_STORED or
                    item.flag_bits & 1 or name.lower() in seen):
                raise Unreadable("an entry of the archive that no bundle has")
            seen.add(name.lower())
            found.append((name, archive.read(item)))
    return sorted(found)


def read_bundle(path):
    try:
        return read_zip(path) if os.path.isfile(path) else read_folder(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(str(error)) from None
