#!/usr/bin/python3
"""The record of administrative acts: what was done, without content; a rewritten one is noticed."""
import geflecht_e2e as e2e

CONTACT = "Nachname;Vorname;Organisation;Telefon dienstlich;E-Mail\n" \
    "Quastenflosser;Wendelgard;Praxis Mondviole;0221 4710-913;wendelgard@mondviole.example\n"
PLANTED = ["Quastenflosser", "Wendelgard", "Mondviole", "4710-913", "Mondkalb"]


class Acts(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2],
                                            passphrases=["eins zwei drei"])
        self.one = self.members[0]

    def acts(self, *words, **options):
        return [line["act"] for line in self.one.run("privacy", "log", *words, **options)["acts"]]

    def test_what_was_done_stands_there_once_an_hour_and_without_content(self):
        begun = self.acts()
        self.assertIn("join", begun)
        self.one.run("contact", "import", self.file("list.csv", CONTACT.encode()))
        contact = self.one.contacts()[0]["id"]
        out = self.scratch.path / "out"
        self.one.run("privacy", "access", "Wendelgard Quastenflosser", "-o", out)
        self.one.run("privacy", "access", "Wendelgard Quastenflosser", "-o", out / "again")
        self.one.run("contact", "export", "--format", "csv", "-o", out / "contacts.csv")
        self.one.run("privacy", "restrict", contact, "--reason", "legal_hold")
        self.one.run("privacy", "erase", contact, exits=(e2e.FORBIDDEN,))
        self.one.run("privacy", "restrict", contact, "--lift")
        note = self.one.run("doc", "new", "--type", "note", "--title", "Mondkalb")["id"]
        self.one.run("doc", "show", note)
        self.one.run("privacy", "erase", contact)
        log = self.one.run("privacy", "log")
        done = [line["act"] for line in log["acts"]][len(begun):]
        self.assertEqual(sorted(set(done)),
                         ["access", "erase", "export-contacts", "import", "restrict"])
        self.assertEqual(done.count("erase"), 1, "one that was refused is not there")
        self.assertLessEqual(done.count("access"), 2)  # an hour may begin in between
        self.assertEqual({line["object"] for line in log["acts"] if line["act"] == "erase"},
                         {contact})
        for line in log["acts"]:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:00:00Z$")
        shown = self.scratch.geflecht("privacy", "log", "--dir", self.one.dir, *self.one.secret,
                                      "--lang", "de").stdout.decode()
        self.assertIn("Auskunft erstellt", shown)
        for word in PLANTED:
            self.assertNotIn(word, shown + str(log))

    def test_whoever_has_noted_the_check_number_sees_what_came_behind_it(self):
        mark = self.one.run("privacy", "log")["mark"]
        self.assertEqual(self.acts("--after", mark[:16]), [])
        self.one.run("contact", "import", self.file("list.csv", CONTACT.encode()))
        self.assertEqual(self.acts("--after", mark)[-1], "import")
        other = "0" * 16 if not mark.startswith("0" * 16) else "1" * 16
        answer = self.one.run("privacy", "log", "--after", other, exits=(e2e.VERIFICATION,))
        self.assertEqual(answer["hint"], "hint.acts-mark-unknown")
        answer = self.one.run("privacy", "log", "--after", mark[:7], exits=(e2e.USAGE,))
        self.assertEqual(answer["hint"], "hint.acts-mark")

    def test_a_wrong_passphrase_is_noted_when_it_is_unlocked(self):
        node = e2e.Node(self.one)
        self.addCleanup(node.stop)
        self.one.run("lock")
        wrong = self.file("wrong", b"eins zwei vier\n")
        for _ in range(3):
            self.scratch.run("unlock", "--dir", self.one.dir, "--passphrase-file", wrong,
                             exits=(e2e.LOCKED,))
        self.one.run("unlock")
        e2e.wait_until(lambda: "unlock-refused" in self.acts(), "the refused passphrases")
        self.assertLessEqual(self.acts().count("unlock-refused"), 2)
        node.stop()
        self.assertIn("unlock-refused", self.acts(), "it is kept")


if __name__ == "__main__":
    e2e.main()
