"""What became of a question that was answered: what is in the answer, or why there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.gemini.errors import BadAnswer, Blocked, CutOff, EmptyAnswer, Withheld
from common.genai import brief

if TYPE_CHECKING:
    from google.genai.types import Candidate, GenerateContentResponse, Part

__all__ = ["parts_of", "text_of"]

_WITHHELD = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "ESCALATION",
        "PUP_LIMITED_DISABLED",
        "MODEL_ARMOR",
    }
)
_CUT = frozenset({"MAX_TOKENS", "CONTINUATION"})
_WHOLE = frozenset({"STOP", "NO_IMAGE", "FINISH_REASON_UNSPECIFIED", ""})
"""What was to be said was said; there may still be nothing in it."""


def text_of(response: GenerateContentResponse, model: str) -> str:
    """The text of the answer, which may be anything. Raises the errors of errors.py."""
    text = "".join(part.text for part in parts_of(response, model) if part.text)
    if not text.strip():
        raise EmptyAnswer(f"{model} answered with nothing.")
    return text


def parts_of(response: GenerateContentResponse, model: str) -> list[Part]:
    """The parts of a whole answer, without the thoughts before it; perhaps there are none.

    Raises Blocked, Withheld, CutOff, EmptyAnswer and BadAnswer.
    """
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise Blocked(_word(feedback.block_reason), brief(feedback.block_reason_message or ""))
    if not response.candidates:
        raise EmptyAnswer(f"{model} answered without a candidate, and without a reason.")
    candidate = response.candidates[0]
    _check_end(candidate, model)
    parts = (candidate.content.parts if candidate.content else None) or []
    return [part for part in parts if not part.thought]


def _check_end(candidate: Candidate, model: str) -> None:
    reason = _word(candidate.finish_reason) if candidate.finish_reason is not None else ""
    if reason in _WITHHELD:
        raise Withheld(reason, brief(candidate.finish_message or ""))
    if reason in _CUT:
        raise CutOff(
            f"The answer of {model} was cut off ({reason}), as there is more to say than it may "
            "write: split what it is asked about, or ask for less."
        )
    if reason not in _WHOLE:
        raise BadAnswer(f"{model} ended its answer with {brief(reason)}.")


def _word(reason: object) -> str:
    """Google's word for it; one that is newer than the library, too."""
    return brief(getattr(reason, "value", reason))
