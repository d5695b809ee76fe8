"""The answer by Gemini, from numbered passages, of which it has to name and to quote its own.

What it says is held to them: a citation that names no passage, or quotes what does not stand there,
is dropped; a statement that is left without any, or tells a number that none of its passages has,
is marked as one that the sources do not bear out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from common.gemini.asking import Asking
from common.gemini.errors import BadAnswer
from common.gemini.outcomes import text_of
from common.gemini.settings import GeminiSettings
from jobs.analysis.asked import FORM, INSTRUCTIONS, contents
from jobs.analysis.checking import Checking
from jobs.analysis.ranking import Index
from jobs.analysis.terms import terms_of

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.analysis.gathering import Gathered
    from jobs.analysis.params import AnalysisParams
    from jobs.analysis.report import Answer, Passage

__all__ = ["answered_by_gemini"]

_TOLD = 150_000
"""Characters of passages that one question has."""
_KEPT = 200_000
"""Bytes of a checkpoint."""


def answered_by_gemini(
    gathered: Gathered, params: AnalysisParams, run: Context, warn: list[str]
) -> tuple[Answer, str, Mapping[str, int]]:
    """The answer, the model's name, and what it took. Raises the errors of common.gemini."""
    settings = GeminiSettings.load(os.environ)
    told = _told(gathered, params.question)
    if len(told) < len(gathered.passages):
        warn.append(
            f"The model was told {len(told):,} of {len(gathered.passages):,} passages: those that "
            "say most about the question."
        )
    mark = _mark(told, params, settings.model)
    known = _kept(run, mark) or _asked(settings, told, gathered, params, run)
    _keep(run, mark, known)
    answer = Checking(told).checked(known["answer"], warn)
    return answer, settings.model, known["usage"]


def _told(gathered: Gathered, question: str) -> list[Passage]:
    """All passages or, of too many, those that say most and as many others; in their order."""
    with Index(gathered.passages) as index:
        ranked = index.passages(terms_of(question), len(gathered.passages))
    best = {passage.number for passage in ranked}
    others = [passage for passage in gathered.passages if passage.number not in best]
    told: list[Passage] = []
    room = _TOLD
    for passage in [*ranked, *others]:
        room -= len(passage.text)
        if room < 0:
            break
        told.append(passage)
    return sorted(told, key=lambda passage: passage.number)


def _asked(
    settings: GeminiSettings,
    told: Sequence[Passage],
    gathered: Gathered,
    params: AnalysisParams,
    run: Context,
) -> dict[str, Any]:
    from google.genai.types import GenerateContentConfig

    config = GenerateContentConfig(
        system_instruction=INSTRUCTIONS.format(language=params.language),
        response_mime_type="application/json",
        response_json_schema=FORM,
    )
    asked = contents(told, gathered.sources, params.question)
    with Asking(settings, run) as asking:
        answer = _parsed(text_of(asking.ask(asked, config), settings.model))
        if answer is None:  # some are cut or garbled once
            answer = _parsed(text_of(asking.ask(asked, config), settings.model))
    if answer is None:
        raise BadAnswer(f"{settings.model} gave no answer of the form that was asked for.")
    usage = asdict(asking.usage)
    run.log.info(f"{settings.model} has answered.", action="gemini-answered", **usage)
    return {"answer": answer, "usage": usage}


def _parsed(text: str) -> dict[str, Any] | None:
    from jsonschema import Draft202012Validator

    try:
        answer = json.loads(text)
        if Draft202012Validator(FORM).is_valid(answer):
            return dict(answer)
    except (ValueError, RecursionError):
        pass
    return None


def _mark(told: Sequence[Passage], params: AnalysisParams, model: str) -> str:
    """What an answer is the answer to."""
    said = json.dumps([params.question, params.language, model, [each.text for each in told]])
    return hashlib.sha256(said.encode()).hexdigest()


def _kept(run: Context, mark: str) -> dict[str, Any] | None:
    """What an attempt before has paid for."""
    found = run.checkpointed
    if isinstance(found, dict) and found.get("to") == mark:
        return dict(json.loads(found["known"]))
    return None


def _keep(run: Context, mark: str, known: dict[str, Any]) -> None:
    # As text, for what a model says may be no Unicode, which a checkpoint has to be.
    text = json.dumps(known)
    if len(text) <= _KEPT:
        run.checkpoint({"to": mark, "known": text})
