"""What a model says, held to the passages that it was told."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobs.analysis.figures import numbers_in
from jobs.analysis.report import Answer, Citations, Figure, Finding, Passage, Statement

__all__ = ["Checking"]

_SHORT, _FINDINGS, _STATEMENTS, _FIGURES, _UNANSWERED = 6, 12, 12, 20, 10
_CITES, _ALL_CITES = 6, 100
"""Of a statement, and of the answer: a result has an end."""
_TEXT, _QUOTE, _HEADING = 800, 400, 200


class Checking:
    """The passages, to look up what is said of them."""

    def __init__(self, told: Sequence[Passage]) -> None:
        self._passages = {passage.number: passage for passage in told}
        self._plain = {passage.number: _plain(passage.text) for passage in told}
        self._citations = Citations()
        self._dropped = 0
        self._flawed = 0

    def checked(self, said: Mapping[str, Any], warn: list[str]) -> Answer:
        """The answer, with what is wrong in it dropped or marked, and told."""
        answer = Answer(
            short=tuple(map(self._statement, said["short"][:_SHORT])),
            findings=tuple(map(self._finding, said["findings"][:_FINDINGS])),
            figures=tuple(map(self._figure, said["figures"][:_FIGURES])),
            unanswered=tuple(_clean(each, _TEXT) for each in said["unanswered"][:_UNANSWERED]),
        )
        if self._dropped:
            warn.append(
                f"{self._dropped} citations were dropped: no such words, or too many of them."
            )
        if self._flawed:
            warn.append(f"{self._flawed} statements are not borne out by the sources, and marked.")
        return replace(answer, citations=self._citations.all)

    def _finding(self, said: Mapping[str, Any]) -> Finding:
        statements = tuple(map(self._statement, said["statements"][:_STATEMENTS]))
        return Finding(heading=_clean(said["heading"], _HEADING), statements=statements)

    def _figure(self, said: Mapping[str, Any]) -> Figure:
        statement = self._statement(said["statement"], said["value"])
        return Figure(values=(_clean(said["value"], _HEADING),), context=statement)

    def _statement(self, said: Mapping[str, Any], value: str = "") -> Statement:
        text = _clean(said["text"], _TEXT)
        cites: list[int] = []
        passages: list[Passage] = []
        for cite in said["cites"][:_CITES]:
            passage = self._passages.get(cite["passage"])
            quote = _clean(cite["quote"], _QUOTE)
            full = len(self._citations.all) >= _ALL_CITES
            if passage is None or full or not self._has(passage, quote):
                self._dropped += 1
                continue
            cites.append(self._citations.of(passage.source, passage.page, quote))
            passages.append(passage)
        shown = set().union(*(numbers_in(passage.text) for passage in passages))
        flaw = not cites or not numbers_in(f"{text} {value}") <= shown
        self._flawed += flaw
        return Statement(text=text, cites=tuple(dict.fromkeys(cites)), flaw=flaw)

    def _has(self, passage: Passage, quote: str) -> bool:
        plain = _plain(quote)
        return bool(plain) and plain in self._plain[passage.number]


def _clean(text: str, most: int) -> str:
    """One line of bounded length, in Unicode that can be kept."""
    line = " ".join(text.encode(errors="replace").decode().split())
    line = "".join(each for each in line if each.isprintable())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _plain(text: str) -> str:
    """Letters and digits alone: how words are set apart, and broken into lines, is no matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())
