"""What the end-to-end tests share: networks in a temporary directory, the two programs, a proxy.

The programs are found through GEFLECHT and GEFLECHTD, otherwise in build/dev. Nothing of the
user's own directories is read or written: every child gets its own HOME and TMPDIR.
"""
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GEFLECHT = os.environ.get("GEFLECHT", str(ROOT / "build" / "dev" / "cli" / "geflecht"))
GEFLECHTD = os.environ.get("GEFLECHTD", str(ROOT / "build" / "dev" / "node" / "geflechtd"))
EXAMPLES = ROOT / "deploy" / "examples"
WAIT_S = 45

# Exit codes (docs/formats/cli.md).
FAILURE, USAGE, PARTIAL, NOT_FOUND, CONFLICT, VERIFICATION, LOCKED = 1, 2, 3, 4, 5, 6, 7
UNREACHABLE, FORBIDDEN, NOT_INITIALISED, INTERRUPTED = 8, 9, 10, 130

ORGANISATIONS = ("Beratungsstelle Kranichgrund e. V.", "Klinikum Silbertannen gGmbH",
                 "Jugendamt Weidenbruck", "Lotsendienst Ammerfeld")
NETWORK = "Netzwerk Kranichgrund"


def wait_until(condition, what, seconds=WAIT_S):
    """Returns the first true value of `condition`; fails the test after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {seconds} s: {what}")
        time.sleep(0.05)


def today(days=0):
    """The day in UTC, or so many days later."""
    return (datetime.datetime.now(datetime.timezone.utc) +
            datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def seeded_random():
    """Random numbers whose seed stands in the output; GEFLECHT_E2E_SEED repeats a run."""
    seed = int(os.environ.get("GEFLECHT_E2E_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {seed}: repeat with GEFLECHT_E2E_SEED={seed}", flush=True)
    return random.Random(seed)


class Answer(dict):
    """The keys of the result line; `exit`, `out` and `err` beside them."""

    def __init__(self, done):
        lines = done.stdout.splitlines()
        super().__init__(json.loads(lines[-1]) if lines else {})
        for line in lines[:-1]:
            assert json.loads(line)["type"] == "progress", line
        self.exit, self.out, self.err = done.returncode, done.stdout, done.stderr


class Scratch:
    """A temporary directory and what runs in it. Ends its own processes, removes its files."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="geflecht-e2e-"))
        self.environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
        for name in ("HOME", "TMPDIR"):
            folder = self.path / name.lower()
            folder.mkdir()
            self.environment[name] = str(folder)
        self.closing = contextlib.ExitStack()

    def close(self):
        self.closing.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def popen(self, *words, **options):
        """A child of this test; it is ended with the scratch directory if it still runs."""
        child = subprocess.Popen([str(w) for w in words], env=self.environment, cwd=self.path,
                                 **options)
        self.closing.callback(end_process, child)
        return child

    def geflecht(self, *words, stdin=None, timeout=WAIT_S * 2):
        """Runs the command line as it is; bytes in, bytes out."""
        return subprocess.run([GEFLECHT, *map(str, words)], input=stdin or b"", timeout=timeout,
                              capture_output=True, env=self.environment, cwd=self.path,
                              check=False)

    def run(self, *words, stdin=None, exits=(0,), lang="en"):
        """Runs a command with --json; its exit code has to be one of `exits`."""
        stdin = stdin.encode() if isinstance(stdin, str) else stdin
        done = self.geflecht(*words, "--json", "--lang", lang, stdin=stdin)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        if done.returncode not in exits:
            raise AssertionError(f"geflecht {' '.join(map(str, words))}: exit {done.returncode}, "
                                 f"not {exits}\n{done.stdout}{done.stderr}")
        return Answer(done)


def end_process(child):
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            stream.close()


class Organisation:
    """One member's directory; `run` fills in --dir and the passphrase file."""

    def __init__(self, scratch, name, passphrase=None):
        self.scratch, self.name, self.passphrase = scratch, name, passphrase
        number = sum(1 for _ in scratch.path.glob("org*.d"))
        self.dir = scratch.path / f"org{number}.d"
        self.sheet = scratch.path / f"org{number}.sheet"
        self.card = scratch.path / f"org{number}.card"
        self.secret = []
        if passphrase:
            file = scratch.path / f"org{number}.passphrase"
            file.write_text(passphrase + "\n")
            self.secret = ["--passphrase-file", str(file)]
        self.run("init", "--org", name, "--sheet", self.sheet,
                 *([] if passphrase else ["--no-passphrase"]))
        self.run("card", "-o", self.card)

    def run(self, *words, **options):
        return self.scratch.run(*words, "--dir", self.dir, *self.secret, **options)

    def call(self, method, target, body=None, timeout=WAIT_S):
        """One request to the running node: (status, JSON). OSError if nobody answers."""
        connection = UnixConnection(self.dir / "api.sock", timeout)
        try:
            data = json.dumps(body) if isinstance(body, (dict, list)) else body
            connection.request(method, target, data.encode() if isinstance(data, str) else data)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def contacts(self):
        return self.run("contact", "list")["contacts"]

    def documents(self):
        """Every document with all its fields, by id: what two equal nodes agree on."""
        found = {}
        for item in self.run("doc", "list")["documents"]:
            shown = self.run("doc", "show", item["id"])
            found[item["id"]] = {k: shown[k] for k in ("fields", "conflicts", "void_changes")}
        return found

    def live_documents(self):
        """Every document with all its fields, by id, from a running node: many times faster."""
        listed = self.call("GET", "/api/v1/documents")[1]["documents"]
        return {d["id"]: self.call("GET", f"/api/v1/documents/{d['id']}")[1]["fields"]
                for d in listed}


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def found_network(scratch, names=ORGANISATIONS[:3], passphrases=(), network=NETWORK,
                  draft_options=()):
    """Organisations that have founded a network together; returns them and the network's id."""
    passphrases = list(passphrases) + [None] * len(names)
    members = [Organisation(scratch, n, p) for n, p in zip(names, passphrases)]
    stem = members[0].dir.stem
    draft, founding = scratch.path / f"{stem}.draft", scratch.path / f"{stem}.founding"
    first = members[0]
    first.run("network", "draft", "--name", network, "--founder", *[m.card for m in members],
              *draft_options, "-o", draft)
    signatures = [m.dir.with_suffix(".sig") for m in members]
    for member, signature in zip(members, signatures):
        member.run("network", "sign", draft, "--sheet", member.sheet, "-o", signature)
    answer = first.run("network", "found", draft, *signatures, "-o", founding)
    for member in members[1:]:
        member.run("network", "join", founding)
    return members, answer["network"]


class Node:
    """A running geflechtd. The address stays the same over restarts."""

    def __init__(self, organisation, peers=(), options=()):
        self.organisation, self.peers, self.options = organisation, list(peers), list(options)
        self.address, self.process = None, None
        self.log_path = organisation.scratch.path / f"{organisation.dir.name}.log"
        self.start()

    def start(self):
        words = [GEFLECHTD, "--dir", self.organisation.dir, *self.options, "--lang", "en",
                 "--listen", self.address or "127.0.0.1:0", *self.organisation.secret]
        for peer in self.peers:
            words += ["--peer", peer]
        with open(self.log_path, "ab") as log:
            self.process = self.organisation.scratch.popen(
                *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.ready = self.process.stdout.readline().decode()
        if not self.ready:
            raise AssertionError(f"geflechtd does not start: {self.log()}")
        if "--locked" not in self.options:
            self.address = self.organisation.call("GET", "/api/v1/status")[1]["listening"]

    def log(self):
        return self.log_path.read_text()

    @property
    def pid(self):
        return self.process.pid

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=WAIT_S)
        self.process.stdout.close()
        assert code == 0, f"geflechtd ended with {code}: {self.log()}"

    def kill(self):
        end_process(self.process)

    def rss_kib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def partners(self):
        return self.organisation.call("GET", "/api/v1/status")[1]["partners"]["list"]


def all_equal(nodes):
    """True if every node knows that each partner holds what it holds."""
    return all(partner["equal"] for node in nodes for partner in node.partners())


def all_equal_pair(first, second):
    """The same for two nodes, whoever else is there."""
    devices = [n.organisation.call("GET", "/api/v1/status")[1]["device"] for n in (first, second)]
    return all(any(p["device"] == device and p["equal"] for p in node.partners())
               for node, device in ((first, devices[1]), (second, devices[0])))


class TcpRecorder:
    """A proxy on loopback that records both directions and can disturb them.

    `target` is HOST:PORT and may be changed. Directions: "up" from the dialler, "down" to it.
    """

    def __init__(self, scratch, target):
        self.target, self.streams = target, []  # (direction, bytearray)
        self.lock, self.pairs = threading.Lock(), []
        self.stalled, self.pause_s, self.damage = set(), 0.0, None
        self.closed, self.connections = False, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()
        scratch.closing.callback(self.close)

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()
        for thread in self.threads:
            thread.join(timeout=5)

    def cut(self):
        """Ends all connections; new ones may follow."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def stall(self, *directions):
        """What goes in these directions waits until stall() is called without them."""
        self.stalled = set(directions)

    def trickle(self, pause_s):
        """One byte at a time with this pause; 0 ends it."""
        self.pause_s = pause_s

    def damage_once(self, direction, change):
        """`change` gets the next bytes in this direction and says what goes on in their place."""
        with self.lock:
            self.damage = (direction, change)

    def recorded(self):
        with self.lock:
            return [bytes(data) for _, data in self.streams]

    def _accept(self):
        while not self.closed:
            try:
                near, _ = self.listener.accept()
                self.connections += 1
            except OSError:
                return
            try:
                host, port = self.target.rsplit(":", 1)
                far = socket.create_connection((host, int(port)), timeout=5)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append((near, far))
            self.threads.append(threading.Thread(target=self._relay, args=(near, far),
                                                 daemon=True))
            self.threads[-1].start()

    def _relay(self, near, far):
        other = threading.Thread(target=self._pump, args=("down", far, near), daemon=True)
        other.start()
        self._pump("up", near, far)
        other.join()
        near.close()
        far.close()

    def _pump(self, direction, source, sink):
        record = bytearray()
        with self.lock:
            self.streams.append((direction, record))
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                with self.lock:
                    record += data
                    if self.damage and self.damage[0] == direction:
                        data = self.damage[1](data)
                        self.damage = None
                self._forward(direction, sink, data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _forward(self, direction, sink, data):
        while direction in self.stalled and not self.closed:
            time.sleep(0.02)
        if self.pause_s == 0:
            return sink.sendall(data)
        for index in range(len(data)):
            if self.pause_s == 0:
                return sink.sendall(data[index:])
            sink.sendall(data[index:index + 1])
            time.sleep(self.pause_s)
        return None


class ScratchCase(unittest.TestCase):
    """A test with its own scratch directory."""

    def setUp(self):
        self.scratch = Scratch()
        self.addCleanup(self.scratch.close)


class CliCase(ScratchCase):
    def assert_error(self, exits, code, *words, stdin=None):
        """The same error for programs and for people of both languages; nothing on stdout."""
        exits = (exits,) if isinstance(exits, int) else exits
        answer = self.scratch.run(*words, stdin=stdin, exits=exits)
        self.assertFalse(answer["ok"])
        self.assertEqual(answer["code"], code, answer)
        words_of = {"de": ("Fehler: ", "Einzelheit: "), "en": ("Error: ", "Detail: ")}
        for lang, (first, word) in words_of.items():
            done = self.scratch.geflecht(*words, "--lang", lang, stdin=stdin)
            shown = done.stderr.decode()
            self.assertEqual((done.returncode, done.stdout), (answer.exit, b""), shown)
            self.assertRegex(shown, f"(?m)^{first}.*[.]$")
            self.assertEqual(answer["message"] in shown, lang == "en", shown)
            self.assertTrue(not answer["detail"] or word in shown, shown)
        return answer

    def plain(self, name="Praxis Mondviole"):
        return Organisation(self.scratch, name)

    def file(self, name, data):
        path = self.scratch.path / name
        path.write_bytes(data)
        return path


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up behind ctest's time limit
    unittest.main(verbosity=2)
