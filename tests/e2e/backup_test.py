#!/usr/bin/python3
"""Backups: written while a node runs, checked, restored elsewhere; what is refused and why."""
import contextlib
import copy
import os
import shutil
import subprocess
import threading
import time

import geflecht_e2e as e2e

TMPFS_MIB = 24
CLOCK_SHIM = os.environ.get("GEFLECHT_SHIFTED_CLOCK_SHIM",
                            str(e2e.ROOT / "build" / "dev" / "tests" / "e2e" /
                                "libshifted_clock.so"))


def note(title):
    return ("POST", "/api/v1/documents", {"type": "note", "fields": {"title": title}})


class BackupCase(e2e.CliCase):
    def elsewhere(self, organisation):
        """The organisation on another machine: no directory, no anchor, the sheet at hand."""
        other = copy.copy(organisation)
        number = sum(1 for _ in self.scratch.path.glob("machine*"))
        home = self.scratch.path / f"machine{number}"
        home.mkdir()
        other.scratch = copy.copy(self.scratch)
        other.scratch.environment = {**self.scratch.environment, "HOME": str(home)}
        other.dir, other.secret = self.scratch.path / f"restored{number}", []
        return other

    def restore(self, organisation, file, *words, **options):
        other = self.elsewhere(organisation)
        answer = other.run("backup", "restore", file, "--sheet", organisation.sheet,
                           "--no-passphrase", *words, **options)
        return other, answer

    def refused(self, hint, *words, exits, organisation=None):
        run = (organisation or self.scratch).run
        answer = run(*words, exits=(exits,))
        self.assertEqual(answer["hint"], hint, answer)
        self.assertNotEqual(answer["message"], hint)
        return answer


class Erased(BackupCase):
    """T4 of domain.md: a backup, an erasure 60 days later, and the old backup after that."""
    SECRET = "Quastenflosser"

    def shift(self, days):
        """What is started from now on has a calendar that is so far ahead."""
        if not os.path.exists(CLOCK_SHIM):
            self.skipTest(f"SKIPPED: {CLOCK_SHIM} is not built")
        self.scratch.environment.update(LD_PRELOAD=CLOCK_SHIM, GEFLECHT_SHIFT_DAYS=str(days))

    def assert_shows_nothing(self, member, ids):
        """Of a node that runs and is held back, by any command or request."""
        out = self.scratch.path / "never"
        for words in (("doc", "list"), ("contact", "list"), ("doc", "show", ids[0]),
                      ("contact", "show", ids[1]), ("doc", "history", ids[0]),
                      ("privacy", "export", self.SECRET, "-o", out),
                      ("privacy", "access", self.SECRET, "-o", out),
                      ("contact", "export", "--format", "csv", "-o", out),
                      ("audit", "export", "-o", out), ("backup", "create", "-o", out)):
            answer = member.run(*words, exits=(e2e.LOCKED, e2e.USAGE))
            self.assertNotIn(self.SECRET, answer.out + answer.err, words)
            self.assertEqual(answer.exit, e2e.LOCKED, (words, answer))
        for target in ("", f"/{ids[0]}", f"/{ids[0]}/history", f"/{ids[0]}/text"):
            status, answer = member.call("GET", f"/api/v1/documents{target}")
            self.assertNotEqual(status, 200, target)
            self.assertNotIn(self.SECRET, str(answer))
        self.assertFalse(out.exists())

    def test_t4_an_old_backup_shows_nothing_before_the_erasures_are_here(self):
        (one, two), _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        partner = e2e.Node(two)
        node = e2e.Node(one, [partner.address])
        ids = []
        for type_, fields in (("note", {"title": self.SECRET}),
                              ("contact", {"family_name": self.SECRET}),
                              ("note", {"title": "kept"})):
            status, answer = one.call("POST", "/api/v1/documents",
                                      {"type": type_, "fields": fields})
            self.assertEqual(status, 200, answer)
            ids.append(answer["id"])
        backup = self.scratch.path / "backup"
        one.run("backup", "create", "-o", backup)
        e2e.wait_until(lambda: e2e.all_equal([node, partner]), "equal nodes")

        for running in (node, partner):
            running.stop()
        self.shift(60)
        partner.start()
        node.start()
        e2e.wait_until(lambda: e2e.all_equal([node, partner]), "equal nodes")
        self.assertEqual(one.run("status")["held_back"], None, "60 days are within the limit")
        for id_ in ids[:2]:
            one.run("privacy", "erase", id_)
        e2e.wait_until(lambda: e2e.all_equal([node, partner]), "the erasures")
        node.kill()

        again, answer = self.restore(one, backup)
        self.assertEqual(answer["left_out"], 0)
        line = e2e.TcpRecorder(self.scratch, partner.address)
        line.stall("down")  # it speaks to its partner and hears nothing
        restored = e2e.Node(again, [line.address])
        e2e.wait_until(lambda: line.connections > 0, "it dials")
        self.assert_shows_nothing(again, ids)
        restored.kill()
        restored.start()
        self.assert_shows_nothing(again, ids)
        line.stall()
        nodes = [restored, partner]
        e2e.wait_until(lambda: again.call("GET", "/api/v1/documents")[0] == 200, "it is open")
        # Whatever it shows from the first moment on, nothing of it was erased.
        shown = str(again.live_documents())
        self.assertNotIn(self.SECRET, shown)
        self.assertIn("kept", shown)
        e2e.wait_until(lambda: e2e.all_equal(nodes), "equal nodes")
        for member in (again, two):
            self.assertNotIn(self.SECRET, str(member.live_documents()))
            self.assertEqual(member.contacts(), [])
        device = again.run("status")["device"]
        for id_ in ids[:2]:
            erasure = two.run("privacy", "status", id_)["erasures"][0]["entry"]

            def confirms(erasure=erasure):
                shown = again.run("privacy", "status", erasure)["erasures"][0]
                return any(d["device"] == device and d["confirmed_at"]
                           for o in shown["organisations"] for d in o["devices"])
            e2e.wait_until(confirms, "it confirms again", 60)


class Drill(BackupCase):
    """A fire: one of three loses its machine and has a backup and the sheet."""

    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch)
        self.one, self.two, self.three = self.members
        self.nodes = [e2e.Node(self.one)]
        for member in self.members[1:]:
            self.nodes.append(e2e.Node(member, [n.address for n in self.nodes]))
        self.backup = self.scratch.path / "backup"

    def write(self, organisation, title):
        status, answer = organisation.call(*note(title))
        self.assertEqual(status, 200, answer)
        return answer["id"]

    def back_up_while_others_edit(self):
        stop = threading.Event()

        def edit(organisation):
            number = 0
            while not stop.is_set():
                self.write(organisation, f"{organisation.name} {number}")
                number += 1
                time.sleep(0.005)
        writers = [threading.Thread(target=edit, args=(m,)) for m in (self.one, self.two)]
        for writer in writers:
            writer.start()
        try:
            time.sleep(0.5)
            return self.one.run("backup", "create", "-o", self.backup)
        finally:
            stop.set()
            for writer in writers:
                writer.join()

    def lives_of(self, organisation, device):
        """From the names of an audit bundle's files."""
        folder = self.scratch.path / f"bundle{len(list(self.scratch.path.glob('bundle*')))}"
        space = organisation.run("audit", "export", "-o", folder)["network_space"]
        return {f.stem.split("-")[2] for f in (folder / "feeds").glob(f"{space}-{device}-*.log")}

    def test_a_lost_machine_comes_back(self):
        self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "equal nodes")
        before = self.one.live_documents()
        made = self.back_up_while_others_edit()
        status = self.one.run("status")
        self.assertEqual((status["backup"], status["backup_days"], status["backup_due"]),
                         (made["time"], 0, False))
        self.assertEqual(self.backup.stat().st_mode & 0o777, 0o600)
        self.assertEqual(made["bytes"], self.backup.stat().st_size)
        checked = self.scratch.run("backup", "verify", self.backup, "--sheet", self.one.sheet)
        self.assertEqual((checked["opened"], checked["entries"], checked["network"]),
                         (True, made["entries"], self.network))
        after = self.write(self.one, "after the backup")
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "equal nodes")
        device = status["device"]
        old = self.one.dir
        self.nodes[0].kill()
        self.assertEqual(len(self.lives_of(self.two, device)), 1)

        again, answer = self.restore(self.one, self.backup)
        self.assertEqual((answer["left_out"], answer["device"], answer["network"]),
                         (0, device, self.network))
        status = again.run("status", exits=(7,))
        self.assertEqual((status["backup"], status["held_back"]), (made["time"], "restored"))
        # Somebody may have erased something since: nothing is shown before a partner was met.
        for words in (("doc", "list"), ("contact", "list"), ("doc", "history", after),
                      ("contact", "export", "--format", "csv", "-o", self.scratch.path / "out.csv"),
                      ("backup", "create", "-o", self.scratch.path / "again.backup")):
            self.refused("hint.held-back-restored", *words, exits=7, organisation=again)
        nodes = [e2e.Node(again, [n.address for n in self.nodes[1:]]), *self.nodes[1:]]
        e2e.wait_until(lambda: e2e.all_equal(nodes), "equal nodes")
        self.assertIsNone(again.run("status")["held_back"])
        held = again.documents()
        for id_, fields in before.items():
            self.assertEqual(held[id_]["fields"], fields)
        self.assertIn(after, again.live_documents())
        self.write(again, "in a new life")
        e2e.wait_until(lambda: e2e.all_equal(nodes), "equal nodes")
        self.assertEqual(again.live_documents(), self.three.live_documents())
        self.assertEqual(self.two.live_documents(), self.three.live_documents())
        self.assertEqual(len(self.lives_of(self.two, device)), 2)
        self.both_write(nodes, old, device)

    def both_write(self, nodes, old, device):
        """The old machine was not lost after all: two writers, and nothing is torn."""
        self.one.dir = old
        old_node = e2e.Node(self.one, [n.address for n in nodes[1:]])
        ids = [self.write(self.one, "from the old machine"),
               self.write(nodes[0].organisation, "from the new machine")]
        for organisation in (self.two, self.three):
            e2e.wait_until(lambda: set(ids) <= set(organisation.live_documents()), "both notes")
            self.assertEqual(organisation.run("status")["forks"], [])
        self.assertEqual(len(self.lives_of(self.two, device)), 2)
        self.assertTrue(old_node.is_alive())

    def test_restored_beside_the_running_node_whose_anchor_still_fits(self):
        self.write(self.one, "before")
        self.one.run("backup", "create", "-o", self.backup)
        device = self.one.run("status")["device"]
        again = copy.copy(self.one)
        again.dir = self.scratch.path / "beside"
        again.run("backup", "restore", self.backup, "--sheet", self.one.sheet, "--no-passphrase")
        self.refused("hint.open-confirm", "open", exits=2, organisation=again)
        opened = again.run("open", "--yes")["opened_by_hand"]
        self.assertEqual(again.run("status")["opened_by_hand"], opened)
        self.refused("hint.not-held-back", "open", "--yes", exits=5, organisation=again)
        ids = [again.run("doc", "new", "--type", "note", "--title", "new place")["id"],
               self.write(self.one, "old place")]
        again.run("sync", self.nodes[1].address)
        e2e.wait_until(lambda: set(ids) <= set(self.three.live_documents()), "both notes")
        self.assertEqual(self.three.run("status")["forks"], [])
        self.assertEqual(len(self.lives_of(self.three, device)), 2)

    def test_a_new_device_after_a_theft(self):
        self.write(self.one, "before")
        self.one.run("backup", "create", "-o", self.backup)
        stolen = self.one.run("status")["device"]
        self.nodes[0].kill()
        again, answer = self.restore(self.one, self.backup, "--new-device")
        self.assertNotEqual(answer["device"], stolen)
        card = self.scratch.path / "new.card"
        again.run("card", "-o", card)
        self.two.run("device", "add", card)
        again.run("sync", self.nodes[1].address)
        again.run("device", "revoke", stolen)
        self.assertEqual(again.run("sync", self.nodes[1].address)["state"], "equal")
        self.assertFalse(next(d for d in self.two.run("device", "list")["devices"]
                              if d["device"] == stolen)["entitled"])


class Refused(BackupCase):
    def setUp(self):
        super().setUp()
        (self.one, self.other), _ = e2e.found_network(
            self.scratch, e2e.ORGANISATIONS[:2])
        for number in range(6):
            self.one.run("doc", "new", "--type", "note", "--title", f"Notiz {number}")
        self.backup = self.scratch.path / "backup"

    def create(self, *words, **options):
        return self.one.run("backup", "create", "-o", self.backup, *words, **options)

    def verify_errors(self, file, hint, exits):
        for words in ([], ["--sheet", self.one.sheet]):
            self.refused(hint, "backup", "verify", file, *words, exits=exits)
        other = self.elsewhere(self.one)
        self.refused(hint, "backup", "restore", file, "--sheet", self.one.sheet,
                     "--no-passphrase", exits=exits, organisation=other)
        self.assertFalse(other.dir.exists())

    def test_files_that_are_no_whole_backup(self):
        made = self.create()
        data = self.backup.read_bytes()
        file = self.scratch.path / "bad"
        for size in (0, 600, len(data) - 1):
            file.write_bytes(data[:size])
            self.verify_errors(file, "hint.backup-cut", e2e.FAILURE)
        for at in (300, 1000, len(data) - 40):
            file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
            self.verify_errors(file, "hint.backup-damaged", e2e.FAILURE)
        self.verify_errors(self.one.card, "hint.backup-foreign", e2e.FAILURE)
        file.write_bytes(data.replace(b"backup@v1", b"backup@v7", 1))
        self.verify_errors(file, "hint.backup-version", e2e.FAILURE)
        self.verify_errors(self.scratch.path / "nothing", "hint.file-missing", e2e.NOT_FOUND)
        for verb in ("verify", "restore"):
            other = self.elsewhere(self.other)
            self.refused("hint.backup-other-sheet", "backup", verb, self.backup, "--sheet",
                         self.other.sheet, *(["--no-passphrase"] if verb == "restore" else []),
                         exits=e2e.VERIFICATION, organisation=other)
            self.assertFalse(other.dir.exists())
        closed = self.scratch.run("backup", "verify", self.backup)
        self.assertEqual((closed["opened"], closed["entries"], closed["time"]),
                         (False, None, made["time"]))

    def test_nothing_is_replaced_unasked(self):
        self.backup.write_text("something else")
        self.refused("hint.backup-exists", "backup", "create", "-o", self.backup,
                     exits=e2e.CONFLICT, organisation=self.one)
        self.assertEqual(self.backup.read_text(), "something else")
        self.create("--yes")
        self.scratch.run("backup", "verify", self.backup)
        self.assertEqual(sorted(p.name for p in self.scratch.path.glob("backup*")), ["backup"])
        full = self.elsewhere(self.one)
        full.dir.mkdir()
        (full.dir / "file").write_text("mine")
        self.refused("hint.restore-not-empty", "backup", "restore", self.backup, "--sheet",
                     self.one.sheet, "--no-passphrase", exits=e2e.CONFLICT, organisation=full)
        self.assertEqual([p.name for p in full.dir.iterdir()], ["file"])

    def test_a_directory_of_an_older_version_needs_the_sheet_once(self):
        (self.one.dir / "backup-key").unlink()
        self.refused("hint.backup-key-missing", "backup", "create", "-o", self.backup,
                     exits=e2e.NOT_FOUND, organisation=self.one)
        self.refused("hint.sheet-of-other-organisation", "backup", "create", "-o", self.backup,
                     "--sheet", self.other.sheet, exits=e2e.VERIFICATION, organisation=self.one)
        self.assertFalse(self.backup.exists())
        self.create("--sheet", self.one.sheet)
        self.create("--yes")
        shutil.copy(self.other.dir / "backup-key", self.one.dir / "backup-key")
        self.refused("hint.backup-key-damaged", "backup", "create", "-o", self.backup, "--yes",
                     exits=e2e.VERIFICATION, organisation=self.one)
        self.scratch.run("backup", "verify", self.backup, "--sheet", self.one.sheet)

    def test_status_and_doctor_say_how_old_it_is(self):
        status = self.one.run("status")
        self.assertEqual((status["backup"], status["backup_days"], status["backup_due"]),
                         (None, None, True))
        for lang, words in (("de", "noch keine; „geflecht backup create"),
                            ("en", "none yet; \"geflecht backup create")):
            done = self.scratch.geflecht("status", "--dir", self.one.dir, *self.one.secret,
                                         "--lang", lang)
            self.assertIn(words, done.stdout.decode())

        def finding():
            found = self.one.run("doctor", exits=(0, e2e.PARTIAL))["findings"]
            return next(f for f in found if f["check"] == "backup")
        self.assertEqual(finding()["state"], "warning")
        self.create()
        self.assertEqual(finding()["state"], "ok")
        done = self.scratch.geflecht("status", "--dir", self.one.dir, *self.one.secret,
                                     "--lang", "de")
        self.assertIn("vor 0 Tagen", done.stdout.decode())

    def test_a_restore_that_was_killed(self):
        self.create()
        again = self.elsewhere(self.one)
        words = [e2e.GEFLECHT, "backup", "restore", self.backup, "--dir", again.dir, "--sheet",
                 self.one.sheet, "--no-passphrase", "--quiet"]
        mark = again.dir / "restore-unfinished"
        met = 0
        for _ in range(20):
            child = again.scratch.popen(*words, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
            while child.poll() is None and not mark.exists():
                time.sleep(0.001)
            e2e.end_process(child)
            if not mark.exists():
                shutil.rmtree(again.dir, ignore_errors=True)
                continue
            met += 1
            for command in (("status",), ("doctor",), ("init", "--org", "X", "--no-passphrase"),
                            ("backup", "create", "-o", "f")):
                answer = again.run(*command, exits=(e2e.NOT_INITIALISED,))
                self.assertEqual(answer["hint"], "hint.restore-unfinished", command)
                self.assertIn("geflecht backup restore", answer["message"])
            with self.assertRaises(AssertionError) as refused:
                e2e.Node(again)
            self.assertIn("geflecht backup restore", str(refused.exception))
            break
        self.assertEqual(met, 1, "no restore was met under way")
        again.run("backup", "restore", self.backup, "--sheet", self.one.sheet, "--no-passphrase")
        again.run("open", "--yes")
        self.assertEqual(again.documents(), self.one.documents())
        self.assertFalse(mark.exists())

    def test_a_full_disk_leaves_nothing_behind(self):
        small = self.scratch.path / "small"
        small.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MIB}m", "tmpfs", small],
            capture_output=True, check=False).returncode == 0
        if not mounted:
            self.skipTest("SKIPPED: only root can mount a small file system")
        self.scratch.closing.callback(subprocess.run, ["umount", "-l", small], check=False)
        self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        made = self.create()
        with open(small / "filler", "ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"\0" * 4096):
                    pass
            file.truncate(file.tell() - made["bytes"] // 2)
        answer = self.refused("hint.backup-no-space", "backup", "create", "-o", small / "backup",
                              exits=e2e.FAILURE, organisation=self.one)
        self.assertEqual(answer["code"], "no-space")
        self.assertEqual([p.name for p in small.iterdir()], ["filler"])
        again = self.elsewhere(self.one)
        again.dir = small / "restored"
        self.refused("hint.restore-no-space", "backup", "restore", self.backup, "--sheet",
                     self.one.sheet, "--no-passphrase", exits=e2e.FAILURE, organisation=again)
        self.assertEqual([p.name for p in small.iterdir()], ["filler"])


class Alone(BackupCase):
    def test_an_organisation_without_a_network(self):
        one = self.plain()
        file = self.scratch.path / "backup"
        self.assertEqual(one.run("backup", "create", "-o", file)["entries"], 0)
        again, answer = self.restore(one, file)
        self.assertEqual((answer["network"], answer["device"]),
                         (None, one.run("status")["device"]))
        self.assertIsNone(again.run("status")["network"])


if __name__ == "__main__":
    e2e.main()
