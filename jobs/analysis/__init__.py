"""analysis: a question, put to many sources, and answered by a report that says where all of it is.

source     a document: a place or a URL, read page by page
passage    a few sentences of a page, numbered over all sources
statement  a sentence of the answer, and the citations that bear it out
citation   a number in the report: a source, a page of it, and its own words
"""

from __future__ import annotations

from datetime import timedelta

from common.gemini.choice import KEY
from common.runtime import Context, job
from jobs.analysis.params import Analysed, AnalysisParams

__all__ = ["Analysed", "AnalysisParams", "analysis"]


@job(
    "analysis",
    queue="extract-tasks",
    cpu=2,
    memory="2Gi",
    timeout=timedelta(minutes=30),
    needs=("bs4 (extract)", "pypdfium2 (extract)", "fpdf (report)"),
    optional_secrets=(KEY,),
)
def analysis(params: AnalysisParams, run: Context) -> Analysed:
    """Answer a question from sources, as a report with citations."""
    from jobs.analysis.produce import produce

    return produce(params, run)
