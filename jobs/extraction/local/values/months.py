"""The names of months in many languages, whole and shortened."""

from __future__ import annotations

from functools import cache, lru_cache

from jobs.extraction.local.text import plain

__all__ = ["LANGUAGES", "month_of"]

LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "pl",
    "cs",
    "sk",
    "da",
    "sv",
    "nb",
    "fi",
    "ro",
    "hu",
    "tr",
    "hr",
    "sl",
    "et",
    "lt",
    "lv",
    "id",
    "ca",
]
# What people write and the locale data has not.
ALSO = {"sept": 9, "mrz": 3, "mar": 3, "okt": 10, "dez": 12, "janv": 1, "fevr": 2, "juil": 7}


@lru_cache(maxsize=4096)
def month_of(word: str) -> int:
    """1 to 12, or 0 where a word is no month. Names are also known by their first letters."""
    bare = plain(word).strip(".")
    names = _names()
    if bare in names:
        return names[bare]
    return names.get(bare[:3], 0) if bare in _beginnings() else 0


@cache
def _names() -> dict[str, int]:
    from babel.dates import get_month_names

    names = dict(ALSO)
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(plain(name).strip("."), number)
    return {name: number for name, number in names.items() if len(name) >= 3 and name.isalpha()}


@cache
def _beginnings() -> frozenset[str]:
    """English months cut anywhere after the third letter, as forms do."""
    from babel.dates import get_month_names

    names = [name.lower() for name in get_month_names("wide", "format", "en").values()]
    return frozenset(name[:length] for name in names for length in range(3, len(name) + 1))
