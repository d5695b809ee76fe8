"""The results of a batch's extractions, each made whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.runtime import Retryable

if TYPE_CHECKING:
    from common.runtime import Context
    from common.runtime.results import Result
    from jobs.extraction_table.gathered import Gathered
    from jobs.extraction_table.layout import Layout

__all__ = ["gather", "whole"]

_LARGEST = 64_000_000
"""Bytes of a result that is in a file of its own."""


def gather(batch: str, run: Context, into: Gathered, layout: Layout) -> None:
    """Take in all results, and what columns they need."""
    for found in run.results(batch, job="extraction"):
        run.check()
        if not found.state.ended:
            raise Retryable(f"Batch {batch} has not ended: {found.id} is {found.state}.", after=60)
        document = _document(found)
        layout.learn(document)
        into.add(document["source"], found.id, document)
    if not into.count:
        raise InvalidInput(f"There is no extraction in batch {batch}.")


def whole(document: dict[str, Any], run: Context) -> dict[str, Any]:
    """The document with all of its result, where a part of that is in a file."""
    result = document["result"]
    if not result or not result.get("whole"):
        return document
    place = run.source(result["whole"])
    with place.open() as stream:
        text = stream.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise InvalidInput(f"{place.uri} is over {_LARGEST:,} bytes.")
    return {**document, "result": json.loads(text)}


def _document(found: Result) -> dict[str, Any]:
    params = found.params or {}
    source = str(params.get("source", ""))
    result = found.result if isinstance(found.result, dict) else None
    name = (result or {}).get("name") or params.get("name") or source.rpartition("/")[2]
    return {
        "source": (result or {}).get("source") or source,
        "name": name,
        "run": found.id,
        "state": found.state.value,
        "error": None if result else (found.error or "no result"),
        "result": result,
    }
