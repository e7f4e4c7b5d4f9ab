#!/usr/bin/python3
"""Everything about one person (GDPR Art. 15): what is planted is found, and nothing of others."""
import json
import signal
import subprocess
import zipfile

import canary_test
import geflecht_e2e as e2e

CLINIC, OFFICE = e2e.ORGANISATIONS[1], e2e.ORGANISATIONS[0]
MAIL, PHONE = "a.weber@klinik.example", "0221 4710-100"
NAMESAKE = {"mail": "weber@kranichgrund.example", "phone": "030 23125-001"}
# Nothing of these may stand in an answer about Anna Weber of the clinic.
OTHERS = ("Groß", "Peter", NAMESAKE["mail"], NAMESAKE["phone"], "23125", "Weberling", "Lustig",
          "Dragic")
CONTACTS = (
    "Nachname;Vorname;Organisation;E-Mail;Telefon;Vertretung\n"
    f"Weber;Anna;{CLINIC};{MAIL};{PHONE};Peter Groß\n"
    "Weber;Anna;Lotsendienst Ammerfeld;anna.weber@lotsen.example;+49 221 4710100;\n"
    f"Groß;Peter;{CLINIC};p.gross@klinik.example;0221 4710-101;Anna Weber\n"
    f"Weber;Anna;{OFFICE};{NAMESAKE['mail']};{NAMESAKE['phone']};\n"
    f"Weberling;Anna;{OFFICE};weberling@kranichgrund.example;030 23125-002;\n"
    f"Weber;Peter;{OFFICE};p.weber@kranichgrund.example;030 23125-003;\n")


class Access(e2e.CliCase):
    def setUp(self):
        super().setUp()
        (self.office, self.clinic), _ = e2e.found_network(self.scratch, [OFFICE, CLINIC])
        self.node = e2e.Node(self.office)

    def exchange(self):
        self.clinic.run("sync", self.node.address)

    def note(self, member, title, text):
        note = member.run("doc", "new", "--type", "note", "--title", title)["id"]
        member.run("doc", "text", note, stdin=text)
        return note

    def plant(self):
        """What is about Anna Weber of the clinic, as (kind, id)."""
        office, clinic = self.office, self.clinic
        office.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        listed = office.contacts()
        mine = [c["id"] for c in listed if c.get("phone") in (PHONE, "+49 221 4710100")]
        deputy = next(c["id"] for c in listed if c.get("given_name") == "Peter"
                      and c["family_name"] == "Groß")
        planted = [("contact", i) for i in mine] + [("mention", deputy)]
        planted += [("mention", self.note(office, "Notiz", text)) for text in (
            f"Am Montag: Anna Webers Vorschlag ({CLINIC}) überzeugt Peter Groß.\n",
            "Rückfragen an A.WEBER@KLINIK.EXAMPLE und p.gross@klinik.example.\n",
            "Tel. +49 (0)221/47 10 - 100, Herr Dr. Lustig hat eine andere.\n")]
        meeting = office.run("meeting", "new", "--title", "Lenkungsgruppe", "--date",
                             "2026-12-01")["id"]
        office.run("meeting", "attend", meeting, CLINIC, "--name", "Dr. Anna Weber")
        office.run("meeting", "attend", meeting, OFFICE, "--name", "Anna Weber")
        office.run("meeting", "attend", meeting, OFFICE, "--name", "Mira Dragic")
        office.run("meeting", "minutes", meeting, stdin=(
            f"Beginn.\nA. Weber ({CLINIC}) berichtet mit Mira Dragic.\n"
            f"Anna Weber vom Haus {OFFICE} dankt.\n"))
        frozen = office.run("meeting", "freeze", meeting)["freeze"]
        task = office.run("task", "add", "Flyer drucken", "--org", CLINIC, "--person",
                          "Weber, Anna")["id"]
        planted += [("attendance", meeting), ("minutes", meeting), ("minutes-frozen", frozen),
                    ("task", task)]
        return planted + self.plant_earlier() + self.plant_agreement()

    def plant_earlier(self):
        """What was said once and is stored still."""
        office = self.office
        note = self.note(office, "Notiz", f"Frau Weber ({CLINIC}) ist Anna Weber.\n\nEnde.\n")
        office.run("doc", "text", note, stdin="Ende.\n")
        renamed = self.note(office, f"Gespräch mit {MAIL}", "Nichts.\n")
        office.run("doc", "set", renamed, "/title", "Gespräch")
        return [("earlier", note), ("earlier", renamed)]

    def plant_acts(self):
        """One of each kind of an entry that says something of its own."""
        office, clinic = self.office, self.clinic
        said = f"Bitte an {MAIL} schreiben."
        text = self.file("said", said.encode())
        made = office.run("proposal", "new", "--matter", "money", "--title", "Flyer", "--note",
                          text)["id"]
        comment = office.run("proposal", "comment", made, said)["entry"]
        vote = office.run("proposal", "vote", made, "yes", "--reason", said)["entry"]
        self.exchange()
        record = clinic.run("organisation", "set", "--law", "kdg", "--natural-person", "no",
                            "--public-body", "no", "--authority", "Aufsicht", "--dpo",
                            f"Anna Weber, {MAIL}")["id"]
        return [("proposal", made), ("comment", comment), ("vote", vote), ("organisation", record)]

    def plant_agreement(self):
        self.exchange()
        clinic = self.clinic
        text = self.file("text", (f"Ziel.\n\nEs leitet [[Anna Weber]], {CLINIC}, vertreten von "
                                  "[[Peter Groß]].\n").encode())
        draft = clinic.run("agreement", "draft", "--title", "Lotsen", "--party", OFFICE, CLINIC,
                           "--text", text)["document"]
        version = clinic.run("agreement", "freeze", draft)["id"]
        mandate = clinic.run("person", "add", "--name", "Anna Weber", "--mandate", "sign",
                             "--no-passphrase")["mandate"]
        signed = clinic.run("agreement", "sign", version)
        self.office.run("person", "add", "--name", "Anna Weber", "--mandate", "sign",
                        "--no-passphrase")
        self.exchange()
        self.exchange()
        signature = next(s for s in signed["signatures"] if s["organisation"] == CLINIC)
        return [("mention", draft), ("agreement", version), ("mandate", mandate),
                ("signature", signature["entry"] if "entry" in signature else signature["id"])]

    def read(self, folder):
        return {p.name: p.read_text() for p in folder.iterdir()}

    def test_20_planted_20_found_none_of_others(self):
        planted = self.plant() + self.plant_acts()
        self.exchange()
        self.assertEqual(len(planted), 20)
        self.note(self.office, "Notiz", "Anna Weber hat zugesagt.\n")
        self.note(self.office, "Notiz", f"Anna Weber ({OFFICE}) hat abgesagt, Anna Weberling und "
                                        "Peter Weber auch.\n")
        for member, number in ((self.office, 0), (self.clinic, 1)):
            folder = self.scratch.path / f"answer{number}"
            answer = member.run("privacy", "access", MAIL, "-o", folder)
            self.assertEqual((answer["found"], answer["unclear"], answer["recipients"]),
                             (20, 1 - number, 2))
            files = self.read(folder)
            report = json.loads(files["auskunft.json"])
            self.assertEqual(sorted((t["kind"], t["id"]) for t in report["traces"]),
                             sorted(planted))
            self.assertEqual(sorted(r["organisation"] for r in report["recipients"]),
                             sorted([OFFICE, CLINIC]))
            for other in OTHERS:
                for name in ("auskunft.html", "auskunft.json"):
                    self.assertNotIn(other, files[name], name)
            for line in report["log"]:
                self.assertRegex(line["time"], r"T\d\d:00:00Z$")
                self.assertIn(line["organisation"], (OFFICE, CLINIC))
            self.assertNotIn("<script", files["auskunft.html"])
            self.assertIn("Art. 15 GDPR", files["auskunft.html"])
        self.check_unclear(self.scratch.path / "answer0")
        self.check_whom(planted)

    def check_unclear(self, folder):
        doubtful = json.loads((folder / "zu-pruefen.json").read_text())["traces"]
        self.assertEqual([t["passages"] for t in doubtful], [["Anna Weber hat zugesagt."]])

    def check_whom(self, planted):
        one = dict((kind, i) for kind, i in reversed(planted))["contact"]
        archive = self.scratch.path / "answer.zip"
        self.assertEqual(self.office.run("privacy", "access", one[:10], "-o", archive,
                                         lang="de")["found"], 20)
        with zipfile.ZipFile(archive) as packed:
            self.assertIn("Art. 15 DSGVO", packed.read("auskunft.html").decode())
        for whom, code in (("Anna Weber", e2e.CONFLICT), ("Nie Gesehen", 0),
                           ("niemand@x.example", e2e.NOT_FOUND)):
            answer = self.office.run("privacy", "access", whom, "-o",
                                     self.scratch.path / whom.replace(" ", ""), exits=(code,))
            if code == 0:
                self.assertEqual((answer["found"], answer["unclear"]), (0, 0))

    def steps(self, answer):
        found = {}
        for step in answer["steps"]:
            found.setdefault(step["action"], []).append(step["kind"])
        return {action: sorted(kinds) for action, kinds in found.items()}

    def test_a_person_is_erased_by_a_plan(self):
        planted = dict(self.plant())
        office, clinic = self.office, self.clinic
        namesake = next(c for c in office.contacts() if c.get("email") == NAMESAKE["mail"])
        erase = ("privacy", "erase-person", MAIL)
        plan = office.run(*erase, "--dry-run")
        texts = ["agreement", "attendance", "earlier", "earlier", "mention", "mention", "mention",
                 "mention", "minutes", "minutes-frozen"]
        self.assertEqual(self.steps(plan), {"erase": ["contact", "contact", "mention", "task"],
                                            "propose": ["mandate"], "by-hand": texts})
        self.assertEqual([s["kind"] for s in plan["steps"][-2:]], ["contact"] * 2)
        self.assertEqual(office.run(*erase, exits=(e2e.USAGE,))["hint"],
                         "hint.erase-person-confirm")
        self.assertEqual(self.steps(office.run(*erase, "--dry-run")), self.steps(plan),
                         "nothing was erased yet")
        # The other organisation's own: of what lies at the first one nothing.
        theirs = self.steps(clinic.run(*erase, "--dry-run"))
        self.assertEqual(theirs["erase"], ["mandate"])
        # What is put to the vote is not proposed a second time.
        mandate = next(s["id"] for s in plan["steps"] if s["kind"] == "mandate")
        asked = office.run("privacy", "erase", mandate, "--propose", "--reason", "consent")["id"]
        known = next(s for s in office.run(*erase, "--dry-run")["steps"] if s["id"] == mandate)
        self.assertEqual(known["proposal"], asked)
        restricted = planted["task"]
        office.run("privacy", "restrict", restricted, "--reason", "claims")
        records = [s["id"] for s in plan["steps"] if s["kind"] == "contact"]
        stored = self.stored(records)
        done = office.run(*erase, "--yes", "--propose", "--reason", "consent")
        self.assertEqual((done["erased"], done["proposed"], done["open"]), (3, 1, 11))
        self.assertEqual([s["kind"] for s in done["steps"] if s["action"] == "restricted"],
                         ["task"])
        self.assertEqual(len(office.run("proposal", "list", "--open")["proposals"]), 1)
        self.check_erased(done, namesake)
        self.node.stop()
        files = self.files()
        self.assertEqual([piece for piece in stored if piece in files], [])
        self.assertEqual([s for s in canary_test.spellings(MAIL) if s in files], [])
        self.node.start()
        again = office.run(*erase, "--yes", exits=(e2e.NOT_FOUND,))
        self.assertEqual(again["hint"], "hint.person-unknown", "nobody has this address now")

    def test_unclear_places_are_taken_in_by_name_only(self):
        office = self.office
        office.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        tasks = [office.run("task", "add", "Flyer", "--person", "Anna Weber")["id"]
                 for _ in range(2)]
        note = self.note(office, "Notiz", "Anna Weber hat zugesagt.\n")
        erase = ("privacy", "erase-person", MAIL)
        plan = office.run(*erase, "--dry-run")
        self.assertEqual({(s["id"], s["action"]) for s in plan["unclear"]},
                         {(tasks[0], "erase"), (tasks[1], "erase"), (note, "by-hand")})
        contact = next(s["id"] for s in plan["steps"] if s["kind"] == "contact")
        for wrong in (contact, "0123456789", tasks[0][:7]):
            self.assertEqual(office.run(*erase, "--dry-run", "--also", wrong,
                                        exits=(e2e.NOT_FOUND,))["hint"],
                             "hint.erase-person-also")
        done = office.run(*erase, "--yes", "--also", tasks[0][:8])
        self.assertEqual({s["id"] for s in done["unclear"]}, {tasks[1], note})
        left = [str(office.run("doc", "show", i)["fields"]) for i in (*tasks, note)]
        self.assertEqual(["Anna Weber" in text for text in left], [False, True, True])

    def test_acts_are_places_and_a_run_that_broke_off_goes_on(self):
        office, said = self.office, f"Bitte an {MAIL} schreiben."
        office.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        made = office.run("proposal", "new", "--matter", "money", "--title", "Flyer", "--note",
                          self.file("said", said.encode()))["id"]
        comment = office.run("proposal", "comment", made, said)["entry"]
        vote = office.run("proposal", "vote", made, "yes", "--reason", said)["entry"]
        title = office.run("proposal", "new", "--matter", "money", "--title", f"An {MAIL}",
                           "--note", self.file("other", b"Druck."))["id"]
        erase = ("privacy", "erase-person", MAIL)
        steps = {(s["id"], s["action"]) for s in office.run(*erase, "--dry-run")["steps"]
                 if s["kind"] not in ("contact", "mention")}
        self.assertEqual(steps, {(made, "erase"), (comment, "erase"), (vote, "erase"),
                                 (title, "stays")})
        # As a run leaves it that ended behind two places.
        office.run("privacy", "erase", comment, made, "--reason", "request", "--yes")
        done = office.run(*erase, "--yes")
        self.assertEqual({s["id"] for s in done["steps"] if s["kind"] in ("vote", "comment",
                                                                          "proposal")},
                         {vote, title})
        self.assertFalse([c for c in office.contacts() if MAIL in str(c)])
        self.assertIn("Druck.", str(office.run("proposal", "show", title)))
        shown = json.dumps(office.run("proposal", "show", made), ensure_ascii=False)
        self.assertNotIn(MAIL, shown)

    def test_a_run_that_is_killed_and_repeated_ends_as_an_unbroken_one(self):
        """In a document space and the root space. It is killed in front of the proposal."""
        office, said = self.office, f"Bitte an {MAIL} schreiben."
        tasks = []  # more than are erased between two looks
        for _ in range(300):
            task = office.call("POST", "/api/v1/tasks", {"title": f"Flyer an {MAIL}"})[1]
            tasks.append(task["id"])
        made = office.run("proposal", "new", "--matter", "money", "--title", "Flyer", "--note",
                          self.file("said", said.encode()))["id"]
        office.run("contact", "import", self.file("list.csv", (
            f"Nachname;Vorname;Organisation;E-Mail\nWeber;Anna;{CLINIC};{MAIL}\n").encode()))
        self.exchange()
        comment = self.clinic.run("proposal", "comment", made, said)["entry"]
        self.exchange()
        stored = self.stored(tasks)
        erase = ("privacy", "erase-person", MAIL)
        plan = office.run(*erase, "--dry-run")
        steps = {s["id"]: s["action"] for s in plan["steps"]}
        self.assertEqual((steps[made], steps[comment]), ("erase", "propose"))

        documents = [s["id"] for s in plan["steps"] if s["kind"] in ("task", "contact", "mention")]

        def erasures(document):
            answer = office.call("GET", f"/api/v1/privacy/status/{document}")[1]
            return len(answer.get("erasures", []))
        child = self.scratch.popen(e2e.GEFLECHT, *erase, "--yes", "--propose", "--dir", office.dir,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        e2e.wait_until(lambda: erasures(documents[0]), "a first erasure")
        e2e.end_process(child)
        first = sum(map(erasures, documents))
        self.assertEqual(child.returncode, -signal.SIGKILL, "it was not done yet")
        self.assertIn(first, range(1, len(tasks)))
        print(f"killed behind {first} of {len(documents)} documents")
        office.run(*erase, "--yes", "--propose")
        asked = office.run("proposal", "list", "--open")["proposals"]
        self.assertEqual(len(asked), 2, "the one about money, and one that asks for the comment")
        vote = next(p["id"] for p in asked if p["id"] != made)
        self.exchange()
        for member in (office, self.clinic):
            member.run("proposal", "vote", vote, "yes")
        for _ in range(3):
            self.exchange()
        self.assertEqual(len(documents), len(tasks) + 1)
        for i in documents:
            self.assertEqual(erasures(i), 1, i)
        self.assertEqual(office.run(*erase, "--yes", exits=(e2e.NOT_FOUND,))["hint"],
                         "hint.person-unknown")
        self.node.stop()
        files = self.files()
        self.assertEqual([piece for piece in stored if piece in files], [])
        self.assertEqual([s for s in canary_test.spellings(MAIL) if s in files], [])
        self.node.start()

    def files(self):
        return b"".join(path.read_bytes() for member in (self.office, self.clinic)
                        for path in sorted(member.dir.rglob("*")) if path.is_file())

    def stored(self, documents):
        """The sealed bytes of these documents on both disks."""
        self.node.stop()
        found = []
        for member in (self.office, self.clinic):
            done = subprocess.run([canary_test.STORED_RECORDS, member.dir, *documents],
                                  check=True, text=True, capture_output=True,
                                  env=self.scratch.environment)
            found += [bytes.fromhex(line) for line in done.stdout.split()]
        files = self.files()
        self.assertGreater(sum(piece in files for piece in found), len(documents))
        self.node.start()
        return found

    def check_erased(self, done, namesake):
        office, clinic = self.office, self.clinic
        asked = next(s["proposal"] for s in done["steps"] if "proposal" in s)
        self.exchange()
        for member in (office, clinic):
            member.run("proposal", "vote", asked, "yes")
        self.exchange()
        # Carried out by the node that proposed it, at once.
        for _ in range(2):
            self.exchange()
        for member in (office, clinic):
            contacts = member.contacts()
            self.assertIn(namesake["id"], [c["id"] for c in contacts])
            self.assertFalse([c for c in contacts if MAIL in str(c) or PHONE in str(c)])
            self.assertFalse([c for c in contacts if c.get("deputy") == "Anna Weber"])
            people = str(member.run("person", "list")["persons"])
            self.assertEqual(people.count("Anna Weber"), 1, "the namesake's")

    def test_earlier_versions(self):
        office = self.office
        office.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        note = self.note(office, "Notiz", f"Frau Weber\n({CLINIC}) Anna Weber.\n")
        for text in (f"Frau Weber\n({CLINIC}) Annabell Weber.\n", "Ende.\n"):
            office.run("doc", "text", note, stdin=text)
        longer = self.note(office, "Notiz", f"Von {MAIL}\n")
        office.run("doc", "text", longer, stdin=f"Von {MAIL}\nEnde.\n")
        self.exchange()
        for member in (office, self.clinic):
            self.assertEqual(self.passages(member, "before"),
                             {("earlier", note): [f"({CLINIC}) Anna Weber."],
                              ("mention", longer): [f"Von {MAIL}"]})
        office.run("privacy", "erase", note, "--field", "body", "--reason", "request", "--yes")
        office.run("doc", "text", note, stdin="Ende.\n")
        self.exchange()
        for member in (office, self.clinic):
            self.assertEqual(self.passages(member, "after"),
                             {("mention", longer): [f"Von {MAIL}"]})

    def passages(self, member, name):
        folder = self.scratch.path / f"{name}{member is self.office}"
        member.run("privacy", "access", MAIL, "-o", folder)
        report = json.loads((folder / "auskunft.json").read_text())
        return {(t["kind"], t["id"]): t["passages"] for t in report["traces"]
                if t["type"] == "note"}

    def test_old_values_are_shown(self):
        self.office.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        one = next(c["id"] for c in self.office.contacts() if c.get("phone") == PHONE)
        self.office.run("contact", "set", one, "phone", "0221 4710-555")
        folder = self.scratch.path / "answer"
        self.office.run("privacy", "access", one, "-o", folder)
        report = json.loads((folder / "auskunft.json").read_text())
        record = next(t for t in report["traces"] if t["id"] == one)
        self.assertEqual([(e["key"], e["value"]) for e in record["earlier"]], [("phone", PHONE)])


class Law(e2e.CliCase):
    """Every paper follows the law that the organisation has entered about itself."""

    def test_a_record_of_oneself(self):
        (one, two), _ = e2e.found_network(self.scratch, [OFFICE, CLINIC])
        node = e2e.Node(one)
        self.assertIsNone(two.run("organisation", "show")["id"])
        refused = two.run("organisation", "set", "--law", "kdg", exits=(e2e.USAGE,))
        self.assertEqual(refused["hint"], "hint.organisation-needs")
        made = two.run("organisation", "set", "--law", "kdg", "--natural-person", "no",
                       "--public-body", "no", "--dpo", "Dr. Rot", "--authority", "Aufsicht KDG")
        self.assertEqual(made["fields"]["law_profile"], "kdg")
        two.run("organisation", "set", "--dpo", "", "--contact-point", "Empfang")
        two.run("sync", node.address)
        shown = one.run("organisation", "show", CLINIC[:6])
        self.assertNotIn("dpo", shown["fields"])
        self.assertEqual((shown["fields"]["contact_point"], shown["others"]), ("Empfang", []))
        foreign = one.run("doc", "set", shown["id"], "/law_profile", "dsg_ekd",
                          exits=(e2e.USAGE,))
        self.assertEqual(foreign["hint"], "hint.organisation-of-another")
        kept = one.run("doc", "set", one.run("doc", "new", "--type", "note", "--title", "N")["id"],
                       "/purpose", "", exits=(e2e.USAGE,))
        self.assertEqual(kept["hint"], "hint.envelope-stays")
        folder = self.scratch.path / "answer"
        two.run("privacy", "access", "Nie Gesehen", "-o", folder, lang="de")
        page = (folder / "auskunft.html").read_text()
        self.assertIn("entsprechende Vorschrift des KDG", page)
        self.assertIn("Aufsicht KDG", page)


if __name__ == "__main__":
    e2e.main()
