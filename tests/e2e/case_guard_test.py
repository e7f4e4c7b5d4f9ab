#!/usr/bin/python3
"""The case guard by the command line: what it stops, what it says, what lets a text through."""
import geflecht_e2e as e2e

CASE = "Kind M. (4) wurde in Obhut genommen, die Mutter trinkt wieder."
WORK = "Frau Weber (Caritas) stellt das Konzept für Kinder von 0 bis 3 Jahren vor."


class CaseGuard(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.one, self.two = self.members
        self.note = self.one.run("doc", "new", "--type", "note", "--title", "Sitzung")["id"]

    def stopped(self, hint, *words, member=None, **options):
        member = member or self.one
        before = member.run("status")["entries"]
        answer = member.run(*words, exits=(e2e.FORBIDDEN,), **options)
        self.assertEqual((answer["code"], answer["hint"]), ("case-data", hint))
        self.assertEqual(member.run("status")["entries"], before, "nothing was written")
        for part in ("Kind", "Mutter", "Obhut"):
            self.assertNotIn(part, answer["detail"])
        return answer

    def body(self):
        return self.one.run("doc", "show", self.note)["fields"].get("body", "")

    def test_a_text_is_stopped_explained_and_confirmed(self):
        answer = self.stopped("hint.case-confirm", "doc", "text", self.note, stdin=CASE)
        found = {f["reason"]: f["passage"] for f in answer["findings"]}
        self.assertEqual(found["age"], "4")
        self.assertEqual(found["name"], "Kind M")
        self.assertEqual(found["measure"], "in Obhut genommen")
        self.assertEqual(self.body(), "")
        for lang, words in (("de", ("Die Fallsperre hat angehalten", "ein genaues Alter")),
                            ("en", ("The case guard has stopped", "an exact age"))):
            done = self.scratch.geflecht("doc", "text", self.note, "--dir", self.one.dir, "--lang",
                                         lang, stdin=CASE.encode())
            self.assertEqual(done.returncode, e2e.FORBIDDEN)
            for word in (*words, CASE[:-1], "--yes"):
                self.assertIn(word, done.stderr.decode())
        self.one.run("doc", "text", self.note, "--yes", stdin=CASE)
        self.assertEqual(self.body(), CASE)

    def test_what_stood_there_before_stops_nobody(self):
        self.one.run("doc", "text", self.note, "--yes", stdin=CASE)
        self.one.run("doc", "text", self.note, stdin=CASE + "\n\n" + WORK)
        self.assertEqual(self.body(), CASE + "\n\n" + WORK)
        self.stopped("hint.case-confirm", "doc", "text", self.note,
                     stdin=CASE + "\n\n" + WORK + "\n\nLena S. (7) hat Epilepsie.")

    def test_fields_and_titles(self):
        self.stopped("hint.case-confirm", "doc", "set", self.note, "/title", CASE)
        self.stopped("hint.case-confirm", "doc", "new", "--type", "note", "--title", CASE)
        contact = self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.assertEqual(contact["new"], 60)
        first = self.one.contacts()[0]["id"]
        for yes in ([], ["--yes"]):
            self.stopped("hint.case-strict", "contact", "set", first, "topics", CASE, *yes)
        self.one.run("contact", "set", first, "topics", "Kinder psychisch kranker Eltern")

    def test_proposals(self):
        text = self.file("text", CASE.encode())
        new = ["proposal", "new", "--matter", "money", "--title"]
        self.stopped("hint.case-strict", *new, CASE, "--yes")
        self.stopped("hint.case-strict", *new, "Antrag", "--text", text, "--yes")
        self.stopped("hint.case-confirm", *new, "Antrag", "--note", text)
        proposal = self.one.run(*new, "Antrag")["id"]
        self.stopped("hint.case-confirm", "proposal", "comment", proposal, CASE)
        self.stopped("hint.case-confirm", "proposal", "vote", proposal, "yes", "--reason", CASE)
        self.one.run("proposal", "comment", proposal, WORK)

    def test_a_reason_and_a_second_organisation_release_a_text(self):
        meeting = self.one.run("meeting", "new", "--title", "Runde", "--date", "2026-12-01")["id"]
        write = ["meeting", "minutes", meeting]
        mark = self.stopped("hint.case-strict", *write, stdin=CASE)["mark"]
        self.assertRegex(mark, "^[0-9a-f]{32}$")
        self.stopped("hint.case-strict", "case", "release", mark, "--reason", CASE)
        self.one.run("case", "release", mark, exits=(e2e.USAGE,))
        self.one.run("case", "release", mark[:-1], "--reason", "x", exits=(e2e.USAGE,))
        asked = self.one.run("case", "release", mark, "--reason", "Ein Beispiel aus dem Lehrbuch")
        self.assertEqual(asked["text"], f"case-guard {mark}\nEin Beispiel aus dem Lehrbuch\n")
        self.one.run("proposal", "vote", asked["id"], "yes")
        self.stopped("hint.case-strict", *write, stdin=CASE)
        node = e2e.Node(self.one)
        self.two.run("sync", node.address)
        self.two.run("proposal", "vote", asked["id"], "no")
        self.two.run("sync", node.address)
        self.stopped("hint.case-strict", *write, stdin=CASE)
        self.two.run("proposal", "vote", asked["id"], "yes")
        self.two.run("sync", node.address)
        other = CASE.replace("M.", "L.")
        self.assertNotEqual(self.stopped("hint.case-strict", *write, stdin=other)["mark"], mark)
        self.one.run(*write, stdin=CASE)
        self.stopped("hint.case-strict", *write, member=self.two, stdin=CASE)

    def test_what_is_to_be_frozen_is_looked_at_again(self):
        meeting = self.one.run("meeting", "new", "--title", "Runde", "--date", "2026-12-01")["id"]
        write = ["meeting", "minutes", meeting]
        text = f"{WORK}\n\n{CASE}\n"
        mark = self.stopped("hint.case-strict", *write, stdin=text)["mark"]
        asked = self.one.run("case", "release", mark, "--reason", "Ein Beispiel")["id"]
        node = e2e.Node(self.one)
        self.two.run("sync", node.address)
        self.two.run("proposal", "vote", asked, "yes")
        self.two.run("sync", node.address)
        self.one.run(*write, stdin=text)
        # Whoever freezes may be another one than who wrote it.
        self.two.run("sync", node.address)
        for member in (self.one, self.two):
            self.stopped("hint.case-confirm", "meeting", "freeze", meeting, member=member)
        self.two.run("meeting", "freeze", meeting, "--yes")

    def test_titles_and_names_that_become_evidence(self):
        erase = ["privacy", "erase", self.note, "--propose", "--title"]
        person = ["person", "add", "--mandate", "sign", "--no-passphrase", "--name"]
        task = ["task", "add", "Flyer drucken", "--person"]
        for words in (erase, person, task):
            for yes in ([], ["--yes"]):
                self.stopped("hint.case-strict", *words, CASE, *yes)
        # A name says nothing of a case.
        for words in (person, task):
            self.one.run(*words, "Lena Schmidt")
        self.one.run(*erase, "Löschung einer alten Notiz")

    def test_an_approval_names_no_case(self):
        meeting = ["meeting", "new", "--date", "2026-12-01", "--title"]
        mark = self.stopped("hint.case-strict", *meeting, CASE)["mark"]
        asked = self.one.run("case", "release", mark, "--reason", "Ein Beispiel")["id"]
        node = e2e.Node(self.one)
        self.two.run("sync", node.address)
        self.two.run("proposal", "vote", asked, "yes")
        self.two.run("sync", node.address)
        made = self.one.run(*meeting, CASE)["id"]
        self.one.run("meeting", "minutes", made, stdin="Beginn.\n")
        self.one.run("meeting", "freeze", made, "--yes")
        self.stopped("hint.case-strict", "meeting", "approve", made)

    def test_imports(self):
        rows = f"Nachname;Vorname;Organisation;Funktion\nWeber;Anna;Caritas;{CASE}\n".encode()
        answer = self.one.run("contact", "import", self.file("liste.csv", rows))
        self.assertEqual(answer["new"], 1)
        self.assertIn("case-data", [value["reason"] for value in answer["values"]])
        self.assertNotIn("function", self.one.contacts()[0])
        named = self.file("Kind_M._in_Obhut_genommen_F90.0.csv", rows)
        self.stopped("hint.import-case-name", "contact", "import", named)

    def test_what_peers_send_is_taken(self):
        self.one.run("doc", "text", self.note, "--yes", stdin=CASE)
        node = e2e.Node(self.one)
        self.two.run("sync", node.address)
        self.assertEqual(self.two.run("doc", "show", self.note)["fields"]["body"], CASE)


if __name__ == "__main__":
    e2e.main()
