"""Reads documents of many formats, in a process of its own: whoever made them may be hostile."""

from __future__ import annotations

from common.reading.errors import (
    BadSelector,
    DamagedDocument,
    DocumentError,
    EncryptedDocument,
    NoReader,
    NoRecognition,
    ReaderTimedOut,
    TooLargeDocument,
    UnsupportedDocument,
)
from common.reading.limits import Limits
from common.reading.parent import read

__all__ = [
    "Limits",
    "read",
    # what may be wrong
    "BadSelector",
    "DamagedDocument",
    "DocumentError",
    "EncryptedDocument",
    "NoReader",
    "NoRecognition",
    "ReaderTimedOut",
    "TooLargeDocument",
    "UnsupportedDocument",
]
