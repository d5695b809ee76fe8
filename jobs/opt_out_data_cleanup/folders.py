"""Which blobs are a person's: docs/data.md says it, and a doubt is decided for whoever stays.

home     tenants/TENANT, or shared for those of no tenant
own      HOME/users/USER/, and all of a tenant's home that nobody stays in
claimed  a folder that a document of the person's names, where it is narrow enough to be one
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from common.data.extraction_jobs import EXTRACTION_JOBS
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.where import FOLDERS, PLANS

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["Folders", "home", "own"]

_NARROW = 2
"""Parts below the home that a claimed folder has at least: `uploads/ID`, and not `uploads`."""


def home(tenant: str) -> str:
    """Where files of a tenant belong."""
    return f"tenants/{quote(tenant, safe='')}" if tenant else "shared"


def own(person: Person) -> Iterator[str]:
    """The folders that are the person's by their names alone."""
    root = home(person.tenant)
    for name in sorted(person.names - {".", ".."}):
        yield f"{root}/users/{quote(name, safe='')}"
    if person.is_last:
        yield root


class Folders:
    """Those that documents of a person's name."""

    def __init__(self, documents: Documents, person: Person) -> None:
        self._documents, self._person = documents, person
        self._others: list[str] | None = None

    def claimed(self, document: Document) -> str:
        """The folder that goes with the document; empty where it names none that may."""
        if document.collection == PLANS:
            return f"plans/{document.id}"
        folder = str(document.data.get("folder", "")).strip("/")
        if self._is_its_own(folder, document):
            return folder
        return folder if self._is_narrow(folder) and not self._is_anothers(folder) else ""

    def _is_its_own(self, folder: str, document: Document) -> bool:
        if document.collection == EXTRACTION_JOBS:
            return folder == f"uploads/{document.id}"
        run = str(document.data.get("run") or "/")
        return "/" not in run and f"{folder}/".startswith(f"runs/{run}/")

    def _is_narrow(self, folder: str) -> bool:
        root, below = home(self._person.tenant), folder.split("/")
        inside = folder.startswith(f"{root}/") and not {"", ".", ".."} & {*below}
        rest = below[root.count("/") + 1 :]
        if not inside or len(rest) < _NARROW:
            return False
        mine = {quote(name, safe="") for name in self._person.names}
        return rest[0] != "users" or rest[1] in mine

    def _is_anothers(self, folder: str) -> bool:
        """Whether somebody else's document names it, or what is in it."""
        if self._others is None:
            self._others = [*self._foreign()]
        return any(each == folder or each.startswith(f"{folder}/") for each in self._others)

    def _foreign(self) -> Iterator[str]:
        for collection in FOLDERS:
            for document in pages(self._documents, collection, of(self._person.tenant)):
                if not self._person.owns(document) and not self._person.is_last:
                    yield str(document.data.get("folder", "")).strip("/")
