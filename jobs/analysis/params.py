"""What can be asked of analysis, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from common.media.kept import Media
from common.runtime import Params

__all__ = ["MOST", "Analysed", "AnalysisParams", "Cited", "Language", "Source"]

MOST = 50
"""Sources of one analysis."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
Place = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Language = Literal["en", "de", "fr", "es"]


class AnalysisParams(Params):
    """A question, and where the answer is to be found."""

    question: Line = Field(
        min_length=3, max_length=1_000, description="What is to be found out, in your own words."
    )
    sources: list[Place] = Field(
        default=[],
        max_length=MOST,
        description="Documents: paths in the store, gs:// or https:// URLs or, on a laptop, files.",
    )
    folder: str = Field(
        default="",
        max_length=1_000,
        description="A folder of the store or, on a laptop, one of yours: all documents below it.",
    )
    manifest: str = Field(
        default="", max_length=1_000, description="A list of documents, such as zip-unpack makes."
    )
    provider: Literal["auto", "local", "gemini"] = Field(
        default="auto",
        description="Who answers: local, which picks out the sentences that say most, or gemini, "
        "Google's model. auto: gemini where it is set up, else local.",
    )
    title: Line = Field(
        default="", max_length=200, description="Of the report; without one, the question."
    )
    language: Language = Field(default="en", description="Which the report is in.")

    @model_validator(mode="after")
    def _can_be_answered(self) -> AnalysisParams:
        if not re.search(r"[^\W_]", self.question):
            raise ValueError("question: there is no word in it")
        if not (self.sources or self.folder or self.manifest):
            raise ValueError("name sources, a folder or a manifest")
        return self


class Cited(BaseModel):
    """One citation."""

    n: int
    """As it stands in the report, in brackets."""
    source: int
    """The source's number."""
    page: int
    quote: str


class Source(BaseModel):
    """One source."""

    number: int
    name: str
    uri: str
    """Without what a URL's query may hide."""
    pages: int = 0
    why: str = ""
    """Why it could not be read; empty where it was."""


class Analysed(BaseModel):
    """The result."""

    answer: str
    """The short answer, with its citations in brackets."""
    citations: list[Cited]
    sources: list[Source]
    unanswered: list[str]
    """What was asked for, and the sources do not say."""
    provider: Literal["local", "gemini"]
    model: str | None = None
    """Which one, where a model answered."""
    usage: Mapping[str, int] | None = None
    """What that took: `questions`, `input_tokens`, `output_tokens`."""
    markdown: Media
    pdf: Media
    warnings: list[str]
