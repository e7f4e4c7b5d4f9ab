#!/usr/bin/python3
"""Feeds every rule of tidy.py one bad example (it must speak) and good ones (it must be silent)."""

import sys

import tidy

GOOD = {
    "base/README.md": "# base\n",
    "base/bytes.h": "#pragma once\n",
    "base/i18n/README.md": "# i18n\n",
    "base/i18n/de.json": '{\n  "a.n.one": "1 Brief",\n  "a.n.other": "{n} Briefe",\n'
                         '  "b.x": "Hallo {name}"\n}\n',
    "base/i18n/en.json": '{\n  "a.n.one": "1 letter",\n  "a.n.other": "{n} letters",\n'
                         '  "b.x": "Hello {name}"\n}\n',
    "base/i18n/i18n.h": '#pragma once\n#include "base/bytes.h"\n',
    "cli/CMakeLists.txt": "x(main.cc)\n",
    "cli/README.md": "# cli\n",
    "cli/main.cc": '#include "base/i18n/i18n.h"\n'
                   'void F() { TrCount(lang, "a.n", 2); Tr(lang(), "b.x", {}); }\n',
}


def function_of(lines):
    return "int Long(int n) {\n" + "  ++n;\n" * (lines - 2) + "}\n"


# (rule, path, text that must be reported)
BAD = [
    ("layer", "base/x.h", '#pragma once\n#include "crdt/value.h"\n'),
    ("layer", "crdt/x.h", '#pragma once\n#include "node/log/ids.h"\n'),
    ("layer", "node/sync/x.h", '#pragma once\n#include "node/store/store.h"\n'),
    ("layer", "node/store/x.h", '#pragma once\n#include "node/store/rocks/rocks_store.h"\n'),
    ("layer", "cli/cmd_audit.h", '#pragma once\n#include "node/replica/admit.h"\n'),
    ("layer", "node/log/x.h", '#pragma once\n#include "tests/fakes.h"\n'),
    ("layer", "node/log/x.h", '#pragma once\n#include <gtest/gtest.h>\n'),
    ("layer", "node/x.h", '#pragma once\n#include "cli/main.h"\n'),
    ("layer", "other/x.h", "#pragma once\n"),
    ("root", "node/log/x.h", '#pragma once\n#include "ids.h"\n'),
    ("sodium", "node/log/x.h", "#pragma once\n#include <sodium.h>\n"),
    ("openssl", "node/net/x.h", "#pragma once\n#include <openssl/evp.h>\n"),
    ("openssl", "node/api/x.h", "#pragma once\n#include <openssl/ssl.h>\n"),
    ("openssl", "node/log/x.h", "#pragma once\n#include <openssl/err.h>\n"),
    ("rocksdb", "node/store/x.h", "#pragma once\n#include <rocksdb/db.h>\n"),
    ("protobuf", "node/sync/x.h", '#pragma once\n#include "proto/sync.pb.h"\n'),
    ("layer", "node/net/x.h", '#pragma once\n#include "node/runtime/runtime.h"\n'),
    ("root", "tests/unit/log/x.h", '#pragma once\n#include "gone.h"\n'),
    ("asio", "node/core/x.h", "#pragma once\n#include <boost/asio.hpp>\n"),
    ("asio", "node/sync/x.h", "#pragma once\n#include <boost/asio/post.hpp>\n"),
    ("cli11", "node/x.h", "#pragma once\n#include <CLI/CLI.hpp>\n"),
    ("clock", "crdt/x.h", "#pragma once\nauto t = std::chrono::steady_clock::now();\n"),
    ("clock", "crdt/x.h", "#pragma once\nauto t = time(nullptr);\n"),
    ("random", "crdt/x.h", "#pragma once\nint n = std::rand();\n"),
    ("random", "crdt/x.h", "#pragma once\nstd::random_device d;\n"),
    ("random", "node/net/x.h", "#pragma once\nvoid F() { randombytes_buf(p, 4); }\n"),
    ("environment", "node/log/x.h", "#pragma once\nauto p = std::getenv(kHome);\n"),
    ("thread", "node/core/x.h", "#pragma once\nstd::thread worker;\n"),
    ("thread", "node/core/x.h", "#pragma once\nstd::mutex m;\n"),
    ("thread", "node/core/x.h", "#pragma once\nauto f = std::async(G);\n"),
    ("thread", "node/log/x.h", "#pragma once\nthread_local int n;\n"),
    ("iostream", "node/log/x.h", "#pragma once\n#include <iostream>\n"),
    ("number", "node/api/x.h", "#pragma once\nint n = std::stoi(text);\n"),
    ("assert", "crdt/x.h", "#pragma once\nvoid F() { assert(ok); }\n"),
    ("unordered", "crdt/x.h", "#pragma once\nstd::unordered_map<int, std::vector<int>> seen;\n"
                              "void F() { for (const auto& [k, v] : seen) Use(k); }\n"),
    ("unordered", "crdt/x.h", "#pragma once\nstd::unordered_set<int> seen;\n"
                              "auto i = seen.begin();\n"),
    ("detached", "node/net/x.h", "#pragma once\nvoid F() { co_spawn(e, G(), asio::detached); }\n"),
    ("coroutine", "node/net/x.h", "#pragma once\nX F() { co_await Send(Frame{1, 2}); }\n"),
    ("coroutine", "node/net/x.h", "#pragma once\nX F() { co_await Send({1, 2}); }\n"),
    ("coroutine", "node/net/x.h", "#pragma once\nX F() { co_await Run([s] { return s; }); }\n"),
    ("coroutine", "node/net/x.h", "#pragma once\nX F() { Use(T{1}, co_await G(n)); }\n"),
    ("coroutine", "node/net/x.h",
     "#pragma once\nauto f = [this](int n) -> asio::awaitable<void> { co_return; };\n"),
    ("lifetime", "base/x.h", "#pragma once\nvoid F() { for (int n : *List(1)) Use(n); }\n"),
    ("lifetime", "base/x.h",
     "#pragma once\nvoid F() { for (const auto& n :\n *a->b::List()) Use(n); }\n"),
    ("name", "node/net/x.h", "#pragma once\nclass SyncManager {};\n"),
    ("pragma", "node/log/x.h", "int n;\n"),
    ("using", "node/log/x.h", "#pragma once\nusing namespace std;\n"),
    ("file-size", "node/log/x.h", "#pragma once\n" + "int n;\n" * 600),
    ("function-size", "node/log/x.h", "#pragma once\nnamespace a {\n" + function_of(71) + "}\n"),
    ("function-size", "deploy/x.py", "def f():\n" + "    pass\n" * 70),
    ("columns", "node/log/x.h", "#pragma once\n// " + "x" * 98 + "\n"),
    ("unfinished", "node/log/x.h", "#pragma once\n// TODO\n"),
    ("unfinished", "deploy/x", "#!/bin/bash\n# FIXME\n"),
    ("unfinished", "node/log/x.h", "#pragma once\nauto s = \"Not yet implemented\";\n"),
    ("machine-path", "docs/x.md", "see /home/somebody/src\n"),
    ("machine-path", "docs/x.md", "see /root/src/\n"),
    ("address", "docs/x.md", "write to someone@city.de\n"),
    ("target", "node/log/new.cc", "int n;\n"),
    ("target", "tests/unit/log/new_test.cc", "int n;\n"),
    ("readme", "node/log/ids.h", "#pragma once\n"),
    ("readme", "base/README.md", "line\n" * 61),
    ("i18n-order", "base/i18n/en.json", '{\n  "b.x": "Hello {name}",\n  "a.n.one": "1 letter",\n'
                                        '  "a.n.other": "{n} letters"\n}\n'),
    ("i18n-order", "base/i18n/en.json", '{"a.n.one": "1 letter", "a.n.other": "{n} letters",\n'
                                        '  "b.x": "Hello {name}"\n}\n'),
    ("i18n-missing", "base/i18n/en.json", '{\n  "a.n.one": "1 letter",\n'
                                          '  "a.n.other": "{n} letters"\n}\n'),
    ("i18n-missing", "cli/main.cc", GOOD["cli/main.cc"] + 'auto t = Tr(lang, "no.such");\n'),
    ("i18n-missing", "cli/main.cc", GOOD["cli/main.cc"] + 'auto t = TrCount(lang, "b.x", 2);\n'),
    ("i18n-placeholders", "base/i18n/en.json",
     GOOD["base/i18n/en.json"].replace("{name}", "{nam}")),
    ("i18n-unused", "cli/main.cc", 'void F() { TrCount(lang, "a.n", 2); }\n'),
]

# Text that looks suspicious and is allowed.
SILENT = [
    ("base/x.h", "#pragma once\n// a comment may say std::mutex, sodium.h and rand()\n"
                 'const char* s = "std::thread time(0) co_await f({})";\n'),
    ("base/x.h", "#pragma once\nint grand(int); int time(int n); auto x = a.time() + h.time(n);\n"
                 "static_assert(true); inline constexpr int kBig = 1'000'000;\n"),
    ("base/x.h", "#pragma once\nvoid F() { for (int n : *list) Use(*List(n)); }\n"
                 "void G() { for (int i = *A::Of(1); i < 2; ++i) Use(i ? *X::At(i) : *At(2)); }\n"),
    ("base/x.h", "#pragma once\n" + function_of(70)),
    ("base/x.h", "#pragma once\nnamespace a {\nclass B {\n" + "  int n;\n" * 80 + "};\n}\n"),
    ("base/x.h", "#pragma once\nstd::unordered_map<int, int> seen;\nstd::map<int, int> sorted;\n"
                 "void F() { for (int n : sorted) Use(seen.find(n)); }\n"),
    ("cli/x.h", "#pragma once\nX F() { if (auto x = co_await G(n); x) { Use(x); } Use(T{1}); }\n"
                "X H() { while (co_await G(n[1])) { Use(); } Frame f{1, 2}; co_await Send(f); }\n"
                "X L() { for (;;) { auto r = co_await G(std::move(n)); if (!r) co_return; } }\n"),
    ("cli/cmd_audit.h", '#pragma once\n#include "node/audit/verify.h"\n#include "cli/main.h"\n'),
    ("tests/unit/net/x.h", '#pragma once\n#include "x.h"\n'),
    ("tests/unit/net/x.h", "#pragma once\n#include <boost/asio.hpp>\n#include <gtest/gtest.h>\n"),
    ("docs/x.md", "org@v1, info@kita.example, `~/root/x`, ${HOME}/root/, [a](../root/b)\n"),
]


def rules_of(extra):
    return {rule for _, _, rule, _ in tidy.findings_of({**GOOD, **extra})}


def main():
    failures = []
    for finding in tidy.findings_of(GOOD):
        failures.append(f"the good tree is reported: {finding}")
    for rule, path, text in BAD:
        if rule not in rules_of({path: text}):
            failures.append(f"{rule} stays silent on {path}:\n{text[:300]}")
    for path, text in SILENT:
        found = tidy.findings_of({**GOOD, path: text})
        if found:
            failures.append(f"false alarm {found} on\n{text[:300]}")
    known = {rule for rule, _, _ in BAD}
    with open(tidy.__file__, encoding="utf-8") as source:
        text = source.read()
    yielded = set(tidy.re.findall(r'(?:yield [\w\[\], ()-]+|number), "([\w-]+)", ', text))
    declared = {row[0] for row in tidy.INCLUDES + tidy.TOKENS} | yielded
    for rule in sorted(declared - known):
        failures.append(f"no bad example for {rule}")
    print("\n".join(failures) or f"{len(BAD)} bad and {len(SILENT)} good examples: as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
