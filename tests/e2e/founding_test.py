#!/usr/bin/python3
"""Founding, locking, exchange by the command line: bad files, strangers, interruption."""
import signal
import subprocess
import time

import geflecht_e2e as e2e

PASSPHRASE = "vier kleine Igel"
# A file that is damaged, of another network or of no kind at all.
REFUSED = (e2e.FAILURE, e2e.CONFLICT, e2e.VERIFICATION, e2e.FORBIDDEN)
REFUSALS = ("malformed", "too-large", "conflict", "verification", "not-permitted")


class Founding(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.one, self.two, self.three = (self.plain(n) for n in e2e.ORGANISATIONS[:3])
        self.draft, self.founding = self.scratch.path / "draft", self.scratch.path / "founding"
        self.one.run("network", "draft", "--name", e2e.NETWORK, "--founder", self.one.card,
                     self.two.card, "-o", self.draft)
        self.signatures = [self.sign(member, self.draft) for member in (self.one, self.two)]

    def sign(self, member, draft):
        signature = self.scratch.path / f"{member.dir.stem}.{draft.name}.sig"
        member.run("network", "sign", draft, "--sheet", member.sheet, "-o", signature)
        return signature

    def found(self, *signatures):
        return ["network", "found", self.draft, *signatures, "-o", self.founding, "--dir",
                self.one.dir]

    def test_missing_and_foreign_signatures(self):
        first, second = self.signatures
        self.assert_error(e2e.FORBIDDEN, "not-permitted", *self.found(first))
        other = self.scratch.path / "other"
        self.three.run("network", "draft", "--name", "Other", "--founder", self.three.card, "-o",
                       other)
        foreign = self.sign(self.three, other)
        for signature in (foreign, self.one.card, self.draft, "/dev/null"):
            answer = self.scratch.run(*self.found(first, second, signature), exits=REFUSED)
            self.assertIn(answer["code"], REFUSALS)
        self.assert_error(e2e.FORBIDDEN, "not-permitted", "network", "sign", self.draft, "--dir",
                          self.three.dir, "--sheet", self.three.sheet, "-o", "x")
        self.assert_error(e2e.FORBIDDEN, "not-permitted", "network", "sign", self.draft, "--dir",
                          self.one.dir, "--sheet", self.two.sheet, "-o", "x")
        self.assertFalse(self.founding.exists())
        self.assertIsNone(self.one.run("status")["network"])

    def spoil(self, source, use):
        """Every kind of damage to the file `source`; `use` gets the damaged copy."""
        random = e2e.seeded_random()
        data, copy = source.read_bytes(), self.scratch.path / "spoilt"
        at = sorted({0, len(data) - 1, *random.sample(range(len(data)), 12)})
        damaged = [data[:i] + bytes([data[i] ^ (1 << random.randrange(8))]) + data[i + 1:]
                   for i in at]
        damaged += [b"", data[:-1], data + b"\n", data + data, data.replace(b"\n", b"\r\n"),
                    b"\xef\xbb\xbf" + data, data.upper(), b"\0" * len(data),
                    data[:len(data) // 2] + b"\xff" * 100_000]
        for content in damaged:
            copy.write_bytes(content)
            answer = use(copy)
            self.assertIn(answer["code"], REFUSALS, content)
            self.assertTrue(answer["message"])

    def test_spoilt_cards(self):
        self.spoil(self.two.card, lambda copy: self.one.run(
            "network", "draft", "--name", "N", "--founder", copy, "-o", "d",
            exits=REFUSED))

    def test_spoilt_signatures(self):
        first, second = self.signatures
        self.spoil(second, lambda copy: self.scratch.run(
            *self.found(first, copy), exits=REFUSED))
        self.assertFalse(self.founding.exists())

    def test_spoilt_foundings_and_a_second_network(self):
        self.scratch.run(*self.found(*self.signatures))
        self.spoil(self.founding, lambda copy: self.two.run(
            "network", "join", copy, exits=REFUSED))
        self.assert_error(e2e.FORBIDDEN, "not-permitted", "network", "join", self.founding, "--dir",
                          self.three.dir)
        self.two.run("network", "join", self.founding)
        again = self.two.run("network", "join", self.founding, exits=(0, e2e.CONFLICT))
        self.assertIn(again.exit, (0, e2e.CONFLICT))
        second = self.scratch.path / "second"
        self.draft, self.founding = second, self.scratch.path / "second-founding"
        self.three.run("network", "draft", "--name", "Second", "--founder", self.two.card,
                       self.three.card, "-o", second)
        signatures = [self.sign(member, second) for member in (self.two, self.three)]
        self.three.run("network", "found", second, *signatures, "-o", self.founding)
        self.assert_error(e2e.CONFLICT, "conflict", "network", "join", self.founding, "--dir",
                          self.two.dir)
        self.assertEqual(self.two.run("status")["network"]["name"], e2e.NETWORK)


class Locking(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2],
                                            passphrases=[PASSPHRASE])
        self.one, self.two = self.members

    def test_lock_and_unlock(self):
        node = e2e.Node(self.one)
        other = e2e.Node(self.two, [node.address])
        nodes = [node, other]
        e2e.wait_until(lambda: e2e.all_equal(nodes), "equal state")
        self.assertTrue(self.one.run("lock")["locked"])
        self.one.run("lock", exits=(0, e2e.LOCKED))
        answer = self.one.run("status", exits=(e2e.LOCKED,))
        self.assertTrue(answer["locked"])
        self.assertNotIn("organisation", answer)
        for words in (["contact", "list"], ["doc", "list"], ["network", "members"],
                      ["sync", other.address], ["card", "-o", "x"],
                      ["doc", "new", "--type", "note", "--title", "x"]):
            self.assert_error(e2e.LOCKED, "locked", *words, "--dir", self.one.dir, *self.one.secret)
        e2e.wait_until(lambda: not other.partners()[0]["connected"], "the partner sees it")
        wrong = self.file("wrong", b"nonsense\n")
        unlock = ["unlock", "--dir", self.one.dir]
        self.assert_error(e2e.LOCKED, "wrong-passphrase", *unlock, "--passphrase-file", wrong)
        self.one.run("status", exits=(e2e.LOCKED,))
        self.assertFalse(self.one.run("unlock")["locked"])
        self.assertFalse(self.one.run("unlock")["locked"])
        node.address = self.one.run("status")["listening"]
        self.two.run("doc", "new", "--type", "note", "--title", "after the lock")
        self.two.run("sync", node.address)
        self.assertEqual(self.one.run("doc", "list")["documents"][0]["title"], "after the lock")
        self.assertTrue(node.is_alive())
        self.assert_error(e2e.USAGE, "usage", "lock", "--dir", self.two.dir)

    def test_a_node_that_starts_locked(self):
        secret, self.one.secret = self.one.secret, []
        e2e.Node(self.one, options=["--locked"])
        self.one.run("status", exits=(e2e.LOCKED,))
        self.one.secret = secret
        self.one.run("unlock")
        self.assertFalse(self.one.run("status")["locked"])

    def test_a_passphrase_file_of_two_lines_opens_for_node_and_command(self):
        file = self.file("lines", PASSPHRASE.encode() + b"\nnot the passphrase\n")
        self.one.secret = ["--passphrase-file", str(file)]
        self.one.run("status")
        e2e.Node(self.one)


class Exchange(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.one, self.two = self.members

    def test_sync_of_two_directories_with_one_node(self):
        node = e2e.Node(self.one)
        self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.two.run("doc", "new", "--type", "note", "--title", "of the other")
        answer = self.two.run("sync", node.address)
        self.assertEqual(answer["state"], "equal")
        self.assertEqual(self.one.documents(), self.two.documents())
        self.assertEqual(len(self.two.contacts()), 60)
        people = self.scratch.geflecht("sync", node.address, "--dir", self.two.dir, "--lang", "de")
        self.assertEqual((people.returncode, people.stderr), (0, b""))
        self.assertIn(node.address, people.stdout.decode())

    def test_sync_with_nobody_and_with_strangers(self):
        two = ["--dir", self.two.dir]
        self.assert_error(e2e.UNREACHABLE, "unreachable", "sync", "127.0.0.1:1", *two)
        self.assert_error(e2e.UNREACHABLE, "unreachable", "sync", "nobody.invalid:4711", *two)
        strangers, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[2:4], network="Other")
        node = e2e.Node(strangers[0])
        for member in (self.two, strangers[1]):
            member.run("doc", "new", "--type", "note", "--title", member.name)
        answer = self.two.run("sync", node.address, "--timeout", "5",
                              exits=(e2e.UNREACHABLE, e2e.PARTIAL))
        self.assertEqual(answer.get("received", 0), 0)
        self.assertEqual(strangers[0].run("status")["documents"], 0)
        self.assertTrue(node.is_alive())

    def test_sync_may_be_interrupted(self):
        node = e2e.Node(self.one)
        self.two.run("doc", "new", "--type", "note", "--title", "before")
        for number, wanted in enumerate((signal.SIGINT, signal.SIGTERM)):
            recorder = e2e.TcpRecorder(self.scratch, node.address)
            recorder.stall("down")
            sync = self.scratch.popen(e2e.GEFLECHT, "sync", recorder.address, "--dir",
                                      self.two.dir, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            e2e.wait_until(lambda: recorder.recorded(), "a connection")
            time.sleep(0.3)
            sync.send_signal(wanted)
            out, err = sync.communicate(timeout=e2e.WAIT_S)
            self.assertEqual((sync.returncode, out), (e2e.INTERRUPTED, b""), err)
            self.two.run("doc", "new", "--type", "note", "--title", f"after {number}")
            recorder.stall()
        self.two.run("sync", node.address)
        self.assertEqual(self.one.run("status")["documents"], 3)


if __name__ == "__main__":
    e2e.main()
