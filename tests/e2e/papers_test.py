#!/usr/bin/python3
"""Register, breach sheet, letters and checked measures; rectify, restrict, take data along."""
import json

import geflecht_e2e as e2e

ONE, TWO = e2e.ORGANISATIONS[0], e2e.ORGANISATIONS[1]
CONTACTS = ("Nachname;Vorname;Organisation;E-Mail;Telefon\n"
            f"Abel;Änne;{ONE};abel@kranichgrund.example;030 23125-001\n"
            f"Busch;Boris;{TWO};busch@klinik.example;0221 4710-100\n")


class Papers(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, [ONE, TWO])
        self.one, self.two = self.members
        self.one.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        self.count = 0

    def write(self, *words, member=None, lang="de", **options):
        """The result and the files that the command wrote."""
        self.count += 1
        folder = self.scratch.path / f"papers{self.count}"
        answer = (member or self.one).run("privacy", *words, "-o", folder, lang=lang, **options)
        return answer, {p.name: p.read_text() for p in folder.iterdir()}

    def contact(self, name):
        return next(c["id"] for c in self.one.contacts() if c["family_name"] == name)

    def enter_law(self, member, law, *options):
        member.run("organisation", "set", "--law", law, "--natural-person", "no",
                   "--public-body", "no", *options)

    def test_the_register_follows_the_configuration(self):
        first, files = self.write("register")
        again, _ = self.write("register", lang="en")
        self.assertEqual(first["version"], again["version"])
        self.assertIn("noch nicht eingetragen", files["verzeichnis.html"])
        # One more contact is no other processing.
        more = CONTACTS.replace("Abel", "Cramer").replace("abel", "cramer")
        self.one.run("contact", "import", self.file("more.csv", more.encode()))
        self.assertEqual(self.write("register")[0]["version"], first["version"])
        self.one.run("contact", "set", self.contact("Abel"), "retention_class", "L6")
        second = self.write("register")[0]
        self.assertNotEqual(second["version"], first["version"])
        self.enter_law(self.one, "kdg", "--contact-point", "Empfang")
        third, files = self.write("register")
        self.assertNotEqual(third["version"], second["version"])
        page = files["verzeichnis.html"]
        for words in ("Art. 30 Abs. 1 DSGVO", "entsprechende Vorschrift des KDG", "Empfang",
                      "Ansprache möglicher Mitglieder: 12 Monate", ONE, TWO):
            self.assertIn(words, page)
        self.assertNotIn("Abel", page)
        self.assertNotIn("Abel", files["verzeichnis.json"])
        self.assertIn("Nachname; Vorname", page)
        self.assertNotIn("; <", page, "nothing follows the last of a list")

    def test_a_lost_node(self):
        node = e2e.Node(self.one)
        self.two.run("sync", node.address)
        self.enter_law(self.two, "dsg_ekd", "--authority", "Aufsicht EKD")
        self.two.run("sync", node.address)
        note = self.two.run("doc", "new", "--type", "note", "--title", "Nur hier")["id"]
        self.two.run("doc", "text", note, stdin="Text.\n")
        sheet, files = self.write("breach", TWO)
        # The note was never sent: nobody else knows that the lost node held it.
        self.assertEqual((sheet["records"], sheet["persons"], sheet["holders"]), (2, 2, 1))
        data = json.loads(files["datenpanne.json"])
        self.assertEqual(sorted(p["name"] for p in data["persons"]), ["Boris Busch", "Änne Abel"])
        self.assertEqual({f["field"] for f in data["fields"]},
                         {"family_name", "given_name", "email", "phone"})
        self.assertEqual([r["confirmed"] for r in data["records"]], [True, True])
        self.assertEqual([r["organisation"] for r in data["recipients"]], [ONE])
        page = files["datenpanne.html"]
        for words in ("72 Stunden", "Art. 33 DSGVO", "Aufsicht EKD", "sicher"):
            self.assertIn(words, page)
        # At the end of a period in front of the first record the node held nothing.
        none, _ = self.write("breach", TWO, "--from", "2020-01-01", "--to", "2020-12-31")
        self.assertEqual((none["records"], none["persons"]), (0, 0))
        own, files = self.write("breach", TWO, member=self.two, lang="en")
        self.assertEqual(own["records"], 3)
        self.assertIn("section 32 DSG-EKD", files["datenpanne.html"])
        for words, code in ((["breach", "Niemand"], e2e.NOT_FOUND),
                            (["breach", TWO, "--from", "2026-02-30"], e2e.USAGE)):
            self.one.run("privacy", *words, "-o", self.scratch.path / "no", exits=(code,))

    def test_the_address_of_a_natural_person_is_personal(self):
        for natural, fields in (("no", 0), ("yes", 1)):
            self.one.run("organisation", "set", "--law", "dsgvo_bdsg", "--natural-person",
                         natural, "--public-body", "no", "--street", "Am Markt 1")
            _, files = self.write("breach", ONE)
            data = json.loads(files["datenpanne.json"])
            self.assertEqual(sum(f["field"] == "street" for f in data["fields"]), fields)
            self.assertEqual(sum(f["field"] == "organisation" for f in data["fields"]), fields)

    def test_letters_and_measures(self):
        self.enter_law(self.one, "dsgvo_bdsg", "--contact-point", "Empfang")
        self.one.run("contact", "set", self.contact("Busch"), "source", "data_subject")
        first, files = self.write("papers")
        self.assertEqual((first["open"], first["informed"]), (2, 0))
        letters = files["informationsschreiben.html"]
        for words in ("Änne Abel", "Boris Busch", "Art. 13 DSGVO", "Art. 14 DSGVO", "Empfang"):
            self.assertIn(words, letters)
        for name in ("vereinbarung-art26", "avv-relay", "massnahmen", "dsfa"):
            self.assertIn("zu prüfen", files[name + ".html"])
        for name, page in files.items():
            self.assertNotIn("<script", page)
            self.assertNotIn("{{", page, name)
            self.assertNotIn("V..", page, name)  # ONE ends with a full stop, as sentences do
        states = {c["check"]: c["state"] for c in first["checks"]}
        self.assertEqual((states["passphrase"], states["backup"], states["files_private"],
                          states["law_profile"]), ("bad", "bad", "good", "good"))
        self.one.run("contact", "set", self.contact("Abel"), "info_status", "given")
        self.one.run("backup", "create", "-o", self.scratch.path / "backup")
        (self.one.dir / "keys").chmod(0o644)
        second, files = self.write("papers", lang="en")
        self.assertEqual((second["open"], second["informed"]), (1, 1))
        self.assertNotIn("Abel", files["informationsschreiben.html"])
        states = {c["check"]: c["state"] for c in second["checks"]}
        self.assertEqual((states["backup"], states["files_private"]), ("good", "bad"))
        (self.one.dir / "keys").chmod(0o600)
        self.assertEqual(files["massnahmen.html"].count('class="bad">not met'), second["bad"])

    def test_measures_of_a_node_with_a_passphrase(self):
        alone, _ = e2e.found_network(self.scratch, [e2e.ORGANISATIONS[2]], ["ein langer Satz"])
        answer, _ = self.write("papers", member=alone[0])
        states = {c["check"]: c["state"] for c in answer["checks"]}
        self.assertEqual((states["passphrase"], states["law_profile"]), ("good", "bad"))

    def test_rectified_is_erased_everywhere(self):
        node = e2e.Node(self.one)
        one = self.contact("Abel")
        self.two.run("sync", node.address)
        answer = self.one.run("privacy", "rectify", one, "phone", "030 23125-777")
        self.assertTrue(answer["erasures"])
        self.two.run("sync", node.address)
        for member in self.members:
            shown = member.run("contact", "show", one)["fields"]
            self.assertEqual((shown["phone"], shown["email"], shown["family_name"]),
                             ("030 23125-777", "abel@kranichgrund.example", "Abel"))
            history = json.dumps(member.run("doc", "history", one))
            self.assertNotIn("23125-001", history)
            found, files = self.write("access", one, member=member)
            self.assertNotIn("23125-001", files["auskunft.json"])
        self.assertEqual(self.one.run("privacy", "rectify", one, "phone", "",
                                      exits=(e2e.USAGE,))["hint"], "hint.rectify-field")

    def test_restricted_is_kept_and_not_shown(self):
        node = e2e.Node(self.one)
        one = self.contact("Abel")
        self.two.run("sync", node.address)
        self.one.run("privacy", "restrict", one, "--reason", "objection")
        self.two.run("sync", node.address)
        for member in self.members:
            self.assertEqual([c["family_name"] for c in member.contacts()], ["Busch"])
            self.assertEqual(member.run("contact", "list")["restricted"], 1)
            listed = member.run("doc", "list")
            self.assertEqual((len(listed["documents"]), listed["restricted"]), (1, 1))
            for name in ("csv", "vcard4"):
                file = self.scratch.path / f"out.{name}"
                member.run("contact", "export", "--format", name, "-o", file, "--yes")
                self.assertNotIn("Abel", file.read_text())
        people = self.scratch.geflecht("contact", "show", one, "--dir", self.two.dir, "--lang",
                                       "de").stdout.decode()
        self.assertIn("EINGESCHRÄNKT", people)
        self.assertEqual(self.write("access", one)[0]["found"], 1)
        # An import finds it, makes no second one and does not lift it.
        again = self.one.run("contact", "import", self.scratch.path / "list.csv")
        self.assertEqual((again["new"], len(self.one.contacts())), (0, 1))
        # Another organisation's restriction is not ended by mistake, and by no other way round.
        for words in (["privacy", "restrict", one, "--lift"],
                      ["privacy", "restrict", one, "--reason", "claims"],
                      ["contact", "set", one, "restricted", "nein"]):
            refused = self.two.run(*words, exits=(9,))
            self.assertEqual(refused["hint"], "hint.restricted-by-other", words)
        self.assertEqual(self.two.run("privacy", "restrict", one, "--lift",
                                      exits=(9,))["of_others"], [ONE])
        lifted = self.two.run("privacy", "restrict", one, "--lift", "--yes")
        self.assertEqual([(h["organisation"], h["restricted"]) for h in lifted["history"]],
                         [(ONE, "objection"), (TWO, None)])
        self.assertEqual(len(self.two.contacts()), 2)

    def shown(self, *words):
        """What people read, in German."""
        return self.scratch.geflecht(*words, "--dir", self.one.dir, "--lang",
                                     "de").stdout.decode()

    def test_restricted_meetings_tasks_and_agreements(self):
        one = self.one
        meeting = one.run("meeting", "new", "--title", "Geheimrunde", "--date", "2026-12-01")["id"]
        other = one.run("meeting", "new", "--title", "Offene Runde", "--date", "2026-12-02")["id"]
        late = one.run("task", "add", "Geheimaufgabe", "--due", "2026-11-01")["id"]
        draft = one.run("agreement", "draft", "--title", "Geheimentwurf", "--party", ONE, TWO)
        frozen = one.run("agreement", "draft", "--title", "Geheimvertrag", "--party", ONE, TWO,
                         "--text", self.file("text", b"Ziel.\n"))["document"]
        agreement = one.run("agreement", "freeze", frozen)["id"]
        lists = (("meeting", "list"), ("task", "list"), ("agreement", "list"), ("doc", "list"),
                 ("meeting", "show", other))
        for words in lists:
            self.assertIn("Geheim" if words[-1] != other else "Geheimaufgabe", self.shown(*words))
        calendar = self.scratch.path / "runde.ics"
        for id_ in (meeting, late, draft["document"], frozen):
            one.run("privacy", "restrict", id_, "--reason", "objection")
        for words, count in zip(lists, (1, 1, 2, 4, 0)):
            self.assertNotIn("Geheim", self.shown(*words))
            answer = one.run(*words)
            self.assertNotIn("Geheim", json.dumps(answer))
            if count:
                self.assertEqual(answer["restricted"], count, words)
                self.assertIn("eingeschränkte", self.shown(*words))
        self.assertEqual(one.run("agreement", "list", "--due", "90")["restricted"], 1)
        # A restricted task comes back in no invitation and on no agenda.
        one.run("meeting", "export", other, "--format", "ics", "-o", calendar)
        self.assertNotIn("Geheim", calendar.read_text())
        one.run("meeting", "agenda", other, "--tasks", exits=(e2e.NOT_FOUND,))
        # Whoever asks for one of them by its id reads first that it may only be stored.
        for words in (("meeting", "show", meeting), ("agreement", "status", agreement),
                      ("doc", "show", late)):
            self.assertTrue(self.shown(*words).startswith("EINGESCHRÄNKT"), words)
        for words in (("meeting", "export", meeting, "--format", "ics"),
                      ("meeting", "export", meeting, "--format", "html"),
                      ("agreement", "export", agreement)):
            refused = one.run(*words, "-o", self.scratch.path / "no", exits=(e2e.FORBIDDEN,))
            self.assertEqual(refused["hint"], "hint.restricted-export")
        one.run("privacy", "restrict", meeting, "--lift")
        self.assertIn("Geheimrunde", self.shown("meeting", "list"))

    def test_taken_along_to_another_network(self):
        one = self.contact("Abel")
        empty, _ = self.write("export", one)
        self.assertEqual((empty["records"], empty["left_out"]), (0, 1))
        self.one.run("contact", "set", one, "source", "data_subject")
        taken, files = self.write("export", "abel@kranichgrund.example")
        self.assertEqual((taken["records"], taken["left_out"]), (1, 0))
        self.assertNotIn("Busch", files["person.json"] + files["person.vcf"])
        there, _ = e2e.found_network(self.scratch, [e2e.ORGANISATIONS[3]])
        card = self.scratch.path / f"papers{self.count}" / "person.vcf"
        self.assertEqual(there[0].run("contact", "import", card)["new"], 1)
        before = json.loads(files["person.json"])["records"][0]
        after = there[0].contacts()[0]
        for key in ("family_name", "given_name", "organisation", "email", "phone"):
            self.assertEqual(after[key], before[key])


if __name__ == "__main__":
    e2e.main()
