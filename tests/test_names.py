#!/usr/bin/python3
"""Every test that docs/threats.md and docs/testing.md name exists in the sources.

usage: tests/test_names.py [ROOT]      prints "file:line: name: what is missing" and exits 1

A name is `Suite.Case`, `Suite.Pre*`, `Suite.Pre…` or `Suite.*`; a case alone belongs to any suite.
In `x_test`: `Suite.Case`, `x_test`: `Case` the suite or case has to be one of the folder x, if
tests/unit/x is one.
"""
import pathlib
import re
import sys

PAGES = ("docs/threats.md", "docs/testing.md")
PLACEHOLDERS = {"Suite.Case", "NAME.cc"}
# Words that are written like cases and are none, each with what it is.
NOT_CASES = {"GoogleTest": "a library", "RocksDB": "a library", "OpenSSL": "a library",
             "RocksStore": "a class", "WebAssembly": "a format", "FoundationDB": "a product",
             "TcpRecorder": "a class", "TooLong": "an error in BadHeaderTable"}

GTEST = re.compile(r"^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.M)
PYTHON = re.compile(r"^(class|    def) (\w+)", re.M)
SUITE_CASE = re.compile(r"\b([A-Z]\w+)\.(\*|[A-Za-z]\w*)([*…]?)")
CASE = re.compile(r"(?<![\w.`/])`?([A-Z][a-z]+(?:[A-Z][a-z]*|[0-9])+\w*)([*…]?)(?![\w.(/]|::)")
PROGRAM = re.compile(r"\b(?:[a-z][a-z0-9_]*_test|(?:fuzz|sim|crdt|bench|governance)_[a-z0-9_]+)\b"
                     r"(?!\.(?:cc|h|md)|/)")
METHOD = re.compile(r"\btest_[a-z0-9_]+\b(?!\.)")


class Sources:
    """What the folder tests/ defines."""

    def __init__(self, root):
        self.cases, self.methods, self.programs = {}, set(), set()
        self.scripts = set()
        self.folders = {}  # of tests/unit -> the suites and cases in it
        tests = root / "tests"
        for path in sorted(tests.rglob("*")):
            if path.suffix == ".cc":
                self._cases(path)
                if path.stem.endswith("_test"):
                    self.programs.add(path.stem)
                if path.parent.name == "fuzz":
                    self.programs.add("fuzz_" + path.stem)
            elif path.suffix == ".py":
                self._python(path)
        for path in sorted(tests.rglob("CMakeLists.txt")):
            self._ctest(path)

    def _cases(self, path):
        for suite, case in GTEST.findall(path.read_text()):
            self.cases.setdefault(suite, set()).add(case)
            if path.parent.parent.name == "unit":
                self.folders.setdefault(path.parent.name, set()).update((suite, case))

    def _python(self, path):
        self.programs.add(path.stem)
        self.scripts.add(path.stem)
        current = None
        for kind, name in PYTHON.findall(path.read_text()):
            if kind == "class":
                current = name
            elif name.startswith("test_") and current:
                self.cases.setdefault(current, set()).add(name)
                self.methods.add(name)

    def _ctest(self, path):
        text = re.sub(r"#.*", "", path.read_text())
        loops = {}
        for variable, values in re.findall(r"foreach\(\s*(\w+)([^)]*)\)", text):
            loops.setdefault(variable, []).extend(values.split())
        for variable, values in re.findall(r"\bset\(\s*(\w+)([^)]*)\)", text):
            loops.setdefault(variable, []).extend(values.split())
        for values in [v for k, v in loops.items() if k not in ("target",)]:
            for value in list(values):
                inner = re.fullmatch(r"\$\{(\w+)\}", value)
                if inner:
                    values.extend(loops.get(inner.group(1), ()))
        functions = {name: re.search(r"add_test\(\s*NAME\s+(\S+)", body)
                     for name, body in re.findall(r"function\(\s*(\w+)[^)]*\)(.*?)endfunction",
                                                  text, re.S)}
        names = re.findall(r"add_(?:test\(\s*NAME|executable\()\s*(\S+?)[\s)]", text)
        for call, name in re.findall(r"^\s*(\w+)\(\s*([\w${}]+)", text, re.M):
            if call in ("geflecht_test", "rocks_test"):
                names.append(name)
            elif functions.get(call):
                names.append(functions[call].group(1).replace("${name}", name))
        for name in names:
            inner = re.search(r"\$\{(\w+)\}", name)
            values = loops.get(inner.group(1), ()) if inner else ("",)
            self.programs.update(name.replace(inner.group(0), value) if inner else name
                                 for value in values)

    def has_program(self, name):
        """A ctest or program, or what several of them begin with."""
        return name in self.programs or any(
            program.startswith(name.rstrip("_") + "_") for program in self.programs)

    def has_suite(self, suite):
        return suite in self.cases

    def has_case(self, suite, case, open_end):
        return any(name == case or open_end and name.startswith(case)
                   for name in self.cases.get(suite, ()))

    def has_case_anywhere(self, case, open_end):
        return any(self.has_case(suite, case, open_end) for suite in self.cases)


def cells_of(line):
    """The parts of a line in which tests are named: all but the first cell of a table's row."""
    if not line.startswith("|"):
        return re.findall(r"`[^`]+`", line)
    return [line.split("|", 2)[-1] if line.count("|") > 2 else ""]


def check_line(line, sources, in_limits):
    """What is wrong with the names of a line."""
    for cell in cells_of(line):
        for suite, case, end in SUITE_CASE.findall(cell):
            if f"{suite}.{case}" in PLACEHOLDERS or case in ("md", "txt"):
                continue
            open_end = bool(end) or case == "*"
            if not sources.has_suite(suite):
                yield f"{suite}.{case}{end}", "there is no such suite"
            elif case != "*" and not sources.has_case(suite, case, open_end):
                yield f"{suite}.{case}{end}", "the suite has no such case"
        marked = cell if in_limits else " ".join(re.findall(r"`[^`]+`", cell))
        if line.startswith("|"):
            for name, end in CASE.findall(SUITE_CASE.sub(" ", marked)):
                if name not in NOT_CASES and not sources.has_suite(name) and \
                        not sources.has_case_anywhere(name, bool(end)):
                    yield name + end, "no suite has such a case"
        for name in METHOD.findall(cell):
            if name not in sources.methods:
                yield name, "no end-to-end test has such a method"
    for name in set(PROGRAM.findall(" ".join(re.findall(r"`[^`]+`", line)))
                    + (PROGRAM.findall(line) if in_limits else [])):
        if not sources.has_program(name) and not METHOD.fullmatch(name):
            yield name, "there is no such program or ctest"


def check_folders(line, sources):
    """Names behind a program whose sources do not have them."""
    for part in re.split(r"[;|]", line):
        named, colon, rest = part.partition("`: ")
        folders = [program[:-5] for program in re.findall(r"`(\w+_test)\b", named + "`")
                   if program[:-5] in sources.folders and program not in sources.scripts]
        if not colon or not folders:
            continue
        known = set().union(*(sources.folders[folder] for folder in folders))
        for name, end in re.findall(r"`([A-Z]\w+)(?:\.[\w*…]+|([*…]?))`", rest):
            if name not in known and not (end and any(k.startswith(name) for k in known)):
                yield name, f"not in tests/unit/{' or '.join(folders)}"


def problems(root, pages=PAGES):
    sources = Sources(root)
    for page in pages:
        heading = ""
        for number, line in enumerate((root / page).read_text().splitlines(), 1):
            if line.startswith("#"):
                heading = line.strip("# ")
            for name, what in (*check_line(line, sources, heading == "Limits"),
                               *check_folders(line, sources)):
                yield f"{page}:{number}: {name}: {what}"


def main(root):
    found = list(problems(root))
    print("\n".join(found) if found else f"every test named in {', '.join(PAGES)} exists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                               pathlib.Path(__file__).resolve().parent.parent)))
