"""From params to a result: fetched, read, searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.reading.source import Copy, fetched, text_at
from jobs.extraction.providers import Material, choose
from jobs.extraction.results import result
from jobs.extraction.schemas import read_form

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction.params import Extraction, ExtractionParams
    from jobs.extraction.providers import Provider
    from jobs.extraction.schema import Schema

__all__ = ["extract"]

_SCHEMA_BYTES = 200_000


def extract(params: ExtractionParams, run: Context) -> Extraction:
    """Find what the schema asks for in the document."""
    schema = _schema(params, run)
    provider = choose(params.provider)
    run.progress(0.05, "Fetching the document")
    copy = fetched(params.source, params.name, run)
    run.progress(0.2, "Reading it")
    material = _read(copy, provider, run)
    run.progress(0.5, f"Finding {schema.name or 'values'}")
    warn: list[str] = []
    findings = provider.find(material, schema, run, warn)
    found = result(material, schema, findings, provider=provider, run=run, warn=warn)
    run.log.info(
        f"{provider.name} found {len(found.fields)} of {len(schema.fields)} fields.",
        action="extracted",
        provider=provider.name,
        missing=len(found.missing),
    )
    return found


def _schema(params: ExtractionParams, run: Context) -> Schema:
    return read_form(params.schema, lambda place: text_at(place, run, most=_SCHEMA_BYTES))


def _read(copy: Copy, provider: Provider, run: Context) -> Material:
    from common.reading import Limits, read

    limits = Limits(recognised=0) if provider.sees(copy.file) else Limits()
    document = read(copy.file, name=copy.name, limits=limits, check=run.check)
    return Material(file=copy.file, uri=copy.uri, sha256=copy.sha256, document=document)
