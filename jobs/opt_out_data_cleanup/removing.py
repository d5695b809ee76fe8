"""Documents of a person's that go after their blobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jobs.opt_out_data_cleanup.folders import Folders
from jobs.opt_out_data_cleanup.tally import lumps
from jobs.opt_out_data_cleanup.where import ENDED

if TYPE_CHECKING:
    from common.documents import Document
    from common.runtime import Context
    from jobs.opt_out_data_cleanup.person import Person
    from jobs.opt_out_data_cleanup.tally import Tally

__all__ = ["Removing"]

_AT_ONCE = 100
"""Documents whose blobs are looked for before they go."""


class Removing:
    """Those of one person. One thread uses it."""

    def __init__(self, person: Person, tally: Tally, run: Context) -> None:
        self._person, self._tally, self._run = person, tally, run
        self._folders = Folders(run.documents, person)

    def blobs(self, folders: Iterable[str]) -> None:
        """All that is below these folders."""
        self._tally.remove_blobs(self._below(folders))

    def documents(self, found: Iterable[Document]) -> None:
        """Documents that have no blobs."""
        self._tally.remove(found, self._is_still)

    def filed(self, found: Iterable[Document]) -> None:
        """Documents that name a folder, after what is in it."""
        for some in self._lumps(found):
            self.blobs(filter(None, map(self._folders.claimed, some)))
            self.documents(some)

    def runs(self, found: Iterable[Document]) -> None:
        """Runs that have ended, after what they left."""
        for some in self._lumps(found):
            self.blobs(f"runs/{each.id}" for each in some)
            self._tally.remove(some, _is_over)

    def _lumps(self, found: Iterable[Document]) -> Iterator[list[Document]]:
        for some in lumps(found, _AT_ONCE):
            self._run.check()
            yield some

    def _below(self, folders: Iterable[str]) -> Iterator[str]:
        for folder in folders:
            yield from [blob.path for blob in self._run.blobs.list(f"{folder}/")]

    def _is_still(self, document: Document) -> bool:
        return self._person.owns(document) or not document.data.get("user")


def _is_over(document: Document) -> bool:
    return document.data.get("state") in ENDED
