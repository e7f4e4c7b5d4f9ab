#!/usr/bin/python3
"""Runs every command once with --json and compares the keys of its result with tests/golden/cli.

usage: golden.py GEFLECHT GEFLECHTD GOLDEN_DIR [--update]
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

CSV = ("Nachname;Vorname;Organisation;E-Mail;Telefon;Geburtstag;Unbekannt\n"
       "Müller;Änne;Praxis Mitte;aenne@praxis.example;0221 471;1.1.1970;x\n"
       "Groß;Jörg;Jugendamt;kein-at;0228 77;;\n")


def keys_of(value, prefix=""):
    """The keys of an object; of lists of objects the keys of all members, after "name[]."."""
    found = set()
    for key, inner in value.items():
        found.add(prefix + key)
        for item in inner if isinstance(inner, list) else []:
            if isinstance(item, dict):
                found |= keys_of(item, f"{prefix}{key}[].")
    return found


class Run:
    def __init__(self, program, golden, update):
        self.program, self.golden, self.update = program, golden, update
        self.failures, self.seen = [], set()

    def call(self, *words, exit=0, name=None, stdin=""):
        done = subprocess.run([self.program, *map(str, words), "--json", "--lang", "en"],
                              input=stdin, capture_output=True, text=True, timeout=60)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != exit or not lines or lines[-1].get("type") != "result":
            sys.exit(f"{words}: exit {done.returncode}, {done.stdout}{done.stderr}")
        if any(line["type"] != "progress" for line in lines[:-1]):
            self.failures.append(f"{words}: a line in front of the result is no progress")
        if lines[-1]["ok"] != (exit == 0):
            self.failures.append(f"{words}: ok is {lines[-1]['ok']} with exit {exit}")
        if name:
            self.compare(name, lines[-1])
        return lines[-1]

    def compare(self, name, result):
        keys = keys_of(result)
        if name in ("doc-show", "doc-show-at", "contact-show"):
            keys -= {key for key in keys if key.startswith("fields.")}
        file, text = self.golden / f"{name}.keys", "\n".join(sorted(keys)) + "\n"
        self.seen.add(file.name)
        if self.update:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            expected = set(file.read_text().split()) if file.exists() else set()
            self.failures.append(f"{name}: new {sorted(keys - expected)}, "
                                 f"gone {sorted(expected - keys)}; run with --update")


def found_network(run, folder, a, b, pass_b):
    run.call("init", "--org", "Jugendamt", "--dir", a, "--no-passphrase", "--sheet",
             folder / "a.sheet", name="init")
    run.call("init", "--org", "Praxis Mitte", "--dir", b, *pass_b, "--sheet", folder / "b.sheet")
    run.call("init", "--org", "Jugendamt", "--dir", a, "--no-passphrase", exit=5, name="error")
    run.call("card", "--dir", a, "-o", folder / "a.card", name="card")
    run.call("card", "--dir", b, *pass_b, "-o", folder / "b.card")
    draft, founding = folder / "draft", folder / "founding"
    run.call("network", "draft", "--dir", a, "--name", "Netz", "--founder", folder / "a.card",
             folder / "b.card", "-o", draft, name="network-draft")
    run.call("network", "found", "--dir", a, draft, "/dev/null", "-o", founding, exit=1)
    run.call("network", "sign", "--dir", a, draft, "--sheet", folder / "b.sheet", "-o",
             folder / "x", exit=9)
    run.call("network", "sign", "--dir", a, draft, "--sheet", folder / "a.sheet", "-o",
             folder / "a.sig", name="network-sign")
    run.call("network", "found", "--dir", a, draft, folder / "a.sig", "-o", founding, exit=9)
    run.call("network", "sign", "--dir", b, *pass_b, draft, "-o", folder / "b.sig",
             stdin=(folder / "b.sheet").read_text())
    run.call("network", "found", "--dir", a, draft, folder / "a.sig", folder / "b.sig", "-o",
             founding, name="network-found")
    run.call("network", "join", "--dir", b, *pass_b, founding, name="network-join")
    run.call("network", "rules", "--dir", a, name="network-rules")
    return run.call("network", "members", "--dir", a, name="network-members")["network"]


def decisions(run, folder, a, b, pass_b):
    """Of two members, one of whom admits a third and a further device."""
    c, laptop = folder / "c", folder / "laptop"
    run.call("init", "--org", "Lotsendienst", "--dir", c, "--no-passphrase", "--sheet",
             folder / "c.sheet")
    run.call("card", "--dir", c, "-o", folder / "c.card")
    made = run.call("proposal", "new", "--dir", a, "--matter", "admit", "--card",
                    folder / "c.card", "--title", "Aufnahme", "--deadline", "14",
                    name="proposal-new")["id"]
    run.call("proposal", "vote", "--dir", a, made[:8], "objection", exit=2)
    run.call("proposal", "vote", "--dir", a, made[:8], "objection", "--reason", "Warum?",
             name="proposal-vote")
    run.call("proposal", "comment", "--dir", a, made[:8], "Gern", name="proposal-comment")
    run.call("proposal", "enact", "--dir", a, made, exit=9)
    run.call("proposal", "list", "--dir", a, "--open", name="proposal-list")
    run.call("proposal", "show", "--dir", a, made, name="proposal-show")
    run.call("proposal", "show", "--dir", a, "0123456789", exit=4)
    run.call("space", "new", "--dir", a, "--name", "Zu zweit", "--kind", "bilateral", "--member",
             "Praxis", name="space-new")
    spaces = run.call("space", "list", "--dir", a, name="space-list")["spaces"]
    run.call("space", "show", "--dir", a, spaces[0]["id"][:8], name="space-show")
    run.call("space", "show", "--dir", a, "Zu zweit", exit=4)
    run.call("space", "change", "--dir", a, "Zu zweit", "--without", "Praxis", exit=4)
    run.call("case", "release", "--dir", a, "0" * 32, "--reason", "Lehrbuch", name="case-release")
    run.call("init", "--org", "Jugendamt", "--dir", laptop, "--no-passphrase", "--sheet-of",
             folder / "a.sheet", name="init-device")
    run.call("card", "--dir", laptop, "-o", folder / "laptop.card")
    added = run.call("device", "add", "--dir", a, folder / "laptop.card", name="device-add")
    run.call("device", "list", "--dir", a, name="device-list")
    run.call("device", "revoke", "--dir", a, added["device"][:8], name="device-revoke")
    run.call("network", "seal", "--dir", a, exit=4)
    run.call("network", "leave", "--dir", a, exit=2)
    run.call("network", "join", "--dir", c, folder / "founding", exit=9)
    run.call("network", "join", "--dir", c, folder / "founding", "--admitted")
    run.call("proposal", "list", "--dir", b, *pass_b)


def invitations(run, folder, b, pass_b, address):
    """While `b` listens at `address`."""
    invited = run.call("network", "invite", "--dir", b, *pass_b, "--address", address, "-o",
                       folder / "qr.svg", name="network-invite")
    run.call("network", "invite", "--dir", b, *pass_b, "--valid", "0", exit=2)
    e = folder / "e"
    run.call("init", "--org", "Kita", "--dir", e, "--no-passphrase", "--sheet", folder / "e.sheet")
    joined = run.call("network", "join", "--dir", e, invited["link"], name="network-join-link")
    run.call("network", "invite", "list", "--dir", b, *pass_b, name="network-invite-list")
    run.call("network", "invite", "admit", "--dir", b, *pass_b, invited["id"], "0", exit=6)
    run.call("network", "invite", "admit", "--dir", b, *pass_b, invited["id"], joined["digits"],
             name="network-invite-admit")
    run.call("network", "invite", "withdraw", "--dir", b, *pass_b, invited["id"],
             name="network-invite-withdraw")


def leaving(run, a):
    run.call("network", "leave", "--dir", a, "--yes", name="network-leave")
    run.call("network", "members", "--dir", a, name="network-members-former")


def enacting(run, folder):
    """A network of one organisation decides alone."""
    d = folder / "d"
    run.call("init", "--org", "Allein", "--dir", d, "--no-passphrase", "--sheet",
             folder / "d.sheet")
    run.call("card", "--dir", d, "-o", folder / "d.card")
    rules = folder / "rules"
    rules.write_text("# Regeln\npurpose Probe\nrule * majority\nreview 2030-01-01\n"
                     "offline-days 30\npoint Ein Punkt.\n")
    run.call("network", "draft", "--dir", d, "--name", "Einer", "--founder", folder / "d.card",
             "--rules", rules, "-o", folder / "d.draft")
    run.call("network", "sign", "--dir", d, folder / "d.draft", "--sheet", folder / "d.sheet",
             "-o", folder / "d.sig")
    run.call("network", "found", "--dir", d, folder / "d.draft", folder / "d.sig", "-o",
             folder / "d.founding")
    id_ = run.call("proposal", "new", "--dir", d, "--matter", "money", "--title", "Kasse")["id"]
    run.call("proposal", "vote", "--dir", d, id_, "yes")
    run.call("proposal", "enact", "--dir", d, id_, name="proposal-enact")
    run.call("proposal", "show", "--dir", d, id_, name="proposal-show-decided")
    run.call("network", "seal", "--dir", d, name="network-seal")
    points = folder / "points"
    points.write_text("Ein neuer Punkt.\n")
    changed = run.call("proposal", "new", "--dir", d, "--matter", "rule", "--title", "Punkte",
                       "--points", points, "--review", "2031-01-01", "--deadline", "14")["id"]
    run.call("network", "acknowledge", "--dir", d, exit=5)
    run.call("proposal", "vote", "--dir", d, changed, "yes")
    run.call("proposal", "list", "--dir", d, "--mine")
    run.call("proposal", "new", "--dir", d, "--matter", "money", "--title", "Kasse 2",
             "--supersedes", id_, "--recommendation")
    run.call("proposal", "new", "--dir", d, "--matter", "audit", "--title", "Anderes",
             "--supersedes", id_, exit=2)


def contacts(run, folder, a):
    (folder / "list.csv").write_text(CSV, encoding="utf-8")
    (folder / "case.csv").write_text("Name;Diagnose\nX;y\n")
    (folder / "rows.csv").write_text("Nachname;Telefon\n;0228\nB;1\n")
    run.call("contact", "import", "--dir", a, folder / "list.csv", name="contact-import")
    again = run.call("contact", "import", "--dir", a, folder / "list.csv")
    if again.get("unchanged") != 2:
        run.failures.append(f"a second import changed something: {again}")
    run.call("contact", "import", "--dir", a, folder / "case.csv", exit=9)
    run.call("contact", "import", "--dir", a, folder / "rows.csv", exit=3,
             name="contact-import-partial")
    run.call("contact", "import", "--dir", a, folder / "missing.csv", exit=4)
    run.call("contact", "import", "--dir", a, folder, exit=2)
    run.call("contact", "import", "--dir", a, run.program, exit=1)
    first = run.call("contact", "list", "--dir", a, name="contact-list")["contacts"][0]["id"]
    run.call("contact", "show", "--dir", a, first[:8], name="contact-show")
    run.call("contact", "show", "--dir", a, first[:5], exit=2)
    run.call("contact", "set", "--dir", a, first[:10], "phone", "0221 99", name="contact-set")
    run.call("contact", "export", "--dir", a, "--format", "csv", "-o", folder / "out.csv",
             name="contact-export")
    run.call("contact", "export", "--dir", a, "--format", "vcard4", "-o", "-")
    return first


def organisations(run, a):
    run.call("organisation", "set", "--dir", a, "--city", "Auenfelde", exit=2)
    run.call("organisation", "set", "--dir", a, "--law", "dsgvo_bdsg", "--natural-person", "no",
             "--public-body", "no", "--city", "Auenfelde", name="organisation-set")
    run.call("organisation", "show", "--dir", a, name="organisation-show")
    run.call("organisation", "list", "--dir", a, name="organisation-list")


def papers(run, folder, a):
    run.call("privacy", "access", "--dir", a, "niemand@x.example", "-o", folder / "none", exit=4)
    run.call("privacy", "access", "--dir", a, "Änne Müller", "-o", folder / "access",
             name="privacy-access")
    run.call("privacy", "register", "--dir", a, "-o", folder / "register",
             name="privacy-register")
    run.call("privacy", "breach", "--dir", a, "Jugendamt", "--to", "gestern", "-o",
             folder / "breach", exit=2)
    run.call("privacy", "breach", "--dir", a, "Jugendamt", "-o", folder / "breach",
             name="privacy-breach")
    run.call("privacy", "export", "--dir", a, "Änne Müller", "-o", folder / "person",
             name="privacy-export")
    contact = run.call("contact", "list", "--dir", a)["contacts"][0]["id"]
    run.call("privacy", "rectify", "--dir", a, contact, "phone", "0221 4711",
             name="privacy-rectify")
    run.call("privacy", "restrict", "--dir", a, contact, exit=2)
    run.call("privacy", "restrict", "--dir", a, contact, "--reason", "accuracy",
             name="privacy-restrict")
    run.call("privacy", "restrict", "--dir", a, contact, "--lift")
    run.call("privacy", "erase-person", "--dir", a, "Änne Müller", exit=2)
    run.call("privacy", "erase-person", "--dir", a, "Änne Müller", "--dry-run", "--also",
             "0123456789", exit=4)
    run.call("privacy", "erase-person", "--dir", a, "Änne Müller", "--dry-run",
             name="privacy-erase-person")
    run.call("privacy", "papers", "--dir", a, "-o", folder / "papers", name="privacy-papers")
    run.call("retention", "list", "--dir", a, "--ahead", "3660", name="retention-list")
    run.call("retention", "pause", "--dir", a, "--reason", "audit", name="retention-pause")
    run.call("retention", "run", "--dir", a, "--yes", exit=9)
    run.call("retention", "resume", "--dir", a, name="retention-resume")
    run.call("retention", "run", "--dir", a, "--yes", name="retention-run")
    run.call("retention", "protocol", "--dir", a, name="retention-protocol")
    run.call("retention", "offer", "list", "--dir", a, name="retention-offer-list")
    run.call("retention", "offer", "export", "--dir", a, "-o", folder / "offer.json", exit=4)
    run.call("retention", "offer", "answer", "--dir", a, "taken", "--all", exit=4)


def documents(run, folder, a, network):
    note = run.call("doc", "new", "--dir", a, "--type", "note", "--title", "Protokoll",
                    name="doc-new")["id"]
    run.call("doc", "text", "--dir", a, note[:8], stdin="TOP 1\r\nTOP 2\n", name="doc-text")
    run.call("doc", "text", "--dir", a, note, exit=9, name="error-case",
             stdin="Kind M. (4) wurde in Obhut genommen.")
    run.call("doc", "set", "--dir", a, note, "/title", "Protokoll 2", name="doc-set")
    run.call("doc", "list", "--dir", a, "--network", "Netz", name="doc-list")
    run.call("doc", "list", "--dir", a, "--network", "Other", exit=4)
    shown = run.call("doc", "show", "--dir", a, note, name="doc-show")
    if shown["fields"]["body"] != "TOP 1\nTOP 2\n" or shown["fields"]["title"] != "Protokoll 2":
        run.failures.append(f"doc show: {shown}")
    history = run.call("doc", "history", "--dir", a, note, name="doc-history")
    first = history["changes"][0]["entry"]
    run.call("doc", "show", "--dir", a, note, "--at", first, name="doc-show-at")
    run.call("doc", "diff", "--dir", a, note, first, name="doc-diff")
    run.call("doc", "blame", "--dir", a, note, name="doc-blame")
    gone = run.call("doc", "new", "--dir", a, "--type", "note", "--title", "Irrtum")["id"]
    run.call("privacy", "erase", "--dir", a, gone, "--reason", "mistake", name="privacy-erase")
    run.call("privacy", "status", "--dir", a, gone, name="privacy-status")
    run.call("privacy", "status", "--dir", a, note, exit=4)
    run.call("privacy", "log", "--dir", a, name="privacy-log")
    run.call("privacy", "log", "--dir", a, "--after", "0123456789", exit=6)
    run.call("privacy", "log", "--dir", a, "--after", "0123", exit=2)
    run.call("audit", "request", "--dir", a, "--nonce", "00ff", exit=2)
    run.call("audit", "request", "--dir", a, "--nonce", "00ff" * 8, name="audit-request")
    run.call("audit", "export", "--dir", a, "-o", folder / "bundle", name="audit-export")
    run.call("audit", "verify", folder / "bundle", "--net", network, exit=2, name="audit-verify")
    run.call("audit", "verify", folder / "bundle", "--net", "0", exit=4)
    run.call("audit", "verify", exit=4)


def meetings(run, folder, a):
    made = run.call("meeting", "new", "--dir", a, "--title", "Lenkungsgruppe", "--date",
                    "2026-12-01", "--start", "14:00", name="meeting-new")["id"]
    run.call("meeting", "list", "--dir", a, name="meeting-list")
    run.call("task", "add", "--dir", a, "Flyer", "--due", "2026-11-01", name="task-add")
    task = run.call("task", "list", "--dir", a, "--open", name="task-list")["tasks"][0]["id"]
    run.call("meeting", "agenda", "--dir", a, made, "--tasks", name="meeting-agenda")
    agenda = run.call("meeting", "agenda", "--dir", a, made, "--title", "Haushalt")["agenda"]
    run.call("meeting", "record", "--dir", a, made, agenda[1]["item"], "--matter", "money",
             "--text", "Ja", "--for", "2", name="meeting-record")
    run.call("meeting", "invite", "--dir", a, made, name="meeting-invite")
    run.call("meeting", "attend", "--dir", a, made, "Jugendamt", name="meeting-attend")
    run.call("meeting", "minutes", "--dir", a, made[:8], stdin="Text\n", name="meeting-minutes")
    run.call("meeting", "show", "--dir", a, made, name="meeting-show")
    run.call("meeting", "export", "--dir", a, made, "--format", "ics", "-o", folder / "m.ics",
             name="meeting-export")
    run.call("meeting", "export", "--dir", a, made, "--format", "pdf", "-o", "-", exit=2)
    run.call("task", "done", "--dir", a, task, name="task-done")
    run.call("meeting", "freeze", "--dir", a, made, name="meeting-freeze")
    run.call("meeting", "approve", "--dir", a, made, name="meeting-approve")
    run.call("meeting", "show", "--dir", a, made, name="meeting-show-frozen")


def agreements(run, folder, a):
    """What two agree on, as far as one of them goes."""
    person = run.call("person", "add", "--dir", a, "--name", "Dr. Erika Muster", "--mandate",
                      "sign", "--no-passphrase", name="person-add")
    run.call("person", "add", "--dir", a, "--name", "B", "--mandate", "sign", exit=2)
    run.call("person", "list", "--dir", a, name="person-list")
    (folder / "text").write_text("1 Ziel\nWir helfen.\n\nEs zeichnet [[Dr. Erika Muster]].\n")
    (folder / "scan.pdf").write_bytes(b"%PDF")
    draft = run.call("agreement", "draft", "--dir", a, "--title", "Vereinbarung", "--party",
                     "Jugendamt", "Praxis", "--notice", "3 Monate", "--text", folder / "text",
                     name="agreement-draft")["document"]
    id_ = run.call("agreement", "freeze", "--dir", a, draft, "--evidence", folder / "scan.pdf",
                   name="agreement-freeze")["id"]
    run.call("agreement", "amend", "--dir", a, id_, draft, exit=5)
    run.call("agreement", "notice", "--dir", a, id_, exit=5)
    run.call("agreement", "sign", "--dir", a, id_, name="agreement-sign")
    run.call("agreement", "status", "--dir", a, id_[:8], name="agreement-status")
    run.call("agreement", "status", "--dir", a, "0123456789", exit=4)
    run.call("agreement", "list", "--dir", a, "--due", "90d", name="agreement-list")
    run.call("agreement", "export", "--dir", a, id_, "-o", folder / "v.html", "--evidence-to",
             folder, name="agreement-export")
    run.call("person", "end", "--dir", a, person["mandate"], name="person-end")


def wait_for_address(run, b):
    for _ in range(200):
        status = run.call("status", "--dir", b)
        if status.get("listening"):
            return status["listening"]
        time.sleep(0.05)
    sys.exit("the node does not listen")


def conflicts(run, a, b, geflechtd, pass_b, contact):
    with subprocess.Popen([geflechtd, "--dir", str(b), *map(str, pass_b), "--listen",
                           "127.0.0.1:0"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as node:
        try:
            while not os.path.exists(b / "api.sock") and node.poll() is None:
                time.sleep(0.02)
            address = wait_for_address(run, b)
            run.call("sync", "--dir", a, address, name="sync")
            run.call("contact", "set", "--dir", a, contact, "phone", "0221 1")
            run.call("contact", "set", "--dir", b, contact, "phone", "0221 2")
            run.call("sync", "--dir", a, address)
            open_ = run.call("doc", "conflicts", "--dir", a, exit=5, name="doc-conflicts")
            path = open_["conflicts"][0]["path"]
            run.call("doc", "resolve", "--dir", a, contact, path, "--take", "0",
                     name="doc-resolve")
            run.call("doc", "conflicts", "--dir", a, contact)
            run.call("sync", "--dir", a, address)
            run.call("status", "--dir", a, name="status")
            invitations(run, b.parent, b, pass_b, address)
            run.call("lock", "--dir", b, name="lock")
            run.call("status", "--dir", b, exit=7)
            run.call("doc", "list", "--dir", b, exit=7)
            run.call("unlock", "--dir", b, *pass_b, name="unlock")
            run.call("doc", "list", "--dir", b)
        finally:
            node.terminate()
    run.call("sync", "--dir", a, address, "--timeout", "5", exit=8)
    run.call("lock", "--dir", b, exit=8)
    run.call("sheet", "check", "--dir", a, "--sheet", a.parent / "a.sheet", name="sheet-check")
    run.call("doctor", "--dir", a, exit=3, name="doctor")
    run.call("doctor", "--repair", "--dir", a, name="doctor-repair")


def backups(run, folder, a):
    file, sheet = folder / "backup", folder / "a.sheet"
    run.call("backup", "create", "--dir", a, "-o", file, name="backup-create")
    run.call("backup", "create", "--dir", a, "-o", file, exit=5)
    run.call("backup", "verify", file, name="backup-verify-closed")
    run.call("backup", "verify", file, "--sheet", sheet, name="backup-verify")
    run.call("backup", "verify", file, "--sheet", folder / "b.sheet", exit=6)
    run.call("backup", "verify", sheet, exit=1)
    run.call("backup", "restore", file, "--sheet", sheet, "--dir", a, "--no-passphrase", exit=5)
    run.call("backup", "restore", file, "--sheet", sheet, "--dir", folder / "again",
             "--no-passphrase", name="backup-restore")
    run.call("doc", "list", "--dir", folder / "again", exit=7)
    run.call("status", "--dir", folder / "again", exit=7)
    run.call("open", "--dir", folder / "again", exit=2)
    run.call("open", "--dir", folder / "again", "--yes", name="open")
    run.call("open", "--dir", folder / "again", "--yes", exit=5)


def main(program, geflechtd, golden, update):
    run = Run(program, pathlib.Path(golden), update)
    with tempfile.TemporaryDirectory(prefix="geflecht-golden-") as name:
        folder = pathlib.Path(name)
        a, b, secret = folder / "a", folder / "b", folder / "pass"
        secret.write_text("ein langer Satz\n")
        pass_b = ("--passphrase-file", secret)
        run.call("status", "--dir", a, exit=10)
        run.call("status", "--nonsense", exit=2)
        network = found_network(run, folder, a, b, pass_b)
        contact = contacts(run, folder, a)
        organisations(run, a)
        papers(run, folder, a)
        agreements(run, folder, a)
        documents(run, folder, a, network)
        meetings(run, folder, a)
        conflicts(run, a, b, geflechtd, pass_b, contact)
        backups(run, folder, a)
        decisions(run, folder, a, b, pass_b)
        leaving(run, a)
        enacting(run, folder)
        trace = folder / "t.json.gz"
        trace.write_bytes(gzip.compress(json.dumps(
            {"kind": "sequential", "endContent": "ab",
             "txns": [{"patches": [[0, 0, "ab"]]}]}).encode()))
        run.call("dev", "trace", trace, name="dev-trace")
        graph = folder / "g.json"
        graph.write_text(json.dumps([{"name": "founding", "entries": [
            {"id": "c", "type": "charter", "by": "*", "parents": [], "founders": ["A"],
             "rule": "majority"}]}]))
        run.call("dev", "evaluate", graph, name="dev-evaluate")
    for file in run.golden.glob("*.keys"):
        if file.name not in run.seen:
            run.failures.append(f"{file.name} belongs to no command")
    print("\n".join(run.failures) or f"{len(run.seen)} results as expected")
    return 1 if run.failures else 0


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:] == ["--update"]))
