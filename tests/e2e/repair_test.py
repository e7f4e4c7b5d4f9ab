#!/usr/bin/python3
"""Damaged stores: refused with a sentence that names the way out, repaired, healed by partners."""
import shutil

import geflecht_e2e as e2e


def note(title):
    return ("POST", "/api/v1/documents", {"type": "note", "fields": {"title": title}})


class Damage(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        self.random = e2e.seeded_random()
        (self.one, self.partner), _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.founding = next(self.scratch.path.glob("*.founding"))

    def fill(self):
        """Contacts and notes on both sides, exchanged. Returns them; both nodes are stopped."""
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        self.one.run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        for number in range(20):
            self.assertEqual(self.one.call(*note(f"mine {number}"))[0], 200)
            self.assertEqual(self.partner.call(*note(f"theirs {number}"))[0], 200)
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal")
        documents = self.partner.live_documents()
        node.stop()
        other.stop()
        return documents

    def file(self, suffix):
        """The largest file of the store whose name has this in it."""
        files = [f for f in (self.one.dir / "store").iterdir() if suffix in f.name]
        return max(files, key=lambda f: f.stat().st_size)

    def flip(self, path, position):
        data = bytearray(path.read_bytes())
        data[position] ^= 1 << self.random.randrange(8)
        path.write_bytes(data)

    def into_tables(self):
        """Opening a store flushes its log into table files."""
        self.one.run("status")

    def assert_refused(self):
        """By the command and by the node, in both languages, naming the command that helps."""
        for lang, word in (("de", "beschädigt"), ("en", "damaged")):
            done = self.scratch.geflecht("doc", "list", "--dir", self.one.dir, "--lang", lang)
            self.assertEqual(done.returncode, e2e.FAILURE, done.stdout)
            self.assertIn(word, done.stderr.decode())
            self.assertIn("geflecht doctor --repair", done.stderr.decode())
        with self.assertRaises(AssertionError) as refused:
            e2e.Node(self.one)
        self.assertIn("geflecht doctor --repair", str(refused.exception))
        shown = self.one.run("doctor", exits=(e2e.FAILURE,))
        states = {f["check"]: f for f in shown["findings"]}
        self.assertEqual(states["store"]["state"], "problem")
        self.assertIn("geflecht doctor --repair", states["store"]["fix"])

    def repair(self, *words):
        answer = self.one.run("doctor", "--repair", *words)
        self.assertTrue(answer["repaired"])
        self.assertTrue((self.one.dir / answer["kept_as"] / "CURRENT").exists())
        self.assertFalse((self.one.dir / "store.new").exists())
        # What was lost may be an erasure of what is left.
        held = self.one.run("doc", "list", exits=(e2e.LOCKED,))
        self.assertEqual(held["hint"], "hint.held-back-restored")
        return answer

    def assert_heals(self, expected):
        """Everything comes back from the partner, and both go on together."""
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal again")
        self.assertEqual(self.one.live_documents(), expected)
        self.assertEqual(self.one.call(*note("after the repair"))[0], 200)
        self.assertEqual(self.partner.call(*note("theirs after the repair"))[0], 200)
        identifier = next(i for i, d in expected.items() if d.get("title") == "mine 3")
        self.one.run("doc", "set", identifier, "title", "mine 3, edited")
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "new edits travel both ways")
        mine = self.one.live_documents()
        self.assertEqual(mine, self.partner.live_documents())
        self.assertEqual(len(mine), len(expected) + 2)
        self.assertEqual(mine[identifier]["title"], "mine 3, edited")
        self.assertFalse(self.one.run("doctor", exits=(0, e2e.PARTIAL))["problems"])
        node.stop()
        other.stop()
        return mine

    def test_a_flipped_bit_in_the_log_is_refused_and_healed(self):
        expected = self.fill()
        log = self.file(".log")
        self.flip(log, log.stat().st_size * 19 // 20)
        self.assert_refused()
        self.assertGreater(self.repair()["salvaged"], 0)
        self.assert_heals(expected)

    def test_a_flipped_bit_in_a_table_is_found_and_healed(self):
        expected = self.fill()
        self.into_tables()
        table = self.file(".sst")
        self.flip(table, table.stat().st_size // 3)
        shown = self.one.run("doctor", exits=(e2e.FAILURE,))
        store = next(f for f in shown["findings"] if f["check"] == "store")
        self.assertEqual(store["state"], "problem", shown)
        self.repair()
        self.assert_heals(expected)

    def test_a_destroyed_catalogue_and_a_lost_store_are_healed(self):
        expected = self.fill()
        manifest = self.file("MANIFEST")
        self.flip(manifest, 20)
        self.assert_refused()
        self.assertGreater(self.repair()["salvaged"], 0)
        expected = self.assert_heals(expected)
        for file in (self.one.dir / "store").iterdir():
            file.write_bytes(b"\0" * file.stat().st_size)
        answer = self.one.run("doctor", "--repair", exits=(e2e.PARTIAL,))
        self.assertEqual(answer["hint"], "hint.founding-needed")
        shutil.copyfile(self.founding, self.scratch.path / "founding")
        self.assertEqual(self.repair("--founding", self.scratch.path / "founding")["salvaged"], 0)
        other = e2e.Node(self.partner)
        node = e2e.Node(self.one, [other.address])
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal again")
        self.assertEqual(self.one.live_documents(), expected)

    def test_damage_that_a_running_node_meets(self):
        documents = self.fill()
        self.into_tables()
        node = e2e.Node(self.one)
        for table in (self.one.dir / "store").glob("*.sst"):
            data = bytearray(table.read_bytes())
            for position in range(100, len(data) * 3 // 4, 400):
                data[position] ^= 0x10
            with open(table, "r+b") as file:
                file.write(data)
        # Who only reads gets an answer; the first change ends the node before it rests on a guess.
        # What lies in an intact block, which the random keys decide, is still shown.
        hit = []
        for identifier in documents:
            status, answer = self.one.call("GET", f"/api/v1/documents/{identifier}")
            if status != 200:
                self.assertEqual((status, answer["code"]), (500, "corruption"))
                hit.append(identifier)
        self.assertTrue(hit)
        identifier = hit[0]
        self.assertTrue(node.is_alive())
        with self.assertRaises(OSError):
            for _ in range(5):
                self.one.call("POST", f"/api/v1/documents/{identifier}/edits?commit=1",
                              {"edits": [{"path": "title", "value": "x"}]})
        self.assertEqual(node.process.wait(timeout=e2e.WAIT_S), e2e.FAILURE)
        self.assertIn("geflecht doctor --repair", node.log())
        # The same in a command's own process.
        done = self.scratch.geflecht("doc", "set", identifier, "title", "y", "--dir", self.one.dir)
        self.assertEqual(done.returncode, e2e.FAILURE)
        self.assertIn("geflecht doctor --repair", done.stderr.decode())

    def test_own_entries_that_no_partner_has_are_saved(self):
        self.fill()
        self.one.run("doc", "new", "--type", "note", "--title", "never sent")
        self.into_tables()
        self.one.run("doc", "new", "--type", "note", "--title", "lost at the end")
        log = self.file(".log")
        self.flip(log, log.stat().st_size - 40)
        self.repair()
        self.one.run("open", "--yes")
        titles = {d.get("title") for d in self.one.run("doc", "list")["documents"]}
        self.assertIn("never sent", titles)

    def test_a_sound_store_and_a_running_node_are_left_alone(self):
        node = e2e.Node(self.one)
        refused = self.one.run("doctor", "--repair", exits=(e2e.LOCKED,))
        self.assertEqual(refused["hint"], "hint.end-node-first")
        node.stop()
        self.assertFalse(self.one.run("doctor", "--repair")["repaired"])
        self.assertEqual([f.name for f in self.one.dir.glob("store*")], ["store"])


if __name__ == "__main__":
    e2e.main()
