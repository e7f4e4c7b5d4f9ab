#!/usr/bin/python3
"""Ten years of five organisations with complete staff turnover, then a quiet one: what retention
left is compared record by record with a model that knows the history and the table of classes,
and is searched for in the bytes on the disks."""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import geflecht_e2e as e2e

DECADE, DISK = os.environ["GEFLECHT_DECADE"], os.environ["GEFLECHT_DISK"]
ORACLE = pathlib.Path(__file__).parent.parent / "oracle"
sys.path.insert(0, str(ORACLE))
import retention_model  # noqa: E402

NAME = re.compile("Qz[a-z]{8}")


def spellings(name):
    """How the name could lie in a file."""
    raw = name.encode()
    yield from (raw, raw.hex().encode(), name.encode("utf-16-le"), name.encode("utf-16-be"))
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        yield text[(shift * 8 + 5) // 6:(shift + len(raw)) * 8 // 6]


class Decade(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = e2e.Scratch()
        cls.addClassCleanup(cls.scratch.close)
        cls.folder = cls.scratch.path / "decade"
        subprocess.run([DECADE, str(cls.folder)], check=True, timeout=280)
        for node in cls.folder.glob("*.disk"):
            subprocess.run([DISK, str(node), str(cls.folder / "nodes" / node.stem)], check=True,
                           timeout=120, stdout=subprocess.DEVNULL)
        cls.history = json.loads((cls.folder / "history.json").read_text())
        cls.left, cls.records = retention_model.replay(cls.history)

    def gone(self, point):
        return {e["machine"] for e in self.history["events"]
                if e["what"] == "left" and e["stage"] < point["stages"]}

    def names_of(self, records):
        return {name for r in records for text in r.texts for name in NAME.findall(text)}

    def test_exactly_the_expected_records_remain_at_every_node(self):
        self.assertEqual([c["day"] for c in self.history["checkpoints"]],
                         ["2027-01-01", "2031-01-01", "2037-01-01"])
        for point in self.history["checkpoints"]:
            expected = self.left[point["stages"]]
            for node, documents in enumerate(point["nodes"]):
                # A record is there if any name that was put into it can be read.
                found = {id for id, fields in documents.items()
                         if self.is_there(self.records[id], fields)}
                self.assertEqual(found ^ expected, set(),
                                 [(point["day"], node, self.records[i].fields, i in expected)
                                  for i in sorted(found ^ expected)][:3])

    @staticmethod
    def is_there(record, fields):
        if record.type == "organisation":
            return fields.get("law_profile") == "dsgvo_bdsg"
        own = (record.fields.get("family_name") or record.fields.get("name") or
               record.fields["title"].split()[-1])
        return own in json.dumps(fields)

    def test_the_history_has_all_that_matters(self):
        by_class = {}
        for record in self.records.values():
            by_class.setdefault(record.name_of_class(), []).append(record)
        self.assertEqual(set(by_class), set(retention_model.CLASSES))
        for name, records in by_class.items():
            erased = sum(1 for r in records if r.erased)
            self.assertEqual(erased > 0, name != "L4", name)
        for name in retention_model.ENTRIES:
            of_kind = [r for r in self.records.values() if r.type == name]
            self.assertTrue(any(r.erased for r in of_kind), name)
            self.assertTrue(name == "notice" or not all(r.erased for r in of_kind), name)
        end = self.left[self.history["checkpoints"][-1]["stages"]]
        held = [r for r in self.records.values() if r.id in end and r.fields.get("restricted")]
        self.assertGreater(len(held), 2, "restricted records stay")
        answers = {r.answer for r in self.records.values() if r.erased and r.offered()}
        self.assertEqual(answers, {None, "taken", "declined"})
        founders = [r for r in self.records.values() if r.made.isoformat() < "2026-02-01" and
                    r.type == "contact" and r.name_of_class() == "L1"]
        self.assertEqual(len(founders), 25)
        self.assertTrue(all(r.erased for r in founders), "complete turnover")
        behind = [r for r in self.records.values() if r.left]
        kinds = {(r.type, r.name_of_class()) for r in behind if r.erased and r.erased >= r.left}
        for kind in (("contact", "L1"), ("meeting", "L3"), ("task", "L3"), ("organisation", "L5"),
                     ("minutes-frozen", "L3")):
            self.assertIn(kind, kinds, "what somebody left behind is erased by the others")
        self.assertEqual([r.fields for r in behind if r.type == "contact" and not r.erased], [])

    def test_the_protocols_tell_the_same_days(self):
        for point in self.history["checkpoints"]:
            today = retention_model.day_of(point["day"])
            for machine, lines in enumerate(point["protocols"]):
                told = {line["id"]: (line["day"], line["until"]) for line in lines}
                expected = {}
                for r in self.records.values():
                    if not r.erased or r.erased > today or machine in self.gone(point):
                        continue
                    # What somebody has left behind each of the others erases.
                    if r.machine != machine and not (r.left and r.erased >= r.left):
                        continue
                    kept = retention_model.months_later(r.erased, 12) + 180 * retention_model.DAY
                    if kept >= today:
                        expected[r.id] = (r.erased.isoformat(), r.until().isoformat())
                self.assertEqual(told, expected, (point["day"], machine))

    def test_names_of_what_was_erased_are_in_no_file(self):
        end = self.left[self.history["checkpoints"][-1]["stages"]]
        remain = self.names_of(r for r in self.records.values() if r.id in end)
        gone = self.names_of(self.records.values()) - remain
        former = {r.fields["family_name"] for r in self.records.values()
                  if r.type == "contact" and r.erased}
        self.assertGreater(len(former & gone), 30)
        held = b"".join(f.read_bytes() for f in (self.folder / "bundle").rglob("*") if f.is_file())
        last = self.history["checkpoints"][-1]
        for node in sorted((self.folder / "nodes").iterdir()):
            if int(node.stem) in self.gone(last):
                continue  # nobody can reach into the copy of who has left
            files = b"".join(f.read_bytes() for f in node.rglob("*") if f.is_file())
            self.assertEqual([n for n in remain if n.encode() not in files], [], "what is there")
            found = set(re.findall(rb"Qz[a-z]{8}", files)) & {n.encode() for n in gone}
            self.assertEqual(found, set(), node.name)
            hits = [n for n in sorted(former & gone) for s in spellings(n) if s in files + held]
            self.assertEqual(hits, [], node.name)

    def test_the_decisions_verify(self):
        answer = self.scratch.run("audit", "verify", self.folder / "bundle", "--net",
                                  self.history["network"], "--nonce", self.history["nonce"],
                                  "--report", self.folder / "report")
        self.assertEqual((answer["verdict"], answer["problems"]), ("complete", []))
        told = json.loads((self.folder / "report" / "bericht.json").read_text())
        self.assertEqual(len(told["decisions"]), len(self.history["decisions"]))
        for decision in told["decisions"]:
            self.assertEqual(decision["status"], "effective", decision["title"])
            self.assertIn(decision["number"][:4], decision["title"])
        self.assertGreater(answer["erased"], 500)
        done = subprocess.run([sys.executable, "-B", str(ORACLE / "verify_bundle.py"),
                               str(self.folder / "bundle"), "--net", self.history["network"],
                               "--nonce", self.history["nonce"]],
                              capture_output=True, timeout=120)
        self.assertEqual(done.returncode, answer.exit, done.stdout.decode() + done.stderr.decode())


if __name__ == "__main__":
    e2e.main()
