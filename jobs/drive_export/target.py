"""The folder in which the files shall be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.google.drive import FOLDER, SHARED, SHORTCUT, drive_of
from common.runtime import Permanent

if TYPE_CHECKING:
    from common.google import Account

__all__ = ["NoFolder", "NotWritable", "Target", "target"]

_FIELDS = (
    "id,mimeType,trashed,driveId,shortcutDetails(targetId),"
    "capabilities(canAddChildren,canReadDrive)"
)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A folder that takes files."""

    id: str
    drive: str | None
    """The shared drive that it is in, or `all`: where to look for what is in it."""


class NoFolder(InvalidInput):
    """Raised when the folder is not there, or is none."""

    def __init__(self, id: str, why: str) -> None:
        super().__init__(f"Drive folder {id} takes no files: {why}. Name another folder.")


class NotWritable(Permanent):
    """Raised when the user may not put files into the folder."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"The user may not put files into Drive folder {id}: have its owner share it for "
            "editing, or name another one."
        )


def target(account: Account, id: str) -> Target:
    """The folder, if files can be put into it. Raises NoFolder, NotWritable."""
    from common.google import BadAnswer, NotFound

    try:
        said = account.get("drive", ["files", id], fields=_FIELDS, **SHARED)
    except NotFound:
        raise NoFolder(id, "it is not there, or the user has no right to it") from None
    if said.get("mimeType") == SHORTCUT and (
        led := said.get("shortcutDetails", {}).get("targetId")
    ):
        return target(account, led)
    if said.get("trashed"):
        raise NoFolder(id, "it is in the trash")
    if said.get("mimeType") != FOLDER:
        raise NoFolder(id, "it is a file")
    if not said.get("capabilities", {}).get("canAddChildren", True):
        raise NotWritable(id)
    if not isinstance(said.get("id"), str):
        raise BadAnswer("Google described a folder without id.")
    return Target(id=said["id"], drive=drive_of(said))
