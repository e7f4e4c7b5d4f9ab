#!/usr/bin/python3
"""A meeting from the invitation to the minutes, written offline by two organisations."""
import geflecht_e2e as e2e

TASK_DAY, MEETING_DAY = "2026-10-01", "2026-12-01"


class Meetings(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.one, self.two = self.members
        self.node = e2e.Node(self.one)

    def refused(self, hint, member, *words, exits):
        self.assertEqual(member.run(*words, exits=exits)["hint"], hint)

    def new(self, member, title="Lenkungsgruppe", day=MEETING_DAY, *options):
        return member.run("meeting", "new", "--title", title, "--date", day, *options)

    def test_written_offline_and_merged(self):
        made = self.new(self.one, "Lenkungsgruppe", "01.12.2026", "--start", "14:00", "--place",
                        "Rathaus, Raum 1")
        meeting = made["id"]
        self.assertEqual((made["date"], made["start"]), (MEETING_DAY, "14:00"))
        self.assertEqual(len(self.one.run("meeting", "invite", meeting)["invited"]), 2)
        self.one.run("meeting", "agenda", meeting, "--title", "Bericht")
        self.one.run("meeting", "minutes", meeting, stdin="Beginn: 14 Uhr.\n\nEnde.\n")
        self.two.run("sync", self.node.address)
        # Both write without hearing of each other.
        self.one.run("meeting", "minutes", meeting, stdin="Beginn: 14 Uhr.\nA war da.\n\nEnde.\n")
        self.one.run("meeting", "agenda", meeting, "--title", "Haushalt", "--kind", "decision")
        self.two.run("meeting", "minutes", meeting, stdin="Beginn: 14 Uhr.\n\nB auch.\nEnde.\n")
        self.two.run("meeting", "agenda", meeting, "--title", "Verschiedenes")
        self.two.run("meeting", "attend", meeting, self.one.name, "--name", "E. Muster")
        self.two.run("sync", self.node.address)
        shown = [member.run("meeting", "show", meeting) for member in self.members]
        self.assertEqual(shown[0]["minutes"], shown[1]["minutes"])
        self.assertEqual(shown[0]["minutes"],
                         "Beginn: 14 Uhr.\nA war da.\n\nB auch.\nEnde.\n")
        self.assertEqual(shown[0]["agenda"], shown[1]["agenda"])
        self.assertEqual({i["title"] for i in shown[0]["agenda"]},
                         {"Bericht", "Haushalt", "Verschiedenes"})
        self.assertEqual([(a["name"], a["state"]) for a in shown[0]["attendance"]],
                         [("E. Muster", "present")])
        self.assertEqual(self.one.run("doc", "conflicts")["conflicts"], [])
        self.record(meeting, shown[0])
        self.papers(meeting)

    def record(self, meeting, shown):
        item = next(i["item"] for i in shown["agenda"] if i["title"] == "Haushalt")
        done = self.two.run("meeting", "record", meeting, item, "--matter", "money", "--text",
                            "Der Haushalt gilt.", "--for", "2", "--against", "0")
        recorded = next(i["recorded"] for i in done["agenda"] if i["item"] == item)
        self.assertEqual((recorded["matter"], recorded["yes"], recorded["text"]),
                         ("money", "2", "Der Haushalt gilt."))
        self.refused("hint.agenda-item", self.two, "meeting", "record", meeting, "00000000",
                     "--text", "x", exits=(e2e.NOT_FOUND,))
        self.refused("hint.agenda-kind", self.two, "meeting", "record", meeting, item, "--kind",
                     "x", exits=(e2e.USAGE,))

    def papers(self, meeting):
        calendar = self.scratch.path / "meeting.ics"
        self.two.run("meeting", "export", meeting, "--format", "ics", "-o", calendar)
        text = calendar.read_bytes().decode()
        for line in ("BEGIN:VEVENT\r\n", f"UID:{meeting}@geflecht\r\n",
                     "DTSTART:20261201T140000\r\n", "LOCATION:Rathaus\\, Raum 1\r\n"):
            self.assertIn(line, text)
        page = self.scratch.path / "meeting.html"
        self.two.run("meeting", "export", meeting, "--format", "html", "-o", page)
        html = page.read_text()
        for words in ("E. Muster", "Der Haushalt gilt.", "A war da.<br>", "Verschiedenes"):
            self.assertIn(words, html)
        self.assertNotIn("<script", html)

    def test_tasks_come_back(self):
        first = self.new(self.one, day=TASK_DAY)["id"]
        late = self.one.run("task", "add", "Flyer drucken", "--org", self.two.name, "--person",
                            "E. Muster", "--due", "15.10.2026", "--meeting", first)
        self.assertEqual((late["due"], late["status"], late["organisation"]),
                         ("2026-10-15", "open", self.two.name))
        self.one.run("task", "add", "Später", "--due", "2027-01-01")
        done = self.one.run("task", "add", "Schon fertig", "--due", "2026-10-02")["id"]
        self.one.run("task", "done", done[:10])
        self.refused("hint.task-done", self.one, "task", "done", done, exits=(e2e.CONFLICT,))
        self.two.run("sync", self.node.address)
        self.assertEqual(len(self.two.run("task", "list", "--open")["tasks"]), 2)
        self.assertEqual(self.two.run("meeting", "show", first)["proposed"], [])
        second = self.new(self.two)
        self.assertEqual([t["title"] for t in second["proposed"]], ["Flyer drucken"])
        calendar = self.scratch.path / "second.ics"
        self.two.run("meeting", "export", second["id"], "--format", "ics", "-o", calendar)
        self.assertIn("Flyer drucken", calendar.read_bytes().decode().replace("\r\n ", ""))
        taken = self.two.run("meeting", "agenda", second["id"], "--tasks")
        self.assertEqual([(i["title"], i["kind"], i["status"]) for i in taken["agenda"]],
                         [("Flyer drucken", "task", "open")])
        self.assertEqual(taken["proposed"], [])
        self.refused("hint.no-task-due", self.two, "meeting", "agenda", second["id"], "--tasks",
                     exits=(e2e.NOT_FOUND,))
        people = self.scratch.geflecht("meeting", "show", second["id"], "--dir", self.two.dir,
                                       "--lang", "de").stdout.decode()
        self.assertIn("Aufgabe: offen", people)

    def test_what_is_no_meeting(self):
        note = self.one.run("doc", "new", "--type", "note", "--title", "Notiz")["id"]
        for hint, words in (
                ("hint.meeting-time", ["new", "--title", "T", "--date", "2026-12-01", "--start",
                                       "25:00"]),
                ("hint.meeting-id", ["show", note]), ("hint.meeting-id", ["agenda", note,
                                                                         "--title", "T"]),
                ("hint.agenda-title", ["agenda", note])):
            with self.subTest(words):
                self.refused(hint, self.one, "meeting", *words, exits=(e2e.USAGE,))
        self.one.run("meeting", "new", "--title", "T", "--date", "morgen", exits=(e2e.USAGE,))
        self.refused("hint.task-id", self.one, "task", "done", note, exits=(e2e.USAGE,))
        self.assertEqual(self.one.run("meeting", "list")["meetings"], [])


if __name__ == "__main__":
    e2e.main()
