#!/usr/bin/python3
"""Agreements by the command line: mandates, settled texts, signatures, amendments, notice."""
import base64
import datetime
import html
import json
import subprocess
import sys

import geflecht_e2e as e2e

TEXT = """\
1 Ziel
Wir lotsen Familien gemeinsam.

2 Ansprechpersonen
Es verhandelten [[Dr. Erika Muster]] und [[Max Beispiel]].
"""


class AgreementCase(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.one, self.two, self.three = self.members

    def meet(self, *members):
        """Everybody learns everything, one after the other, at the first one's node."""
        members = members or self.members
        node = e2e.Node(members[0])
        for _ in range(2):
            for member in members[1:]:
                member.run("sync", node.address)
        node.stop()

    def mandates(self):
        return [member.run("person", "add", "--name", f"Person {n}", "--mandate", "sign",
                           "--no-passphrase")["mandate"]
                for n, member in enumerate(self.members)]

    def draft(self, member, *options, title="Kooperationsvereinbarung", parties=None):
        parties = parties or [m.name for m in self.members]
        return member.run("agreement", "draft", "--title", title, "--party", *parties, "--text",
                          "-", *options, stdin=TEXT)["document"]

    def refused(self, hint, member, *words, exits=(1, 2, 4, 5, 7, 9)):
        answer = member.run(*words, exits=exits)
        self.assertEqual(answer["hint"], hint)
        self.assertNotIn(hint, answer["message"])
        return answer

    def people(self, member, *words):
        return self.scratch.geflecht(*words, "--dir", member.dir, "--lang", "de").stdout.decode()


class Story(AgreementCase):
    def test_three_sign_amend_and_one_gives_notice(self):
        self.mandates()
        document = self.draft(self.one, "--notice", "3 Monate")
        self.assertEqual(self.one.run("agreement", "list")["drafts"][0]["document"], document)
        settled = self.one.run("agreement", "freeze", document[:8])
        id_ = settled["id"]
        self.assertEqual((settled["phase"], settled["notice"]), ("frozen", "3 month"))
        self.assertEqual(settled["versions"][0]["persons"], ["Dr. Erika Muster", "Max Beispiel"])
        self.assertIn("[[1]] und [[2]]", settled["versions"][0]["blocks"][1])
        self.meet()
        # Each signs at home, with the cable unplugged.
        for member in self.members:
            member.run("agreement", "sign", id_[:8])
        self.assertEqual(self.two.run("agreement", "status", id_)["phase"], "partly-signed")
        self.refused("hint.agreement-signed", self.one, "agreement", "sign", id_)
        self.refused("hint.agreement-not-signed", self.one, "agreement", "amend", id_, document)
        self.meet()
        shown = self.two.run("agreement", "status", id_)
        self.assertEqual((shown["phase"], shown["missing"]), ("in-force", []))
        self.assertEqual(sorted(s["name"] for s in shown["signatures"]),
                         ["Person 0", "Person 1", "Person 2"])
        self.check_signature(shown["signatures"][0])
        text = self.people(self.two, "agreement", "status", id_)
        for words in ("in Kraft", "ersetzen nicht die Schriftform", "Dr. Erika Muster und Max"):
            self.assertIn(words, text)
        self.amend(id_)

    def check_signature(self, act):
        """OpenSSH agrees."""
        statement, signature = act["statement"].rsplit("sig ", 1)
        self.assertTrue(statement.startswith("geflecht-sign@v1\nnet " + self.network))
        self.assertIn(f"\nobject {act['version']}\n", statement)
        raw = bytes.fromhex(act["key"])
        
        def blob(data):
            return len(data).to_bytes(4, "big") + data

        public = blob(b"ssh-ed25519") + blob(raw)
        inner = blob(b"ssh-ed25519") + blob(base64.b64decode(signature))
        armour = (b"SSHSIG" + (1).to_bytes(4, "big") + blob(public) + blob(b"geflecht-sign@v1") +
                  blob(b"") + blob(b"sha512") + blob(inner))
        signers, sig = self.scratch.path / "signers", self.scratch.path / "sig"
        signers.write_text(f"person ssh-ed25519 {base64.b64encode(public).decode()}\n")
        sig.write_text("-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(armour).decode() +
                       "-----END SSH SIGNATURE-----\n")
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "person", "-n",
                               "geflecht-sign@v1", "-s", sig], input=statement.encode(),
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def amend(self, id_):
        document = self.draft(self.three, "--notice", "14 Tage", title="Zweite Fassung")
        amended = self.three.run("agreement", "amend", id_, document)
        version = amended["offers"][0]["version"]
        self.assertEqual((amended["version"], len(amended["offers"][0]["missing"])), (id_, 3))
        self.three.run("agreement", "sign", id_)  # the one offer that waits
        self.meet()
        for member in self.members[:2]:
            member.run("agreement", "sign", version[:8])
        self.meet()
        shown = self.one.run("agreement", "status", id_)
        self.assertEqual((shown["version"], shown["title"], shown["replaced"], shown["phase"]),
                         (version, "Zweite Fassung", [id_], "in-force"))
        # What a reason says is read like a document.
        self.refused("hint.case-confirm", self.two, "agreement", "notice", id_, "--reason",
                     "Kind M. (4) wurde in Obhut genommen, die Mutter trinkt wieder.",
                     exits=range(1, 64))
        # Notice at home: nobody has it yet, and it does not run.
        self.two.run("agreement", "notice", id_, "--reason", "Neue Aufgaben.")
        mine = self.two.run("agreement", "status", id_)
        self.assertEqual((mine["phase"], mine["ends"]), ("notice-given", None))
        self.assertEqual(len(mine["notices"][0]["waits_for"]), 2)
        due = self.two.run("agreement", "list", "--due", "90d")["agreements"][0]["due"]
        self.assertEqual([d["what"] for d in due], ["receipt", "receipt"])
        self.assertEqual(self.one.run("agreement", "status", id_)["phase"], "in-force")
        self.meet()
        # Received is what a party has written in knowledge of it.
        for member in (self.one, self.three):
            self.assertEqual(member.run("agreement", "status", id_)["phase"], "notice-given")
            member.run("doc", "new", "--type", "note", "--title", "Etwas")
        self.meet()
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for member in self.members:
            shown = member.run("agreement", "status", id_)
            notice = shown["notices"][0]
            self.assertEqual((notice["waits_for"], notice["reason"]), ([], "Neue Aufgaben.\n"))
            self.assertLessEqual(abs((datetime.date.fromisoformat(shown["ends"]) - today).days -
                                     14), 1)
        due = self.one.run("agreement", "list", "--due", "90")["agreements"][0]["due"]
        self.assertEqual([d["what"] for d in due], ["ends"])
        self.assertEqual(self.one.run("agreement", "list", "--due", "3")["agreements"], [])
        for name in ("seite.html", "seite.txt"):
            page = self.scratch.path / name
            self.one.run("agreement", "export", id_, "-o", page)
            for words in ("Notice by", "Neue Aufgaben.", "received by all on"):
                self.assertIn(words.lower(), page.read_text().lower(), name)
        self.audit(id_, version)

    def audit(self, id_, version):
        """Both verifiers say the same about the agreement, with nothing but the bundle."""
        folder, report = self.scratch.path / "bundle", self.scratch.path / "report"
        self.one.run("audit", "export", "-o", folder, "--open", "agreements")
        self.scratch.run("audit", "verify", folder, "--net", self.network, "--report", report,
                         exits=(0, 2))
        found, = json.loads((report / "bericht.json").read_text())["agreements"]
        self.assertEqual((found["id"], found["version"], found["phase"], found["missing"]),
                         (id_, version, "notice-given", []))
        self.assertEqual(found["ends"], self.one.run("agreement", "status", id_)["ends"])
        self.assertEqual([s["mandate_terms"] for s in found["signatures"]], ["sign - -"] * 6)
        self.assertEqual({s["person"] for s in found["signatures"]}, {""})
        self.assertEqual([(n["counts"], n["waits_for"]) for n in found["notices"]], [(True, [])])
        page = (report / "bericht.html").read_text()
        for words in ("Zweite Fassung", "gekündigt", "notice given", self.two.name):
            self.assertIn(words, page)
        self.assertNotIn("sign - -", page)
        self.assertIn("Unterschrift, unbefristet", page)
        sys.path.insert(0, str(e2e.ROOT / "tests" / "oracle"))
        import bundle_agreements
        import bundle_text
        import ed25519
        import verify_bundle
        verifier = verify_bundle.Verifier(bundle_text.read_bundle(folder), self.network,
                                          ed25519.Checker())
        verifier.run()
        self.assertEqual(verifier.problems, [])
        self.assertEqual(bundle_agreements.agreements(verifier),
                         {act["entry"]: act["fault"]
                          for act in found["signatures"] + found["notices"]})
        received = bundle_agreements.receipts(verifier)
        for notice in found["notices"]:
            parties = received[notice["entry"]]
            self.assertEqual((len(parties), max(parties.values())), (3, notice["received"]))
        # Names go out only where the root space is opened.
        self.assertFalse(any(b"Person 1" in f.read_bytes() or b"Muster" in f.read_bytes()
                             for f in folder.rglob("*") if f.is_file()))


class Mandates(AgreementCase):
    def test_mandates_are_given_listed_and_ended(self):
        secret = self.file("secret", "Ein langer Satz für Frau Muster\n".encode())
        given = self.one.run("person", "add", "--name", "Dr. Erika Muster", "--mandate", "sign",
                             "--from", "1.1.2026", "--until", "2099-12-31",
                             "--person-passphrase-file", secret)
        self.assertEqual((given["role"], given["from"], given["until"], given["state"]),
                         ("sign", "2026-01-01", "2099-12-31", "active"))
        key = self.one.dir / "persons" / (given["key"] + ".key")
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        again = self.one.run("person", "add", "--name", "Dr. Erika Muster", "--mandate",
                             "coordinate", "--key", given["key"][:8], "--person-passphrase-file",
                             secret)
        self.assertEqual(again["key"], given["key"])
        self.meet()
        listed = self.two.run("person", "list")["persons"]
        self.assertEqual(sorted(p["role"] for p in listed), ["coordinate", "sign"])
        self.assertFalse(any(p["own"] or p["key_here"] for p in listed))
        # A mandate gives no vote: nobody's device, and nobody's entry.
        members = self.two.run("network", "members")
        self.assertEqual(len(members["members"]), 3)
        self.refused("hint.no-mandate", self.two, "person", "end", given["mandate"])
        self.one.run("person", "end", given["mandate"][:8])
        self.refused("hint.mandate-ended", self.one, "person", "end", given["mandate"])
        document = self.draft(self.one)
        id_ = self.one.run("agreement", "freeze", document)["id"]
        self.refused("hint.no-signer", self.one, "agreement", "sign", id_)
        self.assertIn("Koordination", self.people(self.one, "person", "list"))

    def test_what_makes_no_sense(self):
        for hint, words in (
                ("hint.person-passphrase", ["--mandate", "sign"]),
                ("hint.mandate-roles", ["--mandate", "vote", "--no-passphrase"]),
                ("hint.date", ["--mandate", "sign", "--no-passphrase", "--from", "morgen"]),
                ("hint.date", ["--mandate", "sign", "--no-passphrase", "--from", "2026-02-02",
                               "--until", "2026-02-01"])):
            with self.subTest(words):
                self.refused(hint, self.one, "person", "add", "--name", "P", *words)
        self.refused("hint.person-name", self.one, "person", "add", "--name", "", "--mandate",
                     "sign", "--no-passphrase")
        self.assertEqual(self.one.run("person", "list")["persons"], [])
        secret = self.file("secret", b"Satz\n")
        self.one.run("person", "add", "--name", "P", "--mandate", "sign",
                     "--person-passphrase-file", secret)
        id_ = self.one.run("agreement", "freeze", self.draft(self.one))["id"]
        self.refused("hint.person-passphrase-needed", self.one, "agreement", "sign", id_)
        wrong = self.one.run("agreement", "sign", id_, "--person-passphrase-file",
                             self.file("wrong", b"anders\n"), exits=(7,))
        self.assertEqual(wrong["code"], "wrong-passphrase")
        self.one.run("agreement", "sign", id_, "--person-passphrase-file", secret)
        self.one.run("person", "add", "--name", "Q", "--mandate", "sign", "--no-passphrase")
        self.refused("hint.several-signers", self.one, "agreement", "notice", id_)


class Papers(AgreementCase):
    def test_written_form_evidence_and_export(self):
        self.mandates()
        pair = [self.one.name, self.two.name]
        document = self.draft(self.one, "--form", "written", "--end", "2099-12-31",
                              title="Mit <b>Schriftform</b> & Beleg", parties=pair)
        big = self.file("big.pdf", b"%PDF" + bytes(512 * 1024))
        answer = self.refused("hint.evidence-too-large", self.one, "agreement", "freeze", document,
                              "--evidence", big)
        self.assertIn("511 KiB", answer["message"])
        id_ = self.one.run("agreement", "freeze", document)["id"]
        self.meet()
        self.refused("hint.statement.no-party", self.three, "agreement", "sign", id_)
        self.one.run("agreement", "sign", id_)
        self.two.run("agreement", "sign", id_)
        self.meet()
        shown = self.one.run("agreement", "status", id_)
        self.assertEqual((shown["phase"], shown["evidence_missing"], shown["since"]),
                         ("signed", True, None))
        self.refused("hint.no-notice-period", self.one, "agreement", "notice", id_)
        scan = self.file("scan.pdf", b"%PDF-scan")
        shown = self.one.run("agreement", "sign", id_, "--evidence", scan)
        self.assertEqual((shown["phase"], shown["evidence_missing"]), ("in-force", False))
        self.assertEqual([len(s["evidence"]) for s in shown["signatures"]].count(1), 1)
        page, folder = self.scratch.path / "v.html", self.scratch.path / "evidence"
        folder.mkdir()
        done = self.one.run("agreement", "export", id_, "-o", page, "--evidence-to", folder)
        self.assertEqual((folder / done["evidence"][0]).read_bytes(), b"%PDF-scan")
        text = page.read_text()
        self.assertIn("Mit &lt;b&gt;Schriftform&lt;/b&gt; &amp; Beleg", text)
        for words in ("Dr. Erika Muster", "do not replace the written form", id_, "@page"):
            self.assertIn(words, html.unescape(text))
        self.assertNotIn("<script", text)
        plain = self.scratch.path / "v.txt"
        self.one.run("agreement", "export", id_, "-o", plain)
        self.assertIn("geflecht-sign@v1", plain.read_text())

    def test_drafts_that_cannot_be_settled(self):
        note = self.one.run("doc", "new", "--type", "note", "--title", "Notiz")["id"]
        self.refused("hint.no-agreement-draft", self.one, "agreement", "freeze", note)
        self.refused("hint.agreement-parties", self.one, "agreement", "draft", "--title", "T",
                     "--party", self.one.name)
        self.refused("hint.notice-period", self.one, "agreement", "draft", "--title", "T",
                     "--party", self.one.name, self.two.name, "--notice", "bald")
        self.refused("hint.agreement-form", self.one, "agreement", "draft", "--title", "T",
                     "--party", self.one.name, self.two.name, "--form", "mündlich")
        empty = self.one.run("agreement", "draft", "--title", "T", "--party", self.one.name,
                             self.two.name)["document"]
        self.refused("hint.freeze-empty", self.one, "agreement", "freeze", empty)
        self.one.run("doc", "set", empty, "/end", "irgendwann")
        self.one.run("doc", "text", empty, stdin="Text [[Name\n")
        self.refused("hint.agreement-terms", self.one, "agreement", "freeze", empty)
        self.one.run("doc", "set", empty, "/end", "2099-01-01")
        self.refused("hint.freeze-brackets", self.one, "agreement", "freeze", empty)
        self.refused("hint.agreement-id", self.one, "agreement", "status", "0" * 64)
        self.refused("hint.due-days", self.one, "agreement", "list", "--due", "bald")
        # Two write offline: what they leave contradicts itself, and nobody settles it.
        self.meet()
        self.one.run("doc", "set", empty, "/start", "2026-01-01")
        self.two.run("doc", "set", empty, "/start", "2026-02-01")
        self.one.run("doc", "text", empty, stdin="Text.\n")
        self.meet()
        self.refused("hint.agreement-conflicts", self.one, "agreement", "freeze", empty)


if __name__ == "__main__":
    e2e.main()
