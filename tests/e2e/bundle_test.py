#!/usr/bin/python3
"""Audit bundles of a network that has edited and merged: whole, damaged, cut, of another one."""
import hashlib
import json
import pathlib
import shutil

import geflecht_e2e as e2e

VALID = 2  # valid; nothing can be sealed, so completeness is not claimed (docs/formats/bundle.md)


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Bundles(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch)
        self.merge()
        self.count = 0

    def merge(self):
        """Import, offline edits on three sides, a conflict, its resolution."""
        first, second, third = self.members
        first.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.note = first.run("doc", "new", "--type", "note", "--title", "Minutes")["id"]
        node = e2e.Node(first)
        for member in (second, third):
            member.run("sync", node.address)
            contact = member.contacts()[0]["id"]
            member.run("doc", "text", self.note, stdin=f"written by {member.name}\n")
            member.run("contact", "set", contact, "phone", f"0221 4710-{len(member.name):03}")
        for member in (second, third, second):
            member.run("sync", node.address)
        conflicts = first.run("doc", "conflicts", exits=(5,))["conflicts"]
        first.run("doc", "resolve", conflicts[0]["doc"], conflicts[0]["path"], "--take", "0")
        for member in (second, third):
            member.run("sync", node.address)
        self.node = node

    def export(self, member, *options):
        self.count += 1
        folder = self.scratch.path / f"bundle{self.count}"
        member.run("audit", "export", "-o", folder, *options)
        return folder

    def verify(self, folder, exits=(VALID,), network=None, lang="en"):
        answer = self.scratch.run("audit", "verify", folder, "--net", network or self.network,
                                  exits=exits, lang=lang)
        people = self.scratch.geflecht("audit", "verify", folder, "--net",
                                       network or self.network, "--lang", lang)
        self.assertEqual(people.returncode, answer.exit)
        return answer, (people.stdout + people.stderr).decode()

    def test_a_whole_bundle_is_valid_at_each_member(self):
        counts = set()
        for member in self.members:
            report, _ = self.verify(self.export(member))
            self.assertEqual((report["problems"], report["problem_count"]), ([], 0))
            self.assertEqual(len(report["members"]), 3)
            counts.add((report["entries"], report["feeds"]))
        self.assertEqual(len(counts), 1, "the same entries everywhere")

    def test_opening_shows_content_and_not_opening_shows_none(self):
        first = self.members[0]
        status = self.export(first)
        self.assertNotIn(b"Minutes", b"".join(content(status).values()))
        answer = first.run("audit", "export", "-o", self.scratch.path / "other")
        opened = self.export(first, "--open", answer["network_space"])
        self.assertIn(b"Minutes", b"".join(content(opened).values()))
        self.verify(opened)

    def test_node_and_command_export_the_same_feeds(self):
        through_node = content(self.export(self.members[0]))
        self.node.stop()
        in_process = content(self.export(self.members[0]))
        for name in set(through_node) | set(in_process):
            if name.startswith(("feeds/", "bodies/", "keys/", "charter")):
                self.assertEqual(through_node.get(name), in_process.get(name), name)

    def test_a_changed_byte_in_any_file_is_named(self):
        random = e2e.seeded_random()
        whole = self.export(self.members[1])
        for name, data in content(whole).items():
            path = whole / name
            for at in {0, len(data) // 2, random.randrange(len(data)), len(data) - 1}:
                path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
                report, text = self.verify(whole, exits=(1,))
                self.assertEqual(report["verdict"], "invalid")
                self.assertTrue(any(p["file"] == name or p["file"].startswith("MANIFEST")
                                    for p in report["problems"]), (name, report["problems"]))
                self.assertTrue(name in text or "MANIFEST" in text, text)
            path.write_bytes(data)
        self.verify(whole)

    def test_a_missing_an_extra_and_a_foreign_file(self):
        whole = self.export(self.members[1])
        manifest = (whole / "MANIFEST.sha256").read_text().splitlines()
        for name, data in content(whole).items():
            (whole / name).unlink()
            report, _ = self.verify(whole, exits=(1,))
            places = [p["file"] if p["file"] != "MANIFEST.sha256" or not p["line"]
                      else manifest[p["line"] - 1].split("  ")[1] for p in report["problems"]]
            self.assertIn(name, places, report["problems"][:5])
            (whole / name).write_bytes(data)
        (whole / "feeds" / "extra.log").write_bytes(b"")
        report, _ = self.verify(whole, exits=(1,))
        self.assertIn("feeds/extra.log", str(report["problems"]))
        (whole / "feeds" / "extra.log").unlink()
        self.verify(whole)

    def test_cut_and_exchanged_feeds(self):
        whole = self.export(self.members[2])
        feeds = sorted((whole / "feeds").glob("*.log"), key=lambda p: p.stat().st_size)
        data = feeds[-1].read_bytes()
        records = data.split(b"\n\n")
        for damaged in (data[:len(data) // 2], b"\n\n".join(records[1:]),
                        b"\n\n".join(records[:1] + records[2:]),
                        b"\n\n".join(records[:1] + records[:1] + records[1:])):
            feeds[-1].write_bytes(damaged)
            self.verify(whole, exits=(1,))
        feeds[-1].write_bytes(data)
        feeds[-1].rename(feeds[-1].with_suffix(".tmp"))
        shutil.copy(feeds[0], feeds[-1])
        self.verify(whole, exits=(1, 3))

    def test_another_network_and_no_bundle(self):
        whole = self.export(self.members[0])
        report, german = self.verify(whole, exits=(1,), network="0" * 64, lang="de")
        self.assertIn("foreign-charter", str(report["problems"]))
        self.assertIn("NICHT gültig", german[:200])
        for network in ("abc", self.network.upper(), ""):
            self.scratch.run("audit", "verify", whole, f"--net={network}", exits=(4,))
        empty = self.scratch.path / "empty"
        empty.mkdir()
        self.scratch.run("audit", "verify", empty, "--net", self.network, exits=(4,))
        self.scratch.run("audit", "verify", self.scratch.path / "gone", "--net", self.network,
                         exits=(4,))
        (whole / "README.txt").unlink()
        (whole / "README.txt").symlink_to("/etc/hostname")
        self.scratch.run("audit", "verify", whole, "--net", self.network, exits=(4,))

    def test_archives_parts_receipts_and_reports(self):
        first = self.members[0]
        archive = self.scratch.path / "bundle.zip"
        answer = first.run("audit", "export", "-o", archive, "--nonce", "00ff")
        space = answer["network_space"]
        kept = self.scratch.path / "kept"
        report = self.scratch.run("audit", "verify", archive, "--net", self.network, "--report",
                                  kept, exits=(VALID,))
        self.assertEqual(report["export"]["nonce"], "00ff")
        html = (kept / "bericht.html").read_text()
        self.assertIn("Prüfbericht", html)
        self.assertIn("Audit report", html)
        self.assertNotIn("<script", html)
        facts = json.loads((kept / "bericht.json").read_text())
        self.assertEqual(facts["schema"], "geflecht-report@v1")
        self.assertEqual(facts["entries"], report["entries"])
        first.run("contact", "set", first.contacts()[0]["id"], "phone", "0221 1")
        later = self.export(first, "--level", "scope", "--space", space, "--from", "2000-01-01")
        again = self.scratch.run("audit", "verify", later, "--net", self.network, "--mode", "fast",
                                 "--known-heads", kept / "heads.txt", exits=(VALID,))
        self.assertGreater(again["entries"], report["entries"])
        self.assertEqual(again["mode"], "fast")
        self.assertNotIn("stale", str(again["spaces"]))
        newer = self.scratch.path / "newer"
        self.scratch.run("audit", "verify", later, "--net", self.network, "--report", newer,
                         exits=(VALID,))
        older = self.scratch.run("audit", "verify", archive, "--net", self.network,
                                 "--known-heads", newer / "heads.txt", exits=(VALID,))
        self.assertIn("stale", str(older["spaces"]))
        entry = max(again["heads"], key=lambda head: head["entries"])
        text = next(later.glob(f"feeds/{entry['space']}-{entry['device']}-*.log")).read_bytes()
        header = text.split(b"\n\n")[0].split(b"\nsig ")[0] + b"\n"
        receipt = self.export(first, "--level", "receipt", "--entry",
                              hashlib.sha256(b"\0" + header).hexdigest())
        proven = self.scratch.run("audit", "verify", receipt, "--net", self.network,
                                  exits=(VALID,))
        self.assertIn("receipt", proven["spaces"][0]["open_points"])
        for options in (("--level", "half"), ("--level", "receipt"), ("--from", "2026-01-01"),
                        ("--level", "scope", "--from", "gestern"), ("--nonce", "xyz")):
            self.members[0].run("audit", "export", "-o", self.scratch.path / "never", *options,
                                exits=(2,))
        self.scratch.run("audit", "verify", archive, "--net", self.network, "--mode", "slow",
                         exits=(4,))

    def test_an_export_replaces_nothing(self):
        whole = self.export(self.members[0])
        before = content(whole)
        self.members[0].run("audit", "export", "-o", whole, exits=(9,))
        self.assertEqual(content(whole), before)
        self.assertTrue(all(pathlib.Path(whole, n).stat().st_mode & 0o077 == 0 for n in before))


if __name__ == "__main__":
    e2e.main()
