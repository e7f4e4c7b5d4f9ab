#!/usr/bin/python3
"""What both programs do before anything else: an unfit libsodium ends them, and their memory goes
into no core dump and to no other process of the user."""
import os
import pathlib
import pty
import re
import subprocess

import geflecht_e2e as e2e

SHIM = os.environ.get("GEFLECHT_BAD_SODIUM_SHIM",
                      str(e2e.ROOT / "build" / "dev" / "tests" / "e2e" / "libbad_sodium.so"))
NOBODY = 65534
FAULTS = {"starts": "libsodium does not start",
          "accepts": "accepts a damaged signature",
          "refuses": "refuses a good signature",
          "orders": "CVE-2025-69277"}


def core_limits(pid):
    """Soft and hard limit of core dumps."""
    text = pathlib.Path(f"/proc/{pid}/limits").read_text()
    return re.search(r"Max core file size +(\S+) +(\S+)", text).groups()


def owner(pid):
    """Who may read the process: root alone once it gives up being dumpable (proc(5))."""
    return os.stat(f"/proc/{pid}/mem").st_uid


class UnfitLibrary(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        if not os.path.exists(SHIM):
            self.skipTest(f"SKIPPED: {SHIM} is not built")
        self.scratch.environment["LD_PRELOAD"] = SHIM

    def test_ends_the_command_line_before_it_makes_anything(self):
        folder = self.scratch.path / "new"
        words = ("init", "--org", "Praxis Mondviole", "--dir", folder, "--no-passphrase",
                 "--sheet", self.scratch.path / "sheet")
        for fault, reason in FAULTS.items():
            self.scratch.environment["GEFLECHT_BAD_SODIUM"] = fault
            answer = self.scratch.run(*words, exits=(e2e.FAILURE,))
            self.assertEqual(answer["code"], "internal", answer)
            self.assertIn(reason, answer.out)
            self.assertFalse(folder.exists())
            for lang in ("de", "en"):
                self.assertIn(reason, self.scratch.geflecht(*words, "--lang", lang).stderr.decode())
        self.scratch.environment["GEFLECHT_BAD_SODIUM"] = "none"
        self.scratch.run(*words)

    def test_ends_the_node(self):
        self.scratch.environment["GEFLECHT_BAD_SODIUM"] = "none"
        one = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]
        for fault, reason in FAULTS.items():
            self.scratch.environment["GEFLECHT_BAD_SODIUM"] = fault
            done = subprocess.run([e2e.GEFLECHTD, "--dir", one.dir, "--listen", "127.0.0.1:0"],
                                  env=self.scratch.environment, capture_output=True, check=False,
                                  timeout=e2e.WAIT_S)
            self.assertEqual(done.returncode, e2e.FAILURE)
            self.assertIn(reason, done.stderr.decode())
            self.assertEqual(done.stdout, b"")
        self.scratch.environment["GEFLECHT_BAD_SODIUM"] = "none"
        e2e.Node(one).stop()


class Memory(e2e.ScratchCase):
    """As a user without rights where that can be: everything is readable to root anyway."""

    def setUp(self):
        super().setUp()
        self.user = None
        programs = (e2e.GEFLECHT, e2e.GEFLECHTD)
        if os.geteuid() == 0 and all(subprocess.run(
                ["test", "-x", program], user=NOBODY, group=NOBODY, extra_groups=(),
                check=False).returncode == 0 for program in programs):
            self.user = NOBODY
            for path in (self.scratch.path, *self.scratch.path.iterdir()):
                os.chown(path, NOBODY, NOBODY)

    def popen(self, *words, **options):
        if self.user:
            options.update(user=self.user, group=self.user, extra_groups=())
        return self.scratch.popen(*words, **options)

    def assert_private(self, pid):
        self.assertEqual(core_limits(pid), ("0", "0"))
        if self.user or os.geteuid() != 0:
            self.assertEqual(owner(pid), 0, "other processes of the user may read it")

    def test_of_the_command_line_that_asks_for_a_passphrase(self):
        words = [e2e.GEFLECHT, "init", "--org", "Praxis Mondviole", "--lang", "en", "--dir",
                 str(self.scratch.path / "new"), "--sheet", str(self.scratch.path / "sheet")]
        pid, terminal = pty.fork()
        if pid == 0:
            if self.user:
                os.setgroups([])
                os.setgid(self.user)
                os.setuid(self.user)
            os.execve(words[0], words, self.scratch.environment)
        try:
            asked = b""
            while b"assphrase" not in asked:
                asked += os.read(terminal, 4096)
            self.assert_private(pid)
        finally:
            os.write(terminal, b"\x03")
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), e2e.INTERRUPTED)
            os.close(terminal)

    def test_of_the_node(self):
        # A process of the same user that gives nothing up is readable: so the test sees it.
        other = self.popen("sleep", "60")
        if self.user or os.geteuid() != 0:
            e2e.wait_until(lambda: owner(other.pid) != 0, "a process like any other")
        folder = self.scratch.path / "org.d"
        words = ("--lang", "en", "--dir", folder)
        sheet, draft, signature, founding = (self.scratch.path / name for name in
                                             ("sheet", "draft", "sig", "founding"))
        card = self.scratch.path / "card"
        for command in (("init", "--org", "Praxis Mondviole", "--no-passphrase", "--sheet", sheet),
                        ("card", "-o", card),
                        ("network", "draft", "--name", e2e.NETWORK, "--founder", card, "-o", draft),
                        ("network", "sign", draft, "--sheet", sheet, "-o", signature),
                        ("network", "found", draft, signature, "-o", founding)):
            done = self.popen(e2e.GEFLECHT, *command, *words, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.assertEqual(done.wait(timeout=e2e.WAIT_S), 0, done.stderr.read())
        node = self.popen(e2e.GEFLECHTD, *words, "--listen", "127.0.0.1:0",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.assertTrue(node.stdout.readline())
        self.assert_private(node.pid)


if __name__ == "__main__":
    e2e.main()
