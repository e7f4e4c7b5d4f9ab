#!/usr/bin/python3
"""kill -9 between an erasure and its receipt: what was erased is in no file, confirmed once.

erase_crash_test.py [--rounds N] [unittest's options]
"""
import collections
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import geflecht_e2e as e2e

ROUNDS = 5
OF_A_RUN = 12  # records that a run of retention finds
OVERDUE = {"role_end": "2019-03-01", "retention_class": "L1"}
VALUES = os.environ.get("GEFLECHT_STORED_VALUES",
                        str(e2e.ROOT / "build" / "dev" / "tests" / "store" / "stored_values"))


def bodies_of(organisation):
    """Of a node that has ended: how each stored body ends on the disk, by its key."""
    done = subprocess.run([VALUES, organisation.dir / "store"], capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{VALUES}: {done.returncode}, {done.stderr.decode()}")
    lines = [line.split() for line in done.stdout.decode().splitlines()]
    return {key: bytes.fromhex(end) for table, key, end in lines if table == "bodies"}


def files_with(organisation, pieces):
    """How many of these bytes are in a file of the directory."""
    found = set()
    for path in pathlib.Path(organisation.dir).rglob("*"):
        try:
            data = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue  # the store has removed it
        found.update(piece for piece in pieces if piece in data)
    return len(found)


class KilledWhileErasing(e2e.ScratchCase):
    def setUp(self):
        super().setUp()
        self.random = e2e.seeded_random()
        (self.one, self.two), self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        other = e2e.Node(self.two)
        self.node = e2e.Node(self.one, [other.address])
        self.nodes = [self.node, other]
        self.device = self.one.run("status")["device"]
        self.made, self.erasures, self.kills = 0, [], collections.Counter()

    def contact(self, **fields):
        self.made += 1
        status, answer = self.one.call("POST", "/api/v1/documents", {
            "type": "contact", "fields": {"family_name": f"Quastenflosser {self.made}", **fields}})
        self.assertEqual(status, 200, answer)
        return answer["id"]

    def equal(self, what):
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), what)

    def kill(self, what):
        self.node.kill()
        self.kills[what] += 1

    def erase(self, contact):
        status, answer = self.one.call("POST", "/api/v1/privacy/erase",
                                       {"document": contact, "reason": "request"})
        self.assertEqual(status, 200, answer)
        return answer["erasures"][0]

    def confirmed(self, erasure):
        """Which organisations have, as this node knows."""
        shown = self.one.run("privacy", "status", erasure)["erasures"][0]
        return {o["organisation"] for o in shown["organisations"] if o["confirmed_at"]}

    # ---- the moments. Each erases, and kills at least once; returns the erasures.
    def after_the_answer(self, contacts):
        erasures = [self.erase(contacts[0])]
        time.sleep(self.random.choice([0, self.random.uniform(0, 0.05)]))
        self.kill("after the answer")
        return erasures

    def while_it_is_rewritten(self, contacts):
        erasures = [self.erase(c) for c in contacts[:3]]
        self.kill("after the answer")
        for _ in range(self.random.randint(1, 3)):
            self.node.start()  # goes on with what is left, at once
            time.sleep(self.random.uniform(0, 0.3))
            self.kill("while it is rewritten")
        return erasures

    def at_the_end(self, contacts):
        erasures = [self.erase(c) for c in contacts[:3]]
        self.node.process.send_signal(signal.SIGTERM)
        time.sleep(self.random.uniform(0, 0.15))
        self.kill("while it ends")
        return erasures

    def behind_the_receipt(self, contacts):
        erasures = self.after_the_answer(contacts)
        self.node.start()
        e2e.wait_until(lambda: self.one.name in self.confirmed(erasures[0]), "the receipt")
        self.kill("behind the receipt")
        return erasures

    def during_a_run(self, contacts):
        def run():
            try:
                self.one.call("POST", "/api/v1/retention/run", {})
            except OSError:
                pass  # the node is gone
        asking = threading.Thread(target=run)
        asking.start()
        time.sleep(self.random.uniform(0, 0.1))
        self.kill("during a run")
        asking.join()
        self.node.start()
        lines = self.one.run("retention", "protocol")["lines"]
        of_run = [line for line in lines if line["document"] in contacts]
        # Either a record is erased and stands in the protocol, or neither.
        erased = {c: self.one.run("privacy", "status", c, exits=(0, e2e.NOT_FOUND)).get(
            "erasures", []) for c in contacts}
        self.assertEqual(sorted(line["document"] for line in of_run),
                         sorted(c for c in contacts if erased[c]))
        self.one.run("retention", "run", "--yes")
        self.kill("during a run")
        self.node.start()
        lines = self.one.run("retention", "protocol")["lines"]
        self.assertEqual(sorted(line["document"] for line in lines if line["document"] in contacts),
                         sorted(contacts))
        erasures = [self.one.run("privacy", "status", c)["erasures"][0]["entry"] for c in contacts]
        self.kill("during a run")
        return erasures

    def round(self, moment):
        overdue = moment == self.during_a_run
        contacts = [self.contact(**(OVERDUE if overdue else {}))
                    for _ in range(OF_A_RUN if overdue else 3)]
        self.equal("the contacts")
        self.kill("before")
        before = bodies_of(self.one)
        self.node.start()
        erasures = moment(contacts)
        after = bodies_of(self.one)
        gone = {end for key, end in before.items() if after.get(key) != end}
        self.assertGreaterEqual(len(gone), len(erasures), "what was answered is on the disk")
        self.node.start()
        names = {self.one.name, self.two.name}
        for erasure in erasures:
            e2e.wait_until(lambda e=erasure: self.confirmed(e) == names, "both confirm", 60)
        self.assertEqual(files_with(self.one, gone), 0, "of what was erased")
        self.erasures += erasures

    def receipts(self, organisation):
        """How often each device has confirmed each erasure."""
        folder = self.scratch.path / f"bundle-{organisation.dir.name}"
        space = hashlib.sha256(f"geflecht-network@v1\n{self.network}".encode()).hexdigest()[:32]
        organisation.run("audit", "export", "-o", folder, "--open", space)
        count = collections.Counter()
        for file in (folder / "bodies").glob("*.jsonl"):
            device = file.stem.split("-")[1]
            for line in file.read_text().splitlines():
                for slot in json.loads(line)["slots"]:
                    if slot.get("name") == "erasures":
                        count.update((device, entry) for entry in slot["value"].split())
        return count

    def test_it_is_gone_and_confirmed_once(self):
        moments = [self.after_the_answer, self.while_it_is_rewritten, self.at_the_end,
                   self.behind_the_receipt, self.during_a_run]
        for number in range(ROUNDS):
            moment = moments[number] if number < len(moments) else self.random.choice(moments)
            with self.subTest(round=number, moment=moment.__name__):
                self.round(moment)
        self.equal("the receipts")
        for member in (self.one, self.two):
            count = self.receipts(member)
            for erasure in self.erasures:
                self.assertEqual(count[self.device, erasure], 1, "once")
        print(f"{ROUNDS} rounds, {len(self.erasures)} erasures, kills: {dict(self.kills)}")

    def test_this_test_finds_what_is_only_deleted(self):
        contacts = [self.contact() for _ in range(3)]
        self.equal("the contacts")
        self.kill("before")
        before = bodies_of(self.one)
        self.node.start()
        for contact in contacts:
            self.erase(contact)
        self.kill("after the answer")
        after = bodies_of(self.one)
        gone = {end for key, end in before.items() if after.get(key) != end}
        self.assertGreaterEqual(files_with(self.one, gone), len(contacts))


if __name__ == "__main__":
    if "--rounds" in sys.argv:
        at = sys.argv.index("--rounds")
        ROUNDS = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    e2e.main()
