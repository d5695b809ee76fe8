"""Secrets as they are kept: encrypted with keys that are not in the documents.

ENCRYPTION_KEY holds Fernet keys, the newest first, with commas between them: it encrypts, and all
of them decrypt. So a key is changed by putting a new one in front, rotating, and dropping the old.

What is encrypted names the document that it is for: a ciphertext that somebody copies to another
document cannot be read there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

__all__ = ["VARIABLE", "Cipher", "Undecipherable"]

VARIABLE = "ENCRYPTION_KEY"
_LENGTH = 44
_HOW = (
    "Make a key with `python -c 'from cryptography.fernet import Fernet; "
    "print(Fernet.generate_key().decode())'`; several, the newest first, have commas between them."
)


class Undecipherable(Misconfigured):
    """Raised when a secret cannot be decrypted, or was encrypted for another document."""

    def __init__(self, id: str, why: str) -> None:
        super().__init__(f"The secret of integration {id} cannot be read: {why}.")
        self.id = id


class Cipher:
    """Encrypts with its first key, decrypts with any. Shows none of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises Misconfigured for what is no key."""
        fernets = [_fernet(key, number) for number, key in enumerate(keys, 1)]
        if not fernets:
            raise Misconfigured(f"{VARIABLE} is not set. {_HOW}")
        from cryptography.fernet import MultiFernet

        self._keys = [base64.urlsafe_b64decode(key) for key in keys]
        self._newest = fernets[0]
        self._any = MultiFernet(fernets)
        self._count = len(fernets)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Cipher:
        """With the keys in ENCRYPTION_KEY. Raises Misconfigured without any, or for a bad one."""
        text = (os.environ if environ is None else environ).get(VARIABLE, "")
        return cls([key.strip() for key in text.split(",") if key.strip()])

    def __repr__(self) -> str:
        return f"Cipher({self._count} keys)"

    def seal(self, id: str, secret: Mapping[str, Any]) -> str:
        """Encrypt the secret of the document of that id."""
        plain = json.dumps({"id": id, "secret": dict(secret)})
        return self._newest.encrypt(plain.encode()).decode()

    def open(self, id: str, sealed: str) -> dict[str, Any]:
        """The secret that was sealed for that document. Raises Undecipherable."""
        from cryptography.fernet import InvalidToken

        try:
            plain = self._any.decrypt(sealed.encode())
        except InvalidToken:
            why = f"no key in {VARIABLE} fits; add the one that it was encrypted with, or connect"
            raise Undecipherable(id, f"{why} the account again") from None
        return _secret_of(id, plain)

    def mark(self, purpose: str, text: str) -> str:
        """A hash that nobody makes without the key, by the newest: a signature, or a name for what
        is not to be named. Those of several purposes have nothing to do with each other."""
        return self.marks(purpose, text)[0]

    def marks(self, purpose: str, text: str) -> list[str]:
        """Likewise by each key, the newest first: what an older one has marked is among them."""
        return [_mark(key, purpose, text) for key in self._keys]

    def is_newest(self, sealed: str) -> bool:
        """Whether it was encrypted with the first key."""
        from cryptography.fernet import InvalidToken

        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def _secret_of(id: str, plain: bytes) -> dict[str, Any]:
    try:
        found = json.loads(plain)
        whose, secret = found["id"], found["secret"]
    except (ValueError, TypeError, KeyError):
        raise Undecipherable(id, "it was not encrypted by runjobs") from None
    if whose != id or not isinstance(secret, dict):
        raise Undecipherable(id, "it was copied from another integration")
    return secret


def _mark(key: bytes, purpose: str, text: str) -> str:
    """By a key that is derived for the purpose, so that it is never the one that encrypts."""
    derived = hmac.digest(key, f"runjobs: {purpose}".encode(), hashlib.sha256)
    return hmac.digest(derived, text.encode(), hashlib.sha256).hex()


def _fernet(key: str, number: int) -> Fernet:
    try:
        from cryptography.fernet import Fernet
    except ImportError as error:
        raise Misconfigured(
            "Secrets of integrations need cryptography: pip install 'runjobs[google]'."
        ) from error
    bad = Misconfigured(f"{VARIABLE}: key {number} is not 32 bytes in URL-safe base64. {_HOW}")
    if len(key) != _LENGTH:  # what follows a whole key, such as another one, would not be heeded
        raise bad
    try:
        return Fernet(key)
    except ValueError:  # which might show a part of it
        raise bad from None
