#!/usr/bin/python3
"""Erasing content by the command line: who may, what is left, and that all still verifies."""
import hashlib
import sys

import geflecht_e2e as e2e

CONTACT = "Nachname;Vorname;Organisation;Telefon dienstlich;E-Mail\n" \
    "Quastenflosser;Wendelgard;Praxis Mondviole;0221 4710-913;wendelgard@mondviole.example\n"


class Erasing(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.one, self.two, self.three = self.members
        self.one.run("contact", "import", self.file("list.csv", CONTACT.encode()))
        self.contact = self.one.contacts()[0]["id"]
        self.nodes = [e2e.Node(self.one)]
        for member in self.members[1:]:
            self.nodes.append(e2e.Node(member, [node.address for node in self.nodes]))
        self.equal("the import")

    def equal(self, what):
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), what)

    def refused(self, hint, member, *words):
        answer = member.run("privacy", "erase", *words,
                            exits=(e2e.USAGE, e2e.FORBIDDEN, e2e.NOT_FOUND, e2e.CONFLICT))
        self.assertEqual(answer["hint"], hint)

    def test_one_field_everywhere_and_for_good(self):
        self.refused("hint.erase-not-yours", self.two, self.contact, "--field", "phone")
        self.refused("hint.erase-reason", self.one, self.contact, "--reason", "weil sie es will")
        answer = self.one.run("privacy", "erase", self.contact, "--field", "phone")
        self.assertEqual(len(answer["erasures"]), 1)
        self.equal("the erasure")
        self.refused("hint.erase-nothing", self.one, self.contact, "--field", "phone")
        for restart in (False, True):
            for node, member in zip(self.nodes, self.members):
                if restart:
                    node.stop()
                shown = member.run("contact", "show", self.contact)
                self.assertEqual(shown["erased"], ["phone"])
                self.assertIsNone(shown["fields"]["phone"])
                self.assertEqual(shown["fields"]["family_name"], "Quastenflosser")
                self.assertNotIn("4710-913", str(member.run("doc", "history", self.contact)))
        people = self.scratch.geflecht("privacy", "erase", self.contact, "--dir", self.one.dir,
                                       "--lang", "de").stdout.decode()
        for word in ("Gelöscht", "Ausdrucke", "veränderte Programme"):
            self.assertIn(word, people)

    def test_every_organisation_confirms(self):
        erasure = self.one.run("privacy", "erase", self.contact)["erasures"][0]

        def standing(member):
            return member.run("privacy", "status", erasure)["erasures"][0]
        self.assertEqual((standing(self.one)["confirmed"], standing(self.one)["of"]), (0, 3))
        people = self.scratch.geflecht("privacy", "status", erasure, "--dir", self.one.dir,
                                       "--lang", "de").stdout.decode()
        self.assertIn("0 von 3 bestätigt, 3 offen seit", people)
        for member in self.members:
            e2e.wait_until(lambda: standing(member)["confirmed"] == 3, "all have confirmed", 60)
        one = self.one.run("privacy", "status", self.contact)["erasures"][0]
        self.assertEqual(one, standing(self.two))
        self.assertTrue(all(org["confirmed_at"] for org in one["organisations"]))
        people = self.scratch.geflecht("privacy", "status", erasure, "--dir", self.two.dir,
                                       "--lang", "de").stdout.decode()
        self.assertIn("3 von 3 bestätigt", people)
        answer = self.one.run("privacy", "status", "0" * 64, exits=(e2e.NOT_FOUND,))
        self.assertEqual(answer["hint"], "hint.no-erasure")

    def test_a_whole_contact_is_listed_no_more(self):
        note = self.one.run("doc", "new", "--type", "note", "--title", "Protokoll")["id"]
        self.one.run("doc", "text", note, stdin="Wendelgard Quastenflosser war da\n")
        self.equal("the note")
        # What another organisation wrote into it belongs to the record, too.
        self.two.run("doc", "text", note,
                     stdin="Wendelgard Quastenflosser war da\nKunigunde auch\n")
        self.equal("the addition")
        mentions = self.one.run("privacy", "erase", self.contact)["mentions"]
        self.assertIn(("mention", note, "Beratungsstelle Kranichgrund e. V."),
                      [(m["kind"], m["id"], m["organisation"]) for m in mentions])
        self.assertNotIn(self.contact, [mention["id"] for mention in mentions])
        self.assertEqual(self.one.run("privacy", "erase", note)["mentions"], [])
        self.equal("the erasures")
        for member in self.members:
            self.assertEqual(member.contacts(), [])
            shown = member.run("doc", "show", note)
            self.assertLessEqual({"title", "body"}, set(shown["erased"]))
            self.assertEqual(set(shown["fields"]["body"]), {"\u2588"})

    def test_a_decision_erases_what_others_own(self):
        """Also both verifiers on a bundle with erasures by field, by decision and of entries."""
        note = self.one.run("doc", "new", "--type", "note", "--title", "Protokoll")["id"]
        self.one.run("doc", "text", note, stdin="Wendelgard war da\n")
        self.equal("the note")
        self.refused("hint.erase-not-yours", self.two, note)
        self.refused("hint.erase-no-field", self.two, note, "--propose", "--field", "nose")
        self.one.run("privacy", "restrict", note, "--reason", "legal_hold")
        self.refused("hint.erase-restricted", self.one, note)
        self.equal("the restriction")
        self.refused("hint.erase-restricted", self.two, note, "--propose")
        self.one.run("privacy", "restrict", note, "--lift")
        self.equal("the end of the restriction")
        people = self.scratch.geflecht("privacy", "erase", note, "--dir", self.two.dir, "--propose",
                                       "--field", "body", "--reason", "unlawful",
                                       "--lang", "de").stdout.decode()
        self.assertIn("das Feld body des Datensatzes " + note[:8], people)
        self.equal("the proposal")
        proposal = self.three.run("proposal", "list", "--open")["proposals"][0]
        self.assertEqual(proposal["erases"]["fields"], [{"document": note, "field": "body"}])
        self.assertEqual(proposal["erases"]["reason"], "unlawful")
        for member in (self.two, self.three):
            member.run("proposal", "vote", proposal["id"], "yes")
        for member in self.members:
            e2e.wait_until(lambda: "body" in member.run("doc", "show", note)["erased"],
                           "the decision is carried out", 60)
        erasure = self.one.run("privacy", "status", note)["erasures"][0]
        self.assertEqual(erasure["decision"], proposal["id"])
        self.assertEqual(len(erasure["organisations"]), 3)
        self.one.run("privacy", "erase", self.contact, "--field", "phone")
        self.one.run("doc", "text", note, stdin="Nachher\n")
        self.equal("the erasures")
        self.both_verify(self.three, 2)

    def test_what_was_said_about_a_proposal_and_the_bundle(self):
        proposal = self.one.run("proposal", "new", "--title", "Vorschlag",
                                "--matter", "money")["id"]
        self.equal("the proposal")
        comment = self.two.run("proposal", "comment", proposal, "Wegen Wendelgard.")
        self.equal("the comment")
        self.refused("hint.erase-not-yours", self.one, comment["entry"])
        self.two.run("privacy", "erase", comment["entry"])
        self.one.run("privacy", "erase", self.contact)
        self.equal("the erasures")
        for number, member in enumerate(self.members):
            self.assertNotIn("Wendelgard", str(member.run("proposal", "show", proposal)))
            folder = self.scratch.path / f"bundle{number}"
            member.run("audit", "export", "-o", folder, "--open", self.space())
            answer = self.scratch.run("audit", "verify", folder, "--net", self.network,
                                      exits=(0, 2))
            self.assertGreaterEqual(answer["erased"], 3)
            self.assertNotIn("withheld-evidence", str(answer))
            for path in folder.rglob("*"):
                if path.is_file():
                    self.assertNotIn(b"Wendelgard", path.read_bytes())

    def test_a_decision_erases_what_others_said(self):
        """A proposal's note, a vote's reason and a comment, also for both verifiers."""
        proposal = self.one.run("proposal", "new", "--title", "Vorschlag", "--matter", "money",
                                "--note", self.file("note", b"Wegen Wendelgard.\n"))["id"]
        self.equal("the proposal")
        said = [proposal,
                self.two.run("proposal", "vote", proposal, "yes", "--reason",
                             "Wendelgard sagt es.")["entry"],
                self.one.run("proposal", "comment", proposal, "Auch Wendelgard.")["entry"]]
        self.equal("what was said")
        self.refused("hint.erase-not-yours", self.three, said[2])
        asked = self.three.run("privacy", "erase", *said, "--propose", "--reason",
                               "unlawful")["id"]
        self.equal("what is asked")
        for member in (self.two, self.three):
            member.run("proposal", "vote", asked, "yes")
        for member in self.members:
            e2e.wait_until(lambda m=member: "Wendelgard" not in
                           str(m.run("proposal", "show", proposal)), "it is carried out", 90)
            self.assertEqual(member.run("proposal", "show", proposal)["counts"]["yes"], 1)
        self.one.run("privacy", "erase", self.contact)
        self.equal("the erasures")
        for path in self.both_verify(self.three, 4).rglob("*"):
            if path.is_file():
                self.assertNotIn(b"Wendelgard", path.read_bytes())

    def both_verify(self, member, erased):
        folder = self.scratch.path / "bundle"
        member.run("audit", "export", "-o", folder, "--open", self.space())
        first = self.scratch.run("audit", "verify", folder, "--net", self.network, exits=(0, 2))
        self.assertGreaterEqual(first["erased"], erased)
        sys.path.insert(0, str(e2e.ROOT / "tests" / "oracle"))
        import bundle_text
        import ed25519
        import verify_bundle
        second = verify_bundle.Verifier(bundle_text.read_bundle(folder), self.network,
                                        ed25519.Checker())
        second.run()
        self.assertEqual((second.problems, second.erased), ([], first["erased"]))
        return folder

    def test_t9_the_certificate_lists_whoever_was_ever_entitled(self):
        """domain.md, T9: also an organisation that left, one that lost its seat, and no other."""
        four = e2e.Organisation(self.scratch, e2e.ORGANISATIONS[3])
        admitted = self.one.run("proposal", "new", "--matter", "admit", "--title", "Aufnahme",
                                "--card", four.card)
        self.decide(admitted, self.one, self.two)
        circle = self.one.run("space", "new", "--name", "Kreis", "--kind", "working", "--member",
                              "Klinikum", "--member", "Jugendamt")
        self.decide(circle, self.one, self.two, self.three)
        notes = {}
        for name, options in (("circle", ("--space", "Kreis")), ("network", ())):
            notes[name] = self.one.run("doc", "new", "--type", "note", "--title", "Wendelgard",
                                       *options)["id"]
        for member in self.members:
            e2e.wait_until(lambda: all(
                member.call("GET", f"/api/v1/documents/{note}")[0] == 200
                for note in notes.values()), "the notes")
        self.decide(self.one.run("space", "change", "Kreis", "--without", "Jugendamt"),
                    self.one, self.two)
        self.two.run("network", "leave", "--yes")
        e2e.wait_until(lambda: self.one.run("network", "members")["former"], "the leave")

        erasures = {name: self.one.run("privacy", "erase", note)["erasures"][0]
                    for name, note in notes.items()}
        def standing(name):
            return self.one.run("privacy", "status", erasures[name])["erasures"][0]

        def listed(name):
            return {o["organisation"]: o["present"] for o in standing(name)["organisations"]}
        one, two, three = (member.name for member in self.members)
        self.assertEqual(listed("circle"), {one: True, two: False, three: False})
        self.assertEqual(listed("network"), {one: True, two: False, three: True, four.name: True})
        e2e.wait_until(lambda: standing("circle")["confirmed"] == 1, "the receipt", 60)
        self.assertEqual((standing("circle")["of"], standing("circle")["former_open"]), (1, 2))
        self.assertEqual((standing("network")["of"], standing("network")["former_open"]), (3, 1))
        people = self.scratch.geflecht("privacy", "status", erasures["circle"], "--dir",
                                       self.one.dir, "--lang", "de").stdout.decode()
        for name in (two, three):
            self.assertIn(name, people)
        self.assertNotIn(four.name, people)

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

    def space(self):
        return hashlib.sha256(f"geflecht-network@v1\n{self.network}".encode()).hexdigest()[:32]


if __name__ == "__main__":
    e2e.main()
