"""Google's APIs as JSON over HTTP: one call, made until it is answered."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from common.backoff import backoff
from common.clock import SYSTEM, Clock
from common.deploy.errors import Changed, Denied
from common.deploy.problems import problem
from common.deploy.sessions import Session, bearing, no_credentials, session_of
from common.errors import Unavailable
from common.runtime.log import Log
from common.waits import asked_wait

__all__ = ["Api", "open_api"]

Json = dict[str, Any]

_TRIES = 5
_AGAIN = {408, 429, 500, 502, 503, 504}
_SECONDS = 60.0
"""For one answer."""
_LONGEST = 60.0
"""Seconds from one try to the next."""


class Api:
    """All of Google's APIs, by one account. Every call here may be repeated: what is made has a
    name, and what is changed is set."""

    def __init__(  # noqa: PLR0913 - what tests have to say
        self,
        session: Session,
        *,
        endpoint: str = "",
        patience: float = 120.0,
        longest: float = 900.0,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        """With an `endpoint` all of them are there. `patience` is how many seconds a call is
        repeated, `longest` how many an operation may take."""
        self._session, self._endpoint = session, endpoint.rstrip("/")
        self._patience, self._longest = patience, longest
        self._clock, self._rng = clock, rng

    def call(  # noqa: PLR0913 - what a call has
        self,
        verb: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Json | None = None,
        token: str = "",
        field: str = "",
    ) -> Json:
        """The answer's JSON; with a `token` it is asked as whose that is. One without the `field`
        is as good as none. Raises Denied, NotThere, Changed, or Unavailable."""
        url = f"{self._endpoint or f'https://{service}'}/{path}"
        end, tried = self._clock.monotonic() + self._patience, 0
        while True:
            status, answer, asked = self._once(verb, url, token, params=query, json=body)
            tried += 1
            if status < 300 and field not in {"", *answer}:
                status, answer = 503, {"error": {"message": f"the answer has no {field}"}}
            if status < 300:
                return answer
            wait = asked or backoff(tried, base=0.5, cap=_LONGEST, rng=self._rng)
            if status not in _AGAIN or self._clock.monotonic() + wait > end:
                raise problem(status, answer, service=service, path=path, at=self._endpoint)
            if tried == 1:
                where = self._endpoint or service
                Log().warning(f"{where} gave no good answer; trying again.", action="api-again")
            self._clock.sleep(min(wait, _LONGEST))

    def listed(
        self, service: str, path: str, field: str, *, query: Mapping[str, str] | None = None
    ) -> Iterator[Json]:
        """All elements of a list, page by page."""
        token = ""
        while True:
            asked = {**(query or {}), **({"pageToken": token} if token else {})}
            page = self.call("GET", service, path, query=asked)
            yield from page.get(field, [])
            if not (token := page.get("nextPageToken", "")):
                return

    def finish(self, service: str, version: str, operation: Json, *, what: str) -> Json:
        """Wait for a long-running operation. Raises Denied where it failed."""
        end, looks = self._clock.monotonic() + self._longest, 0
        while not operation.get("done"):
            if self._clock.monotonic() > end:
                raise Unavailable(f"{what} is not done yet: call runjobs deploy again later.")
            looks += 1
            self.rest(looks)
            path = f"{version}/{operation['name']}"
            operation = self.call("GET", service, path, field="name")
        if error := operation.get("error"):
            raise Denied(f"{what} failed: {str(error.get('message')).rstrip('.')}.")
        return operation

    def insist(self, act: Callable[[], object]) -> None:
        """Act, and act again where somebody else did meanwhile: `act` reads what is there anew."""
        for tried in range(1, _TRIES):
            try:
                act()
            except Changed:
                self.rest(tried)
            else:
                return
        act()

    def rest(self, looks: int) -> None:
        """Before looking again at something that takes its time."""
        self._clock.sleep(backoff(looks, base=0.5, cap=5.0, rng=self._rng))

    def _once(
        self, verb: str, url: str, token: str, **options: Any
    ) -> tuple[int, Json, float | None]:
        """Status, JSON, and seconds that we are asked to wait; 503 where no answer came."""
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        session = bearing(token) if token else self._session
        try:
            answer = session.request(verb, url, timeout=_SECONDS, allow_redirects=False, **options)
        except RequestException as error:
            return 503, {"error": {"message": type(error).__name__}}, None
        except GoogleAuthError as error:
            if getattr(error, "retryable", False):
                return 503, {"error": {"message": str(error)}}, None
            raise no_credentials(error) from error
        said = _json(answer)
        if said is not None:
            return answer.status_code, said, asked_wait(answer.headers, _details(said))
        # Cut on its way, or not from the API itself.
        status = 503 if answer.status_code < 300 else answer.status_code
        return status, {"error": {"message": "the answer was no JSON"}}, None


def open_api(endpoint: str = "", **options: Any) -> Api:
    """With this machine's credentials; at an endpoint, which then is an imitation, without any."""
    return Api(session_of(endpoint), endpoint=endpoint, **options)


def _json(answer: Any) -> Json | None:
    try:
        said = answer.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _details(said: Json) -> Any:
    error = said.get("error")
    return error.get("details") if isinstance(error, dict) else None
