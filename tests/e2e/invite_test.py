#!/usr/bin/python3
"""An organisation joins by an invitation: link, digits, admission, all documents."""
import re

import geflecht_e2e as e2e


class Invitation(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:3])
        self.one, self.two, self.three = self.members
        self.newcomer = e2e.Organisation(self.scratch, e2e.ORGANISATIONS[3])

    def refused(self, hint, member, *words, exits):
        answer = member.run(*words, exits=exits)
        self.assertEqual(answer["hint"], hint)
        return answer

    def invite(self, node, *words):
        return node.organisation.run("network", "invite", "--address", node.address, *words)

    def test_from_the_link_to_every_document(self):
        one = e2e.Node(self.one)
        two = e2e.Node(self.two, [one.address])
        self.two.run("doc", "new", "--type", "note", "--title", "Protokoll")
        invited = self.invite(one, "--valid", "3d", "-o", "einladung.svg")
        self.assertRegex(invited["link"], "^geflecht:[A-Za-z0-9_-]+$")
        self.assertIn("<svg", (self.scratch.path / "einladung.svg").read_text())
        id_ = invited["id"]
        self.refused("hint.invitation-unused", self.one, "network", "invite", "admit", id_, "1",
                     exits=[e2e.CONFLICT])
        asked = self.newcomer.run("network", "join", invited["link"])
        self.assertEqual(asked["name"], e2e.NETWORK)
        self.assertRegex(asked["digits"], r"^\d{4} \d{4} \d{4}$")
        listed = self.one.run("network", "invite", "list")
        self.assertEqual([(i["state"], i["organisation"]) for i in listed["invitations"]],
                         [("used", self.newcomer.name)])
        self.assertNotIn(asked["digits"], str(listed))
        # Not admitted: nobody talks to it, not even the inviter.
        self.newcomer.run("sync", one.address, "--timeout", "5",
                          exits=[e2e.UNREACHABLE, e2e.PARTIAL])
        self.assertEqual(self.newcomer.run("doc", "list")["documents"], [])
        wrong = "0000 0000 0000" if asked["digits"] != "0000 0000 0000" else "1"
        self.refused("hint.digits-differ", self.one, "network", "invite", "admit", id_, wrong,
                     exits=[e2e.VERIFICATION])
        proposal = self.one.run("network", "invite", "admit", id_[:8], *asked["digits"].split())
        self.assertEqual((proposal["matter"], proposal["subject_name"]),
                         ("admit", self.newcomer.name))
        self.assertIn(self.newcomer.name, proposal["title"])
        self.one.run("proposal", "vote", proposal["id"], "yes")
        e2e.wait_until(lambda: self.two.run("proposal", "list")["proposals"], "the proposal")
        self.two.run("proposal", "vote", proposal["id"], "yes")
        e2e.wait_until(lambda: any(m["organisation"] == self.newcomer.name for m in
                                   self.two.run("network", "members")["members"]), "the admission")
        # Any member serves it: here one that it has never spoken to.
        self.newcomer.run("sync", two.address)
        self.assertEqual([d["title"] for d in self.newcomer.run("doc", "list")["documents"]],
                         ["Protokoll"])

    def test_an_inviter_who_joined_later(self):
        """Its key is in no charter: the newcomer knows it by the link alone."""
        one = e2e.Node(self.one)
        self.admit(self.one, one, self.newcomer, [self.two])
        self.newcomer.run("sync", one.address)
        later = e2e.Node(self.newcomer, [one.address])
        last = e2e.Organisation(self.scratch, "Kita Sonnenau")
        self.admit(self.newcomer, later, last, [self.one, self.two, self.three], one)
        last.run("sync", later.address)
        self.assertIn("Kita Sonnenau",
                      [m["organisation"] for m in last.run("network", "members")["members"]])

    def admit(self, inviter, node, newcomer, voters, hub=None):
        invited = self.invite(node)
        asked = newcomer.run("network", "join", invited["link"])
        proposal = inviter.run("network", "invite", "admit", invited["id"], asked["digits"])
        inviter.run("proposal", "vote", proposal["id"], "yes")
        for voter in voters:
            if hub is None or voter is not hub.organisation:
                voter.run("sync", (hub or node).address)
            e2e.wait_until(lambda: any(p["id"] == proposal["id"] for p in
                                       voter.run("proposal", "list")["proposals"]), "proposal")
            voter.run("proposal", "vote", proposal["id"], "yes")
            if hub is None or voter is not hub.organisation:
                voter.run("sync", (hub or node).address)
        e2e.wait_until(lambda: any(m["organisation"] == newcomer.name for m in
                                   inviter.run("network", "members")["members"]), "the admission")

    def test_what_does_not_open_the_door(self):
        node = e2e.Node(self.one)
        link = self.invite(node)["link"]
        second = e2e.Organisation(self.scratch, "Kita Sonnenau")
        self.refused("hint.join-link", self.newcomer, "network", "join", link[:-3],
                     exits=[e2e.FAILURE])
        self.newcomer.run("network", "join", link)
        self.refused("hint.join-used", second, "network", "join", link, exits=[e2e.CONFLICT])
        withdrawn = self.invite(node)
        self.one.run("network", "invite", "withdraw", withdrawn["id"])
        self.refused("hint.join-unknown", second, "network", "join", withdrawn["link"],
                     exits=[e2e.FORBIDDEN])
        self.refused("hint.one-network-per-directory", self.two, "network", "join", link,
                     exits=[e2e.CONFLICT])
        self.refused("hint.invitation-address", self.three, "network", "invite",
                     exits=[e2e.USAGE])
        self.refused("hint.invitation-valid", self.three, "network", "invite", "--valid", "0",
                     exits=[e2e.USAGE])
        node.stop()
        self.refused("hint.join-unreachable", second, "network", "join", link,
                     exits=[e2e.UNREACHABLE])

    def test_what_people_see(self):
        node = e2e.Node(self.one)
        for lang in ("de", "en"):
            shown = self.scratch.geflecht("network", "invite", "--address", node.address, "--dir",
                                          self.one.dir, "--lang", lang).stdout.decode()
            self.assertIn("geflecht:", shown)
            self.assertIn("▀", shown)
            link = re.search("geflecht:[A-Za-z0-9_-]{50,}", shown)[0]
        people = self.scratch.geflecht("network", "join", link, "--dir", self.newcomer.dir,
                                       "--lang", "de").stdout.decode()
        self.assertRegex(people, r"\d{4} \d{4} \d{4}")
        self.assertIn(e2e.NETWORK, people)


if __name__ == "__main__":
    e2e.main()
