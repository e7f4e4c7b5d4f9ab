#!/usr/bin/python3
"""kill -9 under writes: what was answered with 200 is there, no position is used twice."""
import shutil
import threading
import time

import geflecht_e2e as e2e

ROUNDS = 25
ROUNDS_BETWEEN_MEETINGS = 5


class Writer:
    """A stream of writes through api.sock; remembers for each place what was acknowledged."""

    def __init__(self, organisation, random):
        self.organisation, self.random = organisation, random
        self.acknowledged = {}  # (document, field) -> value
        self.attempted = {}     # the same, for the one write that got no answer
        self.documents, self.count, self.error = [], 0, None

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
        document = self.random.choice(self.documents[-6:])
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
            while True:
                self.write()
        except OSError:
            return  # the node is gone
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def check(self):
        """Everything acknowledged is there; an unanswered write happened as a whole or not."""
        for document in self.documents:
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


class Crashes(e2e.ScratchCase):
    def test_kill_9_at_any_moment(self):
        random = e2e.seeded_random()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        partner = e2e.Node(self.members[1])
        recorder = e2e.TcpRecorder(self.scratch, partner.address)
        self.node = e2e.Node(self.members[0], [recorder.address])
        self.nodes = [self.node, partner]
        writer = Writer(self.members[0], random)
        self.feeds, in_flight = {}, 0
        for number in range(ROUNDS):
            stream = threading.Thread(target=writer.run)
            stream.start()
            time.sleep(random.uniform(0.01, 0.5))
            self.node.kill()
            stream.join()
            self.assertIsNone(writer.error)
            in_flight += bool(writer.attempted)
            self.node.start()
            writer.check()
            self.assert_feeds_grow(self.members[0], number)
            if number % ROUNDS_BETWEEN_MEETINGS == ROUNDS_BETWEEN_MEETINGS - 1:
                self.assert_partner_converges(number)
        print(f"{writer.count} writes, {len(writer.documents)} documents, "
              f"{in_flight} of {ROUNDS} kills met a write without answer")
        self.assertGreater(writer.count, ROUNDS, "writes took place")
        self.assertGreater(in_flight, 0, "kills met writes")

    def test_this_test_notices_a_lost_write_and_a_position_used_twice(self):
        member = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]
        node, writer = e2e.Node(member), Writer(member, e2e.seeded_random())
        backup = member.dir.with_suffix(".backup")
        self.feeds = {}
        writer.create()
        node.stop()
        shutil.copytree(member.dir, backup)
        node.start()
        writer.count += 1
        writer.create()
        writer.check()
        self.assert_feeds_grow(member, 0)
        node.kill()
        shutil.rmtree(member.dir)
        backup.rename(member.dir)
        node.start()
        with self.assertRaises(AssertionError):
            writer.check()
        writer.create()
        with self.assertRaises(AssertionError):
            self.assert_feeds_grow(member, 1)

    def assert_feeds_grow(self, organisation, number):
        """Each feed begins with what an earlier export showed, and counts up by one."""
        feeds = feeds_of(organisation,
                         self.scratch.path / f"bundle-{organisation.dir.stem}-{number}")
        for name, before in self.feeds.items():
            self.assertEqual(feeds.get(name, [])[:len(before)], before, f"feed {name} grows only")
        for name, headers in feeds.items():
            self.assertEqual([position_of(h) for h in headers],
                             [f"seq {n}" for n in range(len(headers))], name)
        self.feeds = feeds

    def documents_of(self, organisation):
        """Every document with all its fields, by id."""
        listed = organisation.call("GET", "/api/v1/documents")[1]["documents"]
        return {d["id"]: organisation.call("GET", f"/api/v1/documents/{d['id']}")[1]["fields"]
                for d in listed}

    def assert_partner_converges(self, number):
        self.members[0].run("sync", self.nodes[1].address)  # cuts the open changes
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), "the partner is equal")
        mine, theirs = (self.documents_of(m) for m in self.members)
        self.assertEqual(mine, theirs)
        bundles = [feeds_of(m, self.scratch.path / f"met-{m.dir.stem}-{number}")
                   for m in self.members]
        for name, headers in bundles[0].items():
            other = bundles[1].get(name, [])
            both = min(len(headers), len(other))
            self.assertGreater(both, 0, f"the partner has feed {name}")
            self.assertEqual(headers[:both], other[:both], "one history at both")


if __name__ == "__main__":
    e2e.main()
