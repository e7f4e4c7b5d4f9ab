#!/usr/bin/python3
"""Decisions by the command line: rules, admission, removal, votes, devices, leaving."""
import datetime

import geflecht_e2e as e2e

RULES = """\
# Regeln
purpose Familien früh erreichen
review 2026-11-01
offline-days 60
rule * majority
rule remove majority
rule money majority both Klinikum both Jugendamt Weidenbruck
point Wir treffen uns einmal im Quartal.
"""


def position_of(proposal, name):
    return next(p for p in proposal["positions"] if p["organisation"] == name)


class DecisionCase(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.rules = self.file("rules", RULES.encode())
        self.members, self.network = e2e.found_network(
            self.scratch, e2e.ORGANISATIONS[:3], draft_options=["--rules", self.rules])
        self.one, self.two, self.three = self.members
        self.founding = self.one.dir.parent / f"{self.one.dir.stem}.founding"

    def outsider(self, name=e2e.ORGANISATIONS[3]):
        return e2e.Organisation(self.scratch, name)

    def propose(self, member, *words, **options):
        return member.run("proposal", "new", "--title", "Vorschlag", *words, **options)

    def exchange(self, node, *members):
        for member in members:
            if member is not node.organisation:
                member.run("sync", node.address)

    def refused(self, hint, member, *words, exits=(e2e.USAGE, e2e.FORBIDDEN, e2e.NOT_FOUND,
                                                   e2e.CONFLICT)):
        answer = member.run(*words, exits=exits)
        self.assertEqual(answer["hint"], hint)
        self.assertNotIn(hint, answer["message"])
        return answer


class Rules(DecisionCase):
    def test_the_rules_in_force(self):
        answer = self.two.run("network", "rules")
        self.assertEqual(answer["purpose"], "Familien früh erreichen")
        self.assertEqual((answer["review"], answer["offline_days"]), ("2026-11-01", 60))
        self.assertTrue(answer["review_overdue"])
        self.assertEqual(answer["points"], ["Wir treffen uns einmal im Quartal."])
        money = next(r for r in answer["rules"] if r["matter"] == "money")
        self.assertEqual((money["kind"], money["n"], money["need"]), ("majority", 3, 2))
        self.assertEqual({c["organisation"] for c in money["carriers"]},
                         {self.two.name, self.three.name})
        people = self.scratch.geflecht("network", "rules", "--dir", self.two.dir, "--lang", "de")
        for word in ("mehr als die Hälfte aller", "2 von 3", "überfällig", self.two.name):
            self.assertIn(word, people.stdout.decode())

    def test_unsafe_rules_and_files_nobody_understands(self):
        for line, hint in (
                ("rule remove quorum 1", "rule.unsafe.too-few"),
                ("rule * votes-cast 1", "rule.unsafe.too-few"),
                ("rule money quorum 9", "rule.unsafe.too-many"),
                ("rule body: majority", "rule.unsafe.not-a-matter"),
                ("rule money majority both Jugendamt", "rule.unsafe.carriers"),
                ("rule money majority both Nobody both Jugendamt", "hint.org-unknown"),
                ("rule money most", "hint.rule-form"), ("rule money", "hint.rule-form"),
                ("rule money majority\nrule money majority", "hint.rule-twice"),
                ("review soon", "hint.review-date"), ("offline-days 0", "hint.offline-days"),
                ("offline-days x", "hint.rules-file"), ("nonsense here", "hint.rules-file")):
            with self.subTest(line):
                self.refused(hint, self.one, "network", "draft", "--name", "N", "--founder",
                             *[m.card for m in self.members], "--rules",
                             self.file("bad", f"{line}\n".encode()), "-o", "draft")
        self.refused("rule.unsafe.too-few", self.one, "proposal", "new", "--title", "T",
                     "--matter", "rule", "--subject", "remove", "--value", "quorum 1")


class Membership(DecisionCase):
    def test_admission_and_removal(self):
        nodes = [e2e.Node(self.one)]
        nodes.append(e2e.Node(self.two, [nodes[0].address]))
        four = self.outsider()
        self.one.run("doc", "new", "--type", "note", "--title", "Protokoll")
        asked = self.propose(self.three, "--matter", "admit", "--card", four.card, "--text", "-",
                             "--deadline", "14", stdin="Er arbeitet mit.\n")
        self.assertEqual((asked["status"], asked["subject_name"], asked["text"]),
                         ("open", four.name, "Er arbeitet mit.\n"))
        self.assertEqual((asked["need"], asked["n"], asked["own"]), (2, 3, "missing"))
        id_ = asked["id"]
        self.refused("hint.rule-not-met", self.three, "proposal", "enact", id_[:8])
        self.exchange(nodes[0], self.three)
        self.assertEqual(self.one.run("proposal", "vote", id_[:6], "ja")["counts"]["yes"], 1)
        e2e.wait_until(lambda: self.two.run("proposal", "list")["proposals"], "the proposal")
        self.one.run("proposal", "comment", id_, "Gern.")
        e2e.wait_until(lambda: self.two.run("proposal", "show", id_)["comments"], "the comment")
        # The second vote meets the rule; whoever proposed certifies by itself.
        e2e.wait_until(lambda: self.two.run("proposal", "show", id_)["counts"]["yes"] == 1, "yes")
        self.assertTrue(self.two.run("proposal", "vote", id_, "yes")["holds"])
        e2e.wait_until(lambda: e2e.all_equal_pair(*nodes), "equal nodes")
        self.exchange(nodes[0], self.three)
        shown = e2e.wait_until(lambda: self.decided(self.three, id_), "the certificate")
        self.assertEqual((shown["status"], shown["sealed"], shown["number"]),
                         ("effective", False, None))
        self.assertEqual([c["organisation"] for c in shown["certificates"] if c["valid"]],
                         [self.three.name])
        self.assertEqual(shown["comments"][0]["text"], "Gern.\n")
        self.exchange(nodes[0], self.three)
        self.join_and_edit(four, nodes)
        self.remove(four, nodes)

    def decided(self, member, id_):
        shown = member.run("proposal", "show", id_)
        return shown if shown["status"] != "open" else None

    def join_and_edit(self, four, nodes):
        self.refused("hint.card-not-in-founding", four, "network", "join", self.founding)
        four.run("network", "join", self.founding, "--admitted")
        four.run("sync", nodes[0].address)
        names = [m["organisation"] for m in four.run("network", "members")["members"]]
        self.assertEqual(sorted(names), sorted([m.name for m in self.members] + [four.name]))
        note = four.run("doc", "list")["documents"][0]
        self.assertEqual(note["title"], "Protokoll")
        four.run("doc", "text", note["id"], stdin="Guten Tag.\n")
        four.run("sync", nodes[0].address)
        shown = e2e.wait_until(
            lambda: self.two.call("GET", f"/api/v1/documents/{note['id']}")[1]["fields"].get(
                "body"), "the edit")
        self.assertEqual(shown, "Guten Tag.\n")

    def remove(self, four, nodes):
        asked = self.propose(self.one, "--matter", "remove", "--subject", "Lotsen")
        self.assertNotIn(four.name, [p["organisation"] for p in asked["positions"]])
        self.assertEqual((asked["n"], asked["need"]), (4, 3))
        self.exchange(nodes[0], four, self.three)
        self.refused("hint.no-elector", four, "proposal", "vote", asked["id"], "no")
        self.three.run("proposal", "vote", asked["id"], "yes")
        self.one.run("proposal", "vote", asked["id"], "yes")
        e2e.wait_until(lambda: self.two.run("proposal", "list", "--open")["proposals"], "it")
        self.two.run("proposal", "vote", asked["id"], "yes")
        self.exchange(nodes[0], self.three)
        e2e.wait_until(lambda: self.decided(self.one, asked["id"]), "the removal")
        answer = four.run("sync", nodes[0].address, "--timeout", "5",
                          exits=(e2e.UNREACHABLE, e2e.PARTIAL))
        self.assertNotEqual(answer.get("state"), "equal")
        members = self.one.run("network", "members")
        self.assertEqual([m["organisation"] for m in members["former"]], [four.name])
        self.assertEqual(len(members["members"]), 3)
        self.assertEqual(self.one.run("proposal", "list", "--open")["proposals"], [])

    def test_leaving(self):
        node = e2e.Node(self.one)
        self.refused("hint.leave-confirm", self.three, "network", "leave")
        self.three.run("network", "leave", "--yes")
        self.exchange(node, self.two)
        self.three.run("sync", node.address, exits=(0, e2e.PARTIAL, e2e.UNREACHABLE))
        e2e.wait_until(lambda: self.one.run("network", "members")["former"], "the leave")
        answer = self.one.run("network", "members")
        self.assertEqual([m["organisation"] for m in answer["former"]], [self.three.name])
        self.refused("hint.no-member", self.three, "doc", "new", "--type", "note", "--title", "x")
        self.refused("hint.too-few-to-remove", self.one, "proposal", "new", "--title", "T",
                     "--matter", "remove", "--subject", self.two.name)


class Votes(DecisionCase):
    def test_objections_contradictions_and_closed_doors(self):
        day = datetime.date.today() + datetime.timedelta(days=300)
        id_ = self.propose(self.one, "--matter", "money", "--deadline", f"{day:%d.%m.%Y}")["id"]
        self.refused("hint.objection-reason", self.one, "proposal", "vote", id_, "einspruch")
        self.one.run("proposal", "vote", id_, "objection", "--reason", "Zu teuer.")
        shown = self.one.run("proposal", "show", id_)
        self.assertEqual(position_of(shown, self.one.name)["reason"], "Zu teuer.\n")
        self.assertEqual(position_of(shown, self.one.name)["position"], "objection")
        self.assertTrue(position_of(shown, self.two.name)["required"])
        self.assertTrue(shown["deadline"].startswith(f"{day}T"), shown["deadline"])
        people = self.scratch.geflecht("proposal", "show", id_, "--dir", self.one.dir, "--lang",
                                       "de").stdout.decode()
        for word in ("Zu teuer.", "0 von 3 Ja, nötig 2", "muss zustimmen", "Einwand"):
            self.assertIn(word, people)
        self.one.run("proposal", "vote", id_, "abstain")
        counts = self.one.run("proposal", "show", id_)["counts"]
        self.assertEqual((counts["abstain"], counts["objection"], counts["missing"]), (1, 0, 2))
        self.refused("hint.positions", self.one, "proposal", "vote", id_, "vielleicht")
        self.refused("hint.proposal-id", self.one, "proposal", "show", "0" * 64)
        self.refused("hint.proposal-id", self.one, "proposal", "vote", "abcdef012345", "yes")

    def test_proposals_that_make_no_sense(self):
        four = self.outsider("Fünfte Organisation")
        for hint, words in (
                ("hint.matter", ["--matter", "Geld"]), ("hint.matter", ["--matter", "*"]),
                ("hint.proposal-card", ["--matter", "admit"]),
                ("hint.no-card", ["--matter", "admit", "--card", self.rules]),
                ("hint.is-member", ["--matter", "admit", "--card", self.two.card]),
                ("hint.proposal-subject", ["--matter", "remove"]),
                ("hint.org-unknown", ["--matter", "remove", "--subject", "Niemand"]),
                ("hint.proposal-value", ["--matter", "rule", "--subject", "admit"]),
                ("hint.rule-form", ["--matter", "rule", "--subject", "admit", "--value", "x"]),
                ("hint.proposal-form", ["--matter", "role", "--subject", "Klinikum", "--value",
                                        "Vorsitz"]),
                ("hint.proposal-form", ["--matter", "money", "--subject", "x"]),
                ("hint.proposal-form", ["--matter", "money", "--card", four.card]),
                ("hint.deadline", ["--matter", "money", "--deadline", "2001-01-01"]),
                ("hint.deadline", ["--matter", "money", "--deadline", "morgen"])):
            with self.subTest(words):
                self.refused(hint, self.one, "proposal", "new", "--title", "T", *words,
                             exits=(1, 2, 4, 5, 9))
        e2e.Node(self.one)
        for deadline in ("2001-01-01T00:00:00Z", "2099-12-24", "14"):
            status, problem = self.one.call("POST", "/api/v1/proposals", {
                "matter": "money", "title": "T", "deadline": deadline})
            self.assertEqual((status, problem["hint"]), (400, "hint.deadline"))
        self.assertEqual(self.one.run("proposal", "list")["proposals"], [])

    def test_rules_and_roles_change(self):
        node = e2e.Node(self.one)
        role = self.propose(self.two, "--matter", "role", "--subject", "Jugend", "--value",
                            "+body:vorstand")["id"]
        rule = self.propose(self.two, "--matter", "rule", "--subject", "money", "--value",
                            "consent 2")["id"]
        for id_ in (role, rule):
            self.two.run("proposal", "vote", id_, "yes")
        self.exchange(node, self.two, self.three)
        for id_ in (role, rule):
            self.three.run("proposal", "vote", id_, "yes")
        self.exchange(node, self.three, self.two)
        self.two.run("proposal", "list")
        for id_ in (role, rule):
            if self.two.run("proposal", "show", id_)["status"] == "open":
                self.two.run("proposal", "enact", id_)
        members = self.two.run("network", "members")["members"]
        self.assertEqual([m["roles"] for m in members if m["organisation"] == self.three.name],
                         [["body:vorstand"]])
        rules = self.two.run("network", "rules")["rules"]
        self.assertIn(("money", "consent 2"), [(r["matter"], r["rule"]) for r in rules])
        # A rule by which silence counts: without a seal nothing takes effect.
        self.assertTrue(self.propose(self.two, "--matter", "money")["waits_for_seal"])


class Devices(DecisionCase):
    def test_a_further_device_and_its_end(self):
        node = e2e.Node(self.one)
        laptop = self.scratch.path / "laptop.d"
        card = self.scratch.path / "laptop.card"
        plain = ["--dir", laptop]
        self.refused_init(laptop)
        made = self.scratch.run("init", "--org", self.two.name, "--no-passphrase", "--sheet-of",
                                self.two.sheet, *plain)
        self.assertEqual(made["root_key"], self.two.run("card", "-o", "x")["root_key"])
        self.assertNotIn("sheet", made)
        self.scratch.run("card", "-o", card, *plain)
        added = self.two.run("device", "add", card)
        self.assertEqual((added["organisation"], added["device"]),
                         (self.two.name, made["device"]))
        self.refused("hint.is-device", self.two, "device", "add", card)
        stranger = self.outsider()
        self.refused("hint.subject-no-member", self.two, "device", "add", stranger.card)
        self.refused("hint.other-root-key", self.two, "device", "add", stranger.card, "--org",
                     "Klinikum")
        self.exchange(node, self.two)
        self.scratch.run("network", "join", self.founding, "--admitted", *plain)
        self.scratch.run("sync", node.address, *plain)
        self.scratch.run("doc", "new", "--type", "note", "--title", "Vom Laptop", *plain)
        self.scratch.run("sync", node.address, *plain)
        self.exchange(node, self.two)
        self.assertEqual(len(self.two.run("doc", "list")["documents"]), 1)
        members = self.two.run("network", "members")["members"]
        self.assertEqual(len([m for m in members if m["organisation"] == self.two.name]), 2)
        own = self.two.run("status")["device"]
        self.refused("hint.not-this-device", self.two, "device", "revoke", own)
        self.refused("hint.no-own-device", self.one, "device", "revoke", made["device"])
        self.two.run("device", "revoke", made["device"][:8])
        self.exchange(node, self.two)
        listed = {d["device"]: d["entitled"] for d in self.one.run("device", "list")["devices"]}
        self.assertFalse(listed[made["device"]])
        self.assertTrue(listed[own])
        self.scratch.run("sync", node.address, "--timeout", "5", *plain,
                         exits=(e2e.UNREACHABLE, e2e.PARTIAL))

    def agree(self, node, id_, *members):
        """All of them vote yes; the first one, who proposed, ends with the decision."""
        for member in (*members, members[0]):
            self.exchange(node, member)
            if member.run("proposal", "show", id_)["own"] == "missing":
                member.run("proposal", "vote", id_, "yes")
                self.exchange(node, member)
        self.assertEqual(members[0].run("proposal", "show", id_)["status"], "effective")
        self.exchange(node, members[0])

    def test_a_new_key_after_a_loss(self):
        node = e2e.Node(self.one)
        again = e2e.Organisation(self.scratch, self.three.name)
        self.refused("hint.other-root-key", self.two, "device", "add", again.card, "--org",
                     "Jugend")
        asked = self.propose(self.two, "--matter", "rekey", "--subject", "Jugend", "--card",
                             again.card)
        self.assertEqual((asked["n"], asked["need"]), (3, 2))
        self.agree(node, asked["id"], self.two, self.one)
        again.run("network", "join", self.founding, "--admitted")
        again.run("sync", node.address)
        shown = [m for m in again.run("network", "members")["members"] if m["self"]]
        self.assertEqual([(m["org"], m["device"]) for m in shown],
                         [(self.three.run("status")["org"], again.run("status")["device"])])
        self.three.run("sync", node.address, "--timeout", "5",
                       exits=(e2e.UNREACHABLE, e2e.PARTIAL))
        again.run("proposal", "comment", asked["id"], "Danke.")
        again.run("sync", node.address)
        self.assertEqual(self.one.run("proposal", "show", asked["id"])["comments"][0]
                         ["organisation"], self.three.name)

    def test_inactive_and_back(self):
        node = e2e.Node(self.one)
        asked = self.propose(self.two, "--matter", "inactive", "--subject", "Jugend")
        self.agree(node, asked["id"], self.two, self.one)
        self.three.run("sync", node.address)
        states = {m["organisation"]: m["active"]
                  for m in self.three.run("network", "members")["members"]}
        self.assertEqual(states, {m.name: m is not self.three for m in self.members})
        self.refused("hint.inactive", self.three, "proposal", "new", "--title", "T", "--matter",
                     "money")
        self.three.run("doc", "new", "--type", "note", "--title", "Noch da")
        self.three.run("sync", node.address)
        asked = self.propose(self.two, "--matter", "admit", "--card", self.three.card)
        self.assertEqual((asked["n"], asked["need"]), (2, 2))
        self.agree(node, asked["id"], self.two, self.one)
        self.three.run("sync", node.address)
        self.propose(self.three, "--matter", "content")

    def refused_init(self, laptop):
        bad = self.file("no.sheet", b"code: ABCDEFG\n")
        answer = self.scratch.run("init", "--org", "X", "--no-passphrase", "--sheet-of", bad,
                                  "--dir", laptop, exits=(e2e.FAILURE,))
        self.assertEqual(answer["hint"], "hint.sheet-damaged")
        self.assertFalse((laptop / "keys").exists())


if __name__ == "__main__":
    e2e.main()
