#!/usr/bin/python3
"""Spaces by the command line: a closed circle, an observer, two partners, leaving a circle."""
import base64
import random

import geflecht_e2e as e2e

WORD = "Geheimtreppenhaus"


class Spaces(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS)
        self.one, self.two, self.three, self.four = self.members
        first = e2e.Node(self.one)
        self.recorder = e2e.TcpRecorder(self.scratch, first.address)
        self.nodes = [first, e2e.Node(self.two, [first.address]),
                      e2e.Node(self.three, [first.address]),
                      e2e.Node(self.four, [self.recorder.address])]
        # Two partners reach each other without anybody between them.
        self.nodes[3].stop()
        self.nodes[3].peers.append(self.nodes[2].address)
        self.nodes[3].start()
        e2e.wait_until(lambda: all(e2e.all_equal_pair(self.nodes[0], n) for n in self.nodes[1:]),
                       "equal nodes")

    def decide(self, asked, *voters):
        """They vote; everybody meets the decision."""
        id_ = asked["id"]
        for voter in voters:
            e2e.wait_until(lambda v=voter: v.call("GET", f"/api/v1/proposals/{id_}")[0] == 200,
                           "the proposal")
            voter.run("proposal", "vote", id_, "yes")
        for member in self.members:
            e2e.wait_until(lambda m=member: m.call("GET", f"/api/v1/proposals/{id_}")[1].get(
                "status") == "effective", "the decision")

    def seat(self, member, name):
        spaces = member.call("GET", "/api/v1/spaces")[1]["spaces"]
        return next((s["seat"] for s in spaces if s["name"] == name), None)

    def text(self, member, id_):
        status, shown = member.call("GET", f"/api/v1/documents/{id_}")
        return shown["fields"].get("body") if status == 200 else None

    def write(self, member, space, text):
        note = member.run("doc", "new", "--type", "note", "--title", "Notiz", "--space", space)
        self.assertEqual(note["space_name"], space)
        member.run("doc", "text", note["id"], stdin=text)
        return note["id"]

    def arrives(self, member, id_, text):
        e2e.wait_until(lambda: self.text(member, id_) == text, f"the text at {member.name}")

    def refused(self, hint, member, *words):
        answer = member.run(*words, exits=(e2e.USAGE, e2e.FORBIDDEN, e2e.NOT_FOUND, e2e.CONFLICT))
        self.assertEqual(answer["hint"], hint)

    def sizes(self):
        disk = sum(f.stat().st_size for f in self.four.dir.rglob("*") if f.is_file())
        return disk, sum(map(len, self.recorder.recorded()))

    def test_a_closed_circle_an_observer_and_two_partners(self):
        asked = self.one.run("space", "new", "--name", "Steuerung", "--kind", "steering",
                             "--member", "Klinikum", "--member", "Jugendamt")
        self.assertEqual(asked["subject_name"], "Steuerung")
        self.assertEqual([s["organisation"] for s in asked["seats"]].count(self.four.name), 0)
        self.decide(asked, self.one, self.two, self.four)
        for member, seat in zip(self.members, ("member", "member", "member", "none")):
            e2e.wait_until(lambda m=member, s=seat: self.seat(m, "Steuerung") == s, "the seat")

        # 300 kB that no program makes smaller: the fourth gets nothing of them.
        noise = random.Random(6).randbytes(225_000)
        text = WORD + base64.b64encode(noise).decode() + "\n"
        disk, wire = self.sizes()
        note = self.write(self.one, "Steuerung", text)
        for member in (self.two, self.three):
            self.arrives(member, note, text)
        self.assertIsNone(self.text(self.four, note))
        disk_now, wire_now = self.sizes()
        self.assertLess(disk_now - disk, 100_000)
        self.assertLess(wire_now - wire, 20_000)
        self.assertEqual(self.four.run("doc", "list")["documents"], [])
        listed = self.two.run("doc", "list", "--space", "steuer")["documents"]
        self.assertEqual([d["space_name"] for d in listed], ["Steuerung"])
        self.refused("hint.space-no-seat", self.four, "doc", "new", "--type", "note", "--title",
                     "T", "--space", "Steuerung")

        # Whoever has no seat lets nobody in.
        asked = self.four.run("space", "change", "Steuerung", "--member", "Lotsen")
        e2e.wait_until(lambda: self.one.call("GET", f"/api/v1/proposals/{asked['id']}")[0] == 200,
                       "the proposal")
        self.refused("hint.no-elector", self.four, "proposal", "vote", asked["id"], "yes")
        self.one.run("proposal", "vote", asked["id"], "yes")
        self.assertFalse(self.one.run("proposal", "show", asked["id"])["holds"])

        self.observe(note, text)
        self.leave(note, text)
        self.partners()

    def observe(self, note, text):
        """One day too late, then until today, then no more."""
        late = self.one.run("space", "change", "Steuerung", "--observer", f"Lotsen={e2e.today(-1)}")
        self.decide(late, self.one, self.two)
        self.assertEqual(self.seat(self.four, "Steuerung"), "former")
        self.assertIsNone(self.text(self.four, note))
        asked = self.one.run("space", "change", "Steuerung", "--observer", f"Lotsen={e2e.today(1)}")
        self.decide(asked, self.one, self.three)
        self.arrives(self.four, note, text)
        self.assertEqual(self.seat(self.four, "Steuerung"), "observer")
        self.refused("hint.space-no-seat", self.four, "doc", "set", note, "/title", "Neu")
        ended = self.two.run("space", "change", "Steuerung", "--end-observer", "Lotsen")
        self.decide(ended, self.one, self.two)
        self.one.run("doc", "set", note, "/title", "Nachher")
        e2e.wait_until(lambda: self.two.run("doc", "show", note)["fields"]["title"] == "Nachher",
                       "the title")
        self.assertEqual(self.four.run("doc", "show", note)["fields"]["title"], "Notiz")
        self.assertEqual(self.seat(self.four, "Steuerung"), "former")

    def leave(self, note, text):
        """A former member keeps what it had."""
        asked = self.two.run("space", "change", "Steuerung", "--without", "Jugendamt")
        self.decide(asked, self.one, self.two)
        self.nodes[2].stop()
        self.nodes[2].start()
        self.one.run("doc", "set", note, "/title", "Danach")
        e2e.wait_until(lambda: self.two.run("doc", "show", note)["fields"]["title"] == "Danach",
                       "the title")
        self.assertEqual(self.text(self.three, note), text)
        self.assertEqual(self.three.run("doc", "show", note)["fields"]["title"], "Nachher")
        self.assertEqual(self.seat(self.three, "Steuerung"), "former")
        shown = self.three.run("space", "show", "Steuerung")
        self.assertEqual({m["organisation"] for m in shown["members"]},
                         {self.one.name, self.two.name})

    def partners(self):
        """Two partners; a meeting of theirs is not recorded where everybody reads."""
        self.refused("hint.space-form", self.three, "space", "new", "--name", "Zu zweit", "--kind",
                     "bilateral", "--member", "Lotsen", "--member", "Klinikum")
        asked = self.three.run("space", "new", "--name", "Zu zweit", "--kind", "bilateral",
                               "--member", "Lotsen")
        self.decide(asked, self.one, self.three, self.four)
        note = self.write(self.four, "Zu zweit", f"{WORD} zu zweit\n")
        self.arrives(self.three, note, f"{WORD} zu zweit\n")
        for member in (self.one, self.two):
            self.assertIsNone(self.text(member, note))
        meeting = self.three.run("meeting", "new", "--title", "Absprache", "--date", "2027-01-12",
                                 "--space", "Zu zweit")
        task = self.three.run("task", "add", "Anrufen", "--meeting", meeting["id"])
        self.assertEqual(task["space_name"], "Zu zweit")
        self.assertEqual(self.one.run("task", "list")["tasks"], [])


if __name__ == "__main__":
    e2e.main()
