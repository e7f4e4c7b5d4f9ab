#!/usr/bin/python3
"""Versions of the rules, who knows them, replaced decisions, recommendations, minority votes."""
import json

import geflecht_e2e as e2e

RULES = "review 2026-11-01\nrule * majority\nrule rule majority\npoint Alter Punkt.\n"


class Charter(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(
            self.scratch, e2e.ORGANISATIONS[:3],
            draft_options=["--rules", self.file("rules", RULES.encode())])
        self.one, self.two, self.three = self.members
        self.node = e2e.Node(self.one)

    def exchange(self):
        for _ in range(2):
            for member in (self.two, self.three):
                member.run("sync", self.node.address)

    def propose(self, *words):
        return self.two.run("proposal", "new", "--title", "Vorschlag", *words)["id"]

    def decide(self, id_, third=None):
        """The first two are for it; the third one says `third`."""
        self.exchange()
        self.one.run("proposal", "vote", id_, "yes")
        if third:
            self.three.run("proposal", "vote", id_, *third)
        self.exchange()
        self.two.run("proposal", "vote", id_, "yes")
        self.two.run("proposal", "list")
        if self.two.run("proposal", "show", id_)["status"] == "open":
            self.two.run("proposal", "enact", id_)
        self.exchange()
        self.assertEqual(self.three.run("proposal", "show", id_)["status"], "effective")

    def people(self, member, *words):
        return self.scratch.geflecht(*words, "--dir", member.dir, "--lang", "de").stdout.decode()

    def refused(self, hint, member, *words, exits):
        self.assertEqual(member.run(*words, exits=exits)["hint"], hint)

    def test_versions_and_who_knows_them(self):
        charter = self.three.run("network", "rules")["charter"]
        self.assertEqual((charter["version"], charter["own"], charter["outdated"]), (1, 1, []))
        self.assertTrue(self.three.run("status")["rules"]["review_overdue"])
        self.assertIn("überfällig", self.people(self.three, "status"))
        points = self.file("points", "Neuer Punkt.\nZweiter Punkt.\n".encode())
        id_ = self.propose("--matter", "rule", "--points", points, "--review", "2099-01-01")
        self.decide(id_)
        rules = self.three.run("network", "rules")
        self.assertEqual(rules["points"], ["Neuer Punkt.", "Zweiter Punkt."])
        self.assertEqual((rules["review"], rules["review_overdue"]), ("2099-01-01", False))
        charter = rules["charter"]
        self.assertEqual((charter["version"], charter["own"], charter["sealed"]), (2, 1, False))
        self.assertEqual([v["proposal"] for v in charter["versions"]], [None, id_])
        self.assertEqual([(m["organisation"], m["version"]) for m in charter["outdated"]],
                         [(self.three.name, 1)])
        self.assertIn("kennt Fassung 1", self.people(self.one, "network", "rules"))
        self.assertIn("noch nicht zur Kenntnis genommen", self.people(self.three, "status"))
        self.refused("hint.acknowledged", self.two, "network", "acknowledge", exits=(e2e.CONFLICT,))
        # With one organisation, as the other golden keys have it, there is nothing to acknowledge.
        known = self.three.run("network", "acknowledge")
        self.assertEqual(sorted(known), ["entry", "ok", "type", "version"])
        self.assertEqual(known["version"], 2)
        self.exchange()
        self.assertEqual(self.one.run("network", "rules")["charter"]["outdated"], [])
        self.decide(self.propose("--matter", "rule", "--subject", "money", "--value", "two-thirds"))
        self.report(id_)

    def report(self, id_):
        """What the auditor reads of it."""
        bundle, report = self.scratch.path / "bundle", self.scratch.path / "report"
        self.three.run("audit", "export", "-o", bundle)
        self.scratch.run("audit", "verify", bundle, "--net", self.network, "--report", report,
                         exits=(0, 2))
        charter = json.loads((report / "bericht.json").read_text())["charter"]
        self.assertEqual((charter["version"], charter["review"]), (3, "2099-01-01"))
        self.assertEqual(charter["outdated"], [{"organisation": self.three.name, "version": 2}])
        page = (report / "bericht.html").read_text()
        self.assertIn("kennt Fassung 2", page)

    def test_replaced_recommended_and_disputed(self):
        first = self.propose("--matter", "money", "--deadline", "14")
        shown = self.two.run("proposal", "show", first)
        self.assertTrue(shown["circular"])
        self.assertEqual((shown["still_needed"], len(shown["unanswered"])), (2, 3))
        text = self.people(self.two, "proposal", "show", first)
        for words in ("Umlaufbeschluss", "Es fehlen noch 2 Ja", "Noch nicht geantwortet",
                      "Wer nicht antwortet, hat nicht zugestimmt"):
            self.assertIn(words, text)
        self.exchange()
        self.three.run("proposal", "vote", first, "objection", "--reason", "Zu teuer.")
        self.decide(first, third=("no", "--reason", "Immer noch zu teuer."))
        shown = self.three.run("proposal", "show", first)
        self.assertEqual([(m["organisation"], m["position"], m["reason"])
                          for m in shown["minority"]],
                         [(self.three.name, "no", "Immer noch zu teuer.\n")])
        self.assertEqual([(o["reason"], o["resolved"], o["later"]) for o in shown["objections"]],
                         [("Zu teuer.\n", True, "no")])
        text = self.people(self.one, "proposal", "show", first)
        for words in ("Minderheitsvotum", "Immer noch zu teuer.", "Einwand von", "erledigt"):
            self.assertIn(words, text)
        self.refused("hint.superseded-other", self.two, "proposal", "new", "--title", "T",
                     "--matter", "haus", "--supersedes", first, exits=(e2e.USAGE,))
        second = self.propose("--matter", "money", "--supersedes", first[:10])
        self.exchange()
        self.assertEqual(self.one.run("proposal", "show", first)["superseded_by"], [])
        self.assertIn(second, [p["id"] for p in self.three.run("proposal", "list", "--mine")
                               ["proposals"]])
        self.decide(second)
        shown = self.one.run("proposal", "show", first)
        self.assertEqual(shown["superseded_by"], [second])
        self.assertIn(f"ersetzt durch {second[:10]}", self.people(self.one, "proposal", "list"))
        self.refused("hint.proposal-superseded", self.three, "proposal", "vote", first, "yes",
                     exits=(e2e.CONFLICT,))
        self.assertEqual([p["id"] for p in self.three.run("proposal", "list", "--mine")
                          ["proposals"]], [])
        self.recommend()

    def recommend(self):
        id_ = self.propose("--matter", "money", "--recommendation")
        self.decide(id_)
        text = self.people(self.one, "proposal", "show", id_)
        self.assertIn("Empfehlung angenommen", text)
        self.assertNotIn("gilt", text)
        self.refused("hint.proposal-form", self.two, "proposal", "new", "--title", "T", "--matter",
                     "remove", "--subject", self.three.name, "--recommendation",
                     exits=(e2e.USAGE,))


if __name__ == "__main__":
    e2e.main()
