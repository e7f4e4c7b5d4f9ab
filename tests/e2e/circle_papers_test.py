#!/usr/bin/python3
"""Papers of data protection about closed circles: who is told what, and what a lost node held."""
import json

import geflecht_e2e as e2e

ONE, TWO, THREE, FOUR = e2e.ORGANISATIONS
PERSON = "Anna Weber"


class Circles(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS)
        self.nodes = []
        for member in self.members:
            self.nodes.append(e2e.Node(member, [n.address for n in self.nodes]))
        self.count = 0

    def decide(self, asked):
        """Everybody who may vote does; everybody meets the decision."""
        path = f"/api/v1/proposals/{asked['id']}"
        for voter in self.members:
            e2e.wait_until(lambda v=voter: v.call("GET", path)[0] == 200, "the proposal")
            voter.run("proposal", "vote", asked["id"], "yes", exits=(0, e2e.FORBIDDEN))
        for member in self.members:
            e2e.wait_until(lambda m=member: m.call("GET", path)[1].get("status") == "effective",
                           "the decision")

    def found(self, name, members, observers=()):
        words = [w for m in members for w in ("--member", m)]
        words += [w for o in observers for w in ("--observer", o)]
        first = next(m for m in self.members if m.name == members[0])
        self.decide(first.run("space", "new", "--name", name, "--kind", "working", *words[2:]))

    def task(self, member, person, space=None):
        words = ["task", "add", "Anrufen", "--person", person]
        return member.run(*words, *(["--space", space] if space else []))["id"]

    def ids(self, member):
        return {d["id"] for d in member.call("GET", "/api/v1/documents")[1]["documents"]}

    def arrives(self, id_, *members):
        for member in members:
            e2e.wait_until(lambda m=member: id_ in self.ids(m), f"the record at {member.name}")

    def write(self, member, *words, lang="en"):
        self.count += 1
        folder = self.scratch.path / f"papers{self.count}"
        answer = member.run("privacy", *words, "-o", folder, lang=lang)
        return answer, {p.name: p.read_text() for p in folder.iterdir()}

    def access(self, member):
        answer, files = self.write(member, "access", PERSON)
        data = json.loads(files["auskunft.json"])
        traces = {t["id"]: (t["space_name"], t["space_former"]) for t in data["traces"]}
        circles = {c["space_name"]: {r["organisation"]: r["former"] for r in c["recipients"]}
                   for c in data["circles"]}
        return traces, circles, data, (answer, files["auskunft.html"])

    def test_access_names_spaces_and_who_holds_them(self):
        one, two, three, four = self.members
        self.found("Steuerung", [ONE, TWO, THREE])
        self.found("Zu zweit", [THREE, FOUR])
        steering = self.task(one, PERSON, "Steuerung")
        pair = self.task(four, PERSON, "Zu zweit")
        self.arrives(steering, two, three)
        self.arrives(pair, three)
        traces, circles, data, (answer, page) = self.access(two)
        self.assertEqual(traces, {steering: ("Steuerung", False)})
        self.assertEqual(circles, {"Steuerung": {ONE: False, TWO: False, THREE: False}})
        # Nothing about the person lies where all members read.
        self.assertEqual((data["recipients"], answer["recipients"]), ([], 3))
        self.assertIn("Space: Steuerung", page)
        self.assertNotIn("Zu zweit", page)
        traces, circles, _, (answer, _) = self.access(three)
        self.assertEqual(set(traces), {steering, pair})
        self.assertEqual(circles["Zu zweit"], {THREE: False, FOUR: False})
        self.assertEqual(answer["recipients"], 4)
        self.assertEqual(set(self.access(four)[0]), {pair})

        everywhere = self.task(one, PERSON)
        self.arrives(everywhere, two, three, four)
        traces, circles, data, _ = self.access(two)
        self.assertEqual(traces[everywhere], (None, False))
        self.assertEqual(len(data["recipients"]), 4)

        # Whoever has left keeps its copy: it answers for it, and the others name it.
        self.decide(two.run("space", "change", "Steuerung", "--without", THREE))
        later = self.task(one, PERSON, "Steuerung")
        self.arrives(later, two)
        traces, circles, _, (_, page) = self.access(three)
        self.assertEqual(traces, {everywhere: (None, False), steering: ("Steuerung", True),
                                  pair: ("Zu zweit", False)})
        self.assertIn("formerly; we read it no more", page)
        _, circles, _, _ = self.access(two)
        self.assertEqual(circles, {"Steuerung": {ONE: False, TWO: False, THREE: True}})

    def breach(self, member, lost):
        answer, files = self.write(member, "breach", lost.name)
        data = json.loads(files["datenpanne.json"])
        return {r["id"]: r["space_name"] for r in data["records"]}, data, answer

    def random_step(self, random, circles):
        """A record somewhere, seen by all who are there; sometimes a seat is given or taken."""
        name = random.choice(list(circles))
        inside = [m for m in self.members if m.name in circles[name]]
        reading = [m for m in self.members if m.name in circles[name] | self.observers[name]]
        outside = [m for m in self.members if m not in reading]
        chance = random.random()
        if chance < 0.2 and outside:
            new = random.choice(outside)
            self.decide(inside[0].run("space", "change", name, "--member", new.name))
            circles[name].add(new.name)
            for id_ in self.records[name]:
                self.arrives(id_, new)
        elif chance < 0.4 and len(inside) > 2:
            gone = random.choice(inside)
            self.decide(inside[0].run("space", "change", name, "--without", gone.name))
            circles[name].discard(gone.name)
        else:
            writer = random.choice(inside)
            id_ = self.task(writer, f"Person Nummer{len(self.ids(writer))}", name)
            self.arrives(id_, *reading)
            self.records[name].append(id_)

    def test_stolen_laptop_drill(self):
        random = e2e.seeded_random()
        circles = {"Erster": {ONE, TWO}, "Zweiter": {TWO, THREE, FOUR}}
        self.observers = {"Erster": {FOUR}, "Zweiter": set()}
        for name, members in circles.items():
            self.found(name, sorted(members),
                       [f"{o}={e2e.today(2)}" for o in self.observers[name]])
        self.records = {name: [] for name in circles}
        for _ in range(14):
            self.random_step(random, circles)
        common = self.task(self.members[0], "Alle Lesen")
        self.arrives(common, *self.members)
        held = {m.name: self.ids(m) for m in self.members}
        for member in self.members:
            for lost in self.members:
                listed, data, answer = self.breach(member, lost)
                self.assertEqual(set(listed), held[member.name] & held[lost.name],
                                 f"{lost.name} as {member.name} sees it: {circles}")
                self.assertIsNone(listed[common])
                # Where this node reads nothing, another one has to make the list.
                hidden = held[lost.name] - held[member.name]
                for name, ids in self.records.items():
                    if hidden & set(ids):
                        self.assertIn(name, answer["not_listed"])
                for circle in data["circles"]:
                    names = {r["organisation"] for r in circle["recipients"]}
                    present = circles[circle["space_name"]] - {lost.name}
                    self.assertEqual(names & present, present)


if __name__ == "__main__":
    e2e.main()
