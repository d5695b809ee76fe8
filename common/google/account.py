"""One user's Google account, as a job sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from common.clock import SYSTEM, Clock
from common.documents import Documents
from common.errors import Misconfigured
from common.google.asking import call_of, entries
from common.google.calls import Call, Caller, json_of
from common.google.download import Download
from common.google.endpoints import Endpoints, Path
from common.google.errors import BadAnswer, ConsentGone
from common.google.pace import Pace
from common.google.sessions import Sessions
from common.google.upload import Upload
from common.integrations import Integration, Integrations

__all__ = ["SECRETS", "Account", "open_account"]

SECRETS = ("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
"""What a job that calls Google as a user declares as its secrets."""
_PAGES = 100_000
_CLOCK = SYSTEM


def open_account(  # noqa: PLR0913 - whose, and within which bounds
    documents: Documents,
    *,
    tenant: str,
    user: str,
    check: Callable[[], None] = lambda: None,
    deadline: datetime | None = None,
    patience: float = 120.0,
    each: float = 30.0,
    clock: Clock | None = None,
    integrations: Integrations | None = None,
) -> Account:
    """The Google account that a user of a tenant connected. Close it.

    `check` is called often, and raises when the work has to end; `deadline`, in server time, is
    when it has to at last. A call with all its tries takes at most `patience` seconds, and a try
    `each`. Raises NoSuchIntegration, NeedsReauth, Misconfigured.
    """
    kept = integrations or Integrations(documents)
    integration = kept.get(tenant=tenant, user=user)
    clock = clock or _CLOCK
    left = math.inf if deadline is None else (deadline - documents.now()) / timedelta(seconds=1)
    pace = Pace(
        check=check, patience=patience, each=each, clock=clock, end=clock.monotonic() + left
    )
    return Account(kept, integration, Endpoints.from_environ(), pace)


class Account:
    """Calls Google as one user. Threads may share it: each has connections of its own.

    Methods raise a GoogleError (errors.py tells which), NeedsReauth, and Misconfigured. Paths and
    queries are as the reference of the API has them; True and False, numbers and lists are written
    as it wants them, and None is left out.
    """

    def __init__(
        self, integrations: Integrations, integration: Integration, endpoints: Endpoints, pace: Pace
    ) -> None:
        self.integration = integration
        self._integrations = integrations
        self._endpoints = endpoints
        self._sessions = self._opened(pace)
        self._caller = Caller(self._sessions, pace, user=integration.user)

    def __enter__(self) -> Account:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, service: str, path: Path, /, **query: Any) -> dict[str, Any]:
        """What a GET says."""
        return self._json(self._call("GET", service, path, query))

    def post(
        self, service: str, path: Path, /, body: Any = None, *, repeat: bool = False, **query: Any
    ) -> dict[str, Any]:
        """What a POST says. `repeat` where doing it twice is like doing it once: only then is it
        tried again after an answer that got lost, and otherwise error.harmless tells what is so."""
        return self._json(self._call("POST", service, path, query, body=body, repeat=repeat))

    def delete(self, service: str, path: Path, /, **query: Any) -> dict[str, Any]:
        """What a DELETE says. Tried again after a lost answer, it may raise NotFound."""
        return self._json(self._call("DELETE", service, path, query))

    def pages(
        self, service: str, path: Path, /, *, items: str, **query: Any
    ) -> Iterator[dict[str, Any]]:
        """The entries of all pages of a list, which its answers have in `items`."""
        token = query.pop("pageToken", None)
        for _ in range(_PAGES):
            page = self.get(service, path, pageToken=token, **query)
            yield from entries(page, items)
            last, token = token, page.get("nextPageToken")
            if not token:
                return
            if token == last or not isinstance(token, str):
                break
        raise BadAnswer(f"Google's list of {items} has no end.")

    def download(self, service: str, path: Path, /, **query: Any) -> Download:
        """A file's content, to be used in a `with`; what breaks is gone on with from there."""
        call = self._call("GET", service, path, {"alt": "media", **query})
        return Download(self._caller, call, self._endpoints)

    def download_from(self, uri: str) -> Download:
        """Likewise of what Google has prepared, at the address that it answered with."""
        if not self._endpoints.is_googles(uri):
            raise BadAnswer("Google prepared a download at an address that is not its own.")
        call = Call(method="GET", url=uri, what="a prepared download")
        return Download(self._caller, call, self._endpoints)

    def begin_upload(  # noqa: PLR0913 - what is uploaded
        self,
        service: str,
        path: Path,
        /,
        metadata: Mapping[str, Any],
        *,
        size: int,
        content_type: str,
        method: str = "POST",
        **query: Any,
    ) -> Upload:
        """Begin a resumable upload: POST makes something, PATCH gives something new content."""
        query = {"uploadType": "resumable", **query}
        call = self._call(
            method,
            service,
            path,
            query,
            body=metadata,
            upload=True,
            headers={
                "X-Upload-Content-Type": content_type,
                "X-Upload-Content-Length": str(size),
            },
        )
        uri = self._caller.run(call, lambda response: response.headers.get("Location", ""))
        if not self._endpoints.is_upload(uri):
            raise BadAnswer(f"Google answered {call.what} with no session of an upload.")
        return self.continue_upload(uri, size=size)

    def continue_upload(self, uri: str, *, size: int) -> Upload:
        """Go on with an upload whose session an earlier attempt kept; `ask` it first."""
        if not self._endpoints.is_upload(uri):
            raise Misconfigured("What was kept is no session of an upload at this endpoint.")
        return Upload(self._caller, uri, size=size, what="an upload")

    def close(self) -> None:
        """Let go of all connections."""
        self._sessions.close()

    def _opened(self, pace: Pace) -> Sessions:
        try:
            from common.google.credentials import credentials_of
        except ImportError as error:
            raise Misconfigured(
                "Google accounts need google-auth: pip install 'runjobs[google]'."
            ) from error
        secret = self._integrations.secret(self.integration)
        try:
            credentials = credentials_of(secret, token_uri=self._endpoints.token)
        except ConsentGone as error:
            raise self._consent_gone(str(error)) from None
        return Sessions(
            credentials,
            monotonic=pace.clock.monotonic,
            trust_env=self._endpoints.base is None,
            gone=self._consent_gone,
        )

    def _consent_gone(self, why: str) -> Exception:
        return self._integrations.needs_reauth(self.integration, why)

    def _json(self, call: Call) -> dict[str, Any]:
        check = self._caller.pace.check
        return self._caller.run(call, lambda got: json_of(got, what=call.what, check=check))

    def _call(
        self, method: str, service: str, path: Path, query: Mapping[str, Any], **more: Any
    ) -> Call:
        return call_of(self._endpoints, method, service, path, query, **more)
