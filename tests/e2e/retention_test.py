#!/usr/bin/python3
"""Retention periods: what is over is listed, erased by whom it belongs to, and gone everywhere."""
import datetime
import http.server
import json
import pathlib
import socketserver
import threading

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


class FullNode(http.server.BaseHTTPRequestHandler):
    """Stands in for a node whose disk is full after the first part of a run."""
    parts = []

    def answer(self, status, kind, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, "application/json", {"ok": True})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.parts:
            return self.answer(507, "application/problem+json",
                               {"code": "no-space", "detail": "full", "hint": "hint.disk-full"})
        return self.answer(200, "application/json", self.parts.pop(0))

    def address_string(self):
        return "local"

    def log_message(self, *_):
        pass


class BrokenOff(e2e.CliCase):
    def test_a_run_that_breaks_off_says_what_was_erased_and_what_is_open(self):
        member = self.plain()
        line = {"document": "00" * 16, "erasures": []}
        socket = str(pathlib.Path(member.dir) / "api.sock")
        with socketserver.UnixStreamServer(socket, FullNode) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.addCleanup(server.shutdown)
            FullNode.parts = [{"erased": [line] * 2, "open": 3, "restricted": 1, "offered": 0,
                               "of_others": 0}]
            done = member.run("retention", "run", "--yes", exits=(1,))
            self.assertEqual((len(done["erased"]), done["open"], done["code"]),
                             (2, 3, "no-space"))
            FullNode.parts = [{"erased": [line], "open": 3, "restricted": 0, "offered": 0,
                               "of_others": 0}]
            text = self.scratch.geflecht("retention", "run", "--yes", "--dir", member.dir,
                                         "--lang", "de")
            self.assertEqual(text.returncode, 1)
            self.assertIn("3 Unterlagen sind noch offen", text.stdout.decode())


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

    def announced(self, member, count):
        e2e.wait_until(lambda: member.run("status")["retention"]["announced"] == count,
                       f"{count} announced")

    def test_people_are_told_in_their_language(self):
        self.announced(self.one, 2)
        for lang, words in (("de", ("angekündigt, wird ab", "löscht eine andere Organisation",
                                    "eingeschränkt, bleibt: Aufbewahrungspflicht")),
                            ("en", ("announced, erased from", "another organisation erases it",
                                    "restricted, stays: duty to keep"))):
            text = self.scratch.geflecht("retention", "list", "--dir", self.one.dir, "--lang",
                                         lang).stdout.decode()
            for word in words:
                self.assertIn(word, text)
        both = ("retention", "list", "--without-end")
        for record in self.one.run(*both)["records"]:
            if record["document"] == self.contacts["Noch"]:
                self.assertEqual((record["missing"], record["kept_until"]), ("role_end", None))
                break
        else:
            self.fail("whoever is still there has no last day")
        text = self.scratch.geflecht(*both, "--dir", self.one.dir, "--lang", "de").stdout.decode()
        self.assertIn("dem Ende der Funktion", text)
        self.assertNotIn("Vormals", text)
        self.assertEqual(self.one.run(*both, "--ahead", "3", exits=(e2e.USAGE,))["hint"],
                         "hint.retention-without-end")

    def test_what_an_organisation_left_behind_is_erased_by_those_who_are_there(self):
        self.two.run("network", "leave", "--yes")
        e2e.wait_until(lambda: any(r["former"] for r in
                                   self.one.run("retention", "list")["records"]), "the leave")
        record, = (r for r in self.one.run("retention", "list")["records"]
                   if r["label"] == "Plenum")
        self.assertEqual((record["own"], record["former"], record["state"]),
                         (False, True, "announced"))
        for lang, words in (("de", "die Organisation ist ausgetreten"),
                            ("en", "the organisation has left")):
            self.assertIn(words, self.scratch.geflecht("retention", "list", "--dir", self.one.dir,
                                                       "--lang", lang).stdout.decode())
        done = self.one.run("retention", "run", "--yes")
        self.assertEqual({r["document"] for r in done["erased"]},
                         {self.contacts["Vormals"], self.meeting})
        self.assertEqual(done["of_others"], 0)
        self.assertNotIn("Plenum", str(self.one.run("meeting", "list")))

    def test_the_node_announces_and_waits(self):
        self.announced(self.one, 2)
        today = datetime.datetime.now(datetime.timezone.utc).date()
        state = self.one.run("status")["retention"]
        self.assertTrue(state["daily"])
        soon = (today + datetime.timedelta(days=14)).isoformat()
        records = {r["label"].split()[1].rstrip(","): r for r in
                   self.one.run("retention", "list")["records"] if r["own"]}
        self.assertEqual((records["Vormals"]["announced"], records["Vormals"]["erased_from"]),
                         (today.isoformat(), soon))
        self.assertEqual((records["Streit"]["state"], records["Streit"]["restriction"],
                          records["Streit"]["announced"]), ("restricted", "legal_hold", None))
        self.nodes[0].stop()
        self.nodes[0].start()
        self.announced(self.one, 2)
        self.assertIn("Vormals", {c["family_name"] for c in self.one.contacts()})

    def test_a_pause_stops_everything_until_it_is_resumed(self):
        self.assert_error(e2e.NOT_FOUND, "not-found", "retention", "pause", "--reason", "audit",
                          "--dir", self.one.dir)
        self.one.run("organisation", "set", "--law", "dsgvo_bdsg", "--natural-person", "no",
                     "--public-body", "no")
        for words in (("--reason", "x"), ("--reason", "audit", "--until", "2020-01-01")):
            self.one.run("retention", "pause", *words, exits=(e2e.USAGE,))
        self.one.run("retention", "pause", "--reason", "audit", "--until", "31.12.2099")
        self.nodes[0].stop()
        self.nodes[0].start()
        state = self.one.run("status")["retention"]
        self.assertEqual((state["paused"], state["paused_until"], state["pause_reason"]),
                         (True, "2099-12-31", "audit"))
        refused = self.one.run("retention", "run", "--yes", exits=(9,))
        self.assertEqual(refused["hint"], "hint.retention-paused")
        self.equal("the pause")
        self.assertFalse(self.two.run("status")["retention"]["paused"], "each has its own")
        self.assertFalse(self.one.run("retention", "resume")["paused"])
        self.one.run("retention", "resume", exits=(e2e.CONFLICT,))
        self.assertEqual(len(self.one.run("retention", "run", "--yes")["erased"]), 1)

    def test_the_protocol_names_nobody(self):
        self.one.run("retention", "run", "--yes")
        answer = self.one.run("retention", "protocol")
        self.assertEqual([(l["document"], l["how"], l["retention_class"], l["archive"])
                          for l in answer["lines"]],
                         [(self.contacts["Vormals"], "hand", "L1", "-")])
        self.assertEqual([(k["document"], k["restricted"]) for k in answer["kept"]],
                         [(self.contacts["Streit"], "legal_hold")])
        self.assertEqual(self.one.run("retention", "protocol", "--to", "2020-01-01")["lines"], [])
        for lang, word in (("de", "Löschprotokoll"), ("en", "Protocol of erasures")):
            folder = self.scratch.path / f"protocol-{lang}"
            text = self.scratch.geflecht("retention", "protocol", "--dir", self.one.dir, "--lang",
                                         lang, "-o", str(folder)).stdout.decode()
            page = (folder / "loeschprotokoll.html").read_text()
            self.assertIn(word, page)
            self.assertIn(self.contacts["Vormals"], page)
            for name in self.contacts:
                self.assertNotIn(name, text + page + (folder / "loeschprotokoll.json").read_text())

    def test_a_public_body_offers_and_a_private_one_purges(self):
        self.one.run("organisation", "set", "--law", "dsgvo_bdsg", "--natural-person", "no",
                     "--public-body", "yes")
        meeting = self.one.run("meeting", "new", "--title", "Gründungstreffen", "--date",
                               "2015-03-02")["id"]
        self.assertEqual(self.one.run("retention", "offer", "list")["offers"], [])
        self.one.run("retention", "offer", "export", "-o", "-", exits=(e2e.NOT_FOUND,))
        done = self.one.run("retention", "run", "--yes")
        self.assertEqual((len(done["erased"]), done["offered"]), (1, 1))
        self.assertEqual(len(self.two.run("retention", "run", "--yes")["erased"]), 1)
        self.assertEqual(self.two.run("retention", "offer", "list")["offers"], [])
        offers = self.one.run("retention", "offer", "list")["offers"]
        self.assertEqual([(o["document"], o["archive"]) for o in offers], [(meeting, "open")])
        file = self.scratch.path / "archiv.json"
        self.one.run("retention", "offer", "export", "-o", str(file))
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        given = json.loads(file.read_text())["records"]
        self.assertEqual([r["fields"]["title"] for r in given], ["Gründungstreffen"])
        self.one.run("retention", "offer", "answer", "vielleicht", meeting, exits=(e2e.USAGE,))
        self.one.run("retention", "offer", "answer", "taken", self.contacts["Noch"],
                     exits=(e2e.NOT_FOUND,))
        self.one.run("retention", "offer", "answer", "taken", "--all")
        done = self.one.run("retention", "run", "--yes")
        self.assertEqual([(r["document"], r["archive"]) for r in done["erased"]],
                         [(meeting, "taken")])

    def test_names_in_minutes_and_mandates_go_and_what_was_said_stays(self):
        self.one.run("organisation", "set", "--law", "dsgvo_bdsg", "--natural-person", "no",
                     "--public-body", "yes")
        meeting = self.one.run("meeting", "new", "--title", "Gründungstreffen", "--date",
                               "2015-03-02")["id"]
        self.one.run("meeting", "attend", meeting, e2e.ORGANISATIONS[0], "--name",
                     "Friedhold Ehemals")
        self.one.run("meeting", "minutes", meeting, stdin="Wir beginnen im Juli.\n")
        minutes = self.one.run("meeting", "freeze", meeting)["freeze"]
        mandate = self.one.run("person", "add", "--mandate", "sign", "--no-passphrase", "--name",
                               "Traugott Zeichner", "--until", "2016-01-31")["mandate"]
        listed = {r["document"]: r for r in self.one.run("retention", "list")["records"]}
        self.assertEqual((listed[minutes]["kept_until"], listed[minutes]["document_type"]),
                         ("2020-12-31", "minutes-frozen"))
        self.assertEqual((listed[mandate]["kept_until"], listed[mandate]["retention_class"]),
                         ("2019-12-31", "L5"))
        text = self.scratch.geflecht("retention", "list", "--dir", self.one.dir, "--lang",
                                     "de").stdout.decode()
        self.assertIn("Name zu einem Mandat: Traugott Zeichner", text)
        self.assertIn("Namen in einem festgehaltenen Protokoll: ", text)
        # What a public body has to offer first says who was there.
        self.one.run("retention", "run", "--yes")
        file = self.scratch.path / "archiv.json"
        self.one.run("retention", "offer", "export", "-o", str(file))
        offered = {r["document"]: r["fields"] for r in json.loads(file.read_text())["records"]}
        self.assertIn("Friedhold Ehemals", offered[minutes]["text"])
        self.assertEqual(offered[mandate]["title"], "Traugott Zeichner")
        self.one.run("retention", "offer", "answer", "taken", "--all")
        done = self.one.run("retention", "run", "--yes")
        self.assertEqual({r["document"] for r in done["erased"]} & {meeting, minutes, mandate},
                         {meeting, minutes, mandate})
        self.assertNotIn("Traugott", done.out)
        self.equal("the erasures")
        for member in self.members:
            person, = (p for p in member.run("person", "list")["persons"]
                       if p["mandate"] == mandate)
            self.assertIsNone(person["name"])


if __name__ == "__main__":
    e2e.main()
