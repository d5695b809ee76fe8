"""Files that were imported for a person, from Drive or Gmail.

A document of `imports` stands for one item in one place, and lists its versions, each with the
users for whom it came. A version that came for others, too, stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.blobs.paths import fault
from common.documents import Delete, Update
from jobs.opt_out_data_cleanup.folders import home
from jobs.opt_out_data_cleanup.pages import pages
from jobs.opt_out_data_cleanup.where import IMPORTS

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Document, Documents, Write
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["Item", "below", "item", "items"]

_AFTER_SLASH = "0"
"""The character after the slash: what begins with a folder and a slash is below this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A document of `imports` in which there is something of the person's."""

    document: Document
    paths: tuple[str, ...]
    """The blobs that are the person's alone."""
    left: tuple[Mapping[str, Any], ...]
    """The versions that stay, without the person's name; none where all of it goes."""

    @property
    def write(self) -> Write:
        """What takes the person out of it."""
        found = self.document
        if self.left:
            return Update(IMPORTS, found.id, {"files": [*self.left]}, found.version)
        return Delete(IMPORTS, found.id, found.version)


def items(documents: Documents, blobs: Blobs, person: Person) -> Iterator[Item]:
    """All of them."""
    for document in below(documents, blobs, person.tenant):
        if (found := item(document, person)) is not None:
            yield found


def below(documents: Documents, blobs: Blobs, tenant: str) -> Iterator[Document]:
    """The documents of all that came to places of a tenant."""
    if fault(home(tenant)):  # no place can be there
        return
    root = blobs.uri(home(tenant))
    begin, end = f"{root}/", root + _AFTER_SLASH
    yield from pages(
        documents, IMPORTS, ("place", ">=", begin), ("place", "<", end), order=("place",)
    )


def item(document: Document, person: Person) -> Item | None:
    """What is the person's of one document; None where nothing is."""
    versions = document.data["files"]
    theirs = [each for each in versions if _is_alone(each, person)]
    left = [_without(each, person) for each in versions if each not in theirs]
    if left == versions:
        return None
    paths = tuple(each["path"] for each in theirs)
    return Item(document=document, paths=paths, left=tuple(left))


def _is_alone(version: Mapping[str, Any], person: Person) -> bool:
    """Of one that came before users were noted, nobody knows: it goes with the tenant's last."""
    users = {*(version.get("users") or ())}
    return person.is_last or (bool(users) and users <= person.names)


def _without(version: Mapping[str, Any], person: Person) -> Mapping[str, Any]:
    users = version.get("users")
    if not users or person.names.isdisjoint(users):
        return version
    return {**version, "users": [each for each in users if each not in person.names]}
