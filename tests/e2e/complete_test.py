#!/usr/bin/python3
"""An audit: a network decides, seals, answers the auditor's request; the bundle is complete. Then
one member stays away, and is named."""
import os
import subprocess
import sys

import geflecht_e2e as e2e

SECOND = e2e.ROOT / "tests" / "oracle" / "verify_bundle.py"
SEAL_S = 120  # nodes wait for half a minute before they vote for a seal


class Audit(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch)
        self.one, self.two, self.three = self.members
        self.nodes = [e2e.Node(self.one)]
        self.nodes += [e2e.Node(member, [self.nodes[0].address]) for member in self.members[1:]]
        self.bundles = 0

    def export(self, *options, member=None):
        self.bundles += 1
        folder = self.scratch.path / f"bundle{self.bundles}"
        (member or self.two).run("audit", "export", "-o", folder, *options)
        return folder

    def verify(self, folder, nonce, *options):
        words = ("audit", "verify", folder, "--net", self.network, *options,
                 *(["--nonce", nonce] if nonce else []))
        report = self.scratch.run(*words, exits=(0, 2))
        if not options:
            second = subprocess.run(
                [sys.executable, "-B", SECOND, folder, "--net", self.network, "--nonce", nonce],
                capture_output=True, check=False)
            self.assertEqual(second.returncode, report.exit, second.stdout)
        return report

    def decide(self):
        asked = self.one.run("proposal", "new", "--title", "Neue Räume", "--matter", "money")["id"]
        for member in (self.one, self.two):
            e2e.wait_until(lambda m=member: asked in str(m.run("proposal", "list")), "the proposal")
            member.run("proposal", "vote", asked, "yes")
        return e2e.wait_until(lambda: self.one.run("proposal", "show", asked)["status"] ==
                              "effective" and asked, "the decision")

    def points(self, report, root):
        return next(s for s in report["spaces"] if s["root"] == root)

    def test_complete_and_then_one_is_missing(self):
        self.one.run("doc", "new", "--type", "note", "--title", "Protokoll")
        asked = self.decide()
        self.assertEqual(self.points(self.verify(self.export(), ""), True)["open_points"],
                         ["not-sealed"])
        self.one.run("network", "seal")
        shown = e2e.wait_until(
            lambda: next((s for s in [self.one.run("proposal", "show", asked)] if s["sealed"]),
                         None), "the seal", SEAL_S)
        nonce = os.urandom(16).hex()
        self.three.run("audit", "request", "--nonce", nonce)

        def complete():
            report = self.verify(self.export(), nonce)
            return report if report.exit == 0 else None
        report = e2e.wait_until(complete, "a complete bundle")
        self.assertEqual(report["verdict"], "complete")
        self.assertEqual([d["number"] for d in report["decisions"]], [shown["number"]])
        self.assertEqual([s["missing"] for s in report["spaces"]], [[], []])
        whole = self.export()
        self.assertEqual(self.verify(whole, nonce, "--mode", "fast").exit, 2)
        self.assertEqual(self.points(self.verify(whole, os.urandom(16).hex()), True)["open_points"],
                         ["not-requested"])
        people = self.scratch.geflecht("audit", "verify", whole, "--net", self.network, "--nonce",
                                       nonce, "--lang", "de").stdout.decode()
        self.assertIn("Alle Mitglieder haben auf die Anfrage", people)

        self.nodes[2].stop()
        later = os.urandom(16).hex()
        self.one.run("audit", "request", "--nonce", later)

        def only_three_is_missing():
            report = self.verify(self.export(), later)
            missing = [m["organisation"] for m in self.points(report, True)["missing"]]
            return report if missing == [self.three.name] else None
        report = e2e.wait_until(only_three_is_missing, "the others' answers")
        self.assertEqual(report.exit, 2)
        self.assertEqual(self.points(report, True)["open_points"], ["not-answered"])
        self.assertEqual(self.points(report, False)["open_points"], [])

    def test_a_closed_circle_goes_along_if_it_is_named(self):
        asked = self.one.run("space", "new", "--name", "Kreis", "--kind", "working", "--member",
                             self.two.name)["id"]
        for member in (self.one, self.two):
            e2e.wait_until(lambda m=member: asked in str(m.run("proposal", "list")), "the proposal")
            member.run("proposal", "vote", asked, "yes")

        def seat(member):
            spaces = member.run("space", "list")["spaces"]
            return next((s["seat"] for s in spaces if s["name"] == "Kreis"), None)
        e2e.wait_until(lambda: [seat(m) for m in self.members] == ["member", "member", "none"],
                       "the seats")
        note = self.one.run("doc", "new", "--type", "note", "--title", "Geheimtreppenhaus",
                            "--space", "Kreis")["id"]
        e2e.wait_until(lambda: self.two.call("GET", f"/api/v1/documents/{note}")[0] == 200, "it")
        self.one.run("network", "seal")
        e2e.wait_until(lambda: self.one.run("proposal", "show", asked)["sealed"], "the seal",
                       SEAL_S)
        nonce = os.urandom(16).hex()
        self.one.run("audit", "request", "--nonce", nonce)

        def complete():
            report = self.verify(self.export("--space", "all"), nonce)
            return report if report.exit == 0 else None
        report = e2e.wait_until(complete, "a complete bundle")
        circle = next(s for s in report["spaces"] if s["name"] == "Kreis")
        self.assertEqual((circle["open_points"], circle["missing"]), ([], []))
        self.assertGreater(circle["entries"], 2)

        # Whoever has no seat has nothing of it, and a bundle in which it is not named neither.
        for member, words in ((self.two, ()), (self.two, ("--space", "network")),
                              (self.three, ("--space", "all"))):
            folder = self.export(*words, "--open", self.network_space(), member=member)
            report = self.verify(folder, nonce)
            points = {s["name"]: s["open_points"] for s in report["spaces"]}
            self.assertEqual((report.exit, points["Kreis"]), (2, ["not-covered"]))
            for file in folder.rglob("*"):
                self.assertNotIn(circle["space"], file.name)
                if file.is_file():
                    self.assertNotIn(b"Geheimtreppenhaus", file.read_bytes())
        self.bundles += 1
        refused = self.three.run("audit", "export", "-o", self.scratch.path / "no", "--space",
                                 "Kreis", exits=(e2e.FORBIDDEN,))
        self.assertEqual(refused["hint"], "hint.space-not-exported")
        whole = self.export("--space", "Kreis", "--open", circle["space"])
        self.assertEqual(self.verify(whole, nonce).exit, 0)
        self.assertTrue(any(b"Geheimtreppenhaus" in f.read_bytes() for f in whole.rglob("*.jsonl")))
        page = self.scratch.path / "report"
        self.verify(whole, nonce, "--report", page)
        self.assertIn("Kreis", (page / "bericht.html").read_text())

    def network_space(self):
        spaces = self.one.run("space", "list")["spaces"]
        return next(s["id"] for s in spaces if s["kind"] == "network")


if __name__ == "__main__":
    e2e.main()
