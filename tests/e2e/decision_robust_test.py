#!/usr/bin/python3
"""Decisions while nodes are killed, and while two devices of one organisation disagree."""
import contextlib
import threading
import time

import geflecht_e2e as e2e

ROUNDS = 5


class Robust(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.nodes = [e2e.Node(self.members[0])]
        for member in self.members[1:]:
            self.nodes.append(e2e.Node(member, [self.nodes[0].address]))

    def propose(self, member, title):
        return member.run("proposal", "new", "--matter", "content", "--title", title)["id"]

    def shown(self, member, id_):
        """The proposal as this node knows it; nothing if it does not, or is being restarted."""
        with contextlib.suppress(OSError):
            status, answer = member.call("GET", f"/api/v1/proposals/{id_}")
            return answer if status == 200 else None

    def vote_and_kill(self, node, id_, after_s):
        """The answer to a vote during which the node is killed; nothing if it gave none."""
        answers = []

        def vote():
            with contextlib.suppress(OSError):
                answers.append(node.organisation.call(
                    "POST", f"/api/v1/proposals/{id_}/votes", {"position": "yes"})[0])

        asking = threading.Thread(target=vote)
        asking.start()
        time.sleep(after_s)
        node.kill()
        asking.join()
        node.start()
        return answers[0] if answers else None

    def test_nodes_are_killed_while_they_decide(self):
        random = e2e.seeded_random()
        for number in range(ROUNDS):
            proposer = random.choice(self.members)
            id_ = self.propose(proposer, f"Beschluss {number}")
            for member in self.members:
                e2e.wait_until(lambda m=member: self.shown(m, id_), "the proposal")
            victim = random.choice(self.nodes)
            for node in random.sample(self.nodes, 3):
                member = node.organisation
                if node is not victim:
                    member.run("proposal", "vote", id_, "yes")
                    continue
                answered = self.vote_and_kill(node, id_, random.random() * 0.06)
                shown = e2e.wait_until(lambda m=member: self.shown(m, id_), "the node again")
                if answered == 200:
                    self.assertEqual(shown["own"], "yes", "an acknowledged vote is lost")
                elif shown["own"] == "missing":
                    member.run("proposal", "vote", id_, "yes")
            # Whoever proposed writes the certificate; killed again meanwhile.
            next(n for n in self.nodes if n.organisation is proposer).kill()
            next(n for n in self.nodes if n.organisation is proposer).start()
            for member in self.members:
                e2e.wait_until(lambda m=member: (self.shown(m, id_) or {}).get("status")
                               == "effective", "the decision", 90)
        for node in self.nodes:
            node.stop()
            node.organisation.run("doctor", exits=(0, e2e.PARTIAL))

    def test_two_devices_of_one_organisation_disagree(self):
        one, two, _ = self.members
        id_ = self.propose(two, "Gemeinsame Kasse")
        laptop = self.scratch.path / "laptop"
        self.scratch.run("init", "--org", one.name, "--dir", laptop, "--no-passphrase",
                         "--sheet-of", one.sheet)
        card = self.scratch.path / "laptop.card"
        self.scratch.run("card", "--dir", laptop, "-o", card)
        one.run("device", "add", card)
        founding = one.dir.parent / f"{one.dir.stem}.founding"
        self.scratch.run("network", "join", founding, "--admitted", "--dir", laptop)
        self.scratch.run("sync", self.nodes[0].address, "--dir", laptop)
        e2e.wait_until(lambda: self.shown(one, id_), "the proposal")
        # Neither knows of the other's vote.
        self.scratch.run("proposal", "vote", id_, "no", "--dir", laptop)
        one.run("proposal", "vote", id_, "yes")
        self.scratch.run("sync", self.nodes[0].address, "--dir", laptop)
        shown = e2e.wait_until(lambda: self.of(two, id_, "contradictory"), "the contradiction")
        self.assertEqual(shown["counts"]["contradictory"], 1)
        self.assertEqual((shown["counts"]["yes"], shown["counts"]["no"]), (0, 0))
        # A vote that knows both settles it.
        one.run("proposal", "vote", id_, "yes")
        shown = e2e.wait_until(lambda: self.of(two, id_, "yes"), "the later vote")
        self.assertEqual(shown["counts"]["contradictory"], 0)

    def of(self, member, id_, position):
        shown = self.shown(member, id_)
        return shown if shown and shown["counts"][position] == 1 else None


if __name__ == "__main__":
    e2e.main()
