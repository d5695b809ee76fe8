"""What there is of a person: for a dry run, and for the last look, which finds nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.integrations import COLLECTION as INTEGRATIONS
from common.integrations.integration import integration_of
from jobs.opt_out_data_cleanup.folders import Folders, own
from jobs.opt_out_data_cleanup.imported import items
from jobs.opt_out_data_cleanup.owned import lease_of, left_by, owned
from jobs.opt_out_data_cleanup.told import told_of
from jobs.opt_out_data_cleanup.traces import Traces, traces
from jobs.opt_out_data_cleanup.where import (
    BATCHES,
    FOLDERS,
    IMPORTS,
    OF_TENANTS,
    OF_USERS,
    RUNS,
)

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["look"]


def look(documents: Documents, blobs: Blobs, person: Person) -> Counter[str]:
    """How many documents of each collection, and how many `blobs`."""
    found, folders = traces(documents, blobs, person), Folders(documents, person)
    there = [*_there(documents, person, found)]
    imported = [*items(documents, blobs, person)]
    counts = Counter(collection for collection, _ in {(it.collection, it.id) for it in there})
    runs = found.ids | {run.id for run in _letters(documents, person)}
    counts += Counter({RUNS: len(runs), IMPORTS: len(imported)})
    claimed = [folders.claimed(each) for each in there if each.collection in FOLDERS]
    below = (*own(person), *filter(None, claimed), *(f"runs/{id}" for id in runs))
    paths = {blob.path for folder in below for blob in blobs.list(f"{folder}/")}
    paths |= {path for each in imported for path in each.paths if blobs.stat(path)}
    return counts + Counter(blobs=len(paths))


def _letters(documents: Documents, person: Person) -> Iterator[Document]:
    for integration in owned(documents, INTEGRATIONS, person):
        yield from told_of(documents, integration_of(integration))


def _there(documents: Documents, person: Person, found: Traces) -> Iterator[Document]:
    """All documents but the runs, some of them twice."""
    for collection in dict.fromkeys((*OF_USERS, *OF_TENANTS)):
        yield from owned(documents, collection, person)
    for integration in owned(documents, INTEGRATIONS, person):
        yield from filter(None, [lease_of(documents, integration.id)])
    yield from filter(None, [documents.get(BATCHES, id) for id in found.batches])
    yield from left_by(documents, person, found.ids)
