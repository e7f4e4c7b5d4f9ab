"""What tidy.py needs to know of C++ text: heuristics over text, no parser."""

import re

RAW_STRING = re.compile(r'R"([^ ()\\\t\n]{0,16})\(.*?\)\1"', re.S)
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|"""
                   r"""(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'""", re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
NOT_A_FUNCTION = re.compile(r"^(?:namespace|class|struct|enum|union|extern|if|for|while|switch|do|"
                            r"else|try|catch|return|case|default)\b")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def _blank(match):
    kept = "\n" * match.group().count("\n")
    return kept if match.group().startswith("/") else '""' + kept


def strip(text):
    """`text` without comments and without the content of literals; every line stays in place."""
    return TOKEN.sub(_blank, RAW_STRING.sub(_blank, text))


def literals(text):
    """The string literals of `text` that stand on one line, without those in comments."""
    for match in TOKEN.finditer(text):
        if match.group().startswith('"'):
            yield match.group()[1:-1]


def includes(text):
    """(line, is_quoted, path) of each #include."""
    for match in INCLUDE.finditer(text):
        yield line_of(text, match.start()), match.group(1) == '"', match.group(2)


def functions(code):
    """(first line, number of lines) of each function body in stripped `code`; lambdas and local
    classes belong to the function around them."""
    code = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", lambda macro: "\n" * macro.group().count("\n"), code,
                  flags=re.M)
    depth, outer, start, piece = 0, None, 0, 0
    for at, char in enumerate(code):
        if char == "{":
            depth += 1
            head = code[piece:at].strip()
            if outer is None and ")" in head and not NOT_A_FUNCTION.match(head):
                outer = depth
                start = piece + len(code[piece:at]) - len(code[piece:at].lstrip())
            piece = at + 1
        elif char == "}":
            if depth == outer:
                yield line_of(code, start), code.count("\n", start, at) + 1
                outer = None
            depth -= 1
            piece = at + 1
        elif char == ";":
            piece = at + 1


def _before(code, at):
    return code[:at].rstrip()[-1:]


def _opens_block(code, at):
    head = code[max(0, at - 200):at].rstrip()
    return head[-1:] in ("", ")", ";", "{", "}", ":") or re.search(
        r"\b(?:else|do|try|const|noexcept|mutable|override)$|->\s*[\w:<>]+$", head) is not None


def braces_beside_await(code):
    """Lines with a co_await whose full expression holds a braced initialiser or a capturing lambda:
    GCC 12.2 destroys such temporaries twice."""
    for match in re.finditer(r"\bco_await\b", code):
        if _bad_after(code, match.end()) or _bad_before(code, match.start()):
            yield line_of(code, match.start())


def _bad_after(code, at):
    depth = 0
    while at < len(code):
        char = code[at]
        if char in "([":
            if char == "[" and _before(code, at) in ("(", ",", "=", "{", "t") and \
                    re.match(r"\[\s*[^\]\s]", code[at:]) and not re.match(r"\w", code[at - 1]):
                return True
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "{":
            return not (depth <= 0 and _opens_block(code, at))
        elif char == ";" or (char == "}" and depth <= 0):
            return False
        at += 1
    return False


def _bad_before(code, at):
    at -= 1
    while at >= 0:
        char = code[at]
        if char == ";":
            return False
        if char == "{":
            return not _opens_block(code, at)
        if char == "}":
            return code[at + 1:].lstrip()[:1] in (",", ")", ".")
        at -= 1
    return False


def unordered_loops(code, declarations):
    """Lines that iterate over a name which `declarations` declare as an unordered container."""
    names = set(re.findall(
        r"\bunordered_(?:multi)?(?:map|set)\s*<[^;(){}]*>\s*&?\s*(\w+)\s*[;={(,)]", declarations))
    for name in sorted(names):
        loop = (rf"\bfor\s*\([^;()]*(?:\([^()]*\)[^;()]*)*:\s*(?:this->)?{name}\s*\)"
                rf"|(?<![\w.>]){name}\s*\.\s*c?begin\s*\(")
        for match in re.finditer(loop, code):
            yield line_of(code, match.start())
