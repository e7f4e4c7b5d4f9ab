#!/usr/bin/python3
"""Both verifiers on bundles that are whole, damaged on the way, or damaged by the exporter, who
signs anew: same exit code, same reasons for the same files.

  bundle_oracle_test.py GEFLECHT BUNDLE_SAMPLES [--cases N] [--seed S]"""
import argparse
import base64
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import bundle_agreements
import bundle_text
import ed25519
import verify_bundle

BASE = ed25519.decode(((4 * pow(5, ed25519.P - 2, ed25519.P)) % ed25519.P).to_bytes(32, "little"))


def encode(point):
    inverse = pow(point[2], ed25519.P - 2, ed25519.P)
    x, y = point[0] * inverse % ed25519.P, point[1] * inverse % ed25519.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Signer:
    """RFC 8032 section 5.1.6."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = encode(ed25519.times(self.scalar, BASE))

    def sign(self, message):
        def number(*parts):
            return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")
        r = number(self.prefix, message) % ed25519.ORDER
        first = encode(ed25519.times(r, BASE))
        s = (r + number(first, self.public, message) * self.scalar) % ed25519.ORDER
        return first + s.to_bytes(32, "little")


def note_line(note, signer):
    """The empty line behind a note, and one signature."""
    name = f"geflecht/device/{signer.public.hex()}"
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + signer.public).digest()[:4]
    raw = key_id + signer.sign(note)
    return f"\n\u2014 {name} {base64.b64encode(raw).decode()}\n".encode()


def sign_again(files, network, signer):
    """Checkpoints, manifest and its signature as a dishonest exporter would make them."""
    for name in [name for name in files if name.endswith(".log")]:
        stem = verify_bundle.STEM.fullmatch(name)
        if not stem:
            continue
        verifier = verify_bundle.Verifier([], network, None)
        feed = verify_bundle.Feed(name, stem.groups()[1:4])
        verifier.read_feed(feed, files[name])
        leaves = []
        for entry in feed.entries:
            if leaves and entry.prev != leaves[-1].hex():
                break
            leaves.append(bytes.fromhex(entry.id))
        origin = hashlib.sha256(bytes.fromhex(network + "".join(feed.key))).hexdigest()
        note = (f"geflecht/{origin}\n{len(leaves)}\n"
                f"{base64.b64encode(bundle_text.tree(leaves)).decode()}\n").encode()
        files[feed.other("feeds", "checkpoint")] = note + note_line(note, signer)
    proof = files.get("receipt/entry.tlog-proof", b"").partition(b"\n\n")
    note = proof[2].partition(b"\n\n")[0] + b"\n"
    if proof[2]:
        files["receipt/entry.tlog-proof"] = proof[0] + b"\n\n" + note + note_line(note, signer)
    manifest = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n"
                       for name, content in sorted(files.items())
                       if not name.startswith("MANIFEST")).encode()
    preimage = bundle_text.sshsig_preimage("geflecht-bundle@v1", manifest)
    files["MANIFEST.sha256"] = manifest
    files["MANIFEST.sha256.sig"] = bundle_text.ssh_armour(
        signer.public, "geflecht-bundle@v1", signer.sign(preimage)).encode()


def damage_text(content, rng):
    """One damage to the content of a file."""
    def lines(parts, glue):
        parts = list(parts)
        i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
        action = rng.randrange(3)
        if action == 0:
            del parts[i]
        elif action == 1:
            parts.insert(j, parts[i])
        else:
            parts[i], parts[j] = parts[j], parts[i]
        return glue.join(parts)
    action = rng.randrange(7)
    if not content or action == 0:
        return content + rng.choice([b"\n", b" ", b"\xff", b"sig AAAA\n", b"\r\n"])
    at = rng.randrange(len(content))
    if action in (1, 2):
        return content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1:]
    if action == 3:
        return lines(content.split(b"\n"), b"\n")
    if action == 4:
        return lines(content.split(b"\n\n"), b"\n\n")
    if action == 5:
        return content[:at]
    old = rng.choice([b"\n", b"0", b"a", b"\"", b"-", b" ", b"kind change", b"sig "])
    new = rng.choice([b"\r\n", b"1", b"B", b"", b"\t", b"\xe2\x80\xae", b"kind gather"])
    return content.replace(old, new, rng.randrange(1, 3))


def damage_files(files, rng):
    names = sorted(files)
    a, b = rng.choice(names), rng.choice(names)
    action = rng.randrange(8)
    if action == 0:
        del files[a]
    elif action == 1:
        files[a], files[b] = files[b], files[a]
    elif action == 2:
        other = a.replace("0", "1", 1) if "/" in a else a + "x"
        files[other] = files[a]
    elif action == 3:
        files[rng.choice(["more", "feeds/x.log", "keys/.pem", "feeds/README.txt"])] = files[a]
    else:
        files[a] = damage_text(files[a], rng)


def write(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


NONCE = "00112233445566778899aabbccddeeff"
POINTS = {"not-covered", "not-sealed", "not-requested", "not-answered", "not-gathered"}


def erases_of(erases):
    return (erases["space"], erases["reason"], erases["entries"], erases["fields"],
            tuple(erases["documents"]),
            tuple((one["document"], one["key"]) for one in erases["containers"]),
            tuple((one["entry"], one["organisation"], one["time"], tuple(one["confirmed"]))
                  for one in erases["carried"]))


def facts_of_report(report, whole):
    """What the first verifier says about spaces and, if all evidence is there, decisions."""
    facts = set()
    for space in report["spaces"]:
        facts |= {(space["space"], point) for point in set(space["open_points"]) & POINTS}
        facts |= {(space["space"], missing["device"]) for missing in space["missing"]}
    if whole:
        facts |= {("decision", d["title"], d["matter"], d["status"], d["number"])
                  for d in report["decisions"]}
        facts |= {("member", m["organisation"], m["org"], m["device"]) for m in report["members"]}
        facts |= {("void", item["entry"]) for item in report["void_certificates"]}
        facts.add(("erased", report["erased"]))
        facts |= {("double-signer", name) for name in report["double_signers"]}
        # Of a damaged bundle the first one lists no agreement whose text is not there.
        facts |= {("act", act["entry"], act["fault"]) for agreement in report["agreements"]
                  for act in agreement["signatures"] + agreement["notices"]
                  if report["verdict"] != "invalid"}
        facts |= {("erases", d["title"], *erases_of(d["erases"])) for d in report["decisions"]
                  if d["erases"]}
    return facts


def facts_of(verifier):
    facts = set()
    for space, (points, missing) in verifier.spaces.items():
        facts |= {(space, name) for name in (*points, *missing)}
    if verifier.root and verifier.whole:
        facts |= {("decision", *decision) for decision in verifier.root.decisions()}
        facts |= {("member", *member) for member in verifier.root.members()}
        facts |= {("void", entry) for entry in verifier.root.void_certificates()}
        facts.add(("erased", verifier.erased))
        facts |= {("double-signer", name) for name in verifier.root.double_signers()}
        if not verifier.problems:
            facts |= {("act", *act) for act in bundle_agreements.agreements(verifier).items()}
        facts |= {("erases", *erases) for erases in verifier.decided_erasures()}
    return facts


class Comparison:
    def __init__(self, program, folder):
        self.program, self.folder, self.checker = program, folder, ed25519.Checker()
        self.codes, self.decisions = {}, 0
        self.reasons = set()

    def compare(self, files, network, what, **options):
        write(self.folder, files)
        answer = subprocess.run(
            [self.program, "audit", "verify", self.folder, "--net", network, "--nonce", NONCE,
             "--json"], capture_output=True, check=False)
        report = json.loads(answer.stdout)
        first = {(p["file"], p["reason"]) for p in report.get("problems", [])}
        code, verifier = verify_bundle.examine(self.folder, network, self.checker, nonce=NONCE,
                                               **options)
        problems = verifier.problems
        second = {problem[0:3:2] for problem in problems}
        if code != 4:
            first |= facts_of_report(report, verifier.root and verifier.whole)
            second |= facts_of(verifier)
            self.decisions += len(report["decisions"])
        self.codes[code] = self.codes.get(code, 0) + 1
        self.reasons |= {problem[2] for problem in problems}
        if code == answer.returncode and (code == 4 or first == second):
            return True
        print(f"{what}: the verifiers differ\n"
              f"  first  {answer.returncode} {sorted(first - second, key=str)}\n"
              f"  second {code} {sorted(second - first, key=str)}\n"
              f"  {report.get('problems', report)}\n  {problems}")
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("geflecht")
    parser.add_argument("samples")
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=20260302)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    rng = random.Random(options.seed)
    agree = True
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        subprocess.run([options.samples, root], check=True)
        signer = Signer(bytes.fromhex((root / "exporter.seed").read_text().strip()))
        bundles = {net.stem: ({name: content for name, content
                               in bundle_text.read_bundle(root / net.stem)},
                              net.read_text().strip()) for net in sorted(root.glob("*.net"))}
        comparison = Comparison(options.geflecht, root / "case")
        for name, (files, network) in bundles.items():
            agree &= comparison.compare(files, network, f"whole {name}")
            signed = dict(files)
            sign_again(signed, network, signer)
            assert signed == files, f"{name}: signing again gives other files"
            agree &= comparison.compare(files, "0" * 64, f"{name} of another network")
        assert comparison.codes == {0: 2, 2: len(bundles) - 5, 3: 2, 1: len(bundles) + 1}, \
            comparison.codes
        for case in range(options.cases):
            name = rng.choice(sorted(bundles))
            files, network = dict(bundles[name][0]), bundles[name][1]
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                damage_files(files, rng)
            if case % 3:
                sign_again(files, network, signer)
            agree &= comparison.compare(files, network, f"case {case} of {name}")
        command = ed25519.Checker(command=True)
        files, network = bundles["lives"]
        write(root / "case", files)
        agree &= verify_bundle.verify(root / "case", network, command)[0] == 2
        print(f"{options.cases} damaged bundles, exit codes {comparison.codes}, "
              f"{comparison.decisions} decisions, "
              f"{len(comparison.reasons)} reasons: {' '.join(sorted(comparison.reasons))}")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
