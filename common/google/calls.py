"""One call of a Google API: bounded in time, its errors told apart, repeated where that is safe.

A call that may be repeated is, after a wait that doubles or that the answer asks for, until its
patience or the retries of the account are used up. One that may not be, such as a POST that makes
something, is repeated only where the answer says that nothing was done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from common.backoff import backoff
from common.google.answers import error_of
from common.google.errors import BadAnswer, Changed, Passing, SessionGone
from common.google.sessions import Sessions

if TYPE_CHECKING:
    from requests import Response

    from common.google.pace import Pace
    from common.google.transport import Limit

__all__ = ["Call", "Caller", "Trying", "body_of", "json_of"]

T = TypeVar("T")

_CHUNK = 1 << 16
_MOST = 100 << 20
"""Bytes of an answer that is held in memory; an attachment of Gmail has 50 MB, as base64 67."""
_ERROR = 1 << 16
_BASE, _CAP = 0.5, 16.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What is asked."""

    method: str
    url: str
    what: str
    """As errors name it."""
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    repeat: bool = True
    """Whether doing it twice is like doing it once."""
    good: frozenset[int] = frozenset({200, 201, 204})
    """The statuses of success."""


class Caller:
    """Makes calls as one user, from any thread."""

    def __init__(self, sessions: Sessions, pace: Pace, *, user: str) -> None:
        self.pace = pace
        self._sessions = sessions
        self._user = user

    def run(self, call: Call, read: Callable[[Response], T]) -> T:
        """What `read` makes of the answer. Raises a GoogleError, NeedsReauth, Misconfigured."""
        trying = Trying(self.pace)
        while True:
            try:
                with self.open(call, end=trying.end_of_try()) as response:
                    found = read(response)
            except Passing as error:
                trying.failed(error, repeat=call.repeat)
            else:
                self.pace.succeeded()
                return found

    @contextmanager
    def open(self, call: Call, *, end: float) -> Iterator[Response]:
        """The answer to one try, of which nothing but the headers has been read. The block, too,
        has to read it by then, in the clock's monotonic seconds."""
        self.pace.check()
        with self._sessions.asking(end, call.what) as session:
            response = session.request(  # type: ignore[no-untyped-call]
                call.method,
                call.url,
                params=list(call.query),
                data=call.body,
                headers=dict(call.headers),
                timeout=max(end - self.pace.clock.monotonic(), 0.001),
                allow_redirects=False,
                stream=True,
            )
            with response:
                if response.status_code not in call.good:
                    raise self._error(call, response)
                yield response

    def _error(self, call: Call, response: Response) -> Exception:
        body = next(response.iter_content(_ERROR), b"")
        return error_of(
            response.status_code, response.headers, body, what=call.what, user=self._user
        )

    @property
    def limit(self) -> Limit:
        """Until when what this thread has opened may be read; an other may read it as well."""
        return self._sessions.limit


class Trying:
    """The tries of one thing."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.progressed()

    def progressed(self) -> None:
        """Have patience anew."""
        self._end = self._pace.end_of(self._pace.patience)
        self._attempt = 0

    def end_of_try(self) -> float:
        """Until when the next try may take."""
        return min(self._end, self._pace.end_of(self._pace.each))

    def failed(self, error: Passing, *, repeat: bool) -> None:
        """Wait for the next try; raises the error where there is to be none."""
        self._attempt += 1
        if isinstance(error, (Changed, SessionGone)) or not (repeat or error.harmless):
            raise error
        wait = backoff(self._attempt, base=_BASE, cap=_CAP, rng=self._pace.rng)
        # What the answer asks for is the least: those who were told the same come back apart.
        wait += error.after or 0.0
        if self._pace.clock.monotonic() + wait >= self._end or not self._pace.may_retry():
            raise error
        self._pace.wait(wait)


def body_of(response: Response, *, check: Callable[[], None]) -> bytes:
    """All of an answer."""
    parts, total = [], 0
    for part in response.iter_content(_CHUNK):
        check()
        parts.append(part)
        total += len(part)
        if total > _MOST:
            raise BadAnswer(f"Google answered with more than {_MOST:,} bytes.", harmless=False)
    return b"".join(parts)


def json_of(response: Response, *, what: str, check: Callable[[], None]) -> dict[str, Any]:
    """The JSON object that an answer is; empty for one without content."""
    body = body_of(response, check=check)
    if response.status_code == 204:
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadAnswer(f"Google answered {what} with what is no JSON object.", harmless=False)
    return found
