#!/usr/bin/python3
"""A year of twelve organisations under a virtual clock; its bundle, judged without a node: by the
command line, by the second verifier, and by OpenSSH and OpenSSL."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import geflecht_e2e as e2e

YEAR = os.environ["GEFLECHT_YEAR"]
ORACLE = pathlib.Path(__file__).parent.parent / "oracle" / "verify_bundle.py"


class Bundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = e2e.Scratch()
        cls.addClassCleanup(cls.scratch.close)
        folder = cls.scratch.path / "year"
        subprocess.run([YEAR, str(folder)], check=True, timeout=150)
        cls.bundle = folder / "bundle"
        cls.facts = json.loads((folder / "facts.json").read_text())

    def verify(self, *words, exits=(0,)):
        report = self.scratch.path / "report"
        shutil.rmtree(report, ignore_errors=True)
        answer = self.scratch.run("audit", "verify", self.bundle, "--net", self.facts["network"],
                                  "--nonce", self.facts["nonce"], "--report", report, *words,
                                  exits=exits)
        return answer, report

    def test_the_command_line_finds_what_was_decided(self):
        answer, report = self.verify()
        self.assertEqual((answer["verdict"], answer["problems"]), ("complete", []))
        told = json.loads((report / "bericht.json").read_text())
        decisions = {d["title"]: d for d in told["decisions"]}
        self.assertEqual(set(decisions), set(self.facts["decisions"]))
        for title, decision in decisions.items():
            self.assertEqual(decision["status"], "effective", title)
            self.assertRegex(decision["number"], r"^2026-\d{3}$", title)
        # Also those who were removed, inactive or re-keyed later.
        first = decisions["Aufnahme: Frauenhaus Silbertannen"]
        self.assertEqual((len(first["votes"]), first["electorate"]), (9, 9))
        names = [m["organisation"] for m in told["members"]]
        self.assertIn("Schwangerenberatung Weidenbruck", names)
        self.assertNotIn("Verein Frühstart Ammerfeld e. V.", names)

    def test_the_second_verifier_agrees(self):
        answer, _ = self.verify()
        done = subprocess.run([sys.executable, "-B", str(ORACLE), str(self.bundle), "--net",
                               self.facts["network"], "--nonce", self.facts["nonce"]],
                              capture_output=True, timeout=120)
        self.assertEqual(done.returncode, answer.exit, done.stdout.decode() + done.stderr.decode())

    @unittest.skipUnless(shutil.which("ssh-keygen") and shutil.which("openssl"),
                         "ssh-keygen or openssl is not installed")
    def test_the_commands_of_the_readme(self):
        readme = (self.bundle / "README.txt").read_text()
        script = "".join(line[4:] + "\n" for line in readme.splitlines()
                         if line.startswith("    "))
        self.assertIn("ssh-keygen -Y verify", script)
        done = subprocess.run(["sh", "-s"], input=script.encode(), cwd=self.bundle,
                              capture_output=True, timeout=150)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())

    def test_another_networks_number_is_refused(self):
        done = self.scratch.geflecht("audit", "verify", self.bundle, "--net", "ab" * 32, "--json")
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    e2e.main()
