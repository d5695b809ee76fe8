"""An answer that was paid for, kept for the next attempt should this one not finish."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction.gemini.question import Question

__all__ = ["Known", "keep", "kept", "mark"]

_MOST = 200_000
"""Bytes of a checkpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """An answer that has its form, and what is to be said of it."""

    answer: dict[str, Any]
    usage: dict[str, int]
    warnings: list[str]


def mark(question: Question, sha256: str, model: str) -> str:
    """What an answer is the answer to: the same document, form and model."""
    said = json.dumps([sha256, question.form, question.task, model], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def kept(run: Context, mark: str) -> Known | None:
    """What an attempt before has learnt."""
    found = run.checkpointed
    if isinstance(found, dict) and found.get("to") == mark:
        return Known(**json.loads(found["known"]))
    return None


def keep(run: Context, mark: str, known: Known) -> None:
    """Have the next attempt find it; what is too large is asked for again."""
    # As text, for what a model says may be no Unicode, which a checkpoint has to be.
    text = json.dumps(asdict(known))
    if len(text) <= _MOST:
        run.checkpoint({"to": mark, "known": text})
