"""How much of a document is read, and at which cost."""

from __future__ import annotations

import sys
from dataclasses import dataclass

__all__ = ["MAXRSS", "Limits", "takes_too_much"]

MAXRSS = 1 if sys.platform == "darwin" else 1024
"""Bytes in what the system counts memory by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one document may take. Files and pictures that are larger are refused; pages, words and
    pictures to recognise beyond these numbers are left out, with a warning."""

    bytes: int = 64 << 20
    """Of the file."""
    unpacked: int = 256 << 20
    """Bytes of all parts of an XLSX or DOCX, which are archives."""
    pages: int = 500
    """Sheets, and pages of attachments, included."""
    words: int = 200_000
    recognised: int = 50
    """Pages without text, which are looked at as pictures."""
    pixels: int = 64_000_000
    """Of a picture; an A4 page at 600 dots an inch has 35 million."""
    attachments: int = 25
    """Of an e-mail, those of e-mails in it included."""
    memory: int = 512 << 20
    """Bytes of address space of the process that reads."""
    seconds: float = 8.0
    """To open a document and to read its first page."""
    seconds_per_page: float = 0.1
    """For each page on top."""
    seconds_per_recognition: float = 20.0
    """For each page that is looked at as a picture; one that takes longer is left out."""


def takes_too_much(memory: int) -> str:
    """Why a document is refused that needs more memory than that."""
    return f"takes more than {memory >> 20} MiB to be read: split it, or write it anew."
