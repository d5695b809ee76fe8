"""Names for runs, executions and tokens: random, or derived so that the same thing is the same."""

from __future__ import annotations

import hashlib
import os

__all__ = ["derived_id", "random_id"]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: what people read aloud and retype
_LENGTH = 16


def random_id() -> str:
    """80 random bits as 16 letters and digits."""
    return _spell(os.urandom(10))


def derived_id(*parts: str) -> str:
    """The same parts give the same id, and no others do."""
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return _spell(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:10])


def _spell(raw: bytes) -> str:
    number = int.from_bytes(raw, "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
