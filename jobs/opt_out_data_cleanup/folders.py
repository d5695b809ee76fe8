"""Which blobs are a person's: docs/data.md says it, and a doubt is decided for whoever stays.

home     tenants/TENANT, or shared for those of no tenant
own      HOME/users/USER/, and all of a tenant's home that nobody stays in
claimed  a folder that a document of the person's names, where it is one for such a document
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from common.blobs.paths import fault
from common.data.extraction_jobs import EXTRACTION_JOBS
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.where import PLANS

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["Folders", "home", "own"]


def home(tenant: str) -> str:
    """Where files of a tenant belong."""
    return f"tenants/{quote(tenant, safe='')}" if tenant else "shared"


def own(person: Person) -> Iterator[str]:
    """The folders that are the person's by their names alone."""
    root = home(person.tenant)
    found = [f"{root}/users/{quote(name, safe='')}" for name in sorted(person.names)]
    if person.is_last:
        found.append(root)
    yield from (folder for folder in found if not fault(folder))  # as of a user named `..`


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
        if fault(folder):
            return ""
        if document.collection == EXTRACTION_JOBS:
            is_its = folder == f"uploads/{document.id}" or self._is_uploaded(folder)
        else:
            is_its = f"{folder}/".startswith(f"runs/{document.data.get('run') or '/'}/")
        return folder if is_its else ""

    def _is_uploaded(self, folder: str) -> bool:
        """Whether files were uploaded to it for the tenant, and nobody else has any there."""
        uploads = f"{home(self._person.tenant)}/uploads/"
        if not self._person.tenant or not folder.startswith(uploads):
            return False
        return self._person.is_last or not self._is_anothers(folder)

    def _is_anothers(self, folder: str) -> bool:
        """Whether somebody else's document names it, what is in it, or what it is in."""
        if self._others is None:
            self._others = [*self._foreign()]
        return any(
            each.startswith(f"{folder}/") or f"{folder}/".startswith(each) for each in self._others
        )

    def _foreign(self) -> Iterator[str]:
        uploads = f"{home(self._person.tenant)}/uploads/"
        for document in pages(self._documents, EXTRACTION_JOBS, of(self._person.tenant)):
            folder = f"{str(document.data.get('folder', '')).strip('/')}/"
            if folder.startswith(uploads) and folder != uploads and not self._person.owns(document):
                yield folder
