"""What upkeep tells of what it leaves alone."""

from __future__ import annotations

from common.words import several

__all__ = ["besides"]


def besides(sentence: str, malformed: int) -> str:
    """The sentence, and how many documents were left alone, if any were."""
    if not malformed:
        return sentence
    words = sentence.rstrip(".")
    end = sentence[len(words) :]
    return f"{words}; left alone {several(malformed, 'malformed document')}{end}"
