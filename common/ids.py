"""Names for runs, executions and tokens: random, or derived so that the same thing is the same."""

from __future__ import annotations

import base64
import hashlib
import os

__all__ = ["derived_id", "random_id"]

_ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: what people read aloud and retype
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)


def random_id() -> str:
    """80 random bits as 16 letters and digits."""
    return _spell(os.urandom(10))


def derived_id(*parts: str) -> str:
    """The same parts give the same id, and no others do."""
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return _spell(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:10])


def _spell(raw: bytes) -> str:
    return base64.b32encode(raw).translate(_FROM_BASE32).decode()
