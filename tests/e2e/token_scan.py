"""Looks for words in files and bytes, in every spelling in which a program may have left them."""
import base64
import os
import stat


def spellings(token):
    """name -> bytes of one word. Base64 leaves out the characters that depend on neighbours."""
    plain = token.encode()
    found = {
        "utf-8": plain,
        "utf-8 lower": token.lower().encode(),
        "utf-8 upper": token.upper().encode(),
        "utf-16le": token.encode("utf-16-le"),
        "utf-16be": token.encode("utf-16-be"),
        "json": token.encode("unicode_escape").replace(b"\\x", b"\\u00"),
        "hex": plain.hex().encode(),
        "hex upper": plain.hex().upper().encode(),
    }
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain)
        first = (shift * 8 + 5) // 6
        last = (shift + len(plain)) * 8 // 6
        found[f"base64 +{shift}"] = whole[first:last]
        found[f"base64url +{shift}"] = whole[first:last].replace(b"+", b"-").replace(b"/", b"_")
    return found


class Scanner:
    def __init__(self, tokens):
        self.patterns = {}  # bytes -> (token, spelling)
        for token in tokens:
            assert len(token.encode()) >= 8, f"{token!r} is too short to be no accident"
            for name, pattern in spellings(token).items():
                self.patterns.setdefault(pattern, (token, name))
        self.bytes_seen = 0

    def hits_in(self, data, where):
        self.bytes_seen += len(data)
        return [f"{where}: {token!r} as {name}"
                for pattern, (token, name) in self.patterns.items() if pattern in data]

    def hits_below(self, folder, but=()):
        """All regular files below `folder`, and the names of everything there."""
        hits = []
        for parent, folders, names in os.walk(folder):
            folders[:] = [f for f in folders if os.path.join(parent, f) not in map(str, but)]
            for name in folders + names:
                path = os.path.join(parent, name)
                hits += self.hits_in(os.fsencode(name), f"the name of {path}")
                try:
                    if not stat.S_ISREG(os.lstat(path).st_mode):
                        continue
                    with open(path, "rb") as file:
                        hits += self.hits_in(file.read(), path)
                except FileNotFoundError:
                    continue  # the store takes files away while it runs
        return hits
