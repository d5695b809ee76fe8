"""E-mail addresses, phone numbers and URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobs.extraction.local.values.numbers import LONGEST
from jobs.extraction.local.values.value import Value

__all__ = ["emails", "phones", "urls"]

EMAIL = re.compile(r"(?<![\w.%+\-])[\w.%+\-]{1,64}@(?:[\w\-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w])")
URL = re.compile(
    r"(?:https?://|(?<![\w@./])www\.)[^\s<>\"']{3,200}"
    r"|(?<![\w@.\-])(?:[a-z0-9\-]{2,63}\.){1,3}(?:com|net|org|de|fr|es|it|nl|pt|eu|io|co\.uk|at|ch|be)"
    r"(?:/[^\s<>\"']{0,100})?(?![\w.@])"
)
PHONE = re.compile(
    r"(?<![\w.,\-/])(?:\+|00)?\(?\d{1,5}(?:[\s\-./()]{1,3}\d{1,6}){1,7}(?![\w])|\+\d{7,15}"
)


def emails(text: str) -> Iterator[Value]:
    """E-mail addresses, in lower case of their hosts as they stand."""
    for match in EMAIL.finditer(text[:LONGEST]):
        yield Value(match[0], match.start(), match.end(), 1.0, match[0])


def urls(text: str) -> Iterator[Value]:
    """Addresses in the web, with or without https://."""
    for match in URL.finditer(text[:LONGEST]):
        standing = match[0].rstrip(".,;:)")
        yield Value(standing, match.start(), match.start() + len(standing), 1.0, standing)


def phones(text: str) -> Iterator[Value]:
    """Groups of 6 to 15 digits; with + or a bracket surely a phone number, else perhaps."""
    for match in PHONE.finditer(text[:LONGEST]):
        digits = sum(character.isdigit() for character in match[0])
        if 6 <= digits <= 15:
            sure = 1.0 if match[0].startswith(("+", "00", "(")) else 0.6
            yield Value(match[0].strip(), match.start(), match.end(), sure, match[0].strip())
