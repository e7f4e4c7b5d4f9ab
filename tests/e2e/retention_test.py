#!/usr/bin/python3
"""Retention periods: what is over is listed, erased by whom it belongs to, and gone everywhere."""
import datetime

import geflecht_e2e as e2e

CONTACTS = ("Nachname;Vorname;Organisation;E-Mail\n"
            "Vormals;Wendelgard;Praxis Mondviole;wendelgard@mondviole.example\n"
            "Bald;Kunigunde;Praxis Mondviole;kunigunde@mondviole.example\n"
            "Noch;Adelheid;Praxis Mondviole;adelheid@mondviole.example\n"
            "Streit;Irmtrud;Praxis Mondviole;irmtrud@mondviole.example\n")


def months_ago(months, days=0):
    """A date whose period of that many months ended `days` days ago, within three days."""
    day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=days)
    month = day.year * 12 + day.month - 1 - months
    return f"{month // 12:04}-{month % 12 + 1:02}-{min(day.day, 28):02}"


class Retention(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2])
        self.one, self.two = self.members
        self.one.run("contact", "import", self.file("list.csv", CONTACTS.encode()))
        self.contacts = {c["family_name"]: c["id"] for c in self.one.contacts()}
        for name, end in (("Vormals", months_ago(4)), ("Bald", months_ago(3, -5)),
                          ("Streit", months_ago(30))):
            self.one.run("contact", "set", self.contacts[name], "role_end", end)
        self.one.run("privacy", "restrict", self.contacts["Streit"], "--reason", "legal_hold")
        self.meeting = self.two.run("meeting", "new", "--title", "Plenum", "--date",
                                    "2015-03-02")["id"]
        self.nodes = [e2e.Node(self.one)]
        self.nodes.append(e2e.Node(self.two, [self.nodes[0].address]))
        self.equal("the records")

    def equal(self, what):
        e2e.wait_until(lambda: e2e.all_equal(self.nodes), what)

    def listed(self, member, *options):
        found = member.run("retention", "list", *options)["records"]
        return {r["label"]: (r["own"], r["restricted"], r["days_left"] < 0) for r in found}

    def test_what_is_over_goes_and_nothing_else(self):
        one = {"Wendelgard Vormals, Praxis Mondviole": (True, False, True),
               "Kunigunde Bald, Praxis Mondviole": (True, False, False),
               "Irmtrud Streit, Praxis Mondviole": (True, True, True),
               "Plenum": (False, False, True)}
        self.assertEqual(self.listed(self.one), one)
        self.assertEqual(self.listed(self.one, "--ahead", "0").keys(),
                         {n for n, state in one.items() if state[2]})
        self.assertEqual(self.one.run("retention", "run", "--dry-run")["records"],
                         self.one.run("retention", "list")["records"])
        self.assertEqual(self.one.run("retention", "run", exits=(e2e.USAGE,))["hint"],
                         "hint.retention-confirm")
        self.assertEqual(self.listed(self.one), one, "nothing has gone so far")

        done = self.one.run("retention", "run", "--yes")
        self.assertEqual([r["document"] for r in done["erased"]], [self.contacts["Vormals"]])
        self.assertEqual((done["restricted"], done["of_others"]), (1, 1))
        self.assertNotIn("Wendelgard", done.out, "the protocol names nobody")
        self.equal("the erasure")
        for member in self.members:
            names = {c["family_name"] for c in member.contacts()}
            self.assertEqual(names & {"Vormals", "Bald", "Noch"}, {"Bald", "Noch"})
            self.assertNotIn("Vormals", str(self.listed(member)))
        self.assertEqual(self.one.run("retention", "run", "--yes")["erased"], [])

        done = self.two.run("retention", "run", "--yes")
        self.assertEqual([r["document"] for r in done["erased"]], [self.meeting])
        self.equal("the other erasure")
        self.assertNotIn("Plenum", str(self.one.run("meeting", "list")))

    def test_people_are_told_in_their_language(self):
        for lang, words in (("de", ("zu löschen", "eingeschränkt, bleibt",
                                    "löscht eine andere Organisation", "noch aufzubewahren")),
                            ("en", ("to be erased", "restricted, stays",
                                    "another organisation erases it", "still to be kept"))):
            text = self.scratch.geflecht("retention", "list", "--dir", self.one.dir, "--lang",
                                         lang).stdout.decode()
            for word in words:
                self.assertIn(word, text)


if __name__ == "__main__":
    e2e.main()
