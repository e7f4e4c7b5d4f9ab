#!/usr/bin/python3
"""A running node whose disk is full, or fails: what it says, keeps, loses (nothing) and resumes."""
import contextlib
import os
import shutil
import subprocess
import time

import geflecht_e2e as e2e

TMPFS_MIB = 40
ROOM_BYTES = 96 * 1024
SHIM = os.environ.get("GEFLECHT_FAILING_SYNC_SHIM",
                      str(e2e.ROOT / "build" / "dev" / "tests" / "e2e" / "libfailing_sync.so"))
FULL = {"de": "Der Datenträger ist voll", "en": "The disk is full"}


def note(title):
    return ("POST", "/api/v1/documents", {"type": "note", "fields": {"title": title}})


class FullDisk(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        self.small = self.scratch.path / "small"
        self.small.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MIB}m", "tmpfs", self.small],
            capture_output=True, check=False).returncode == 0
        if not mounted:
            self.skipTest("SKIPPED: only root can mount a small file system")
        self.scratch.closing.callback(subprocess.run, ["umount", "-l", self.small], check=False)
        (self.one, self.partner), _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.one.dir = shutil.copytree(self.one.dir, self.small / "dir")
        self.filler = self.small / "filler"
        self.acknowledged = []

    def fill(self, room=ROOM_BYTES):
        """Leaves room for a few writes."""
        with open(self.filler, "ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"\0" * 65536):
                    pass
            with contextlib.suppress(OSError):
                while file.write(b"\0" * 4096):
                    pass
            file.truncate(file.tell() - room)

    def write_until_refused(self):
        """The title and the answer of the first write that was not acknowledged."""
        # The room that the journal has set aside, 9 MB, takes some thousands.
        for number in range(16000):
            title = f"{number} " + "x" * 240
            status, answer = self.one.call(*note(title))
            if status != 200:
                return title, answer
            self.acknowledged.append(title)
        return self.fail("a full disk refuses nothing")

    def titles(self, organisation):
        listed = organisation.call("GET", "/api/v1/documents")[1]["documents"]
        return {document.get("title") for document in listed}

    def status(self, organisation=None):
        return (organisation or self.one).call("GET", "/api/v1/status")[1]

    def assert_all_there(self):
        self.assertGreater(len(self.acknowledged), 0)
        self.assertEqual(set(self.acknowledged) - self.titles(self.one), set())

    def assert_said(self, exits, *words):
        """The same refusal for programs and for people of both languages."""
        answer = self.one.run(*words, exits=(exits,))
        self.assertEqual((answer["ok"], answer["code"]), (False, "no-space"))
        self.assertEqual(answer["hint"], "hint.disk-full")
        for lang, sentence in FULL.items():
            done = self.scratch.geflecht(*words, "--dir", self.one.dir, "--lang", lang)
            self.assertEqual(done.returncode, exits)
            self.assertIn(sentence, done.stderr.decode())
        return answer

    def test_it_reads_says_so_and_resumes_by_itself(self):
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal")
        self.fill()
        held, refusal = self.write_until_refused()
        self.assertEqual((refusal["code"], refusal["hint"]), ("no-space", "hint.held-in-memory"))
        self.assertEqual(self.one.call(*note("refused"))[1]["hint"], "hint.disk-full")
        new = ("doc", "new", "--type", "note", "--title", "refused")
        self.assert_said(e2e.FAILURE, *new)
        shown = self.assert_said(e2e.FAILURE, "status")
        self.assertTrue(shown["disk_full"] and shown["disk_full_since"])
        self.assert_all_there()
        self.one.run("doc", "list")

        # What the partner writes meanwhile is not taken, hence not confirmed.
        before = self.status()["entries"]
        self.assertEqual(self.partner.call(*note("of the partner"))[0], 200)
        time.sleep(1.5)
        self.assertEqual(self.status()["entries"], before)
        self.assertEqual(self.status(self.partner)["partners"]["stored"], 0)
        # What was acknowledged is at the partner already; what is only in memory is not.
        e2e.wait_until(lambda: set(self.acknowledged) <= self.titles(self.partner), "served")
        self.assertNotIn(held, self.titles(self.partner))
        self.assertTrue(node.is_alive())

        self.filler.unlink()
        e2e.wait_until(lambda: not self.status()["disk_full"], "it writes again by itself")
        self.assertEqual(self.one.call(*note("there is space again"))[0], 200)
        self.acknowledged += [held, "there is space again", "of the partner"]
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal again")
        self.assert_all_there()
        self.assertEqual(self.titles(self.one), self.titles(self.partner))
        node.kill()
        node.start()
        self.assert_all_there()
        self.assertIn("the disk is full", node.log())
        self.assertIn("the disk can be written again", node.log())

    def test_a_decision_that_is_made_meanwhile_is_certified_when_there_is_space(self):
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        id_ = self.one.run("proposal", "new", "--matter", "content", "--title", "Kasse")["id"]
        self.one.run("proposal", "vote", id_, "yes")
        e2e.wait_until(lambda: any(p["id"] == id_ and p["counts"]["yes"] == 1 for p in
                                   self.partner.run("proposal", "list")["proposals"]), "the vote")
        # Its journal has room set aside once it was written to: a new one has none.
        node.stop()
        node.start()
        self.fill()
        self.write_until_refused()
        self.assert_said(e2e.FAILURE, "proposal", "comment", id_, "Gern.")
        self.partner.run("proposal", "vote", id_, "yes")
        time.sleep(1)
        self.assertEqual(self.one.run("proposal", "show", id_)["status"], "open")
        self.filler.unlink()
        for member in (self.one, self.partner):
            e2e.wait_until(lambda m=member: m.run("proposal", "show", id_)["status"] == "effective",
                           "the certificate", 90)
        node.kill()
        node.start()
        self.assertEqual(self.one.run("proposal", "show", id_)["status"], "effective")

    def contact(self, **fields):
        status, answer = self.one.call("POST", "/api/v1/documents", {
            "type": "contact", "fields": {"family_name": "Quastenflosser", **fields}})
        self.assertEqual(status, 200, answer)
        return answer["id"]

    def confirmed(self, erasure):
        """Whether this organisation says that it is off its disk."""
        shown = self.one.run("privacy", "status", erasure)["erasures"][0]
        return any(o["organisation"] == self.one.name and o["confirmed_at"]
                   for o in shown["organisations"])

    def test_an_erasure_is_confirmed_only_when_there_was_room_to_rewrite_the_files(self):
        node = e2e.Node(self.one)
        for restart in (False, True):
            with self.subTest(restart=restart):
                second = self.contact()
                # The files are rewritten 20 seconds later, which takes room. A slow machine may
                # have done so before the disk is full.
                for _ in range(5):
                    first = self.contact()
                    erasure = self.one.run("privacy", "erase", first)["erasures"][0]
                    self.fill(room=0)
                    e2e.wait_until(lambda e=erasure: self.status()["disk_full"] or
                                   self.confirmed(e), "it finds that out", 60)
                    if not self.confirmed(erasure):
                        break
                    self.filler.unlink()
                    e2e.wait_until(lambda: not self.status()["disk_full"], "there is room", 60)
                else:
                    self.fail("the disk was never full in time")
                self.assertFalse(self.confirmed(erasure))
                self.assert_said(e2e.FAILURE, "privacy", "erase", second)
                self.assertFalse(self.confirmed(erasure))
                self.assertTrue(node.is_alive())
                if restart:
                    node.kill()
                    self.filler.unlink()
                    node.start()
                else:
                    self.filler.unlink()
                e2e.wait_until(lambda e=erasure: self.confirmed(e), "it is confirmed", 90)
                self.assertFalse(self.status()["disk_full"])
                names = {c["id"] for c in self.one.contacts()}
                self.assertNotIn(first, names)
                self.assertIn(second, names, "it was refused")
                again = self.one.run("privacy", "erase", second)["erasures"][0]
                e2e.wait_until(lambda e=again: self.confirmed(e), "so is the next one", 90)
        node.stop()

    def test_a_run_of_retention_on_a_full_disk_says_so_and_is_gone_on_with(self):
        node = e2e.Node(self.one)
        overdue = [self.contact(role_end="2019-03-01", retention_class="L1") for _ in range(3)]
        self.fill()
        self.write_until_refused()
        self.assert_said(e2e.FAILURE, "retention", "run", "--yes")
        self.assertEqual(self.one.run("retention", "protocol")["lines"], [])
        self.assertLessEqual(set(overdue), {c["id"] for c in self.one.contacts()})
        self.filler.unlink()
        e2e.wait_until(lambda: not self.status()["disk_full"], "it writes again by itself")
        done = self.one.run("retention", "run", "--yes")
        self.assertEqual({r["document"] for r in done["erased"]}, set(overdue))
        erasure = self.one.run("privacy", "status", overdue[0])["erasures"][0]["entry"]
        e2e.wait_until(lambda: self.confirmed(erasure), "it is confirmed", 90)
        node.stop()

    def test_ended_while_full_it_says_what_that_means(self):
        node = e2e.Node(self.one)
        self.fill()
        held, _ = self.write_until_refused()
        # Locking would lose what only the memory holds.
        self.assertEqual(self.one.call(*note("refused"))[0], 507)
        node.process.terminate()
        self.assertEqual(node.process.wait(timeout=e2e.WAIT_S), e2e.FAILURE)
        self.assertIn("ended while the disk was full", node.log())
        self.filler.unlink()
        node.start()
        self.assert_all_there()
        self.assertNotIn("refused", self.titles(self.one))
        self.assertLessEqual(self.titles(self.one), {*self.acknowledged, held})
        node.stop()


class FailingDisk(e2e.ScratchCase):
    def test_a_failed_sync_ends_the_node_and_is_not_repeated(self):
        if not os.path.exists(SHIM):
            self.skipTest(f"SKIPPED: {SHIM} is not built")
        one = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]
        fails = self.scratch.path / "fails"
        for lang, sentence in (("de", "Der Datenträger hat beim Speichern einen Fehler gemeldet"),
                               ("en", "The disk reported an error while saving")):
            self.scratch.environment.update(LD_PRELOAD=SHIM, GEFLECHT_FAILING_SYNC=str(fails))
            node = e2e.Node(one, options=["--lang", lang])
            self.scratch.environment.pop("LD_PRELOAD")
            title = f"acknowledged {lang}"
            self.assertEqual(one.call(*note(title))[0], 200)
            fails.touch()
            with self.assertRaises(OSError):
                one.call(*note("never acknowledged"))
            self.assertEqual(node.process.wait(timeout=e2e.WAIT_S), e2e.FAILURE)
            self.assertIn(sentence, node.log())
            failed = fails.read_text().splitlines()
            self.assertGreater(len(failed), 0, "the sync was reached")
            self.assertEqual(len(failed), len(set(failed)), f"a sync was repeated: {failed}")
            fails.unlink()
            node.start()
            self.assertIn(title, [d.get("title") for d in one.run("doc", "list")["documents"]])
            node.stop()


if __name__ == "__main__":
    e2e.main()
