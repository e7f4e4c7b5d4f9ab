#!/usr/bin/python3
"""Mutation test of the verifier: node/audit, node/log, node/governance against their tests.

usage: mutants.py FOLDER [--build BUILD] [--count N] [--seed S] [--minutes M] [--only REGEX]
       mutants.py --self-check

All mutants are compiled into the tests at once (mutant schemata, Untch et al. 1993): into a copy of
the sources, in which the environment variable GEFLECHT_MUTANT switches one of them on. Each test
case runs once without a mutant to see which ones it reaches; a mutant is then judged by the test
cases that reach it. A crash or a timeout counts as killed, and is said. Without a mutant the
instrumented tests have to pass. What governance_compare does is done by governance_vectors_test
here, on generated graphs with the states that the independent model gives them.

Mutants that nobody could tell from the original are listed by hand, each with the reason, in
mutants_equivalent.txt: those that survive are shown and do not count.

FOLDER lies outside of the sources and may be used again. In BUILD (build/dev) the tests are built.
Ends after M minutes of CPU time.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import time

from mutants_known import equivalents, generate_graphs, without_line
from mutants_support import COMPARISONS, SUPPORT, compare_name, support_header

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PARTS = ("node/audit", "node/log", "node/governance")
PROGRAMS = {"log_test": "unit/log", "governance_test": "unit/governance",
            "audit_test": "unit/audit", "governance_vectors_test": "property",
            "governance_property_test": "property", "replica_test": "unit/replica"}
# Of these programs only the test cases that match: the others take long and find no more.
CASES = {"governance_property_test": "Outcomes"}
NICE = "1"
BASELINE_S = 12
SLOW_S = (0.05, 0.4)  # longer test cases come later
# Texts for people and for shells: what a change of them means, no test can judge.
NOT_MUTATED = {"node/audit/readme.cc", "node/audit/report_svg.cc", "node/audit/report_html.cc",
               "node/audit/report.cc"}


class Source:
    """One file: code without comments and literals, in which mutants are looked for."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.code = self.blanked(text)
        self.points = []
        self.forbidden = self.constant_parts()

    @staticmethod
    def blanked(text):
        def blank(match):
            return re.sub(r"[^\n]", " ", match[0])
        token = (r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'
                 r"'(?:\\.|[^'\\\n])+'|^[ \t]*#[^\n]*")
        return re.sub(token, lambda m: m[0][0] + blank(m)[1:-1] + m[0][-1] if m[0][0] in "\"'R"
                      else blank(m), text, flags=re.S | re.M)

    def constant_parts(self):
        """Extents in which only constants are allowed: constexpr, enums, template arguments."""
        parts = []
        for match in re.finditer(r"\b(constexpr|static_assert|enum|template|case|using|operator)\b",
                                 self.code):
            end = match.end()
            while end < len(self.code) and self.code[end] not in ";{:":
                end = self.closing(end) if self.code[end] in "([" else end + 1
            if end < len(self.code) and self.code[end] == "{":
                end = self.closing(end)
            parts.append((match.start(), end))
        return parts

    def closing(self, at):
        """Behind the bracket that closes the one at `at`."""
        pairs, depth = {"(": ")", "[": "]", "{": "}"}, 0
        for i in range(at, len(self.code)):
            if self.code[i] in pairs:
                depth += 1
            elif self.code[i] in ")]}":
                depth -= 1
                if depth == 0:
                    return i + 1
        return len(self.code)

    def allowed(self, begin, end):
        return not any(a < end and begin < b for a, b in self.forbidden)

    def add(self, what, edits):
        """`edits`: (begin, end, text with %d for the mutant's number); equal ends insert."""
        begin, end = edits[0][0], edits[-1][1]
        if self.allowed(begin, end):
            self.points.append((self, what, edits))

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def find(self):
        self.conditions()
        self.comparisons()
        self.dropped()
        self.constants()
        self.answers()
        return self.points

    def conditions(self):
        for match in re.finditer(r"\b(if|return)\b ?(constexpr)?", self.code):
            if match[2]:
                continue
            begin = match.end()
            if match[1] == "if":
                if self.code[begin] != "(":
                    continue
                end = self.closing(begin) - 1
                begin += 1
                for i in range(begin, end):  # an init-statement
                    if self.code[i] == ";":
                        begin = i + 1
                while self.code[begin].isspace():
                    begin += 1
            else:
                end = self.statement_end(begin)
            if end is None or begin >= end:
                continue
            text = self.code[begin:end]
            if match[1] == "if" and re.match(
                    r"(const |auto|[\w:<>,]+[&*]? ?[&*]?\w+ = )", text) is None:
                for value in ("negated", "true", "false"):
                    front = {"negated": "mutants::Is(%d) != static_cast<bool>(",
                             "true": "mutants::Is(%d) || static_cast<bool>(",
                             "false": "!mutants::Is(%d) && static_cast<bool>("}[value]
                    self.add(f"condition {value}", [(begin, begin, front), (end, end, ")")])
            self.connectives(begin, end)

    def statement_end(self, at):
        while at < len(self.code) and self.code[at] != ";":
            if self.code[at] in "{}":
                return None
            at = self.closing(at) if self.code[at] in "([" else at + 1
        return at

    def connectives(self, begin, end):
        """Each && and || of one level, if the level has no other operator of lower precedence."""
        at, found = begin, []
        while at < end:
            if self.code[at] in "([{":
                inner = self.closing(at)
                if self.code[at] == "(":
                    self.connectives(at + 1, inner - 1)
                at = inner
                continue
            if self.code[at] in "?,;=" and self.code[at - 1:at + 1] not in (
                    "==", "!=", "<=", ">=") and self.code[at:at + 2] != "==":
                return
            if self.code[at:at + 2] in ("&&", "||"):
                found.append(at)
                at += 2
                continue
            at += 1
        if len({self.code[at:at + 2] for at in found}) != 1:
            return
        for at in found:
            word = self.code[at:at + 2]
            if at - 1 <= begin or self.code[at - 1].isspace() is False:
                continue
            self.add(f"{word} exchanged", [
                (begin, begin, "(mutants::Is(%d) != ((mutants::Is(%d) != static_cast<bool>("),
                (at, at, ")) "), (at + 2, at + 2, " (mutants::Is(%d) != static_cast<bool>("),
                (end, end, "))))")])

    def comparisons(self):
        for match in re.finditer(r"(?<=[\w)\]]) (<|<=|>|>=|==|!=) (?=[\w(*!&\-:\"'{])", self.code):
            row = self.code[self.code.rfind("\n", 0, match.start()) + 1:
                            self.code.find("\n", match.end())]
            if re.search(r"\b(for|while|operator|template)\b|<=>|order", row):
                continue
            for first, other in COMPARISONS:
                if first == match[1]:
                    self.add(f"{first} became {other}", [(
                        match.start(), match.end(),
                        f" {first} mutants::{compare_name(first, other)}{{{{%d}}}} {first} ")])

    def dropped(self):
        for match in re.finditer(r"^ *(TRY\()", self.code, re.M):
            end = self.closing(match.end() - 1)
            if self.code[end:end + 1] == ";":
                self.add("statement dropped", [
                    (match.start(1), match.start(1), "if (!mutants::Is(%d)) { "),
                    (end + 1, end + 1, " }")])
        for match in re.finditer(
                r"^ +((?:exam\.|coverage\.|space\.)?(?:Bad|AddOpenPoint)\()|"
                r"^ +(std::sort\(|std::erase\w*\()", self.code, re.M):
            begin = match.start(1) if match[1] else match.start(2)
            end = self.closing(self.code.index("(", begin))
            front = self.code[:match.start()].rstrip()
            if self.code[end:end + 1] == ";" and front[-1:] in ";{}":
                self.add("statement dropped", [
                    (begin, begin, "if (!mutants::Is(%d)) { "), (end + 1, end + 1, " }")])

    def constants(self):
        for match in re.finditer(r"(?<![\w.\"'])(\d+)(?=[\s;,)\]])", self.code):
            front = self.code[:match.start()]
            if re.search(r"(\[|<|\w\{|= \{)$", front.rstrip()):
                continue
            if re.search(r"\.reserve\([^;]*$", front):  # only memory
                continue
            for sign in ("+", "-"):
                text = f"({match[1]} {sign} (mutants::Is(%d) ? 1 : 0))"
                self.add(f"{match[1]} {sign} 1", [(match.start(), match.end(), text)])
        for match in re.finditer(
                r"constexpr (std::size_t|std::int64_t|std::uint\d+_t|int) (k\w+) = ([^;{]+);",
                self.code):
            text = self.text[match.start(3):match.end(3)]
            for sign in ("+", "-"):
                self.points.append((self, f"{match[2]} {sign} 1", [(
                    match.start(), match.end(),
                    f"const {match[1]} {match[2]} = ({text}) {sign} (mutants::Is(%d) ? 1 : 0);")]))

    def answers(self):
        for match in re.finditer(r"\breturn (true|false);", self.code):
            self.add(f"{match[1]} exchanged", [(
                match.start(1), match.end(1), f"mutants::Is(%d) != {match[1]}")])

    def instrumented(self, chosen):
        """The text with these mutants: (number, edits); nested extents stay nested."""
        cuts = []
        for number, edits in chosen:
            size = edits[-1][1] - edits[0][0]
            for begin, end, text in edits:
                count = text.count("%d")
                text = text % ((number,) * count) if count else text
                closes = begin == end and begin != edits[0][0]
                # Behind one another at one place: what closes, the inner first; then what opens,
                # the outer first; then what is replaced. Of two with the same extent the one that
                # replaces something in the middle is the inner one: it closes its brackets there.
                whole = len(edits) == 2
                order = (0, size, whole, -number) if closes else (1, -size, not whole, number)
                cuts.append((begin, 2 if begin < end else 1, order, end, text))
        cuts.sort(key=lambda cut: (cut[0], cut[2][0] if cut[1] == 1 else 2, cut[2]))
        out, at = [], 0
        for begin, _, _, end, text in cuts:
            if begin < at:
                raise ValueError("mutants overlap")
            out += [self.text[at:begin], text]
            at = end
        return "".join(out) + self.text[at:]


def all_points():
    points = []
    for part in PARTS:
        for path in sorted((ROOT / part).glob("*.cc")):
            name = str(path.relative_to(ROOT))
            if name not in NOT_MUTATED:
                points += Source(name, path.read_text()).find()
    return points


def without_overlap(points, count):
    """The first ones of which none replaces what another one replaces."""
    kept, taken, exchanged = [], {}, set()
    for point in points:
        source, _, edits = point
        cuts = [(a, b) for a, b, _ in edits if a < b]
        spans = taken.setdefault(source.name, [])
        insertions = [a for a, b, _ in edits if a == b]
        extent = (source.name, edits[0][0], edits[-1][1])
        if len(edits) > 2 and extent in exchanged:  # the brackets of both would not nest
            continue
        if any(a < d and c < b for a, b in cuts for c, d in spans if c < d) or any(
                c < at < d for at in insertions for c, d in spans) or any(
                    a < at < b for a, b in cuts for at in
                    [c for c, d in spans if c == d]):
            continue
        spans += cuts + [(at, at) for at in insertions]
        kept.append(point)
        if len(edits) > 2:
            exchanged.add(extent)
        if len(kept) == count:
            break
    return kept


class Build:
    """The libraries with the chosen mutants, and the tests of `made` linked with them."""

    def __init__(self, folder, made, points):
        self.folder, self.made = folder, made
        known = folder / "left_out"  # by an earlier run, because they did not compile
        left_out = known.read_text().splitlines() if known.exists() else []
        self.points = {number: point for number, point in enumerate(points, 1)
                       if report_line(point) not in left_out}

    def write(self):
        """Instrumented sources, and units of several as in the build: (name, whether changed)."""
        by_file, changed = {}, {}
        for number, (source, _, edits) in self.points.items():
            by_file.setdefault(source, []).append((number, edits))
        for part in PARTS:
            for path in sorted((ROOT / part).glob("*.cc")):
                name = str(path.relative_to(ROOT))
                source = next((s for s in by_file if s.name == name), None)
                text = source.instrumented(by_file[source]) if source else path.read_text()
                changed[name] = self.put(name, text)
        units = []
        for part in PARTS:
            for unit in sorted((self.made / part).glob("CMakeFiles/*.dir/Unity/unity_*.cxx")):
                names = re.findall(r'#include "[^"]*?(node/[^"]+)"', unit.read_text())
                name = f"{part.replace('/', '_')}_{unit.name.split('.')[0]}.cc"
                text = "".join(f'#include "{self.folder / one}"\n' for one in names)
                fresh = self.put(name, text) or any(changed[one] for one in names)
                units.append((name, fresh or not (self.folder / (name + ".o")).exists()))
        return units

    def put(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.read_text() == text:
            return False
        file.write_text(text)
        return True

    def compile(self, name, *options):
        return subprocess.run(
            ["nice", "-n", NICE, "g++", "-std=c++20", "-O0", "-w", "-fPIE", "-I", ROOT, *options,
             "-c", self.folder / name, "-o", self.folder / (name + ".o")],
            capture_output=True, text=True, check=False)

    def make(self):
        """Compiles and links; mutants that do not compile are left out."""
        self.put("mutants.h", support_header())
        self.put("support.cc", SUPPORT)
        support = self.compile("support.cc")
        if support.returncode:
            sys.exit(support.stderr)
        for _ in range(12):
            units, bad = self.write(), set()
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                runs = list(pool.map(lambda name: self.compile(
                    name, "-include", self.folder / "mutants.h"),
                    [name for name, fresh in units if fresh]))
            for run in runs:
                if run.returncode:
                    blamed = self.blamed(run.stderr)
                    if not blamed:
                        sys.exit(f"the instrumented sources do not compile:\n{run.stderr[-6000:]}")
                    bad |= blamed
            if not bad:
                break
            for number in bad:
                with open(self.folder / "left_out", "a", encoding="utf-8") as file:
                    file.write(report_line(self.points[number]) + "\n")
                del self.points[number]
            for run, (name, _) in zip(runs, [unit for unit in units if unit[1]]):
                if run.returncode:
                    (self.folder / (name + ".o")).unlink(missing_ok=True)
            print(f"{len(bad)} mutants do not compile and are left out", flush=True)
        for part in PARTS:
            library = self.folder / f"libgeflecht_{part.split('/')[1]}.a"
            library.unlink(missing_ok=True)
            front = part.replace("/", "_") + "_"
            subprocess.run(["ar", "qc", library,
                            *(self.folder / (name + ".o") for name, _ in units
                              if name.startswith(front))], check=True)
        for name in PROGRAMS:
            self.link(name)

    def link(self, name):
        """As the build does it, with our libraries in place of three."""
        made = self.made / "tests" / PROGRAMS[name]
        tests = sorted((made / "CMakeFiles" / f"{name}.dir").rglob("*.o"))
        text = subprocess.run(["ninja", "-C", self.made, "-t", "commands", name],
                              capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        libraries = []
        for word in text.split():
            if re.search(r"libgeflecht_(audit|log|governance)\.a$", word):
                libraries.append(self.folder / word.split("/")[-1])
            elif re.search(r"\.(a|so)(\.[0-9.]+)?$", word):
                libraries.append(self.made / word)
        subprocess.run(["g++", *tests, self.folder / "support.cc.o", "-o", self.folder / name,
                        "-Wl,--start-group", *libraries, "-Wl,--end-group", "-ldl"], check=True)

    def blamed(self, log):
        """Mutants on lines that the compiler names; insertions keep the lines as they are."""
        places = set(re.findall(r"(node/\w+/\w+\.cc):(\d+)", log))
        bad = set()
        for number, (source, _, edits) in self.points.items():
            lines = range(source.line(edits[0][0]) - 1, source.line(edits[-1][1]) + 2)
            if any((source.name, str(line)) in places for line in lines):
                bad.add(number)
        return bad

    def program(self, name):
        return self.folder / name


def run_tests(program, names, mutant=0, reached=None, timeout=60.0):
    """(passed, how it ended, seconds of CPU time, of which `timeout` are allowed)"""
    environment = {**os.environ, "GEFLECHT_MUTANT": str(mutant), "GEFLECHT_CASES": "60",
                   "GEFLECHT_GRAPHS": str(program.parent / "graphs")}
    if reached:
        environment["GEFLECHT_REACHED"] = str(reached)

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (int(timeout) + 1, int(timeout) + 2))
    started = cpu_seconds()
    try:
        run = subprocess.run([program, "--gtest_fail_fast", "--gtest_brief=1",
                              "--gtest_filter=" + ":".join(names)], env=environment,
                             capture_output=True, timeout=20 * timeout, check=False,
                             preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return False, "timeout", timeout
    ended = {0: "passed", 1: "failed", -signal.SIGXCPU: "timeout", -signal.SIGKILL: "timeout"}.get(
        run.returncode, f"crashed ({run.returncode})")
    return run.returncode == 0, ended, cpu_seconds() - started


def cases_of(program):
    graphs = {**os.environ, "GEFLECHT_GRAPHS": str(program.parent / "graphs")}
    text = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True,
                          check=True, env=graphs).stdout
    group, names = "", []
    for row in text.split("\n"):
        row = row.split("#")[0].rstrip()
        if row and not row.startswith(" "):
            group = row
        elif row.strip():
            names.append(group + row.strip())
    return [name for name in names if CASES.get(program.name, "") in name]


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def baseline(build):
    """Mutant -> [(seconds, program, test case)] that reach it."""
    reaching, total = {}, 0
    reached = build.folder / "reached"
    for name in PROGRAMS:
        program = build.program(name)
        for case in cases_of(program):
            reached.unlink(missing_ok=True)
            passed, ended, seconds = run_tests(program, [case], 0, reached, BASELINE_S)
            if ended == "timeout":
                print(f"left out: {name} {case} takes more than {BASELINE_S} s", flush=True)
                continue
            total += 1
            if not passed:
                sys.exit(f"without a mutant {name} {case}: {ended}")
            for row in reached.read_text().split():
                reaching.setdefault(int(row), []).append((seconds, name, case))
    print(f"{total} test cases pass without a mutant", flush=True)
    return reaching


def judge(build, number, tests):
    """How the mutant ended, or None if it survived."""
    groups = {}
    for seconds, name, case in tests:
        tier = sum(seconds > slow for slow in SLOW_S)
        groups.setdefault((tier, name), []).append((seconds, case))
    for (_, name), mine in sorted(groups.items(), key=lambda item: (
            item[0][0], sum(seconds for seconds, _ in item[1]))):
        seconds = sum(seconds for seconds, _ in mine)
        passed, ended, _ = run_tests(build.program(name), [case for _, case in mine], number,
                                     None, 15 + 6 * seconds)
        if not passed:
            return ended
    return None


def report_line(point):
    source, what, edits = point
    row = source.text.split("\n")[source.line(edits[0][0]) - 1].strip()
    return f"{source.name}:{source.line(edits[0][0])}: {what}: {row}"


def self_check():
    sample = Source("sample.cc", """\
#include <a>
constexpr int kA = 3;
bool F(int a, int b) {
  if (const int c = a; c < b && a != 0) return true;
  TRY(G(a));
  return a > 0 || b > 0;
}
""")
    points = without_overlap(sample.find(), 1000)
    assert len(points) > 12, len(points)
    text = sample.instrumented(list(enumerate([edits for _, _, edits in points], 1)))
    for part in ("mutants::Is(", "static_cast<bool>(", "{ TRY(G(a)); }", "const int kA = (3)"):
        assert part in text, (part, text)
    assert text.count("(") == text.count(")"), text
    nested = Source("nested.cc", "bool F(bool a) {\n  if (!a || !a || a) return a;\n}\n")
    inner = nested.instrumented(
        [(i, p[2]) for i, p in enumerate(without_overlap(nested.find(), 99), 1)])
    assert "!mutants::Is(3) && static_cast<bool>((mutants::Is(4) != (" in inner, inner
    for point in points:
        one = sample.instrumented([(7, point[2])])
        assert "%d" not in one and one.count("(") == one.count(")"), one
    found = all_points()
    assert len(found) > 1500, len(found)
    known, rows = equivalents(), {without_line(report_line(point)) for point in found}
    for row, reason in known.items():
        assert row in rows, f"no such mutant: {row}"
        assert reason, f"no reason: {row}"
    kept = without_overlap(random.Random(1).sample(found, 400), 300)
    assert len(kept) == 300
    print(f"1 passed, 0 failed\n{len(found)} mutants can be made")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--only", default="", help="of files whose names match")
    parser.add_argument("--self-check", action="store_true")
    options = parser.parse_args()
    if options.self_check:
        return self_check()
    points = [point for point in all_points() if re.search(options.only, point[0].name)]
    random.Random(options.seed).shuffle(points)
    build = Build(options.folder.resolve(), options.build, without_overlap(points, options.count))
    print(f"seed {options.seed}: {len(build.points)} of {len(points)} mutants", flush=True)
    build.make()
    print(f"built: {cpu_seconds() / 60:.1f} CPU minutes", flush=True)
    generate_graphs(build.folder / "graphs")
    reaching = baseline(build)
    print(f"reached: {cpu_seconds() / 60:.1f} CPU minutes", flush=True)
    known, same = equivalents(), []
    ends, survivors, judged = {}, [], 0
    for number, point in sorted(build.points.items()):
        if cpu_seconds() / 60 > options.minutes:
            break
        judged += 1
        tests = reaching.get(number, [])
        ended = judge(build, number, tests) if tests else None
        row = report_line(point)
        if ended is None and without_line(row) in known:
            judged -= 1
            same.append(row)
        elif ended is None:
            survivors.append(row + ("" if tests else "  (no test gets there)"))
            print("survived: " + survivors[-1], flush=True)
        else:
            word = ended.split()[0]
            ends[word] = ends.get(word, 0) + 1
        if judged % 20 == 0 and ended is not None:
            print(f"{judged} judged, {len(survivors)} survived: {ends}", flush=True)
    killed = judged - len(survivors)
    print(f"seed {options.seed}: {judged} judged, {killed} killed "
          f"({100 * killed / max(1, judged):.1f} %): {ends}; {cpu_seconds() / 60:.1f} CPU minutes")
    for row in survivors:
        print("survived: " + row)
    for row in same:
        print(f"not to be told from the original: {row}\n  {known[without_line(row)]}")
    return 0 if killed >= 0.95 * judged else 1


if __name__ == "__main__":
    sys.exit(main())
