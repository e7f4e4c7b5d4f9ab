#!/usr/bin/python3
"""kill -9 under writes: what was answered with 200 is there, no position is used twice.

crash_test.py [--rounds N] [unittest's options]
"""
import shutil
import sys
import threading
import time

import geflecht_e2e as e2e

ROUNDS = 16
ROUNDS_BETWEEN_MEETINGS = 5
RECENT = 40  # documents that every round looks at; a meeting looks at all


class Writer:
    """A stream of writes through api.sock; remembers for each place what was acknowledged."""

    def __init__(self, organisation, random):
        self.organisation, self.random = organisation, random
        self.acknowledged = {}  # (document, field) -> value
        self.attempted = {}     # the same, for the one write that got no answer
        self.documents, self.count, self.error = [], 0, None
        self.stopping = False

    def create(self):
        number = self.count
        status, answer = self.organisation.call(
            "POST", "/api/v1/documents", {"type": "note", "fields": {"title": f"note {number}"}})
        if status != 200:
            raise AssertionError(f"{status} {answer}")
        self.documents.append(answer["id"])
        self.acknowledged[answer["id"], "title"] = f"note {number}"

    def write(self):
        self.count += 1
        if not self.documents or self.random.random() < 0.05:
            return self.create()
        document = self.random.choice(self.documents[-RECENT // 4:])
        commit = self.random.choice(["", "?commit=1"])
        if self.random.random() < 0.5:
            place, value = (document, "title"), f"title {self.count}"
            request = ("POST", f"/api/v1/documents/{document}/edits{commit}",
                       {"edits": [{"path": "title", "value": value}]})
        else:
            place = (document, "body")
            value = self.acknowledged.get(place, "") + f"line {self.count}\n"
            request = ("PUT", f"/api/v1/documents/{document}/text{commit}", value)
        self.attempted = {place: value}
        status, answer = self.organisation.call(*request)
        if status != 200:
            raise AssertionError(f"{request}: {status} {answer}")
        self.acknowledged[place] = value
        self.attempted = {}
        return None

    def run(self):
        try:
            while not self.stopping:
                self.write()
        except OSError:
            return  # the node is gone
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def check(self, recent=0):
        """Everything acknowledged is there; an unanswered write happened as a whole or not."""
        for document in self.documents[-recent:]:
            status, shown = self.organisation.call("GET", f"/api/v1/documents/{document}")
            assert status == 200, f"document {document}: {shown}"
            for field in ("title", "body"):
                place = (document, field)
                if place not in self.acknowledged:
                    continue
                value = shown["fields"][field]
                allowed = [self.acknowledged[place], self.attempted.get(place)]
                assert value in allowed, f"{place}: {value!r}, acknowledged {allowed[0]!r}"
                self.acknowledged[place] = value
        self.attempted = {}


def feeds_of(organisation, folder):
    """file -> the entries' headers in order, from an audit bundle of a running node."""
    organisation.run("audit", "export", "-o", folder)
    feeds = {}
    for file in (folder / "feeds").glob("*.log"):
        records = file.read_text("ascii").split("\n\n")
        feeds[file.name] = [r.strip("\n").split("\nsig ")[0] for r in records if r.strip()]
    return feeds


def position_of(header):
    return next(line for line in header.splitlines() if line.startswith("seq "))


class Positions:
    """Every entry that any node ever showed, by its position."""

    def __init__(self):
        self.feeds = {}  # feed -> headers

    def add(self, feeds):
        """`feeds` of one node: without gaps, and at each position what stood there before."""
        for name, headers in feeds.items():
            known = self.feeds.setdefault(name, [])
            both = min(len(known), len(headers))
            assert headers[:both] == known[:both], f"feed {name}: a position was written twice"
            for number in range(both, len(headers)):
                assert position_of(headers[number]) == f"seq {number}", f"feed {name} has a gap"
            known += headers[both:]

    def count(self):
        return sum(map(len, self.feeds.values()))


class Crashes(e2e.ScratchCase):
    def test_kill_9_at_any_moment(self):
        random = e2e.seeded_random()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        second = e2e.Node(self.members[1])
        self.nodes = [e2e.Node(self.members[0], [second.address]), second]
        self.writers = [Writer(member, random) for member in self.members]
        self.positions, in_flight, kills = Positions(), 0, 0
        for number in range(ROUNDS):
            victims = random.choice([[0], [1], [0, 1]])
            self.write_and_kill(victims, random.uniform(0.01, 0.5))
            kills += len(victims)
            for victim in victims:
                in_flight += bool(self.writers[victim].attempted)
                self.nodes[victim].start()
            for writer in self.writers:
                writer.check(RECENT)
            # The other one shows what had left the killed one; it is on both disks or on its way.
            for member in self.members:
                self.positions.add(self.feeds_of(member))
            if number % ROUNDS_BETWEEN_MEETINGS == ROUNDS_BETWEEN_MEETINGS - 1:
                self.assert_both_converge()
        self.assert_both_converge()
        writes = sum(writer.count for writer in self.writers)
        print(f"{ROUNDS} rounds, {kills} kills, {in_flight} met a write without answer; {writes} "
              f"writes, {self.positions.count()} positions, 0 lost, 0 written twice", flush=True)
        self.assertGreater(writes, ROUNDS, "writes took place")
        self.assertGreater(in_flight, 0, "kills met writes")

    def write_and_kill(self, victims, seconds):
        streams = [threading.Thread(target=writer.run) for writer in self.writers]
        for writer in self.writers:
            writer.stopping = False
        for stream in streams:
            stream.start()
        time.sleep(seconds)
        for victim in victims:
            self.nodes[victim].kill()
        for writer in self.writers:
            writer.stopping = True
        for stream in streams:
            stream.join()
        for writer in self.writers:
            self.assertIsNone(writer.error)

    def feeds_of(self, organisation):
        folder = self.scratch.path / "bundle"
        shutil.rmtree(folder, ignore_errors=True)
        return feeds_of(organisation, folder)

    def test_this_test_notices_a_lost_write_and_a_position_used_twice(self):
        """An old copy of the directory loses a write; with an old anchor it repeats a position."""
        for with_anchor in (False, True):
            member = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]
            node, writer = e2e.Node(member), Writer(member, e2e.seeded_random())
            kept = {member.dir: member.dir.with_suffix(".backup")}
            if with_anchor:
                kept[self.scratch.path / "home"] = self.scratch.path / "home.backup"
            positions = Positions()
            writer.create()
            node.stop()
            for place, backup in kept.items():
                shutil.copytree(place, backup)
            node.start()
            writer.count += 1
            writer.create()
            writer.check()
            positions.add(self.feeds_of(member))
            node.kill()
            for place, backup in kept.items():
                shutil.rmtree(place)
                backup.rename(place)
            node.start()
            with self.assertRaises(AssertionError):
                writer.check()
            writer.create()
            if with_anchor:
                with self.assertRaises(AssertionError):
                    positions.add(self.feeds_of(member))
            else:
                positions.add(self.feeds_of(member))  # goes on in a new life
            node.stop()

    def assert_both_converge(self):
        for member, node in zip(self.members, reversed(self.nodes)):
            member.run("sync", node.address)  # cuts the open changes
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "both are equal")
        first, second = (m.live_documents() for m in self.members)
        self.assertEqual(first, second)
        for writer in self.writers:
            writer.check()
        feeds = [self.feeds_of(member) for member in self.members]
        for one in feeds:
            self.positions.add(one)
        self.assertEqual(feeds[0], feeds[1], "one history at both")


if __name__ == "__main__":
    if "--rounds" in sys.argv:
        at = sys.argv.index("--rounds")
        ROUNDS = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    e2e.main()
