"""Looking at the source: fetched, and read as text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from common.errors import InvalidInput, RunjobsError
from common.reading.source import Copy, NotThere, fetched

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.monitor_check.params import MonitorCheck
    from jobs.monitor_check.state import Monitor

__all__ = ["Gone", "NothingToWatch", "Same", "Seen", "look"]

_GONE = {404, 410}
_NOT_MODIFIED = 304


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What there is."""

    uri: str
    sentences: tuple[str, ...]
    mark: str
    """Of the bytes, and of the rules that they are compared by."""
    etag: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As a snapshot has it."""
        return "".join(f"{each}\n" for each in self.sentences)

    @property
    def sha256(self) -> str:
        """Of that text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Same:
    """The bytes are those that were found to say the same before."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing any more."""

    error: RunjobsError
    said: str
    """By whom it was said, in words."""


class NothingToWatch(InvalidInput):
    """Raised when watching would begin with a text that has no words."""

    def __init__(self, uri: str, selector: str) -> None:
        why = (
            f"has nothing that the selector {selector!r} names"
            if selector
            else "has no text: a page that a script fills cannot be watched"
        )
        super().__init__(f"{uri} {why}.")


def look(params: MonitorCheck, run: Context, known: Monitor | None) -> Seen | Same | Gone:
    """What there is now. Raises what fetching and reading raise."""
    from common.fetch import NotFetched

    rules = _rules(params)
    is_known = known is not None and known.state == "watching" and known.seen.endswith(rules)
    try:
        etag = known.etag if known is not None and is_known else ""
        copy = fetched(params.source, "", run, etag=etag)
    except NotThere as error:
        return Gone(error, "there is no such file any more")
    except NotFetched as error:
        if error.status == _NOT_MODIFIED:
            return Same()
        if error.status in _GONE:
            return Gone(error, f"{error.host} answers with HTTP status {error.status}")
        raise
    if known is not None and is_known and known.seen == f"{copy.sha256} {rules}":
        return Same()
    return _read(copy, params, run, f"{copy.sha256} {rules}")


def _read(copy: Copy, params: MonitorCheck, run: Context, mark: str) -> Seen:
    from common.reading import read
    from common.reading.sentences import sentences

    run.progress(0.3, "Reading it")
    document = read(copy.file, name=copy.name, selector=params.selector, check=run.check)
    return Seen(
        uri=copy.uri,
        sentences=tuple(_printable(each.text) for each in sentences(document)),
        mark=mark,
        etag=copy.etag,
        warnings=[*document.warnings],
    )


def _printable(text: str) -> str:
    """One line, in Unicode that can be kept."""
    return " ".join(text.encode(errors="replace").decode().split())


def _rules(params: MonitorCheck) -> str:
    said = "\0".join([*params.ignore, str(params.min_change)])
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:16]
