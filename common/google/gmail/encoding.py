"""Bytes as Gmail writes them: base64url, with or without padding."""

from __future__ import annotations

import base64
import binascii

from common.errors import RunjobsError

__all__ = ["BadMessage", "decoded"]

_PLAIN = str.maketrans("-_", "+/")


class BadMessage(RunjobsError):
    """Raised when what Gmail gives of one message cannot be read; the others are none the worse."""


def decoded(data: object) -> bytes:
    """The bytes of a body, an attachment or a raw message. Raises BadMessage."""
    if not isinstance(data, str):
        raise BadMessage("its content is no text in base64")
    plain = "".join(data.split()).rstrip("=").translate(_PLAIN)
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadMessage("its content is no base64") from None
