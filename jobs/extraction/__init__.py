"""extraction: typed values out of documents, each with its confidence and its place.

schema    what is to be found: fields, each with a name and a kind
document  what was read of a file, whatever its format
provider  who finds: `local` on this machine, `gemini` Google's model
finding   a value, how sure it is, and where it stands
"""

from __future__ import annotations

import os
from datetime import timedelta

from common.gemini.choice import KEY
from common.runtime import Context, job
from jobs.extraction.params import Extraction, ExtractionParams
from jobs.extraction.settings import needs

__all__ = ["Extraction", "ExtractionParams", "extraction"]


@job(
    "extraction",
    queue="extract-tasks",
    cpu=2,
    memory="2Gi",
    timeout=timedelta(hours=1),
    drain=timedelta(minutes=10),
    needs=needs(os.environ),
    optional_secrets=(KEY,),
)
def extraction(params: ExtractionParams, run: Context) -> Extraction:
    """Find typed values in a document."""
    from jobs.extraction.extract import extract

    return extract(params, run)
