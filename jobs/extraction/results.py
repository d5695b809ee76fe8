"""The result: what was found and what was not, small enough for the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobs.extraction.params import Extraction
from jobs.extraction.schemas import written
from jobs.extraction.shaping import shaped
from jobs.extraction.sifting import sifted

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction.found import Findings, Found
    from jobs.extraction.providers import Material, Provider
    from jobs.extraction.schema import Schema

__all__ = ["result"]

_MOST = 200_000
"""Bytes of a result as JSON; beyond, rows go to a blob."""
_SHORT = 1_000
"""Bytes of a value that stays even so."""
_WARNINGS = 50


def result(  # noqa: PLR0913 - what a result is made of
    material: Material,
    schema: Schema,
    findings: Findings,
    *,
    provider: Provider,
    run: Context,
    warn: list[str],
) -> Extraction:
    """What the run returns."""
    kept = sifted(schema, findings, warn)
    document = material.document
    found = Extraction(
        source=material.uri,
        name=document.name,
        content_type=document.content_type,
        sha256=material.sha256,
        size=material.file.stat().st_size,
        pages=len(document.pages),
        provider=provider.name,
        model=provider.model,
        usage=provider.usage,
        values=_values(schema, kept),
        fields={name: _told(each) for name, each in kept.items()},
        missing=[field.name for field in schema.fields if field.name not in kept],
        missing_required=[
            field.name for field in schema.fields if field.required and field.name not in kept
        ],
        warnings=_some(warn),
        schema_outline=written(schema),
    )
    return _fitting(found, schema, kept, run)


def _told(found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {
        "confidence": found.confidence,
        "page": found.page,
        "text": found.text,
    }
    if found.rows:
        rows = [{name: _told(cell) for name, cell in row.items()} for row in found.rows]
        return {**told, "rows": rows}
    return {"value": found.value, **told}


def _some(warnings: list[str]) -> list[str]:
    each = list(dict.fromkeys(warnings))
    more = len(each) - _WARNINGS
    return each if more <= 0 else [*each[:_WARNINGS], f"There are {more:,} more warnings."]


def _values(schema: Schema, kept: Mapping[str, Found]) -> dict[str, Any]:
    found = {f.name: kept[f.name].value if f.name in kept else None for f in schema.fields}
    return shaped(schema.fields, found)


def _fitting(
    found: Extraction, schema: Schema, kept: Mapping[str, Found], run: Context
) -> Extraction:
    """As it is; or, where it is too large, without rows, and whole as a blob."""
    text = found.model_dump_json().encode()
    if len(text) <= _MOST:
        return found
    blob = run.blobs.write(run.path("extraction.json"), text, content_type="application/json")
    short = found.model_copy(
        update={
            "values": _values(schema, {n: each for n, each in kept.items() if not each.rows}),
            "fields": {
                name: {key: part for key, part in each.items() if key != "rows"}
                for name, each in found.fields.items()
            },
            "whole": blob.uri,
        }
    )
    return short if _size(short) <= _MOST else short.model_copy(update=_least(short, schema, kept))


def _least(found: Extraction, schema: Schema, kept: Mapping[str, Found]) -> Mapping[str, Any]:
    """Long texts are in the blob alone."""
    few = {n: each for n, each in kept.items() if not each.rows and _size(each.value) < _SHORT}
    fields = {n: each for n, each in found.fields.items() if n in few or kept[n].rows}
    return {"values": _values(schema, few), "fields": fields}


def _size(value: Any) -> int:
    text = value.model_dump_json() if isinstance(value, Extraction) else json.dumps(value)
    return len(text.encode())
