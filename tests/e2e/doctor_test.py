#!/usr/bin/python3
"""geflecht doctor with a node and without: what is broken is found, in both languages."""
import fcntl
import os

import geflecht_e2e as e2e


class Doctor(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        (self.one, self.partner), _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])

    def findings(self, exits):
        """check -> finding; one line for each in both languages, with a fix unless it is ok."""
        answer = self.one.run("doctor", exits=exits)
        found = {f["check"]: f for f in answer["findings"]}
        for lang, words in (("de", ("In Ordnung", "Hinweis", "Problem")),
                            ("en", ("Ok", "Warning", "Problem"))):
            done = self.scratch.geflecht("doctor", "--dir", self.one.dir, "--lang", lang)
            self.assertEqual(done.returncode, answer.exit)
            lines = done.stdout.decode().splitlines()
            self.assertEqual(len(lines), len(found))
            for line in lines:
                self.assertTrue(line.startswith(words), line)
                self.assertNotIn("{", line, "a placeholder without a value")
        for finding in found.values():
            self.assertEqual(finding["fix"] == "", finding["state"] == "ok", finding)
        self.assertEqual(answer["problems"],
                         sum(f["state"] == "problem" for f in found.values()))
        return found

    def assert_problem(self, check):
        found = self.findings((e2e.FAILURE,))
        self.assertEqual(found[check]["state"], "problem", found[check])

    def test_a_sound_directory_with_and_without_a_node(self):
        found = self.findings((e2e.PARTIAL,))
        for check in ("clock", "files", "lock", "format", "store"):
            self.assertEqual(found[check]["state"], "ok", found[check])
        self.assertEqual(found["port"]["state"], "warning")
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        self.one.run("doc", "new", "--type", "note", "--title", "confirmed")
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal")
        found = self.findings((e2e.PARTIAL,))
        for check in ("lock", "store", "partners", "unconfirmed"):
            self.assertEqual(found[check]["state"], "ok", found[check])
        self.assertIn(node.address, found["port"]["message"])
        self.assertIn("1 of 1", found["partners"]["message"])

    def test_what_is_broken_is_found(self):
        key = self.one.dir / "node.key"
        os.chmod(key, 0o644)
        self.assert_problem("files")
        os.chmod(key, 0o600)
        with open(self.one.dir / "lock", "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_problem("lock")
        key.rename(self.one.dir / "elsewhere")
        self.assert_problem("files")
        self.assertEqual(self.scratch.run("doctor", "--dir", self.scratch.path / "nothing",
                                          exits=(e2e.NOT_INITIALISED,))["ok"], False)


if __name__ == "__main__":
    e2e.main()
