#!/usr/bin/python3
"""Contacts out of the files of address books: cards and Outlook's tables, and back again."""
import pathlib
import unicodedata

import geflecht_e2e as e2e

FILES = pathlib.Path(__file__).resolve().parents[1] / "golden" / "contacts"
PRIVATE = ("99999", "Lärchenweg", "62902", "Käthe", "Mia", "1975", "Fußball")
NAMES = ("Größner-Weiß", "Öztürk", "Nguyễn", "Yıldız", "Çağrı", "Ayşe", "Thị Mai", "Ærøskøbing",
         unicodedata.normalize("NFD", "Trần Đức Ứng"), "ä̧b")


class Import(e2e.CliCase):
    def setUp(self):
        super().setUp()
        self.one = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:1])[0][0]

    def take(self, name, data=None, **options):
        """Imports under a name that says nothing about the content."""
        file = self.file(name, (FILES / name).read_bytes() if data is None else data)
        return self.one.run("contact", "import", file, **options)

    def counts(self, answer):
        return answer["new"], answer["changed"], answer["unchanged"]

    def test_outlook(self):
        cards = self.take("outlook-2.1.vcf")
        self.assertEqual((cards["format"], self.counts(cards)), ("vcard", (2, 0, 0)))
        self.assertEqual([v["reason"] for v in cards["values"]], ["field-has-another-value"])
        for name, found in (("outlook-2.1.vcf", (0, 0, 2)), ("outlook-de.csv", (1, 0, 1)),
                            ("outlook-en.csv", (0, 0, 1)), ("outlook-de.csv", (0, 0, 2))):
            answer = self.take(name)
            self.assertEqual(self.counts(answer), found, name)
            fates = {c["fate"] for c in answer["columns"] if c["values"]}
            self.assertLessEqual({"taken", "private"}, fates, name)
        contacts = self.one.contacts()
        self.assertEqual(len(contacts), 3)
        for text in PRIVATE:
            self.assertNotIn(text, str(contacts))
        self.assertIn("Mühlentor 4, Haus B", [c.get("street") for c in contacts])

    def test_content_decides_not_the_name(self):
        cards = (FILES / "nextcloud-4.0.vcf").read_bytes()
        table = (FILES / "outlook-de.csv").read_bytes()
        self.assertEqual(self.take("a.csv", cards)["format"], "vcard")
        self.assertEqual(self.take("b.vcf", table)["format"], "csv")
        self.assertEqual(self.take("c.txt", (FILES / "apple-3.0.vcf").read_text()
                                   .encode("utf-16"))["format"], "vcard")

    def test_letters_of_all_languages_come_back(self):
        rows = "".join(f"{name};{name};{name} Straße;x{i}@praxis.example\n"
                       for i, name in enumerate(NAMES))
        self.take("list", ("Nachname;Vorname;Straße;E-Mail\n" + rows).encode())
        before = self.one.contacts()
        self.assertEqual({c["family_name"] for c in before},
                         {unicodedata.normalize("NFC", name) for name in NAMES})
        entries = self.one.run("status")["entries"]
        for form in ("csv", "vcard4"):
            file = self.scratch.path / f"out.{form}"
            self.one.run("contact", "export", "--format", form, "-o", file)
            other = e2e.found_network(self.scratch, [f"Praxis {form}"])[0][0]
            self.assertEqual(self.counts(other.run("contact", "import", file)),
                             (len(NAMES), 0, 0))
            for old, new in zip(before, other.contacts()):
                for field in ("family_name", "given_name", "street", "email"):
                    self.assertEqual(old[field], new[field], form)
            self.assertEqual(self.counts(self.one.run("contact", "import", file)),
                             (0, 0, len(NAMES)), form)
        self.assertEqual(self.one.run("status")["entries"], entries)

    def test_bad_files_say_the_line_and_what_to_do(self):
        good = b"BEGIN:VCARD\nVERSION:3.0\nFN:Jana Brandis\nEND:VCARD\n"
        answer = self.take("cut", good + b"BEGIN:VCARD\nFN:cut", exits=(e2e.PARTIAL,))
        self.assertEqual(self.counts(answer), (1, 0, 0))
        self.assertEqual(answer["rows"], [{"line": 5, "reason": "card-without-end"}])
        bad = {b"BEGIN:VCARD\nFN:A\nX-DIAGNOSE:x\nEND:VCARD\n": (e2e.FORBIDDEN, "3"),
               b"Nachname;Ort\nA;\"x\n": (e2e.FAILURE, "2"),
               b"PK\x03\x04" + b"\0" * 100: (e2e.FAILURE, "CSV UTF-8"),
               b"Farbe;Form\nrot;rund\n": (e2e.FAILURE, "")}
        for data, (exits, word) in bad.items():
            for lang, start in (("de", "Fehler: "), ("en", "Error: ")):
                done = self.scratch.geflecht("contact", "import", self.file("bad", data), "--dir",
                                             self.one.dir, "--lang", lang)
                self.assertEqual((done.returncode, done.stdout), (exits, b""), done)
                said = done.stderr.decode()
                self.assertTrue(said.startswith(start), said)
                self.assertIn(word, said.splitlines()[0])
        self.assertEqual(len(self.one.contacts()), 1)
        for lang, word in (("de", "unvollständig"), ("en", "incomplete")):
            done = self.scratch.geflecht("contact", "import", self.file("cut2", good[:-5]), "--dir",
                                         self.one.dir, "--lang", lang)
            self.assertIn(word, done.stdout.decode())


if __name__ == "__main__":
    e2e.main()
