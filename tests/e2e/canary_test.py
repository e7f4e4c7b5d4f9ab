#!/usr/bin/python3
"""Erased by the programs themselves: 60 canaries in records of three nodes are in no file of any
data directory once every organisation has confirmed, nor are the sealed bytes they were stored as.
"""
import base64
import os
import subprocess

import geflecht_e2e as e2e

STORED_RECORDS = os.environ.get(
    "GEFLECHT_STORED_RECORDS", str(e2e.ROOT / "build" / "dev" / "tests" / "e2e" / "stored_records"))
HEAD = "Nachname;Vorname;Organisation;Telefon dienstlich;E-Mail\n"
RECORDS = 10


def spellings(word):
    """As the bytes of a canary may lie in a file: UTF-8, UTF-16, hex, base64 at each offset."""
    raw = word.encode()
    found = [raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode()]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw)
        found.append(whole[(shift * 8 + 5) // 6:(shift + len(raw)) * 8 // 6])
    return found


class Canaries(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.random = e2e.seeded_random()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.words = []

    def canary(self):
        self.words.append("Kanarie" + self.random.randbytes(9).hex())
        return self.words[-1]

    def plant(self):
        """Contacts and notes of the first member; others write into the notes."""
        one, two = self.members[:2]
        rows = "".join(f"{self.canary()};{self.canary()};{self.canary()};0221 4710-9{i};"
                       f"{self.canary()}@mondviole.example\n" for i in range(RECORDS))
        one.run("contact", "import", self.file("list.csv", (HEAD + rows).encode()))
        documents = [contact["id"] for contact in one.contacts()]
        for _ in range(RECORDS):
            note = one.run("doc", "new", "--type", "note", "--title", self.canary())["id"]
            documents.append(note)
            e2e.wait_until(lambda n=note: two.call("GET", f"/api/v1/documents/{n}")[0] == 200,
                           "the note")
            two.run("doc", "text", note, stdin=self.canary() + "\n")
        return documents

    def files(self):
        return b"".join(path.read_bytes() for member in self.members
                        for path in sorted(member.dir.rglob("*")) if path.is_file())

    def stored(self, documents):
        """What lies on the disk of each node of these documents; nodes are stopped."""
        found = []
        for member in self.members:
            done = subprocess.run([STORED_RECORDS, member.dir, *documents], check=True, text=True,
                                  capture_output=True, env=self.scratch.environment)
            found += [bytes.fromhex(line) for line in done.stdout.split()]
        return found

    def test_t1_nothing_is_left_in_any_file_of_any_node(self):
        """domain.md, T1, by the timer and the writer of the programs."""
        nodes = [e2e.Node(self.members[0])]
        for member in self.members[1:]:
            nodes.append(e2e.Node(member, [node.address for node in nodes]))
        documents = self.plant()
        e2e.wait_until(lambda: e2e.all_equal(nodes), "all are equal")
        for node in nodes:
            node.stop()
        stored = self.stored(documents)
        before = self.files()
        there = sum(piece in before for piece in stored)
        self.assertGreaterEqual(len(stored), 3 * 2 * RECORDS)
        self.assertGreater(there, len(stored) // 2, "some are cut in two by a block of the log")
        for node in nodes:
            node.start()
        e2e.wait_until(lambda: e2e.all_equal(nodes), "all are equal again")

        erasures = [entry for id_ in documents
                    for entry in self.members[0].run("privacy", "erase", id_)["erasures"]]
        e2e.wait_until(lambda: all(
            member.call("GET", f"/api/v1/privacy/status/{entry}")[1].get(
                "erasures", [{}])[0].get("confirmed") == len(self.members)
            for member in self.members for entry in erasures), "all have confirmed", 120)
        # Also what the running processes hold open.
        for after in (self.files(), None):
            if after is None:
                for node in nodes:
                    node.stop()
                after = self.files()
            self.assertEqual(sum(piece in after for piece in stored), 0)
            self.assertEqual([word for word in self.words
                              for spelling in spellings(word) if spelling in after], [])
        print(f"{len(self.words)} canaries, {len(stored)} stored pieces, {there} found before")


if __name__ == "__main__":
    e2e.main()
