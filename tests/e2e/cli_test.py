#!/usr/bin/python3
"""Directories, lists, texts, ids: exit codes, messages in both languages, a full disk."""
import contextlib
import os
import pathlib
import pty
import shutil
import subprocess

import geflecht_e2e as e2e

PASSPHRASE = "vier kleine Igel"
NOBODY = 65534
TMPFS_MIB = 24
ROOM_BYTES = 256 * 1024


class Directories(e2e.CliCase):
    def test_no_organisation_and_no_network(self):
        empty = self.scratch.path / "empty"
        empty.mkdir()
        for words in (["status"], ["contact", "list"], ["card", "-o", "x"], ["lock"]):
            self.assert_error(e2e.NOT_INITIALISED, "not-initialised", *words, "--dir", empty)
            self.assert_error(e2e.NOT_INITIALISED, "not-initialised", *words, "--dir",
                              empty / "gone")
        self.assertEqual(list(empty.iterdir()), [], "nothing was left there")
        lonely = self.plain()
        self.assertIsNone(lonely.run("status")["network"])
        for words in (["contact", "list"], ["doc", "list"], ["sync", "127.0.0.1:9"],
                      ["network", "members"], ["audit", "export", "-o", "x"]):
            self.assert_error(e2e.NOT_INITIALISED, "not-initialised", *words, "--dir", lonely.dir)

    def test_init_twice_changes_nothing(self):
        one = self.plain()
        card = one.card.read_bytes()
        self.assert_error(e2e.CONFLICT, "conflict", "init", "--org", "Another", "--no-passphrase",
                          "--dir", one.dir)
        one.run("card", "-o", one.card)
        self.assertEqual(one.card.read_bytes(), card)
        self.assert_error(e2e.USAGE, "usage", "init", "--org", "No choice", "--dir", one.dir / "x")
        self.assert_error(e2e.CONFLICT, "conflict", "init", "--org", "X", "--no-passphrase",
                          "--sheet", one.sheet, "--dir", self.scratch.path / "other")

    def test_a_new_sheet_is_typed_in_from_the_paper(self):
        for answers, good in (((b"GARBAGE", b"code"), True), ((b"other", b""), False)):
            with self.subTest(good=good):
                folder = self.scratch.path / f"typed-{good}"
                shown = self.init_at_a_terminal(folder, answers)
                doctor = self.scratch.run("doctor", "--dir", folder, exits=(3,))
                sheet = next(c for c in doctor["findings"] if c["check"] == "sheet")
                self.assertEqual((folder / "sheet-checked").exists(), good, shown)
                self.assertEqual(sheet["state"], "ok" if good else "warning", shown)

    def init_at_a_terminal(self, folder, answers):
        """Answers each question for the sheet; b"code" stands for the code that was shown,
        b"other" for the code of another organisation."""
        other = self.plain().sheet.read_bytes().split(b"code: ")[1].split(b"\n")[0]
        words = [e2e.GEFLECHT, "init", "--org", "Praxis Mondviole", "--lang", "en",
                 "--passphrase-file", str(self.file("secret", PASSPHRASE.encode())),
                 "--dir", str(folder)]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(words[0], words, self.scratch.environment)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            for number, answer in enumerate(answers, 1):
                while shown.count(b"from the paper") < number:
                    shown += os.read(terminal, 4096)
                code = shown.split(b"code: ")[1].split(b"\r\n")[0]
                known = {b"code": code, b"other": other}
                os.write(terminal, known.get(answer, answer) + b"\n")
            while part := os.read(terminal, 4096):
                shown += part
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, shown)
        os.close(terminal)
        self.assertEqual(shown.count(b"code: "), 1, "the sheet is shown once")
        return shown

    def test_passphrases(self):
        one = e2e.Organisation(self.scratch, "Praxis Mondviole", PASSPHRASE)
        wrong = self.file("wrong", b"vier kleine Hasen\n")
        empty = self.file("blank", b"\nx\n")
        status = ["status", "--dir", one.dir]
        self.assert_error(e2e.LOCKED, "wrong-passphrase", *status, "--passphrase-file", wrong)
        self.assert_error(e2e.LOCKED, "wrong-passphrase", *status)
        self.assert_error(e2e.USAGE, "usage", *status, "--passphrase-file", empty)
        self.assert_error(e2e.NOT_FOUND, "not-found", *status, "--passphrase-file", "gone")
        windows = self.file("windows", PASSPHRASE.encode() + b"\r\nsecond line\r\n")
        self.scratch.run(*status, "--passphrase-file", windows)
        for file, code in ((wrong, 7), ("gone", 4), (None, 7)):
            option = ["--passphrase-file", file] if file else []
            done = subprocess.run([e2e.GEFLECHTD, "--dir", one.dir, *option], check=False,
                                  capture_output=True, env=self.scratch.environment, timeout=60)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual(done.stdout, b"")

    def test_the_recovery_sheet_is_compared(self):
        (first, second), _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        def state():
            found = first.run("doctor", exits=(e2e.PARTIAL,))["findings"]
            return next(f["state"] for f in found if f["check"] == "sheet")
        self.assertEqual(state(), "warning")
        text = first.sheet.read_text()
        code = next(line[6:] for line in text.splitlines() if line.startswith("code: "))
        wrong = code[:3] + ("A" if code[3] != "A" else "B") + code[4:]
        self.assertEqual(first.run("sheet", "check", stdin=wrong, exits=(e2e.FAILURE,))["hint"],
                         "hint.sheet-damaged")
        self.assertEqual(second.run("sheet", "check", stdin=text,
                                    exits=(e2e.VERIFICATION,))["hint"], "hint.sheet-of-another")
        self.assertFalse(first.run("sheet", "check", "--sheet", first.sheet)["entered"])
        self.assertEqual(state(), "warning", "a file says nothing about the paper")
        self.assertTrue(first.run("sheet", "check", stdin=code.lower())["entered"])
        self.assertEqual(state(), "ok")

    def test_a_node_takes_its_passphrase_from_a_systemd_credential(self):
        members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2], ["correct horse"])
        first, file = members[0], self.scratch.path / "geflecht-passphrase"
        secret, first.secret = first.secret, []
        self.scratch.environment["CREDENTIALS_DIRECTORY"] = str(self.scratch.path)
        with self.assertRaisesRegex(AssertionError, "passphrase"):
            e2e.Node(first)
        file.write_text("wrong\n")
        with self.assertRaisesRegex(AssertionError, "passphrase"):
            e2e.Node(first)
        file.write_text("correct horse\n")
        self.assertEqual(first.call("GET", "/healthz")[0] if e2e.Node(first) else 0, 200)
        first.secret = secret

    def test_a_directory_in_use(self):
        members, network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        node = e2e.Node(members[0])
        for lang, word in (("de", "benutzt"), ("en", "in use")):
            second = subprocess.run(
                [e2e.GEFLECHTD, "--dir", members[0].dir, "--listen", "127.0.0.1:0", "--lang",
                 lang], capture_output=True, env=self.scratch.environment, timeout=60, check=False)
            self.assertEqual(second.returncode, e2e.LOCKED, second.stderr)
            self.assertIn(word, second.stderr.decode())
        self.assertEqual(members[0].run("status")["listening"], node.address)
        members[0].run("status", "--network", network)
        members[0].run("status", "--network", e2e.NETWORK)
        for wrong in (network[:-1], "0" * 64, "Netz"):
            self.assert_error(e2e.NOT_FOUND, "not-found", "status", "--dir", members[0].dir,
                              "--network", wrong)
        node.stop()
        self.assertIsNone(members[0].run("status")["listening"])
        self.assert_error(e2e.UNREACHABLE, "unreachable", "lock", "--dir", members[0].dir)

    def test_without_rights(self):
        members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])
        one, options = members[0], {}
        program = self.scratch.path / "geflecht"
        shutil.copy(e2e.GEFLECHT, program)
        if os.geteuid() == 0:  # root may everything: somebody else tries
            os.chmod(self.scratch.path, 0o711)
            options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in [one.dir, *one.dir.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)
        for path in [*one.dir.rglob("*"), one.dir]:
            os.chmod(path, 0o500 if path.is_dir() else 0o400)
        for lang in ("de", "en"):
            for words in (["contact", "list"], ["doc", "new", "--type", "note", "--title", "x"],
                          ["init", "--org", "X", "--no-passphrase"]):
                folder = one.dir if words[0] != "init" else one.dir / "new"
                done = subprocess.run([program, *words, "--dir", folder, "--lang", lang],
                                      capture_output=True, env=self.scratch.environment,
                                      timeout=60, check=False, cwd="/", **options)
                self.assertEqual((done.returncode, done.stdout), (e2e.FORBIDDEN, b""), done.stderr)
                self.assertRegex(done.stderr.decode(), "^(Fehler|Error): ")
        for path in [one.dir, *one.dir.rglob("*")]:
            os.chmod(path, 0o700)
        one.run("contact", "list")


class FullDisk(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.small = self.scratch.path / "small"
        self.small.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MIB}m", "tmpfs", self.small],
            capture_output=True, check=False).returncode == 0
        if not mounted:
            self.skipTest("only root can mount a small file system")
        self.scratch.closing.callback(subprocess.run, ["umount", "-l", self.small], check=False)
        members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])
        self.one = members[0]
        moved = self.small / "dir"
        shutil.copytree(self.one.dir, moved)
        self.one.dir = moved
        self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.filler = self.small / "filler"

    def fill(self):
        """Leaves room for a few writes."""
        with open(self.filler, "ab", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"\0" * 4096):
                    pass
            file.truncate(file.tell() - ROOM_BYTES)

    def write_until_refused(self, write):
        """Titles that were acknowledged, and the first refusal."""
        titles = []
        for number in range(4000):
            title = f"{number} " + "x" * 200
            refusal = write(title)
            if refusal is not None:
                return titles, refusal
            titles.append(title)
        self.fail("a full disk refuses nothing")

    def assert_all_there(self, titles):
        self.assertGreater(len(titles), 0, "something was acknowledged before the disk was full")
        self.filler.unlink()
        self.assertEqual(len(self.one.contacts()), 60)
        held = {d.get("title") for d in self.one.run("doc", "list")["documents"]}
        self.assertEqual(set(titles) - held, set())
        self.one.run("doc", "new", "--type", "note", "--title", "there is space again")

    def test_a_command(self):
        new = ["doc", "new", "--type", "note", "--title"]

        def write(title):
            answer = self.one.run(*new, title, exits=(0, e2e.FAILURE))
            return None if answer.exit == 0 else answer

        self.fill()
        titles, refusal = self.write_until_refused(write)
        self.assertIn(refusal["code"], ("no-space", "io"))
        self.assert_error(e2e.FAILURE, refusal["code"], *new, "y", "--dir", self.one.dir)
        self.assert_all_there(titles)


class Content(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.one = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]

    def importing(self, data):
        return ["contact", "import", self.file("list.csv", data), "--dir", self.one.dir]

    def test_import_of_good_lists(self):
        rows = "Nachname;Vorname;Ort;E-Mail\r\nGroß;Jörg;Köln;joerg@praxis.example\r\n"
        for number, data in enumerate((rows.encode("cp1252"), rows.encode("utf-8-sig"),
                                       rows.encode(), rows.replace("\r\n", "\n").encode(),
                                       rows.encode("utf-16"))):
            answer = self.scratch.run(*self.importing(data))
            self.assertEqual((answer["new"], answer["changed"]), (int(number == 0), 0))
        self.assertEqual([c["city"] for c in self.one.contacts()], ["Köln"])
        first = self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        entries = self.one.run("status")["entries"]
        second = self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.assertEqual((first["new"], second["new"], second["changed"], second["unchanged"]),
                         (60, 0, 0, 60))
        self.assertEqual(self.one.run("status")["entries"], entries)

    def test_import_of_bad_lists(self):
        self.assert_error(e2e.FORBIDDEN, "case-data", "contact", "import",
                          e2e.EXAMPLES / "kontakte-falldaten.csv", "--dir", self.one.dir)
        header = b"Nachname;Vorname\n"
        bad = [b"", b"\n\n\n", b"\0" * 5000, os.urandom(5000),
               b"x" * 1_000_000, header + b'"never closed;x\n' * 1000,
               pathlib.Path(e2e.GEFLECHT).read_bytes()[:200_000], b"Farbe;Form\nrot;rund\n"]
        for data in bad:
            answer = self.scratch.run(*self.importing(data),
                                      exits=(e2e.FAILURE, e2e.USAGE, e2e.PARTIAL))
            self.assertTrue(answer["message"], data[:40])
        answer = self.scratch.run(*self.importing(header + b"A;" + b"y" * 2_000_000 + b"\n"),
                                  exits=(0, e2e.FAILURE, e2e.PARTIAL))
        self.assertTrue(answer.exit != 0 or answer["values"], "the long value is reported")
        self.assert_error(e2e.FAILURE, "too-large", *self.importing(b"a;b\n" * 5_000_000))
        self.assertEqual([c for c in self.one.contacts() if c.get("given_name")], [])

    def test_texts(self):
        note = self.one.run("doc", "new", "--type", "note", "--title", "Minutes")["id"]
        text = ["doc", "text", note, "--dir", self.one.dir]
        long = "Zeile mit Umläuten äöü\n" * 80_000  # 2 MB
        self.scratch.run(*text, stdin=long)
        self.assertEqual(self.one.run("doc", "show", note)["fields"]["body"], long)
        self.scratch.run(*text, stdin=long + "Ende\n")
        for data in (b"\xff\xfe", b"ok \xc3", b"nul \0 inside", b"\xed\xa0\x80"):
            self.assert_error(e2e.USAGE, "usage", *text, stdin=data)
        self.assert_error(e2e.FAILURE, "too-large", *text, stdin=b"x" * (16 * 1024 * 1024 + 1))
        shown = self.one.run("doc", "show", note)["fields"]["body"]
        self.assertEqual(shown, long + "Ende\n")
        self.scratch.run(*text, stdin="")
        self.assertEqual(self.one.run("doc", "show", note)["fields"]["body"], "")

    def test_versions(self):
        """What was, what became different, who wrote it; in sentences of both languages."""
        note = self.one.run("doc", "new", "--type", "note", "--title", "Plan")["id"]
        for text in ("Wir treffen uns am Montag.\n", "Wir treffen uns am Freitag.\nKommt alle!\n"):
            self.scratch.run("doc", "text", note, "--dir", self.one.dir, stdin=text)
        self.one.run("doc", "set", note, "/title", "Treffen")
        entries = [c["entry"] for c in self.one.run("doc", "history", note)["changes"]]
        self.assertEqual(len(entries), 4)
        then = self.one.run("doc", "show", note, "--at", entries[1][:8])
        self.assertEqual((then["fields"]["title"], then["fields"]["body"], then["at"]),
                         ("Plan", "Wir treffen uns am Montag.\n", entries[1]))
        difference = self.one.run("doc", "diff", note, entries[1])
        self.assertEqual([(c["path"], c["kind"], c["before"], c["after"], c["org"])
                          for c in difference["fields"]],
                         [("/title", "changed", "Plan", "Treffen", e2e.ORGANISATIONS[0])])
        changes = difference["texts"][0]["changes"]
        self.assertEqual([(c["before"], c["after"]) for c in changes],
                         [("Montag.", "Freitag.\nKommt alle!")])
        self.assertEqual(changes[0]["orgs"], list(e2e.ORGANISATIONS[:1]))
        back = self.one.run("doc", "diff", note, entries[3], entries[1])
        self.assertEqual(back["texts"][0]["changes"][0]["after"], "Montag.")
        same = self.one.run("doc", "diff", note, entries[3])
        self.assertEqual((same["fields"], same["texts"]), ([], []))
        passages = self.one.run("doc", "blame", note)["passages"]
        self.assertEqual("".join(p["text"] for p in passages),
                         "Wir treffen uns am Freitag.\nKommt alle!\n")
        self.assertEqual({p["entry"] for p in passages}, set(entries[1:3]))
        for lang, nothing in (("de", "Nichts ist anders."), ("en", "Nothing is different.")):
            said = subprocess.run([e2e.GEFLECHT, "doc", "diff", note, entries[3], "--lang", lang,
                                   "--dir", self.one.dir], capture_output=True, check=True,
                                  env=self.scratch.environment, timeout=60).stdout.decode()
            self.assertEqual(said.strip(), nothing)
        for words in (["show", note, "--at", "f" * 8], ["diff", note, "f" * 64],
                      ["blame", note, "/nowhere"], ["blame", note, "/title"]):
            self.assert_error(e2e.NOT_FOUND, "not-found", "doc", *words, "--dir", self.one.dir)
        self.assert_error(e2e.USAGE, "usage", "doc", "diff", note, "--dir", self.one.dir)

    def test_ids(self):
        note = self.one.run("doc", "new", "--type", "note", "--title", "Minutes")["id"]
        for digits in (6, 8, 31, 32):
            self.assertEqual(self.one.run("doc", "show", note[:digits])["id"], note)
        unknown = note[:-6] + ("0" if note[-6] != "0" else "1") + note[-5:]
        self.assert_error(e2e.NOT_FOUND, "not-found", "doc", "show", unknown, "--dir", self.one.dir)
        for words in (["show", "5" * 10], ["history", unknown], ["conflicts", unknown],
                      ["set", unknown, "/title", "x"],
                      ["resolve", unknown, "/title", "--take", "0"]):
            self.assert_error(e2e.NOT_FOUND, "not-found", "doc", *words, "--dir", self.one.dir)
        for wrong in (note[:5], "", "xyzxyzxyz", note + "0", "../../etc"):
            answer = self.one.run("doc", "show", wrong, exits=(e2e.USAGE, e2e.NOT_FOUND))
            self.assertTrue(answer["message"])
        answer = self.one.run("doc", "resolve", note, "/title", "--take", "7",
                              exits=(e2e.USAGE, e2e.NOT_FOUND, e2e.CONFLICT))
        self.assertTrue(answer["message"])

    def test_command_lines_that_make_no_sense(self):
        for words in ([], ["nothing"], ["doc"], ["doc", "show"], ["doc", "new"], ["--dir"],
                      ["contact", "export", "--format", "pdf", "-o", "x"],
                      ["doc", "new", "--type", "poem", "--title", "x"],
                      ["doc", "resolve", "x", "/a", "--take", "-1"],
                      ["sync", "nowhere", "--timeout", "5"], ["sync", "h:1", "--timeout", "0"]):
            done = self.scratch.geflecht(*words, "--dir", self.one.dir, "--lang", "en")
            self.assertIn(done.returncode, (e2e.USAGE, e2e.NOT_FOUND), (words, done))
            self.assertTrue(done.stderr, words)
        for words in (["--help"], ["--version"], ["doc", "--help"], ["doc", "new", "--help"]):
            done = self.scratch.geflecht(*words)
            self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    e2e.main()
