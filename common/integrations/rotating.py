"""Encrypting what is kept anew, with the newest key."""

from __future__ import annotations

from dataclasses import dataclass

from common.documents import Documents, Update
from common.integrations.cipher import Cipher, Undecipherable
from common.integrations.integration import COLLECTION, check_schema
from common.integrations.pages import every
from common.runs import NewerSchema

__all__ = ["Rotated", "rotate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """What became of the secrets when they were to have the newest key."""

    changed: int
    unchanged: int
    """They had it already."""
    unreadable: tuple[str, ...]
    """Ids of integrations that no key decrypts, or a newer runjobs wrote: left alone."""


def rotate(documents: Documents, cipher: Cipher) -> Rotated:
    """Encrypt all with the cipher's newest key; what is saved meanwhile is kept."""
    counts = {"changed": 0, "unchanged": 0}
    unreadable = []
    for document in every(documents, None):
        try:
            counts[_rotate(documents, cipher, document.id)] += 1
        except (Undecipherable, NewerSchema):
            unreadable.append(document.id)
    return Rotated(**counts, unreadable=tuple(unreadable))


def _rotate(documents: Documents, cipher: Cipher, id: str) -> str:
    def step() -> str:
        found = documents.get(COLLECTION, id)
        if found is None or cipher.is_newest(found.data["secret"]):
            return "unchanged"
        check_schema(found)
        secret = cipher.open(id, found.data["secret"])
        data = {"secret": cipher.seal(id, secret)}
        documents.commit([Update(COLLECTION, id, data, found.version)])
        return "changed"

    return documents.optimistic(step)
