"""extraction-table: what extractions of a batch found, as CSV, XLSX and JSON.

line   one document in the tables, or one row of one of its fields of rows
sheet  lines of one kind: documents, one for each field of rows, failed
"""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.extraction_table.params import ExtractionTableParams, Tables

__all__ = ["ExtractionTableParams", "Tables", "extraction_table"]


@job(
    "extraction-table",
    queue="extract-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    needs=("openpyxl (extract)",),
)
def extraction_table(params: ExtractionTableParams, run: Context) -> Tables:
    """Write tables of what was found in the documents of a batch."""
    from jobs.extraction_table.tables import tables

    return tables(params, run)
