#!/usr/bin/python3
"""All about one person is read in slices: what changes between two is in the answer as it is."""
import json
import urllib.parse

import geflecht_e2e as e2e

OFFICE = e2e.ORGANISATIONS[0]
MAIL = "a.weber@klinik.example"
CONTACTS = 60


class PersonReading(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.office = e2e.found_network(self.scratch, [OFFICE])[0][0]
        rows = [f"Amt{n};Ute;{OFFICE};ute{n}@x.example;" for n in range(CONTACTS)]
        rows.append(f"Weber;Anna;Klinik;{MAIL};")
        table = "\n".join(["Nachname;Vorname;Organisation;E-Mail;Vertretung", *rows]) + "\n"
        self.office.run("contact", "import", self.file("list.csv", table.encode()))
        self.node = e2e.Node(self.office)

    def ask(self, person=MAIL):
        query = urllib.parse.urlencode({"person": person, "lang": "en"})
        return self.office.call("GET", "/api/v1/privacy/access?" + query)

    def answer(self, person=MAIL):
        for slices in range(1, 10_000):
            status, answer = self.ask(person)
            self.assertEqual(status, 200, answer)
            if not answer.get("reading"):
                return slices, answer
        raise AssertionError("never ends")

    def begun(self):
        """A reading that has seen some of the documents and has others before it."""
        for _ in range(10_000):
            answer = self.ask()[1]
            self.assertTrue(answer["reading"])
            if 0 < answer["read"] < answer["of"]:
                return answer
        raise AssertionError("never begins")

    def traces(self, answer):
        report = json.loads(next(f["text"] for f in answer["files"]
                                 if f["name"] == "auskunft.json"))
        return {t["id"]: t["passages"] for t in report["traces"] if t["kind"] != "contact"}

    def note(self, text):
        note = self.office.run("doc", "new", "--type", "note", "--title", "Notiz")["id"]
        self.office.run("doc", "text", note, stdin=text)
        return note

    def test_what_changes_between_two_slices_is_read_again(self):
        office = self.office
        said = f"Anna Weber ({MAIL}) und Kim Rot.\n"
        stays, erased, changed = (self.note(said) for _ in range(3))
        comment_of = office.run("proposal", "new", "--matter", "money", "--title", "Flyer")["id"]
        slices, before = self.answer()
        self.assertGreater(slices, CONTACTS // 16)
        self.assertEqual(set(self.traces(before)), {stays, erased, changed})
        self.begun()
        office.run("privacy", "erase", erased, "--yes")
        office.run("doc", "text", changed, stdin="Ohne.\n")
        office.run("privacy", "erase", changed, "--field", "body", "--yes")
        added = self.note(f"Neu: {MAIL}\n")
        comment = office.run("proposal", "comment", comment_of, f"Siehe {MAIL}.")["entry"]
        office.run("contact", "import", self.file("more.csv", (
            "Nachname;Vorname;Organisation;E-Mail\n"
            f"Rot;Kim;{OFFICE};rot@x.example\n").encode()))
        after = self.traces(self.answer()[1])
        self.assertEqual(set(after), {stays, added, comment})
        self.assertEqual(len(after[stays]), 1)
        self.assertNotIn("Kim Rot", after[stays][0], "whoever became known meanwhile")

    def test_who_is_meant_may_change_between_two_slices(self):
        office = self.office
        mentioned = self.note("Rückfragen an 0221 4710-100.\n")
        one = next(c["id"] for c in office.contacts() if c.get("email") == MAIL)
        self.begun()
        office.run("contact", "set", one, "phone", "0221 4710-100")
        self.assertEqual(set(self.traces(self.answer()[1])), {mentioned})
        self.begun()
        other = next(c["id"] for c in office.contacts() if c["family_name"] == "Amt1")
        office.run("contact", "set", other, "email", MAIL)
        for _ in range(10_000):
            status, answer = self.ask()
            if status != 200:
                break
        self.assertEqual(answer["hint"], "hint.person-ambiguous")

    def test_few_are_kept_and_each_goes_on_by_itself(self):
        for name in ("Ute Amt1", "Ute Amt2", "Ute Amt3", "Ute Amt4"):
            self.assertTrue(self.ask(name)[1]["reading"])
        status, refused = self.ask("Ute Amt5")
        self.assertEqual((status, refused["hint"]), (409, "hint.person-reading-busy"))
        for name in ("Ute Amt4", "Ute Amt1"):
            self.assertEqual(self.answer(name)[1]["found"], 1)
        self.assertEqual(self.answer("Ute Amt5")[1]["found"], 1)

    def test_mentions_and_the_plan_are_read_so_too(self):
        office = self.office
        note = self.note(f"{MAIL}\n")
        one = next(c["id"] for c in office.contacts() if c.get("email") == MAIL)
        for path in (f"/api/v1/privacy/mentions/{one}", f"/api/v1/privacy/person?person={MAIL}"):
            self.assertTrue(office.call("GET", path)[1]["reading"], path)
        plan = office.run("privacy", "erase-person", MAIL, "--dry-run")
        self.assertEqual({s["id"] for s in plan["steps"]}, {note, one})
        erased = office.run("privacy", "erase", one, "--yes")
        self.assertEqual([m["id"] for m in erased["mentions"]], [note])


if __name__ == "__main__":
    e2e.main()
