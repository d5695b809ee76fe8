"""A provider that is asked by plain HTTP: what its dialect leaves to be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from common.genai import Pending
from jobs.video_generation.remote import kept
from jobs.video_generation.remote.answers import Kinds, missed, refused
from jobs.video_generation.remote.creation import LIMIT
from jobs.video_generation.remote.errors import OperationGone
from jobs.video_generation.remote.making import outcome
from jobs.video_generation.remote.polling import BASE
from jobs.video_generation.remote.video import fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from common.errors import RunjobsError
    from common.runtime import Context
    from jobs.video_generation.makes import Makes
    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.seam import Busy, Terms
    from jobs.video_generation.remote.service import Reply, Service

__all__ = ["Ask", "Dialect", "Hosted", "identifier"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:@._+~-]{0,299}")


class Ask(Protocol):
    """A GET of a path of the API, within what is left of the look's time."""

    def __call__(self, path: str, /) -> Reply: ...


class Dialect(Protocol):
    """How one provider is asked for a video."""

    @property
    def terms(self) -> Terms:
        """On which it is asked."""

    @property
    def makes(self) -> Makes:
        """What it makes."""

    @property
    def service(self) -> Service:
        """Where it is asked."""

    @property
    def kinds(self) -> Kinds:
        """What its refusals mean."""

    def request(self, params: VideoParams) -> tuple[str, Mapping[str, Any]]:
        """Path and JSON of the create."""

    def begun(self, said: Any) -> str:
        """What the answer to a create calls the operation; empty where it does not."""

    def seen(self, name: str, ask: Ask) -> str | Busy:
        """The URL of the video that came of the operation. Raises how it ended without one."""


def identifier(found: Any) -> str:
    """An id as it may stand in a path; empty for what is none."""
    text = str(found) if type(found) in {str, int} else ""
    return text if _ID.fullmatch(text) else ""


class Hosted:
    """Has the provider of a dialect make the video."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.name, self.makes, self.terms = dialect.terms.name, dialect.makes, dialect.terms

    def generate(self, params: VideoParams, run: Context, *, patience: float | None = None) -> Path:
        """The video's file, made by one operation, however many attempts wait for it.

        Raises InvalidInput for what the provider does not make, and the errors of errors.py.
        """
        dialect = self.dialect
        if kept.creation(run, self.name) is None:  # what is under way was asked for as it then was
            dialect.makes.check(params)
        url = outcome(_Asked(dialect, params), run, patience=patience, pause=BASE)
        return fetched(url, run, title=dialect.terms.title, guard=dialect.service.guard)


class _Asked:
    """One request of one attempt, as creating and waiting ask for it."""

    def __init__(self, dialect: Dialect, params: VideoParams) -> None:
        self._dialect, self._params = dialect, params

    @property
    def terms(self) -> Terms:
        return self._dialect.terms

    def create(self) -> Pending[str]:
        path, body = self._dialect.request(self._params)
        service = self._dialect.service

        def call() -> str:
            return self._dialect.begun(service.ask(path, json=body, seconds=LIMIT).said)

        return Pending(call)

    def refused(self, error: Exception) -> RunjobsError:
        return refused(error, self.terms, self._dialect.kinds)

    def look(self, name: str, *, limit: float, check: Callable[[], None]) -> str | Busy:
        service = self._dialect.service

        def ask(path: str) -> Reply:
            return service.ask(path, seconds=limit)

        return Pending(lambda: self._dialect.seen(name, ask)).result(limit, check)

    def missed(self, error: Exception) -> Busy | Exception:
        # A path that was there for the create is there for looks: it is the operation that is not.
        kinds = {**self._dialect.kinds, 404: OperationGone, 410: OperationGone}
        return missed(error, self.terms, kinds)

    def shown(self, name: str) -> str:
        return self._dialect.service.told(name)
