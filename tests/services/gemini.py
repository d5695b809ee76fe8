"""A stand-in for Gemini that speaks generateContent's HTTP, and answers as it is told to.

Both ways to it are here: Vertex AI (projects/P/locations/L/publishers/google/models/M) with a
token, and the Gemini API (models/M) with a key. What comes in is held to Google's own discovery
document of the method, as googleapiclient has it stored: an unknown member is answered with 400, as
Google does.
"""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from functools import cache
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from typing import Any

from tests.services.vertex import (
    CUT,
    DRIPPING,
    GARBAGE,
    HANGING,
    NOTHING,
    RESET,
    Answer,
    Vertex,
    refused,
)

__all__ = [
    "CUT",
    "DRIPPING",
    "GARBAGE",
    "HANGING",
    "NOTHING",
    "RESET",
    "Answer",
    "Gemini",
    "blocked",
    "drew",
    "ended",
    "found",
    "refused",
    "row",
    "said",
]

PATH = re.compile(
    r"/v1(?:beta1?)?/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?models/([^/:]+)"
    r":generateContent"
)
PREFIX = "GoogleCloudAiplatformV1beta1"


def said(text: Any, *, reason: str | None = "STOP", **candidate: Any) -> Answer:
    """A candidate that says a text, or JSON."""
    told = text if isinstance(text, str) else json.dumps(text)
    found = {"content": {"role": "model", "parts": [{"text": told}]}, **candidate}
    if reason is not None:
        found["finishReason"] = reason
    body = {
        "candidates": [found],
        "usageMetadata": {"promptTokenCount": 1_000, "candidatesTokenCount": 50},
    }
    return Answer(body=body)


def drew(*pictures: bytes, mime: str = "image/png", words: str = "", **part: Any) -> Answer:
    """A candidate that draws pictures, and perhaps says something beside."""
    parts: list[dict[str, Any]] = [{"text": words}] if words else []
    for picture in pictures:
        data = base64.b64encode(picture).decode()
        parts.append({"inlineData": {"mimeType": mime, "data": data}, **part})
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    usage = {"promptTokenCount": 12, "candidatesTokenCount": 1_120, "thoughtsTokenCount": 30}
    return Answer(body={"candidates": [candidate], "usageMetadata": usage})


def ended(reason: str, text: str | None = None, message: str = "") -> Answer:
    """A candidate that ended for another reason than that all was said."""
    candidate: dict[str, Any] = {"finishReason": reason}
    if message:
        candidate["finishMessage"] = message
    if text is not None:
        candidate["content"] = {"role": "model", "parts": [{"text": text}]}
    return Answer(body={"candidates": [candidate]})


def blocked(reason: str = "SAFETY", message: str = "") -> Answer:
    """A document that was not let through."""
    feedback = {"blockReason": reason}
    if message:
        feedback["blockReasonMessage"] = message
    return Answer(body={"promptFeedback": feedback})


def found(value: Any, quote: str, *, page: int | None = 1, confidence: float = 0.95) -> dict:
    """What is said of a field."""
    return {"value": value, "confidence": confidence, "page": page, "quote": quote}


def row(quote: str, *, page: int | None = 1, confidence: float = 0.9, **cells: Any) -> dict:
    """What is said of a row."""
    return {"cells": cells, "confidence": confidence, "page": page, "quote": quote}


class Gemini(Vertex):
    """Runs while the block does. Questions take the next scripted answer, and then `usual`."""

    def __init__(self) -> None:
        super().__init__()
        self.on_ask: deque[Answer] = deque()
        self.usual: Answer = NOTHING
        self.questions: list[dict[str, Any]] = []
        """The bodies of all questions, also of those that were refused."""
        self.models: list[str] = []
        self.keys: set[str] = set()

    @property
    def texts(self) -> list[list[str]]:
        """The texts of each question's parts."""
        return [
            [part["text"] for content in asked["contents"] for part in content["parts"]
             if "text" in part]
            for asked in self.questions
        ]  # fmt: skip

    def wait_for_questions(self, count: int, seconds: float = 20) -> None:
        """Wait until so many have come in."""
        with self._asked:
            assert self._asked.wait_for(lambda: len(self.questions) >= count, seconds)

    def answer(self, path: str, body: dict[str, Any], token: str) -> Answer:
        asked = PATH.fullmatch(path)
        if asked is None:
            return refused(404, f"The stand-in has nothing at {path}")
        with self._asked:
            self.tokens.add(token)
            self.questions.append(body)
            self.models.append(asked[1])
            self._asked.notify_all()
            if problem := unknown("GenerateContentRequest", body):
                return refused(400, f'Invalid JSON payload received. Unknown name "{problem}"')
            return self.on_ask.popleft() if self.on_ask else self.usual

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        inner, gemini = super()._handler(), self

        class Handler(inner):  # type: ignore[misc, valid-type]
            def do_POST(self) -> None:  # noqa: N802 - so it is called
                gemini.keys.add(self.headers["x-goog-api-key"] or "")
                super().do_POST()

        return Handler


def unknown(schema: str, value: Any, where: str = "") -> str | None:
    """Which member of a message its schema does not have."""
    properties = _schemas()[f"{PREFIX}{schema}"].get("properties", {})
    for name, each in value.items():
        # Google takes the names of its protocol buffers, too: mime_type is mimeType.
        camel = re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
        if camel not in properties:
            return f"{where}{name}"
        if problem := _unknown_in(properties[camel], each, f"{where}{name}."):
            return problem
    return None


def _unknown_in(spec: dict[str, Any], value: Any, where: str) -> str | None:
    if reference := spec.get("$ref"):
        return unknown(reference.removeprefix(PREFIX), value, where)
    if spec.get("type") == "array":
        problems = (_unknown_in(spec["items"], each, where) for each in value)
        return next(filter(None, problems), None)
    return None


@cache
def _schemas() -> dict[str, Any]:
    documents = files("googleapiclient") / "discovery_cache" / "documents"
    stored = json.loads((documents / "aiplatform.v1beta1.json").read_text())
    return stored["schemas"]
