"""Dates that follow each other: what is due before it was billed is doubted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jobs.extraction.found import Findings, Found

__all__ = ["in_order"]

FOLLOW = (
    ("invoice_date", "due_date"),
    ("order_date", "invoice_date"),
    ("service_start", "service_end"),
)
DOUBT = 0.65


def in_order(findings: Mapping[str, Found], concepts: Mapping[str, str]) -> Findings:
    """The findings, less sure where they contradict each other; `concepts` by field."""
    names = {concept: name for name, concept in concepts.items() if name in findings}
    doubted: set[str] = set()
    for first, then in FOLLOW:
        if first in names and then in names:
            pair = findings[names[first]], findings[names[then]]
            if str(pair[0].value) > str(pair[1].value):
                doubted |= {names[first], names[then]}
    return {name: _doubted(one) if name in doubted else one for name, one in findings.items()}


def _doubted(found: Found) -> Found:
    return replace(found, confidence=round(found.confidence * DOUBT, 2))
