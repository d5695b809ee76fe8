"""Which passages and sentences say most about a question, as SQLite's full-text search ranks them.

BM25 (https://www.sqlite.org/fts5.html#the_bm25_function) over words without their endings, which
are English ones; so a longer term also stands for what begins with it, as in other languages.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from common.errors import Misconfigured
from jobs.analysis.report import Passage

__all__ = ["Hit", "Index", "is_whole"]

_TOKENIZER = "porter unicode61 remove_diacritics 2"
_ENDS = frozenset(".!…:;")
"""Of a sentence. A question says what is spoken of, as a heading does, and nothing of it."""
_CELLS = " · "
_LETTERS = 60
"""Of a word: what is longer is none."""
_PREFIX = 5
"""Letters that what others begin with has at least, without its ending: a lease is no leash."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence, and how much it says."""

    passage: Passage
    at: int
    """Which of the passage's sentences."""
    score: float

    @property
    def text(self) -> str:
        """The sentence."""
        return self.passage.sentences[self.at]


class Index:
    """All passages, in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._db = sqlite3.connect(":memory:")
        self._places = [
            (passage, at) for passage in passages for at in range(len(passage.sentences))
        ]
        self._fill("passages", (passage.text for passage in passages))
        self._fill("sentences", (passage.sentences[at] for passage, at in self._places))

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def passages(self, terms: Sequence[str], most: int) -> list[Passage]:
        """Those that say most, the best one first."""
        found = self._scores("passages", terms)
        best = sorted(found, key=lambda row: (-found[row], row))[:most]
        return [self._passages[row] for row in best]

    def hits(self, terms: Sequence[str]) -> list[Hit]:
        """Sentences that say something, the best one first."""
        around, alone = self._scores("passages", terms), self._scores("sentences", terms)
        rows = {passage.number: row for row, passage in enumerate(self._passages)}
        hits = []
        for row, share in self._shares(terms).items():
            passage, at = self._places[row]
            # What most sentences have counts for nothing in BM25, though it may be what is asked.
            score = alone[row] * (0.3 + share) + share + 0.3 * around[rows[passage.number]]
            hits.append(Hit(passage, at, _weight(passage.sentences[at]) * score))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.number, hit.at))

    def missing(self, terms: Sequence[str]) -> list[str]:
        """Terms that stand nowhere, not within a longer word either: as bremst does in gebremst."""
        text = "\n".join(passage.text for passage in self._passages).casefold()
        absent = (term for term in terms if not self._scores("sentences", [term]))
        return [term for term in absent if len(term) < _PREFIX or term.casefold() not in text]

    def _shares(self, terms: Sequence[str]) -> dict[int, float]:
        """What share of the terms each sentence has that has any."""
        found = Counter(row for term in terms for row in self._scores("sentences", [term]))
        return {row: count / len(terms) for row, count in found.items()}

    def _scores(self, table: str, terms: Sequence[str]) -> dict[int, float]:
        if not terms:
            return {}
        match = " OR ".join(map(self._query, terms))
        sql = f"SELECT rowid, -bm25({table}) FROM {table} WHERE {table} MATCH ?"  # noqa: S608
        with closing(self._db.execute(sql, [match])) as rows:
            return {row: float(score) for row, score in rows}

    def _query(self, term: str) -> str:
        quoted = '"' + term.replace('"', '""') + '"'
        stem = term.removesuffix("s").removesuffix("e")
        return f"{quoted}*" if len(stem) >= _PREFIX else quoted

    def _fill(self, table: str, texts: Iterable[str]) -> None:
        try:
            self._db.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(text, tokenize='{_TOKENIZER}')"
            )
        except sqlite3.OperationalError as error:
            raise Misconfigured(f"This Python's SQLite has no full-text search: {error}") from None
        rows = enumerate(texts)
        self._db.executemany(f"INSERT INTO {table} (rowid, text) VALUES (?, ?)", rows)  # noqa: S608


def _weight(text: str) -> float:
    """Headings, and lines of nothing but a few words, say less than a sentence."""
    words = len(text.split())
    if max(map(len, text.split()), default=0) > _LETTERS:
        return 0.1
    fits = 0.35 if words < 4 else 0.7 if words < 7 else 1.0 if words <= 60 else 0.8
    return fits if is_whole(text) else 0.5 * fits


def is_whole(text: str) -> bool:
    """Whether it is a sentence, or a row of numbers in a table, and no heading."""
    is_row = _CELLS in text and any(map(str.isdigit, text))
    return is_row or text.rstrip("\"'”»)]")[-1:] in _ENDS
