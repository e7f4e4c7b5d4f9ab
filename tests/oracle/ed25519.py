"""Ed25519 for verify_bundle.py: keys by RFC 8032 section 5.1, signatures by libcrypto or `openssl`.

A verifier has to refuse what OpenSSL takes: keys that are not canonical or of small order, and
signatures whose first half is the neutral point (docs/formats/entry.md, Signature)."""
import ctypes
import ctypes.util
import subprocess
import tempfile

P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)  # X, Y, Z, T of extended coordinates
DER_FRONT = bytes.fromhex("302a300506032b6570032100")  # RFC 8410 in front of a raw public key


def add(a, b):
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    out = NEUTRAL
    while number:
        if number & 1:
            out = add(out, point)
        point = add(point, point)
        number >>= 1
    return out


def is_neutral(point):
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def decode(key):
    """The point of 32 bytes, or None if there is none or another spelling is the canonical one."""
    y = int.from_bytes(key, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def is_acceptable(key):
    """Canonical and of the prime order."""
    point = decode(key)
    return point is not None and not is_neutral(point) and is_neutral(times(ORDER, point))


class Checker:
    """Checks signatures; remembers what it has checked."""

    def __init__(self, command=False):
        self.known = {}
        self.checked = 0
        self.library = None if command else self._load()

    @staticmethod
    def _load():
        try:
            library = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
            library.EVP_DigestVerify.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
                                                 ctypes.c_char_p, ctypes.c_size_t]
            library.EVP_PKEY_new_raw_public_key.argtypes = [
                ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
            library.EVP_DigestVerifyInit.argtypes = [ctypes.c_void_p] * 5
            for name in ("EVP_PKEY_new_raw_public_key", "EVP_MD_CTX_new"):
                getattr(library, name).restype = ctypes.c_void_p
            for name in ("EVP_PKEY_free", "EVP_MD_CTX_free"):
                getattr(library, name).argtypes = [ctypes.c_void_p]
                getattr(library, name).restype = None
            return library
        except (OSError, AttributeError):
            return None

    def verify(self, key, message, signature):
        question = key, message, signature
        if question not in self.known:
            self.known[question] = self._verify(*question)
            self.checked += 1
        return self.known[question]

    def _verify(self, key, message, signature):
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
            return False
        if int.from_bytes(signature[:32], "little") & (1 << 255) - 1 == 1:  # the neutral point
            return False
        if self.library is None:
            return self._verify_by_command(key, message, signature)
        ed25519 = 1087  # NID_ED25519
        pkey = self.library.EVP_PKEY_new_raw_public_key(ed25519, None, key, 32)
        context = self.library.EVP_MD_CTX_new()
        holds = (pkey and context and
                 self.library.EVP_DigestVerifyInit(context, None, None, None, pkey) == 1 and
                 self.library.EVP_DigestVerify(context, signature, 64, message, len(message)) == 1)
        self.library.EVP_MD_CTX_free(context)
        self.library.EVP_PKEY_free(pkey)
        return bool(holds)

    @staticmethod
    def _verify_by_command(key, message, signature):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("key", DER_FRONT + key), ("text", message), ("sig", signature)):
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(content)
            return subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                 f"{folder}/key", "-in", f"{folder}/text", "-sigfile", f"{folder}/sig"],
                capture_output=True, check=False).returncode == 0
