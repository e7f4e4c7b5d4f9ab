#!/usr/bin/python3
"""What an idle node takes, and what `geflecht status` takes. Prints JSON; only memory is judged."""
import json
import pathlib
import resource
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import geflecht_e2e as e2e  # noqa: E402  pylint: disable=wrong-import-position

IDLE_S = 10
RUNS = 20
RSS_KIB_MAX = 64 * 1024


def measure(scratch, *words):
    """Median CPU and wall time of a command in milliseconds."""
    cpu, wall = [], []
    for _ in range(RUNS):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = scratch.geflecht(*words)
        after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        assert done.returncode == 0, done.stderr
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        wall.append(end - start)
    return {"cpu_ms": round(statistics.median(cpu) * 1000, 2),
            "wall_ms": round(statistics.median(wall) * 1000, 2)}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def idle_node(scratch):
    members, _ = e2e.found_network(scratch)
    members[0].run("contact", "import", e2e.EXAMPLES / "kontakte.csv")
    node = e2e.Node(members[0])
    nodes = [node, *(e2e.Node(member, [node.address]) for member in members[1:])]
    e2e.wait_until(lambda: all(e2e.all_equal_pair(node, other) for other in nodes[1:]), "equality")
    before = cpu_seconds(node.pid)
    time.sleep(IDLE_S)
    return members, nodes, {"contacts": len(members[0].contacts()),
                            "partners": sum(p["connected"] for p in node.partners()),
                            "rss_kib": node.rss_kib(), "idle_s": IDLE_S,
                            "cpu_ms": round((cpu_seconds(node.pid) - before) * 1000)}


def main():
    scratch = e2e.Scratch()
    try:
        members, nodes, idle = idle_node(scratch)
        status = ("status", "--dir", members[0].dir)
        result = {"idle_node": idle, "version": measure(scratch, "--version"),
                  "status_by_socket": measure(scratch, *status)}
        for node in nodes:
            node.stop()
        result["status_in_process"] = measure(scratch, *status)
        for name in ("status_by_socket", "status_in_process"):
            result[name]["ratio_to_version"] = round(
                result[name]["wall_ms"] / result["version"]["wall_ms"], 2)
        print(json.dumps(result, indent=2))
        if idle["contacts"] != 60 or idle["partners"] != 2 or idle["rss_kib"] >= RSS_KIB_MAX:
            print(f"an idle node with 60 contacts and 2 partners stays below {RSS_KIB_MAX} KiB",
                  file=sys.stderr)
            return 1
        return 0
    finally:
        scratch.close()


if __name__ == "__main__":
    sys.exit(main())
