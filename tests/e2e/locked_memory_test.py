#!/usr/bin/python3
"""The memory of a running node: its keys and its passphrase are gone once it is locked."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

import geflecht_e2e as e2e

NODE_KEYS = os.environ.get("GEFLECHT_NODE_KEYS",
                           str(e2e.ROOT / "build" / "dev" / "tests" / "e2e" / "node_keys"))
PASSPHRASE = "Kranich-im-Silbertann-4711"


def readable_memory(pid):
    """(where, bytes) of every region of the process that can be read."""
    maps = pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            low, high, rights, where = re.match(r"(\w+)-(\w+) (\S+) \S+ \S+ \S+ *(.*)",
                                                line).groups()
            if not rights.startswith("r") or where in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            low, high = int(low, 16), int(high, 16)
            memory.seek(low)
            data = bytearray()
            while len(data) < high - low:
                more = memory.read(high - low - len(data))
                if not more:
                    raise AssertionError(f"{line}: only {len(data)} bytes can be read")
                data += more
            yield where or rights, bytes(data)


def found_in(pid, needles):
    """name -> where it is in the memory of the process."""
    found = {}
    for where, data in readable_memory(pid):
        for name, needle in needles.items():
            if needle in data:
                found.setdefault(name, []).append(where)
    return found


def works(pid, needles):
    try:
        return "device" in found_in(pid, needles)
    except OSError:  # a node that works gives memory back while it is read
        return False


@unittest.skipUnless(os.geteuid() == 0, "NOT RUN: only root may read the memory of a node")
class LockedMemory(e2e.ScratchCase):
    def test_holds_no_key_once_the_node_is_locked(self):
        members, _ = e2e.found_network(self.scratch, e2e.ORGANISATIONS[:2], [PASSPHRASE])
        first, second = members
        listed = subprocess.run([NODE_KEYS, first.dir, first.secret[1]], check=True, text=True,
                                capture_output=True).stdout.split("\n")
        keys = {line.split()[0]: bytes.fromhex(line.split()[1]) for line in listed if line}
        self.assertEqual(len(keys), 5, sorted(keys))
        needles = keys | {"passphrase": PASSPHRASE.encode()}

        other = e2e.Node(second)
        node = e2e.Node(first, [other.address])
        first.run("doc", "new", "--type", "note", "--title", "written before the lock")
        e2e.wait_until(lambda: e2e.all_equal([node, other]), "both are equal")
        before = found_in(node.pid, needles)
        # What the node works with is there: so the search finds what there is.
        for name in ("device", "tls", "geflecht-store-values@v1", "geflecht-store-names@v1"):
            self.assertIn(name, before)
        self.assertNotIn("passphrase", before)

        first.run("lock")
        self.assertEqual(found_in(node.pid, needles), {})
        first.run("unlock")
        e2e.wait_until(lambda: works(node.pid, needles), "it works again")
        first.run("lock")
        self.assertEqual(found_in(node.pid, needles), {})


if __name__ == "__main__":
    print(f"keys by {NODE_KEYS}", file=sys.stderr)
    e2e.main()
