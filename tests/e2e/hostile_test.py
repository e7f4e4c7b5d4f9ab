#!/usr/bin/python3
"""Strangers and broken lines, on the network side and on api.sock: the node goes on."""
import contextlib
import json
import os
import shutil
import socket
import subprocess
import unittest

import geflecht_e2e as e2e

GROWTH_KIB_MAX = 16 * 1024
TLS_HEADER_BYTES = 5  # of a record; at least 17 follow: a byte and its tag
HEADER_BYTES, BODY_BYTES = 64 * 1024, 33 * 1024 * 1024


def connect(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=e2e.WAIT_S)


def send_all(connection, data):
    """The other side may close at any time."""
    with contextlib.suppress(OSError):
        connection.sendall(data)


def read_all(connection):
    data = b""
    with contextlib.suppress(OSError):
        while part := connection.recv(65536):
            data += part
    return data


class HostileCase(e2e.ScratchCase):
    """Two nodes that exchange all the time; the first is attacked."""

    def setUp(self):
        super().setUp()
        self.members, self.network = e2e.found_network(self.scratch)
        self.members[0].run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
        self.victim = e2e.Node(self.members[0])
        self.friend = e2e.Node(self.members[1], [self.victim.address])
        e2e.wait_until(lambda: e2e.all_equal_pair(self.victim, self.friend), "the first exchange")
        self.rss_kib = self.victim.rss_kib()
        self.written = 0

    def assert_unharmed(self):
        """Same process, memory bounded, and a new note reaches the partner."""
        self.assertTrue(self.victim.is_alive(), self.victim.log())
        self.assertLess(self.victim.rss_kib() - self.rss_kib, GROWTH_KIB_MAX)
        self.written += 1
        title = f"after attack {self.written}"
        self.members[0].run("doc", "new", "--type", "note", "--title", title)
        e2e.wait_until(lambda: any(d.get("title") == title for d in
                                   self.members[1].run("doc", "list")["documents"]), title)


class Strangers(HostileCase):
    def test_bytes_that_are_no_tls(self):
        random = e2e.seeded_random()
        chunks = [b"", b"\0" * 100_000, b"GET / HTTP/1.1\r\n\r\n", random.randbytes(100_000),
                  b"\x16\x03\x01\xff\xff" + b"\x01" * 70_000, b"\x16\x03\x01\x00\x05\x01\xff\xff",
                  b"\xff" * 5]
        for data in chunks * 3:
            with connect(self.victim.address) as stranger:
                send_all(stranger, data)
                with contextlib.suppress(OSError):
                    stranger.shutdown(socket.SHUT_WR)
                read_all(stranger)
        self.assert_unharmed()

    def test_half_open_connections(self):
        host, port = self.victim.address.rsplit(":", 1)
        with contextlib.ExitStack() as open_ones:
            for _ in range(200):  # more than may shake hands at a time
                stranger = socket.socket()
                open_ones.callback(stranger.close)
                stranger.settimeout(0.05)
                if stranger.connect_ex((host, int(port))) == 0:
                    send_all(stranger, b"\x16\x03\x01")
            self.assert_unharmed()  # the connection that stands
        self.friend.stop()
        self.friend.start()
        self.assert_unharmed()

    def tls_client(self, *words):
        done = subprocess.run(["openssl", "s_client", "-connect", self.victim.address, "-tls1_3",
                               "-ign_eof", *words], input=b"\0\0\0\x05hello" * 100,
                              capture_output=True, env=self.scratch.environment,
                              timeout=e2e.WAIT_S, check=False)
        return done.stdout + done.stderr

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_tls_without_and_with_a_foreign_certificate(self):
        key, certificate = self.scratch.path / "key.pem", self.scratch.path / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key,
                        "-out", certificate, "-days", "2", "-subj", "/CN=stranger.example"],
                       check=True, capture_output=True)
        for _ in range(5):
            self.assertIn(b"alert", self.tls_client())
            self.assertIn(b"alert", self.tls_client("-cert", certificate, "-key", key))
        done = subprocess.run(["openssl", "s_client", "-connect", self.victim.address, "-tls1_2"],
                              input=b"", capture_output=True, timeout=e2e.WAIT_S, check=False)
        self.assertIn(b"alert", done.stdout + done.stderr)
        partners = self.victim.partners()
        self.assertEqual(sum(p["connected"] for p in partners), 1, "the friend and nobody else")
        self.assert_unharmed()


class BrokenLines(HostileCase):
    """The third organisation dials through a proxy that disturbs the stream."""

    def setUp(self):
        super().setUp()
        self.recorder = e2e.TcpRecorder(self.scratch, self.victim.address)
        self.third = e2e.Node(self.members[2], [self.recorder.address])
        self.assert_third_converges("before the disturbance")

    def assert_third_converges(self, title):
        """A new note of each side reaches the other. Dials at once instead of after a pause."""
        for member in (self.members[0], self.members[2]):
            member.run("doc", "new", "--type", "note", "--title", f"{title}, {member.name}")
        self.members[2].run("sync", self.recorder.address, "--timeout", "45")
        e2e.wait_until(lambda: e2e.all_equal_pair(self.victim, self.third), title)
        titles = [{d.get("title") for d in m.run("doc", "list")["documents"]}
                  for m in (self.members[0], self.members[2])]
        self.assertEqual(titles[0], titles[1])
        self.assertIn(f"{title}, {self.members[2].name}", titles[0])

    def test_flipped_and_missing_bytes(self):
        random = e2e.seeded_random()

        def flip(data):
            at = random.randrange(TLS_HEADER_BYTES, TLS_HEADER_BYTES + 17)
            return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1:]

        def lengthen(data):
            return data[:3] + bytes([data[3] ^ 0x20]) + data[4:]

        def truncate(data):
            return data[:random.randrange(len(data))]

        for direction in ("up", "down"):
            for change in (flip, truncate, lengthen, lambda data: data + b"\0"):
                before = self.recorder.connections
                self.recorder.damage_once(direction, change)
                for member in (self.members[0], self.members[2]):
                    member.run("doc", "new", "--type", "note", "--title", "on the broken line")
                e2e.wait_until(lambda: self.recorder.damage is None, "the damage")
                if change in (truncate, lengthen):
                    self.recorder.cut()  # the receiver waits for the rest, up to 90 s
                self.assert_third_converges(f"after {direction}")
                self.assertGreater(self.recorder.connections, before, "a new connection")
        self.assert_unharmed()

    def test_a_stalled_direction_holds_up_nobody_else(self):
        for direction in ("up", "down"):
            self.recorder.stall(direction)
            text = "A line of minutes that nobody takes.\n" * 20_000
            note = self.members[0].run("doc", "new", "--type", "note", "--title", "long")["id"]
            self.members[0].run("doc", "text", note, stdin=text)
            # Holding the text takes memory too: counted is what the stalled line adds.
            self.rss_kib = self.victim.rss_kib()
            for _ in range(5):
                self.assert_unharmed()
            self.recorder.stall()
            self.assert_third_converges(f"after a stalled {direction}")

    def test_a_line_that_trickles(self):
        self.recorder.trickle(0.002)
        self.members[2].run("doc", "new", "--type", "note", "--title", "slow")
        self.assert_unharmed()
        self.recorder.trickle(0)
        self.assert_third_converges("after a slow line")

    def test_a_line_that_is_cut_again_and_again(self):
        for number in range(5):
            self.members[2].run("doc", "new", "--type", "note", "--title", f"cut {number}")
            self.recorder.cut()
            self.assert_unharmed()
        self.assert_third_converges("after cuts")


class LocalInterface(HostileCase):
    def raw(self, data, end=True):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(e2e.WAIT_S)
            client.connect(str(self.members[0].dir / "api.sock"))
            send_all(client, data)
            if end:
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_WR)
            return read_all(client)

    def assert_status(self, status, data):
        head = self.raw(data)
        self.assertTrue(head.startswith(b"HTTP/1.1 %d " % status), head[:200])
        self.assertIn(b"application/problem+json", head)
        problem = json.loads(head.split(b"\r\n\r\n", 1)[1])
        self.assertEqual(problem["status"], status)

    def test_bytes_that_are_no_request(self):
        random = e2e.seeded_random()
        for data in (b"hello\r\n\r\n", b"\0" * 1000, b"GET\r\n\r\n", random.randbytes(5000),
                     b"GET /healthz HTTP/1.1\r\nbroken header\r\n\r\n",
                     b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                     b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            answer = self.raw(data)
            self.assertRegex(answer[:13], rb"^HTTP/1.1 4\d\d ", data[:60])
        for data in (b"", b"GET /heal", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"):
            self.raw(data)
        self.assert_unharmed()

    def test_too_much(self):
        self.assert_status(431, b"GET /healthz HTTP/1.1\r\nx: " + b"a" * HEADER_BYTES)
        self.assert_status(413, b"POST /api/v1/documents HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
                           % BODY_BYTES)
        chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
        self.assert_status(413, b"PUT /api/v1/documents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                           b"\r\n" + chunk * 34)
        # Announced but not sent: no memory is set aside for it.
        with contextlib.ExitStack() as open_ones:
            for _ in range(30):
                client = open_ones.enter_context(socket.socket(socket.AF_UNIX))
                client.connect(str(self.members[0].dir / "api.sock"))
                client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 33554432\r\n\r\n")
            self.assert_unharmed()
        self.assert_unharmed()

    def test_slow_clients(self):
        with contextlib.ExitStack() as open_ones:
            clients = []
            for _ in range(20):
                client = open_ones.enter_context(socket.socket(socket.AF_UNIX))
                client.connect(str(self.members[0].dir / "api.sock"))
                clients.append(client)
            for byte in b"GET /healthz HTTP/1.1\r\n":
                for client in clients:
                    client.sendall(bytes([byte]))
            self.assert_unharmed()
            for client in clients:
                client.sendall(b"Host: x\r\nConnection: close\r\n\r\n")
                client.settimeout(e2e.WAIT_S)
                self.assertTrue(read_all(client).startswith(b"HTTP/1.1 200 "))

    def test_wrong_paths_methods_and_bodies(self):
        call = self.members[0].call
        document = self.members[0].contacts()[0]["id"]
        note = self.members[0].run("doc", "new", "--type", "note", "--title", "x")["id"]
        wrong = [
            (404, "GET", "/", None), (404, "GET", "/api/v1/nothing", None),
            (404, "GET", "/api/v1/documents/../../keys", None),
            (404, "GET", "/api/v1/documents/" + "0" * 32, None),
            (400, "GET", "/api/v1/documents/%00", None), (404, "GET", "/" + "a/" * 2000, None),
            (405, "DELETE", "/api/v1/status", None), (405, "PATCH", "/api/v1/documents", "{}"),
            (404, "GET", "/api/v1/sync/../audit/export", None),
            (400, "POST", "/api/v1/documents", "{"), (400, "POST", "/api/v1/documents", "[]"),
            (400, "POST", "/api/v1/documents", "[" * 100_000),
            (400, "POST", "/api/v1/documents", {"type": 5}),
            (400, "POST", "/api/v1/documents", {"type": "nothing"}),
            (400, "POST", f"/api/v1/documents/{document}/edits", {"edits": []}),
            (400, "POST", f"/api/v1/documents/{document}/edits", {"edits": [1]}),
            (400, "POST", f"/api/v1/documents/{document}/resolve", {"path": "/phone", "take": -1}),
            (400, "PUT", f"/api/v1/documents/{note}/text", b"\xff\xfe"),
            (400, "POST", "/api/v1/sync", {"address": "nowhere"}),
            (400, "POST", "/api/v1/network/join", {"founding": "x" * 1000}),
            (400, "POST", "/api/v1/contacts/import?from=-1", "Nachname;Vorname\nA;B\n"),
        ]
        for expected, method, path, body in wrong:
            status, problem = call(method, path, body)
            with self.subTest(method=method, path=path[:60], body=str(body)[:60]):
                self.assertEqual(status, expected, problem)
                self.assertEqual(problem["status"], status)
        self.assert_unharmed()

    def test_a_thousand_quick_connections(self):
        path = str(self.members[0].dir / "api.sock")
        for number in range(1000):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(e2e.WAIT_S)
                client.connect(path)
                if number % 3:
                    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"[:number % 40])
        descriptors = f"/proc/{self.victim.pid}/fd"
        if os.geteuid() == 0:
            e2e.wait_until(lambda: len(os.listdir(descriptors)) < 100, "closed connections")
        self.assert_unharmed()


if __name__ == "__main__":
    e2e.main()
