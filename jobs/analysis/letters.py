"""Which characters the report's letters draw, and what stands for those that they do not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

__all__ = ["Letters"]

_INSTEAD = "?"
_KEPT = re.compile(r"(?<=\d) (?=[%€$£]|(?:EUR|USD|GBP|CHF|ct|[kMG]?Wh?|k?m|k?g|mn|bn)\b)")
"""A number and what it is of stay on one line."""


class Letters:
    """Takes texts, and counts what is not drawn of them."""

    def __init__(self, drawn: Container[int]) -> None:
        self._drawn = drawn
        self.missing: set[str] = set()

    def text(self, text: str) -> str:
        """With what can be drawn alone."""
        normal = _KEPT.sub("\u00a0", unicodedata.normalize("NFC", text))
        return "".join(self._letter(each) for each in normal)

    def _letter(self, letter: str) -> str:
        if ord(letter) in self._drawn or letter == "\n":
            return letter
        if unicodedata.category(letter) in {"Cf", "Mn", "Cc", "Zl", "Zp"}:
            return ""
        alike = unicodedata.normalize("NFKC", letter)
        if all(ord(each) in self._drawn for each in alike):
            return alike
        self.missing.add(letter)
        return _INSTEAD
