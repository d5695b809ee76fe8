"""Why a document cannot be read. All are for good: the same document ends the same way again."""

from __future__ import annotations

from common.errors import InvalidInput, Misconfigured

__all__ = [
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


class DocumentError(InvalidInput):
    """Root of what is wrong with a document; `name` is the document's, `why` the rest."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")
        self.name = name
        self.why = why


class EncryptedDocument(DocumentError):
    """Raised when a document asks for a password."""


class DamagedDocument(DocumentError):
    """Raised when a document is not what its first bytes promise, or is cut off."""


class TooLargeDocument(DocumentError):
    """Raised when a document takes more than the limits allow, however small its file is."""


class BadSelector(DocumentError):
    """Raised when no part of a document can be named as it was."""


class UnsupportedDocument(DocumentError):
    """Raised when a document is of a format that has no reader."""


class ReaderTimedOut(DocumentError):
    """Raised when a document keeps its reader busy for longer than the limits allow."""


class _Lacking(Misconfigured):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}")
        self.name = name
        self.why = why


class NoReader(_Lacking):
    """Raised when a library that reads such documents is not installed."""


class NoRecognition(_Lacking):
    """Raised when there is nothing but pictures in a document, and no program that reads those."""
