"""extraction-batch: many documents, one run of extraction each, and then tables of what was found.

extraction-batch ── one batch ──► extraction, each ── all ended ──► extraction-table ──► export
"""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.extraction_batch.params import Begun, ExtractionBatchParams

__all__ = ["Begun", "ExtractionBatchParams", "extraction_batch"]


@job(
    "extraction-batch",
    queue="extract-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
)
def extraction_batch(params: ExtractionBatchParams, run: Context) -> Begun:
    """Find typed values in many documents, and put them into tables."""
    from jobs.extraction_batch.begin import begin

    return begin(params, run)
