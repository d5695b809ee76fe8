"""Values by Gemini, Google's model: on Vertex AI, or through the Gemini API with a key.

question  one call: the instructions, the document as data, and the form of the answer
outcome   what came of it: an answer, or one of many ways to have none
repair    a second question, which tells what was wrong with the first one's answer
quote     what the model says stands in the document; whether it does is looked up there
"""

from __future__ import annotations

from jobs.extraction.gemini.errors import (
    BadAnswer,
    Blocked,
    CutOff,
    EmptyAnswer,
    GeminiFailed,
    ModelRetired,
    NotAllowed,
    RateLimited,
    RequestRefused,
    TooSlow,
    Unreachable,
    Withheld,
)
from jobs.extraction.gemini.provider import Gemini

__all__ = [
    "Gemini",
    # it was not asked, or did not answer
    "GeminiFailed",
    "ModelRetired",
    "NotAllowed",
    "RateLimited",
    "RequestRefused",
    "TooSlow",
    "Unreachable",
    # it answered, and there is nothing in it
    "BadAnswer",
    "Blocked",
    "CutOff",
    "EmptyAnswer",
    "Withheld",
]
