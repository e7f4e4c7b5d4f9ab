#!/usr/bin/python3
"""Nothing that people wrote lies in the clear: directories, logs, temporary files, streams."""
import base64
import os
import pathlib
import re
import shutil
import signal

import geflecht_e2e as e2e
from token_scan import Scanner, spellings

CONTACTS = """Nachname;Vorname;Funktion;Organisation;Telefon dienstlich;Handy;E-Mail;Straße;Ort;\
Erreichbarkeit;Zuständig für;Parkplatz;Bemerkung
Quastenflosser;Wendelgard;Sonderkoordinatorin;Praxis Mondviole;0221 4710-913;030 23125-917;\
wendelgard.quastenflosser@mondviole.example;Irrlichtgasse 19;Nebelhausen;\
dienstags ab Glockenschlag;Zwergwalsprechstunde;Hinterhofplatz;Randbemerkungswort
Rübenzähl-Öztürk;Balthasar-Theodor;Oberlotsenmeister;Praxis Mondviole;0221 4710-921;;\
balthasar@zinnoberwald.example;Wispelweg 27;Nebelhausen;;;;
"""
CASE_DATA = """Nachname;Vorname;Einrichtung;E-Mail;Diagnose
Fallakten-Schachtel;Kunigunde;Praxis Mondviole;kunigunde.fall@violett.example;Grillenfieber-Syndrom
"""
# What is planted. Each word stands in the list above or is written by `edit_everywhere`.
TAKEN = ["Quastenflosser", "Wendelgard", "Sonderkoordinatorin", "Praxis Mondviole", "4710-913",
         "02214710913", "23125-917", "wendelgard.quastenflosser", "mondviole.example",
         "Irrlichtgasse", "Nebelhausen", "Glockenschlag", "Zwergwalsprechstunde",
         "Rübenzähl-Öztürk", "Balthasar-Theodor", "Oberlotsenmeister", "zinnoberwald"]
WRITTEN = ["Protokoll Windrosenrunde", "Umbenannte Windrosenrunde", "Tagesordnungspunkt Kiebitz",
           "Beschlussvorlage Habichtskraut", "Nachtrag der Silberdistel", "4710-941", "4710-942",
           "Unfertiger Eulenspiegelsatz", "Zweiter Entwurfskobold"]
REFUSED = ["Hinterhofplatz", "Randbemerkungswort", "Fallakten-Schachtel", "Kunigunde",
           "kunigunde.fall", "Grillenfieber-Syndrom"]
PASSPHRASE = "Sieben Murmeltiere pfeifen nachts"
NAMES = [*e2e.ORGANISATIONS[:3], e2e.NETWORK]
TOKENS = TAKEN + WRITTEN + REFUSED + [PASSPHRASE] + NAMES


class Leaks(e2e.ScratchCase):
    def test_nothing_lies_in_the_clear(self):
        self.start()
        self.edit_everywhere()
        self.scanner = Scanner(TOKENS + self.recovery_codes())
        self.leave_drafts_open()
        self.report("while the nodes run, with open drafts")
        self.nodes[1].process.send_signal(signal.SIGKILL)
        self.nodes[1].process.wait()
        self.report("after kill -9 of a node")
        self.nodes[1].start()
        self.assert_everything_arrives()
        for node in self.nodes:
            node.stop()
        self.report("after all nodes have ended")
        for member in self.members:
            member.run("doc", "list")
        self.report("after commands have opened the directories")
        print(f"searched {self.scanner.bytes_seen / 1e6:.0f} MB for "
              f"{len(self.scanner.patterns)} spellings of {len(TOKENS)} words")

    def start(self):
        """Three organisations, the first with a passphrase; every connection is recorded."""
        self.members, self.network = e2e.found_network(self.scratch, passphrases=[PASSPHRASE])
        first = e2e.Node(self.members[0])
        self.recorders = [e2e.TcpRecorder(self.scratch, first.address) for _ in range(2)]
        second = e2e.Node(self.members[1], [self.recorders[0].address])
        self.recorders.append(e2e.TcpRecorder(self.scratch, second.address))
        third = e2e.Node(self.members[2],
                         [self.recorders[1].address, self.recorders[2].address])
        self.nodes = [first, second, third]
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "the first exchange")

    def edit_everywhere(self):
        """Import, refused import, notes, edits on all sides, a conflict and its resolution."""
        first, second, third = self.members
        for member, text in ((first, CONTACTS), (second, CASE_DATA)):
            (member.dir.with_suffix(".csv")).write_text(text)
        first.run("contact", "import", first.dir.with_suffix(".csv"))
        refused = second.run("contact", "import", second.dir.with_suffix(".csv"), exits=(9,))
        scanner = Scanner(REFUSED)
        self.assertEqual(scanner.hits_in((refused.out + refused.err).encode(), "the refusal"), [])
        note = first.run("doc", "new", "--type", "note", "--title", "Protokoll Windrosenrunde")
        first.run("doc", "text", note["id"], stdin="Tagesordnungspunkt Kiebitz\n")
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "the note at all")
        contact = first.contacts()[0]["id"]
        for recorder in self.recorders:
            recorder.stall("up", "down")
        second.run("doc", "text", note["id"],
                   stdin="Tagesordnungspunkt Kiebitz\nBeschlussvorlage Habichtskraut\n")
        third.run("doc", "text", note["id"],
                  stdin="Nachtrag der Silberdistel\nTagesordnungspunkt Kiebitz\n")
        second.run("contact", "set", contact, "phone", "0221 4710-941")
        third.run("contact", "set", contact, "phone", "0221 4710-942")
        for recorder in self.recorders:
            recorder.stall()
        e2e.wait_until(lambda: e2e.all_equal(self.nodes) and
                       len(first.run("doc", "conflicts", exits=(0, 5))["conflicts"]) == 1,
                       "the conflict at the first")
        first.run("doc", "resolve", contact, "/phone", "--take", "0")
        first.run("doc", "set", note["id"], "/title", "Umbenannte Windrosenrunde")
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "the resolution at all")
        self.note, self.contact = note["id"], contact

    def leave_drafts_open(self):
        """Edits without commit, in a text at one node and in a field at another."""
        first, second, _ = self.members
        body = second.run("doc", "show", self.note)["fields"]["body"]
        status, _ = second.call("PUT", f"/api/v1/documents/{self.note}/text",
                                body + "Unfertiger Eulenspiegelsatz\n")
        self.assertEqual(status, 200)
        status, _ = first.call("POST", f"/api/v1/documents/{self.contact}/edits",
                               {"edits": [{"path": "availability",
                                           "value": "Zweiter Entwurfskobold"}]})
        self.assertEqual(status, 200)
        for organisation, document in ((second, self.note), (first, self.contact)):
            shown = organisation.call("GET", f"/api/v1/documents/{document}")[1]
            self.assertTrue(shown["open_edits"], "the drafts are open when the search begins")

    def assert_everything_arrives(self):
        """What was planted is really there: otherwise nothing could be found."""
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "equal state after the restart", 60)
        for member in self.members:
            text = self.scratch.geflecht("contact", "export", "--format", "csv", "-o", "-",
                                         "--dir", member.dir, *member.secret).stdout.decode()
            shown = str(member.documents()) + text
            for token in ["Quastenflosser", "Rübenzähl-Öztürk", "Zwergwalsprechstunde",
                          "Umbenannte Windrosenrunde", "Beschlussvorlage Habichtskraut",
                          "Nachtrag der Silberdistel", "Unfertiger Eulenspiegelsatz"]:
                self.assertIn(token, shown)
        for recorder in self.recorders:
            self.assertGreater(max(map(len, recorder.recorded())), 2000, "a recorded exchange")

    def recovery_codes(self):
        """What the recovery sheets hold of the root secrets."""
        codes = []
        for member in self.members:
            code = re.search(r"code: ([A-Z2-7-]{63})", member.sheet.read_text())[1]
            codes += [code, code.replace("-", "")]
        return codes

    def report(self, when):
        hits = []
        for member in self.members:
            hits += self.scanner.hits_below(member.dir)
        for folder in ("home", "tmpdir"):
            hits += self.scanner.hits_below(self.scratch.path / folder)
        for node in self.nodes:
            hits += self.scanner.hits_in(node.log().encode() + node.ready.encode(), node.log_path)
            hits += self.hits_in_deleted_files(node)
        for number, recorder in enumerate(self.recorders):
            for stream in recorder.recorded():
                hits += self.scanner.hits_in(stream, f"stream {number}")
        self.assertEqual(hits, [], f"in the clear {when}")

    def hits_in_deleted_files(self, node):
        """Files that a node holds open without a name. Only root may look."""
        folder = pathlib.Path(f"/proc/{node.pid}/fd")
        hits = []
        if os.geteuid() != 0 or not node.is_alive():
            return hits
        for link in folder.iterdir():
            try:
                name = os.readlink(link)
                if name.endswith(" (deleted)") and name.startswith("/"):
                    hits += self.scanner.hits_in(link.read_bytes(), name)
            except OSError:
                continue
        return hits


class TheScanner(e2e.ScratchCase):
    def test_finds_each_spelling_in_a_copy_of_a_directory(self):
        members, _ = e2e.found_network(self.scratch)
        for member in members:
            self.assertEqual(Scanner(TOKENS).hits_below(member.dir), [])
        copy = self.scratch.path / "copy"
        shutil.copytree(members[0].dir, copy)
        planted = next(p for p in sorted((copy / "store").iterdir()) if p.suffix == ".log")
        before = planted.read_bytes()
        for token in TOKENS:
            for name, pattern in spellings(token).items():
                planted.write_bytes(before + b"\x01" + pattern + b"\x02" + before[:40])
                hits = Scanner([token]).hits_below(copy)
                self.assertTrue(any(str(planted) in hit for hit in hits), f"{token} as {name}")

    def test_finds_a_word_in_base64_wherever_it_begins(self):
        for length in range(7):
            data = base64.b64encode(b"x" * length + b"Quastenflosser" + b"y" * 5)
            self.assertNotEqual(Scanner(["Quastenflosser"]).hits_in(data, "text"), [])

    def test_finds_file_names(self):
        (self.scratch.path / "home" / "Quastenflosser.tmp").write_bytes(b"")
        self.assertNotEqual(Scanner(["Quastenflosser"]).hits_below(self.scratch.path), [])


if __name__ == "__main__":
    e2e.main()
