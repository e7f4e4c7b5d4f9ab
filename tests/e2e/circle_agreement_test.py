#!/usr/bin/python3
"""Agreements and minutes of a closed space: its members agree and approve, and whoever has no seat
there gets no byte of a word, on the disk, in answers or in what all members read."""
import json

import geflecht_e2e as e2e

ONE, TWO, THREE = e2e.ORGANISATIONS[:3]
WORD = "Geheimtreppenhaus"
SPACE = "Steuerung"


class CircleAgreements(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.one, self.two, self.three = self.members
        self.node = e2e.Node(self.one)
        for n, member in enumerate(self.members):
            member.run("person", "add", "--name", f"Person {n}", "--mandate", "sign",
                       "--no-passphrase")
        self.decide(self.one.run("space", "new", "--name", SPACE, "--kind", "working", "--member",
                                 TWO), self.one, self.two)

    def meet(self):
        for _ in range(2):
            for member in (self.two, self.three):
                member.run("sync", self.node.address)

    def decide(self, asked, *voters):
        self.meet()
        for voter in voters:
            voter.run("proposal", "vote", asked["id"], "yes")
            self.meet()
        if voters[0].run("proposal", "show", asked["id"])["status"] == "open":
            voters[0].run("proposal", "enact", asked["id"])
        self.meet()
        for member in self.members:
            self.assertEqual(member.run("proposal", "show", asked["id"])["status"], "effective")

    def refused(self, hint, member, *words):
        answer = member.run(*words, exits=(e2e.USAGE, e2e.FORBIDDEN, e2e.NOT_FOUND, e2e.CONFLICT))
        self.assertEqual(answer["hint"], hint)

    def draft(self, member, *parties, space=SPACE, title=WORD, options=()):
        words = [w for party in parties for w in ("--party", party)]
        return member.run("agreement", "draft", "--title", title, *words, "--text", "-",
                          *(["--space", space] if space else []), *options,
                          stdin=f"{WORD} für [[{WORD} Muster]].\n" if space else "Offen.\n",
                          )["document"]

    def people(self, member, *words):
        return self.scratch.geflecht(*words, "--dir", member.dir, "--lang", "de").stdout.decode()

    def agreed(self):
        document = self.draft(self.one, ONE, TWO, options=("--notice", "3 Monate"))
        settled = self.one.run("agreement", "freeze", document)
        self.assertEqual((settled["space_name"], settled["seat"]), (SPACE, "member"))
        self.meet()
        for member in (self.one, self.two):
            member.run("agreement", "sign", settled["id"])
        self.meet()
        return settled["id"]

    def amended(self, id_):
        elsewhere = self.draft(self.two, ONE, TWO, space=None, title="Im Netzwerk")
        self.refused("hint.amend-space", self.two, "agreement", "amend", id_, elsewhere)
        document = self.draft(self.two, ONE, TWO, title=WORD + ", neu")
        version = self.two.run("agreement", "amend", id_, document)["offers"][0]["version"]
        self.meet()
        for member in (self.one, self.two):
            member.run("agreement", "sign", version)
        self.meet()
        shown = self.one.run("agreement", "status", id_)
        self.assertEqual((shown["version"], shown["phase"], shown["space_name"]),
                         (version, "in-force", SPACE))
        return version

    def approved(self):
        meeting = self.two.run("meeting", "new", "--title", WORD, "--date", "2026-12-01",
                               "--space", SPACE)["id"]
        item = self.two.run("meeting", "agenda", meeting, "--title", WORD)["agenda"][0]["item"]
        self.two.run("meeting", "record", meeting, item, "--matter", "money", "--text",
                     f"{WORD} wird gebaut.")
        self.two.run("meeting", "minutes", meeting, stdin=f"{WORD}, [[{WORD} Muster]].\n")
        self.meet()
        freeze = self.one.run("meeting", "freeze", meeting)["freeze"]
        self.meet()
        self.assertIn("Nur wer dort einen Platz hat", self.people(self.two, "meeting", "show",
                                                                  meeting))
        asked = self.two.run("meeting", "approve", meeting)
        self.assertEqual(asked["title"],
                         f"Approval of the minutes {freeze[:8]} in the space {SPACE}")
        self.meet()
        self.refused("hint.no-elector", self.three, "proposal", "vote", asked["id"], "yes")
        self.decide(asked, self.one, self.two)
        for member in (self.one, self.two):
            frozen = member.run("meeting", "show", meeting)["frozen"][0]
            self.assertEqual((frozen["state"], frozen["decisions"][0]["certified"]),
                             ("approved", True))
        return meeting, freeze, asked["id"]

    def test_two_agree_and_the_third_hears_nothing(self):
        id_ = self.agreed()
        version = self.amended(id_)
        meeting, freeze, approval = self.approved()
        self.outsider(id_, version, meeting, freeze, approval)
        self.bundles(id_, freeze)
        self.parties()
        self.left(id_)

    def outsider(self, id_, version, meeting, freeze, approval):
        for entry in (id_, version, freeze):
            self.refused("hint.agreement-id", self.three, "agreement", "status", entry)
        self.assertEqual(self.three.run("agreement", "list")["agreements"], [])
        self.assertEqual(self.three.run("meeting", "list")["meetings"], [])
        self.three.run("meeting", "show", meeting, exits=(e2e.NOT_FOUND,))
        answers = [self.three.run(*words) for words in (
            ("proposal", "list"), ("proposal", "show", approval), ("agreement", "list"),
            ("doc", "list"), ("task", "list"), ("space", "list"), ("person", "list"),
            ("network", "members"))]
        node = e2e.Node(self.three)
        answers += [self.three.call("GET", path)[1] for path in (
            f"/api/v1/agreements/{id_}", f"/api/v1/agreements/{id_}/evidence",
            f"/api/v1/meetings/{meeting}", f"/api/v1/documents/{meeting}")]
        node.stop()
        self.assertNotIn(WORD, json.dumps(answers, ensure_ascii=False))
        # Root and network space as the third one holds them, with all that can be opened.
        bundle = self.scratch.path / "third"
        network = self.three.run("space", "list")["spaces"][0]["id"]
        self.three.run("audit", "export", "-o", bundle, "--open", network, "--open", "agreements")
        for root in (bundle, self.three.dir):
            for path in root.rglob("*"):
                if path.is_file():
                    content = path.read_bytes()
                    self.assertNotIn(WORD.encode(), content, path)
        # The same words are there for whoever looks in the right place.
        bundle = self.scratch.path / "first"
        self.one.run("audit", "export", "-o", bundle, "--space", SPACE, "--open", "agreements")
        self.assertIn(WORD.encode(), b"".join(p.read_bytes() for p in bundle.rglob("*.jsonl")))

    def verified(self, bundle):
        report = self.scratch.path / (bundle.name + "-report")
        self.scratch.run("audit", "verify", bundle, "--net", self.network, "--report", report,
                         exits=(0, 2))
        data = json.loads((report / "bericht.json").read_text())
        minutes = [d["minutes"] for d in data["decisions"] if d["minutes"]]
        self.assertEqual(len(minutes), 1)
        return data, minutes[0], (report / "bericht.html").read_text()

    def bundles(self, id_, freeze):
        data, minutes, page = self.verified(self.scratch.path / "third")
        self.assertEqual((data["agreements"], minutes["covered"], minutes["fits"]),
                         ([], False, False))
        self.assertIn("aus dem das Bündel nichts enthält", page)
        bundle = self.scratch.path / "opened"
        self.one.run("audit", "export", "-o", bundle, "--space", SPACE, "--open", "agreements",
                     "--open", freeze)
        data, minutes, page = self.verified(bundle)
        agreement = next(a for a in data["agreements"] if a["id"] == id_)
        self.assertEqual((agreement["space_name"], agreement["phase"], agreement["missing"]),
                         (SPACE, "in-force", []))
        self.assertTrue(minutes["covered"] and minutes["fits"] and minutes["open"])
        self.assertEqual([r["certified"] for r in minutes["recorded"]], [True])
        self.assertIn(SPACE, page)

    def parties(self):
        third = self.draft(self.one, ONE, THREE, title="Zu dritt")
        self.refused("hint.party-no-seat", self.one, "agreement", "freeze", third)

    def left(self, id_):
        self.decide(self.one.run("space", "change", SPACE, "--without", TWO), self.one, self.two)
        shown = self.two.run("agreement", "status", id_)
        self.assertEqual((shown["seat"], shown["phase"]), ("former", "in-force"))
        self.assertIn("ohne eigenen Platz", self.people(self.two, "agreement", "status", id_))
        self.assertIn("früher", self.people(self.two, "agreement", "list"))
        self.refused("hint.space-no-seat", self.two, "agreement", "notice", id_)
        self.assertEqual(self.one.run("agreement", "status", id_)["phase"], "in-force")


if __name__ == "__main__":
    e2e.main()
