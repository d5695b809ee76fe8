"""Words that were misread or misspelt, by a letter or two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Spelling", "alike"]

SHORTEST = 5
"""Shorter words differ by a letter from too many others."""


@dataclass(frozen=True)
class Spelling:
    """Known words, found also with one letter wrong, missing or too many."""

    words: frozenset[str]
    without: dict[str, str]
    """By what remains when a letter is taken out."""

    @classmethod
    def of(cls, words: Iterable[str]) -> Spelling:
        """These words."""
        known = frozenset(words)
        without: dict[str, str] = {}
        for word in sorted(known):
            if len(word) >= SHORTEST:
                for rest in _without(word):
                    without.setdefault(rest, word)
        return cls(known, without)

    def right(self, word: str) -> str:
        """The known word that is meant; the word itself if there is none."""
        if word in self.words or not SHORTEST <= len(word) <= 24:
            return word
        if word in self.without:  # a letter is missing
            return self.without[word]
        for rest in _without(word):
            if rest in self.words and len(rest) >= SHORTEST:  # one too many
                return rest
            near = self.without.get(rest)
            if near and alike(near, word):  # one is wrong
                return near
        return word


def alike(one: str, other: str) -> bool:
    """Whether two words of one length differ in one place, or in two that are beside each other."""
    if len(one) != len(other):
        return False
    places = [
        place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]
    ]
    return len(places) <= 1 or (len(places) == 2 and places[1] - places[0] == 1)


def _without(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
