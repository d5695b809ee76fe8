"""An answer that was paid for, kept for the next attempt should this one not finish."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction.gemini.question import Question

__all__ = ["keep", "kept", "mark"]

_MOST = 200_000
"""Bytes of a checkpoint."""


def mark(question: Question, sha256: str, model: str) -> str:
    """What an answer is the answer to: the same document, form and model."""
    said = json.dumps([sha256, question.form, question.task, model], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def kept(run: Context, mark: str) -> dict[str, Any] | None:
    """The answer of an attempt before."""
    found = run.checkpointed
    if isinstance(found, dict) and found.get("to") == mark and isinstance(found["answer"], dict):
        return found["answer"]
    return None


def keep(run: Context, mark: str, answer: dict[str, Any]) -> None:
    """Have the next attempt find it; one that is too large is asked for again."""
    note = {"to": mark, "answer": answer}
    if len(json.dumps(note, ensure_ascii=False).encode("utf-8", "replace")) <= _MOST:
        run.checkpoint(note)
