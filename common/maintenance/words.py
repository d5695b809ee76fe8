"""What upkeep tells, in sentences."""

from __future__ import annotations

__all__ = ["besides", "several"]


def several(number: int, thing: str, things: str = "") -> str:
    """So many of a thing: "1 file", "2,000 files"; `things` where there is more to it than an s."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def besides(sentence: str, malformed: int) -> str:
    """The sentence, and how many documents were left alone, if any were."""
    if not malformed:
        return sentence
    words = sentence.rstrip(".")
    end = sentence[len(words) :]
    return f"{words}; left alone {several(malformed, 'malformed document')}{end}"
