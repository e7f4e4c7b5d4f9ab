#!/usr/bin/python3
"""Gives test_names.py names that exist (it must be silent) and others (it must speak)."""
import pathlib
import sys
import tempfile

import test_names

FILES = {
    "tests/unit/net/CMakeLists.txt": "geflecht_test(net_test SOURCES a.cc)\n",
    "tests/unit/net/a.cc": "TEST(Frames, AreReadWhole) {}\nTEST_F(Frames, AreCut) {}\n",
    "tests/unit/log/b.cc": "TEST_P(Headers, HaveOneSpelling) {}\n",
    "tests/e2e/CMakeLists.txt": "foreach(test leak)\n  geflecht_e2e(${test}_test x)\n",
    "tests/e2e/leak_test.py": "class Words(Case):\n    def test_are_nowhere(self):\n        pass\n",
    "tests/fuzz/header.cc": "",
    "docs/testing.md": "",
}
GOOD = ("| a | b | `net_test`: `Frames.AreReadWhole`, `AreCut`; `leak_test` |",
        "| a | b | `Frames.*`, `Frames.Are…`, `Words.test_are_nowhere`, `fuzz_header` |",
        "Prose names `test_are_nowhere` and RocksDB.")
BAD = ("| a | b | `net_test`: `Frame.AreReadWhole` |",
       "| a | b | `net_test`: `Frames.AreRead` |",
       "| a | b | `Frames.Were*` |",
       "| a | b | `net_test`: `Frames.AreReadWhole`, `AreSent` |",
       "| a | b | `net_test`: `Headers.HaveOneSpelling` |",
       "| a | b | `leak_test`: `test_are_everywhere` |",
       "| a | b | `fuzz_body` |",
       "| a | b | `crash_test` |",
       "Prose names `Words.test_are_everywhere`.")


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        for lines, speaks in ((GOOD, False), (BAD, True)):
            for line in lines:
                (root / "docs" / "threats.md").write_text(line + "\n")
                if bool(list(test_names.problems(root))) != speaks:
                    wrong.append(f"{'silent' if speaks else 'speaks'}: {line}")
    print("\n".join(wrong) or "every example is judged as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
