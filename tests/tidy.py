#!/usr/bin/python3
"""The rules of the house as a test: layers, sizes, banned words, coroutines, sentences, READMEs.

usage: tests/tidy.py [ROOT]      prints "file:line: rule: what to do" and exits 1 on findings
"""

import ast
import json
import os
import re
import statistics
import sys

import tidy_text

# Who may include whom. A file belongs to the longest folder named here; it may include its own.
_PURE = "base crdt node/crypto node/log node/domain"
LAYERS = {
    "base": "",
    "base/i18n": "base",
    "crdt": "base",
    "proto/codec": _PURE,
    "node/crypto": "base",
    "node/log": "base node/crypto",
    "node/domain": "base crdt",
    "node/governance": _PURE,
    "node/formats": "base base/i18n node/domain",
    "node/doctor": "base",
    "node/pack": "base crdt node/crypto",
    "node/store": "base node/crypto",
    "node/store/rocks": "base node/store",
    "node/replica": _PURE + " node/governance node/pack node/store proto/codec",
    "node/sync": "base node/crypto node/log proto/codec",
    "node/audit": "base base/i18n crdt node/crypto node/domain node/log node/governance"
                  " proto/codec",
    "node/backup": _PURE + " proto/codec",
    "node/papers": "base base/i18n node/audit",
    "node/core": _PURE + " node/governance node/formats node/store node/replica node/sync"
                         " proto/codec",
    "node/net": _PURE + " node/sync node/core proto/codec",
    "node/runtime": _PURE + " node/governance node/store node/store/rocks node/replica node/sync"
                            " node/core node/net node/doctor node/backup proto/codec",
    "node/api": _PURE + " base/i18n node/governance node/formats node/store node/replica node/sync"
                        " node/audit node/backup node/core node/papers node/runtime proto/codec",
    "node": "*",
    "cli": "*",
    "tests": "*",
}
# Commands that an auditor runs without a node.
LAYERS_OF_FILES = {
    r"cli/cmd_(audit|dev)\w*\.(cc|h)$":
        "base base/i18n cli crdt proto/codec node/crypto node/log node/governance node/audit"
        " node/pack",
}
CORE = ("base", "crdt", "proto/codec", "node/crypto", "node/log", "node/governance", "node/domain",
        "node/formats", "node/store", "node/replica", "node/sync", "node/audit", "node/core",
        "node/doctor", "node/backup", "node/papers")

# (rule, pattern of an included path, folders that may, what to do)
INCLUDES = [
    ("sodium", r"sodium(\.h|/.*)$", "node/crypto tests/unit/crypto", "call node/crypto"),
    ("openssl", r"openssl/ssl\.h$", "node/net tests", "TLS belongs into node/net"),
    ("openssl", r"openssl/(?!ssl\.h)", "node/crypto node/net tests", "call node/crypto"),
    ("openssl", r"openssl/(evp|x509|rand|sha|hmac)\.h$", "node/crypto tests/unit/crypto",
     "call node/crypto"),
    ("rocksdb", r"rocksdb/", "node/store/rocks tests/store", "use node/store/store.h"),
    ("protobuf", r"(.*\.pb\.h$|google/protobuf/)", "proto/codec tests/unit/codec tests/fuzz",
     "convert to a domain type in proto/codec"),
    ("asio", r"(boost/)?(asio|beast)(/|\.hpp)", "node/net node/api node/runtime tests"
     " node/main.cc node/service.cc node/service.h cli/local_node.cc",
     "return an action that node/runtime executes"),
    ("cli11", r"CLI/", "cli tests", "the command tree belongs into cli"),
]

# (rule, pattern in code without comments and literals, folders it holds for, exempt, what to do)
_TIME = r"(?:system|steady|high_resolution|utc|file)_clock\s*::\s*now|\b(?:std::)?time\s*\(\s*" \
        r"(?:nullptr|NULL|0|&)|\b(?:clock_gettime|gettimeofday|localtime(?:_r)?|gmtime(?:_r)?)\s*\("
_RANDOM = r"\brandom_device\b|(?<![\w.>:])(?:std::)?s?rand\s*\(|\bmt19937|#\s*include\s*<random>"
TOKENS = [
    ("clock", _TIME, CORE, (), "take a Time argument (base/clock.h)"),
    ("random", _RANDOM, CORE, (), "take a Random& argument (base/rng.h)"),
    ("random", r"\brandombytes_\w+", ("",), ("node/crypto", "tests/unit/crypto"),
     "take a Random& argument (base/rng.h)"),
    ("environment", r"(?<!\w)(?:secure_)?getenv\s*\(", CORE, (), "take the value as an argument"),
    ("thread", r"\bstd::(?:j?thread|async|(?:shared_|recursive_|timed_)?mutex|lock_guard|"
               r"scoped_lock|unique_lock|condition_variable\w*|future|promise)\b",
     CORE, ("node/store",), "threads live in node/runtime; hand values over"),
    ("thread", r"\bthread_local\b", CORE, ("node/crypto",), "pass the state as an argument"),
    ("iostream", r"#\s*include\s*<(?:iostream|fstream|sstream|iomanip)>|"
                 r"\bstd::(?:cout|cerr|clog)\b", CORE, (),
     "return text or an Error; node/store/files.h reads and writes files"),
    ("number", r"\bstd::sto(?:i|l|ul|ll|ull|d|f)\s*\(|"
               r"(?<![\w.>:])(?:std::)?(?:ato[il]+|strtou?ll?)\s*\(",
     ("base", "crdt", "proto", "node", "cli"), (), "use std::from_chars and look at its end"),
    ("assert", r"(?<!\w)assert\s*\(", ("base", "crdt", "proto", "node", "cli"), (), "use CHECK"),
    ("detached", r"\bdetached\b", ("",), (), "spawn into a TaskGroup that is joined"),
    ("coroutine", r"\[[^\[\]\n]+\]\s*\([^()]*\)[^{};]*->\s*[\w:]*\bawaitable\s*<", ("",), (),
     "a coroutine lambda captures nothing; pass arguments by value"),
    ("lifetime", r"\bfor\s*\([^;{}]*[^:]:\s*\*\s*\w[\w.:>-]*\(", ("",), (),
     "what the call returns ends before the loop in C++20; give it a name first"),
    ("name", r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Utils?|Impl)\b", ("",), (),
     "name the thing that it keeps"),
]
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|(?i:not (?:yet )?implemented)")
FOREIGN_PATH = re.compile(r"(?<![\w.~$}*-])/(?:work|root|Users|home/\w+)/")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b")
MAIL_OF_EXAMPLES = re.compile(r"@(?:[\w-]+\.)*(?:example|example\.(?:com|net|org)|invalid|test)$")
EXEMPT_FROM_WORDS = ("tests/tidy.py", "tests/tidy_selftest.py", "LICENSE")

FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX, README_LINES_MAX = 600, 70, 100, 60
CODE = (".h", ".cc", ".py", ".sh", ".proto", ".cmake")
NOT_MEASURED = (".cmake", "CMakeLists.txt")
TEXT = CODE + (".md", ".txt", ".json", ".svg", ".yml", ".yaml", ".toml", ".service")
SKIPPED_FOLDERS = {".git", "build", "__pycache__", "Testing", "node_modules", "dist", ".cache"}
# Bytes that a fuzzer made of the examples, which are read where they lie; words in them are chance.
SKIPPED_PATHS = {"tests/fuzz/corpus", "tests/fuzz/regression"}


def read_tree(root):
    """path -> text of every text file below `root`."""
    tree = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in set(folders) - SKIPPED_FOLDERS
            if os.path.relpath(os.path.join(folder, name), root) not in SKIPPED_PATHS)
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if name.endswith(TEXT) or "." not in name:
                with open(os.path.join(root, path), "rb") as file:
                    data = file.read()
                if b"\0" not in data:
                    tree[path] = data.decode(errors="replace")
    return tree


def within(path, folders):
    return any(folder in ("", path) or path.startswith(folder + "/") for folder in folders)


def layer_of(path):
    return max((name for name in LAYERS if path.startswith(name + "/")), key=len, default=None)


def is_python(path, text):
    return path.endswith(".py") or ("." not in os.path.basename(path) and
                                    re.match(r"#!.*python", text))


def is_code(path, text):
    return path.endswith(CODE) or path.endswith("CMakeLists.txt") or text.startswith("#!")


def cpp_files(tree):
    return [(path, text) for path, text in tree.items() if path.endswith((".h", ".cc"))]


def check_layers(tree):
    for path, text in cpp_files(tree):
        layer = layer_of(path)
        if layer is None:
            yield path, 1, "layer", "add the folder to LAYERS in tests/tidy.py"
            continue
        allowed = LAYERS[layer].split()
        for pattern, only in LAYERS_OF_FILES.items():
            if re.match(pattern, path):
                allowed = only.split()
        for line, quoted, name in tidy_text.includes(text):
            target = layer_of(name)
            beside = path.startswith("tests/") and f"{os.path.dirname(path)}/{name}" in tree
            if quoted and target is None and not beside and not name.endswith(".pb.h"):
                yield path, line, "root", f"include \"{name}\" by its path from the root"
            if target not in (None, layer) and not {"*", target} & set(allowed):
                yield path, line, "layer", f"may not include {target}; see docs/architecture.md"


def check_product_without_tests(tree):
    for path, text in cpp_files(tree):
        for line, _, name in tidy_text.includes(text):
            if not path.startswith("tests/") and name.startswith(("tests/", "gtest/")):
                yield path, line, "layer", "the product includes nothing of the tests"
            if path.startswith("node/") and name.startswith("cli/"):
                yield path, line, "layer", "the node includes nothing of cli"


def check_includes(tree):
    for path, text in cpp_files(tree):
        for line, _, name in tidy_text.includes(text):
            for rule, pattern, folders, advice in INCLUDES:
                if re.match(pattern, name) and not within(path, folders.split()):
                    yield path, line, rule, f"<{name}> only in {folders}; {advice}"


def check_tokens(tree):
    for path, text in cpp_files(tree):
        code = tidy_text.strip(text)
        for rule, pattern, folders, exempt, advice in TOKENS:
            if not within(path, folders) or within(path, exempt):
                continue
            for match in re.finditer(pattern, code):
                yield path, tidy_text.line_of(code, match.start()), rule, advice
        for line in tidy_text.braces_beside_await(code):
            yield path, line, "coroutine", "give braced values and lambdas a name before co_await"
        if within(path, CORE):
            stem = os.path.splitext(path)[0]
            both = "".join(tidy_text.strip(tree.get(stem + end, "")) for end in (".h", ".cc"))
            for line in tidy_text.unordered_loops(code, both):
                yield path, line, "unordered", "iterate over std::map or a sorted vector"


def check_headers(tree):
    for path, text in cpp_files(tree):
        if not path.endswith(".h"):
            continue
        code = tidy_text.strip(text)
        if not re.search(r"^#pragma once$", code, re.M):
            yield path, 1, "pragma", "begin the header with #pragma once"
        for match in re.finditer(r"\busing\s+namespace\b", code):
            yield path, tidy_text.line_of(code, match.start()), "using", "write the names out"


def check_sizes(tree):
    for path, text in tree.items():
        if not is_code(path, text):
            continue
        lines = text.split("\n")
        if len(lines) - 1 > FILE_LINES_MAX:
            yield path, len(lines) - 1, "file-size", f"split; {FILE_LINES_MAX} lines at most"
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX and "://" not in line and not path.endswith(NOT_MEASURED):
                yield path, number, "columns", f"{len(line)} columns; break at {COLUMNS_MAX}"
        if path.endswith((".h", ".cc")):
            found = list(tidy_text.functions(tidy_text.strip(text)))
        elif is_python(path, text):
            found = [(node.lineno, node.end_lineno - node.lineno + 1)
                     for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        else:
            found = []
        for line, length in found:
            if length > FUNCTION_LINES_MAX:
                yield path, line, "function-size", f"{length} lines; split at {FUNCTION_LINES_MAX}"


def check_words(tree):
    for path, text in tree.items():
        if path in EXEMPT_FROM_WORDS:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if UNFINISHED.search(line):
                yield path, number, "unfinished", "finish it or take it out; open points are issues"
            if FOREIGN_PATH.search(line):
                yield path, number, "machine-path", "no path of one machine in the repository"
            for mail in MAIL.findall(line):
                if not MAIL_OF_EXAMPLES.search(mail):
                    yield path, number, "address", "addresses end in .example"


def check_sources(tree):
    for path, _ in cpp_files(tree):
        of_test = path.startswith("tests/") and not path.endswith("_test.cc")
        if not path.endswith(".cc") or of_test:
            continue
        folder, named = os.path.dirname(path), False
        name = re.escape(os.path.basename(path))
        while folder and not named:
            cmake = tree.get(folder + "/CMakeLists.txt", "")
            named = re.search(rf"(?<![\w-]){name}(?![\w-])", cmake) is not None
            folder = os.path.dirname(folder)
        if not named:
            yield path, 1, "target", "name the file in the CMakeLists.txt of its folder"


def check_readmes(tree):
    libraries = {os.path.dirname(path) for path, _ in cpp_files(tree)} & set(LAYERS)
    for folder in sorted(libraries - {"node", "tests"}):
        path = folder + "/README.md"
        if path not in tree:
            yield path, 1, "readme", "say purpose, main types and what the folder may include"
        elif tree[path].count("\n") > README_LINES_MAX:
            yield path, README_LINES_MAX, "readme", f"{README_LINES_MAX} lines at most"


def catalogue(tree, path):
    """(key -> (line, sentence), findings) of one flat catalogue."""
    keys, findings, before = {}, [], ""
    text = tree.get(path, "{}")
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*"((?:\\.|[^"\\])+)":\s*("(?:\\.|[^"\\])*"),?$', line)
        if not match:
            continue
        key = match.group(1)
        if key <= before:
            findings.append((path, number, "i18n-order", f"'{key}' stands in the wrong place"))
        before = key
        keys[key] = (number, json.loads(match.group(2)))
    if json.loads(text).keys() != keys.keys():
        findings.append((path, 1, "i18n-order", "one key a line: \"key\": \"sentence\","))
    return keys, findings


def check_catalogues(tree):
    paths = ("base/i18n/de.json", "base/i18n/en.json")
    (german, found), (english, more) = (catalogue(tree, path) for path in paths)
    yield from found + more
    for key in sorted(set(german) ^ set(english)):
        path = paths[1] if key in german else paths[0]
        yield path, 1, "i18n-missing", f"'{key}' is only in the other language"
    for key in sorted(set(german) & set(english)):
        de, en = (sorted(set(re.findall(r"\{(\w+)\}", side[key][1]))) for side in (german, english))
        if de != en and not key.endswith(".one"):
            advice = f"'{key}': {de} here, {en} in English"
            yield paths[0], german[key][0], "i18n-placeholders", advice
    yield from check_uses(tree, german, paths[0])


def check_uses(tree, keys, path_of_keys):
    used = set()
    for path, text in cpp_files(tree):
        used.update(tidy_text.literals(text))
        for call in re.finditer(r'\bTr(Count)?\s*\(\s*[\w.:>()-]+\s*,\s*"([\w.-]+)"\s*[,)]', text):
            forms = [call[2] + ".one", call[2] + ".other"] if call[1] else [call[2]]
            for key in forms:
                if key not in keys and not path.startswith("tests/"):
                    line = tidy_text.line_of(text, call.start())
                    yield path, line, "i18n-missing", f"add '{key}' to both catalogues"
    prefixes = tuple(text for text in used if re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.", text))
    for key, (line, _) in keys.items():
        stem = re.sub(r"\.(one|other)$", "", key)
        if key not in used and stem not in used and not key.startswith(prefixes or ("\0",)):
            yield path_of_keys, line, "i18n-unused", f"nothing uses '{key}'; take it out of both"


CHECKS = (check_layers, check_product_without_tests, check_includes, check_tokens, check_headers,
          check_sizes, check_words, check_sources, check_readmes, check_catalogues)


def findings_of(tree):
    return sorted({finding for check in CHECKS for finding in check(tree)})


def main(root):
    tree = read_tree(root)
    findings = findings_of(tree)
    for path, line, rule, advice in findings:
        print(f"{path}:{line}: {rule}: {advice}")
    sizes = [text.count("\n") for _, text in cpp_files(tree)]
    if sizes:
        print(f"{len(sizes)} C++ files, median {statistics.median(sizes):.0f} lines, "
              f"largest {max(sizes)}; {len(findings)} findings")
    return 1 if findings or not sizes else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else
                  os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
