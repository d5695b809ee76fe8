"""What all calls of Google's models share, whichever job makes them.

access    as whom they are asked, and where: on Vertex AI, or through the Gemini API with a key
settings  how often, and which model: what the variables of jobs have in common
pending   a call that is under way, bounded as a whole
answer    an error with an HTTP status (google-genai's APIError); what else it raises is none
"""

from __future__ import annotations

from common.genai.client import Access, connect, options
from common.genai.pending import NoAnswer, Pending
from common.genai.said import (
    IMPATIENT,
    TOO_MANY,
    api_error,
    brief,
    described,
    details,
    is_one_of,
    may_pass,
    not_accepted,
    retry_after,
)

__all__ = [
    # calling
    "Access",
    "NoAnswer",
    "Pending",
    "connect",
    "options",
    # what came of it
    "IMPATIENT",
    "TOO_MANY",
    "api_error",
    "brief",
    "described",
    "details",
    "is_one_of",
    "may_pass",
    "not_accepted",
    "retry_after",
]
