"""A file's content as it comes from Drive.

What Drive keeps as a file is downloaded, by ranges after a break. A document of Google's own is
exported; where the export is too large for that (10 MB), Drive is asked to prepare a download.
https://developers.google.com/workspace/drive/api/guides/manage-downloads
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from common.google.drive import SHARED
from jobs.drive_import.found import Found

if TYPE_CHECKING:
    from common.google import Account
    from common.google.download import Download
    from common.integrations.imports import Readable

__all__ = ["open_content"]

_TOO_LARGE = "exportSizeLimitExceeded"
_FIRST, _LAST = 2.0, 20.0
"""Seconds between looks at what is being prepared."""
_LOOKS = 60


@contextmanager
def open_content(
    account: Account, found: Found, kind: str | None, sleep: Callable[[float], None]
) -> Iterator[Readable]:
    """A reader of what the file has, or of what it is exported as, where a kind is given."""
    with _opened(account, found, kind, sleep) as stream:
        yield stream


def _opened(
    account: Account, found: Found, kind: str | None, sleep: Callable[[float], None]
) -> Download:
    from common.google import Forbidden

    path = ["files", found.id]
    if kind is None:
        return account.download("drive", path, **SHARED)
    try:
        return account.download("drive", [*path, "export"], mimeType=kind, alt=None)
    except Forbidden as error:
        if error.reason != _TOO_LARGE:
            raise
    return account.download_from(_prepared(account, found, kind, sleep))


def _prepared(account: Account, found: Found, kind: str, sleep: Callable[[float], None]) -> str:
    """Where Drive has put the export, once it has."""
    from common.google import NoAnswer

    said = account.post("drive", ["files", found.id, "download"], mimeType=kind, repeat=True)
    wait = _FIRST
    for _ in range(_LOOKS):
        if said.get("done"):
            return _address(said, found)
        sleep(wait)
        wait = min(2 * wait, _LAST)
        said = account.get("drive", ["operations", str(said.get("name"))])
    raise NoAnswer(f"Drive did not prepare an export of {found.name!r} in time.")


def _address(said: dict[str, Any], found: Found) -> str:
    from common.google import BadAnswer, Forbidden

    if error := said.get("error"):
        text = str(error.get("message", "")) if isinstance(error, dict) else ""
        raise Forbidden(f"Drive could not export {found.name!r}: {text[:200]}", reason="export")
    address = (said.get("response") or {}).get("downloadUri")
    if not isinstance(address, str):
        raise BadAnswer(f"Drive prepared an export of {found.name!r}, but does not say where.")
    return address
