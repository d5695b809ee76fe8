"""By what a run is known to be a person's, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from common.automations.store import AUTOMATIONS
from common.data.artifacts import ARTIFACTS
from common.data.creations import CREATIONS
from common.data.extraction_jobs import EXTRACTION_JOBS
from jobs.opt_out_data_cleanup.folders import home, own
from jobs.opt_out_data_cleanup.owned import owned
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.said import params_of, paths_in, text

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["Signs"]


class Signs:
    """As the documents of a person's tenant stand now."""

    def __init__(self, documents: Documents, blobs: Blobs, person: Person) -> None:
        self._person, self._blobs = person, blobs
        self._automations = {each.id for each in owned(documents, AUTOMATIONS, person)}
        creations = [*owned(documents, CREATIONS, person)]
        self._creations = {each.id for each in creations}
        self._runs = _named(documents, person, ARTIFACTS, "run")
        for each in creations:
            self._runs.setdefault(text(each.data.get("run")), True)
        self._batches = _named(documents, person, EXTRACTION_JOBS, "batch")
        self._own = (*(f"{folder}/" for folder in own(person)),)
        self._users = f"{home(person.tenant)}/users/"

    def named(self, run: Document) -> bool | None:
        """Whether a run is the person's by itself; False where it is somebody else's, None where
        nothing tells."""
        params = params_of(run)
        if user := text(params.get("user")):
            return user in self._person.names
        told = {*self._told(run, params)} - {None}
        return all(told) if told else None

    def _told(self, run: Document, params: Mapping[str, Any]) -> Iterator[bool | None]:
        yield self._runs.get(run.id)
        yield self._batches.get(run.data.get("batch") or "")
        if automation := text(params.get("automation")):
            yield automation in self._automations
        follows = run.data.get("follows") or {}
        if follows.get("collection") == CREATIONS:
            yield follows.get("id") in self._creations
        for path in paths_in(params, self._blobs):
            if path.startswith(self._users):
                yield path.startswith(self._own)


def _named(documents: Documents, person: Person, collection: str, field: str) -> dict[str, bool]:
    """What documents of the tenant's users name, and whether all who do are the person."""
    found: dict[str, bool] = {}
    there = pages(documents, collection, of(person.tenant))
    for document in chain(there, owned(documents, collection, person)):
        name = text(document.data.get(field))
        if name and document.data.get("user"):
            found[name] = found.get(name, True) and person.owns(document)
    return found
