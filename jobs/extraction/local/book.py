"""All phrases that labels are looked up in: the known concepts' and those of a schema's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from jobs.extraction.local.labels import AMOUNTS, ITEMS, PAPERS, PARTIES
from jobs.extraction.local.text import plain, tokens
from jobs.extraction.local.words import Spelling

__all__ = ["Book", "Meaning", "known_book", "known_items", "phrases"]

LONGEST_PHRASE = 8


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says, and how clearly, 0 to 1."""

    concept: str
    strength: float


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """Phrases, and what each may mean."""

    meanings: Mapping[Phrase, tuple[Meaning, ...]]
    spelling: Spelling
    longest: int = LONGEST_PHRASE
    beginnings: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, meanings: Mapping[Phrase, tuple[Meaning, ...]]) -> Book:
        """A book of these phrases."""
        words = {word for phrase in meanings for word in phrase}
        longest = max((len(phrase) for phrase in meanings), default=0)
        starts = frozenset(phrase[0] for phrase in meanings if phrase)
        return cls(meanings, Spelling.of(words), min(longest, LONGEST_PHRASE), starts)

    def longest_at(self, words: list[str], start: int) -> tuple[int, tuple[Meaning, ...]]:
        """How many words from there on are a phrase, the most, and its meanings; 0 for none."""
        if words[start] not in self.beginnings:
            return 0, ()
        for length in range(min(self.longest, len(words) - start), 0, -1):
            found = self.meanings.get(tuple(words[start : start + length]))
            if found:
                return length, found
        return 0, ()

    def with_phrases(self, more: Iterable[tuple[Phrase, Meaning]]) -> Book:
        """The same with a schema's own phrases, which come first."""
        meanings = dict(self.meanings)
        for phrase, meaning in more:
            if not phrase:
                continue
            others = tuple(
                one for one in meanings.get(phrase, ()) if one.concept != meaning.concept
            )
            meanings[phrase] = (meaning, *others)
        return Book.of(meanings)


@cache
def known_book() -> Book:
    """Of all that is known about documents."""
    return Book.of(phrases({**PAPERS, **AMOUNTS, **PARTIES}))


@cache
def known_items() -> Book:
    """Of what stands above columns of items."""
    return Book.of(phrases(ITEMS))


def phrases(lexicon: Mapping[str, str]) -> dict[Phrase, tuple[Meaning, ...]]:
    """The phrases of a lexicon by their tokens. What is said first of a phrase comes first."""
    found: dict[Phrase, tuple[Meaning, ...]] = {}
    for concept, text in lexicon.items():
        for said in text.split("|"):
            _add(found, said.strip(), concept)
    return found


def _add(found: dict[Phrase, tuple[Meaning, ...]], said: str, concept: str) -> None:
    weak = said.startswith("~")
    for phrase in _spellings(said.lstrip("~")):
        others = found.get(phrase, ())
        if phrase and all(one.concept != concept for one in others):
            found[phrase] = (*others, Meaning(concept, 0.6 if weak else _strength(phrase)))


def _spellings(said: str) -> list[Phrase]:
    """As it stands, and with its words run together, as readers and PDFs do."""
    words = tokens(said)
    joined = plain(said).replace(" ", "")
    if len(words) > 1 and joined.isalpha() and len(joined) > 7:
        return [words, (joined,)]
    return [words]


def _strength(phrase: Phrase) -> float:
    """Longer ones leave less room for something else."""
    if len(phrase) > 1 or len(phrase[0]) > 8:
        return 1.0
    return 0.9 if len(phrase[0]) > 3 else 0.8
