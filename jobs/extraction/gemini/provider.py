"""The provider: ask, look at the answer, have its faults put right once, look quotes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from common.gemini.asking import Asking
from common.gemini.errors import BadAnswer
from common.gemini.outcomes import text_of
from common.gemini.settings import GeminiSettings
from jobs.extraction.gemini.answers import Faulty, faults, parsed, without_faults
from jobs.extraction.gemini.delivery import delivery, is_taken
from jobs.extraction.gemini.findings import findings
from jobs.extraction.gemini.kept import Known, keep, kept, mark
from jobs.extraction.gemini.question import Question

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context
    from jobs.extraction.found import Findings
    from jobs.extraction.providers import Material
    from jobs.extraction.schema import Schema

__all__ = ["Gemini"]

_TOLD = 20
"""Faults that the model is told."""


class Gemini:
    """Has Gemini find values."""

    name = "gemini"

    def __init__(self, settings: GeminiSettings) -> None:
        self.settings = settings
        self.usage: Mapping[str, int] | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Gemini:
        """As the GEMINI_… variables say. Raises Misconfigured."""
        return cls(GeminiSettings.load(env))

    @property
    def model(self) -> str:
        """Which model is asked."""
        return self.settings.model

    def sees(self, file: Path) -> bool:
        """Whether it is sent as it is: PDFs and pictures are."""
        return is_taken(file, self.settings)

    def find(self, material: Material, schema: Schema, run: Context, warn: list[str]) -> Findings:
        """What it found. Raises InvalidInput, Misconfigured, and the errors of common.gemini."""
        question = Question(schema=schema, delivery=delivery(material, self.settings))
        if question.delivery.text is not None:
            warn += material.document.warnings
        to = mark(question, material.sha256, self.model)
        known = kept(run, to) or self._asked(question, run)
        keep(run, to, known)
        self.usage = known.usage
        warn += known.warnings
        return findings(known.answer, schema, material.document, warn)

    def _asked(self, question: Question, run: Context) -> Known:
        warn: list[str] = []
        with Asking(self.settings, run) as asking:
            answer = self._answer(asking, question, warn)
        usage = asdict(asking.usage)
        run.log.info(f"{self.model} has answered.", action="gemini-answered", **usage)
        return Known(answer=answer, usage=usage, warnings=warn)

    def _answer(self, asking: Asking, question: Question, warn: list[str]) -> dict[str, Any]:
        """An answer that has its form; what is still wrong after its faults were told is out."""
        text = self._text(asking, question)
        answer, wrong = _examined(text, question.schema)
        if wrong:
            told = tuple(fault for each in wrong.values() for fault in each)[:_TOLD]
            again = replace(question, answered=text[:100_000], faults=told)
            second, still_wrong = _examined(self._text(asking, again), question.schema)
            # Some make more wrong than they put right.
            if answer is None or (second is not None and len(still_wrong) <= len(wrong)):
                answer, wrong = second, still_wrong
        left = _mended(answer, wrong, question.schema, warn)
        if left is None:
            faulty = next(iter(wrong.values()))[0]
            raise BadAnswer(f"{self.model} gave no answer of the form that was asked for: {faulty}")
        return left

    def _text(self, asking: Asking, question: Question) -> str:
        return text_of(asking.ask(question.contents(), question.config()), self.model)


def _mended(
    answer: dict[str, Any] | None, wrong: dict[str, list[str]], schema: Schema, warn: list[str]
) -> dict[str, Any] | None:
    """The answer without what is wrong in it; None where nothing else was asked for."""
    if answer is None:
        return None
    left = dict(answer)
    for field in schema.fields:
        if said := wrong.get(field.name):
            left[field.name] = without_faults(field, answer[field.name])
            what = f"Some rows of {field.name} were" if left[field.name] else f"{field.name} was"
            warn.append(f"{what} left out of the answer: {said[0]}.")
    return left if len(wrong) < len(answer) or any(left.values()) else None


def _examined(text: str, schema: Schema) -> tuple[dict[str, Any] | None, dict[str, list[str]]]:
    """The answer, None where it is none, and its faults by field."""
    try:
        answer = parsed(text, schema)
    except Faulty as error:
        return None, {"": [str(error)]}
    return answer, faults(answer, schema)
