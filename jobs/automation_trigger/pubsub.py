"""Pulling from a subscription: https://cloud.google.com/pubsub/docs/reference/rest

As the service account that the process runs as; PUBSUB_EMULATOR_HOST leads to an emulator, which is
shown no token.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured
from common.google.answers import error_of
from common.google.errors import BadAnswer, NoAnswer
from common.google.transport import BoundedAdapter, Limit
from common.settings import project_of

if TYPE_CHECKING:
    import requests

__all__ = ["Pulled", "Subscription"]

_URL = "https://pubsub.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/pubsub"
_CALL = 30.0
"""Seconds for a call, besides what is waited for messages."""
_MOST = 16 << 20
_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulled:
    """A message that was pulled, and comes again unless it is acknowledged soon."""

    id: str
    ack: str
    data: Any
    """What its data says as JSON; None where that is none."""


class Subscription:
    """One subscription. Use it in a `with`."""

    def __init__(self, name: str) -> None:
        """A whole name, or one of the project. Raises Misconfigured."""
        self.name = name if "/" in name else f"projects/{_project()}/subscriptions/{name}"
        host = os.environ.get("PUBSUB_EMULATOR_HOST", "")
        self._url = f"http://{host}" if host else _URL
        self._limit = Limit(time.monotonic)
        self._session = _session(anonymous=bool(host))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, BoundedAdapter(self._limit))

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def pull(self, wait: float) -> list[Pulled]:
        """Some messages, for the first of which it waits so many seconds; none if none came."""
        said: dict[str, Any] = {"maxMessages": _AT_ONCE}
        if not wait:
            said["returnImmediately"] = True
        try:
            found = self._post("pull", said, seconds=wait or _CALL)
        except NoAnswer as error:
            if wait and not error.status:
                return []
            raise
        return [_pulled(each) for each in found.get("receivedMessages") or []]

    def acknowledge(self, messages: list[Pulled]) -> None:
        """Have them come no more."""
        if messages:
            self._post("acknowledge", {"ackIds": [each.ack for each in messages]}, seconds=_CALL)

    def _post(self, verb: str, said: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        import google.auth.exceptions
        import requests

        what = f"{verb} of {self.name}"
        self._limit.end = time.monotonic() + seconds
        try:
            answer = self._session.post(
                f"{self._url}/v1/{self.name}:{verb}",
                json=said,
                timeout=seconds,
                allow_redirects=False,
                stream=True,
            )
            with answer:
                return _read(answer, what)
        except google.auth.exceptions.GoogleAuthError as error:
            raise NoAnswer(f"There is no token for the {what} ({type(error).__name__}).") from None
        except (requests.RequestException, OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"Pub/Sub did not answer the {what} ({type(error).__name__}).") from None


def _read(answer: requests.Response, what: str) -> dict[str, Any]:
    content = bytearray()
    for part in answer.iter_content(1 << 16):
        content += part
        if len(content) > _MOST:
            raise BadAnswer(f"Pub/Sub answered the {what} with more than {_MOST:,} bytes.")
    if answer.status_code != 200:
        raise error_of(
            answer.status_code, answer.headers, bytes(content), what=f"the {what}", user=""
        )
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadAnswer(f"Pub/Sub answered the {what} with what is no JSON object.")
    return found


def _pulled(received: dict[str, Any]) -> Pulled:
    message = received.get("message") or {}
    return Pulled(
        id=str(message.get("messageId", "")),
        ack=str(received.get("ackId", "")),
        data=_data(str(message.get("data", ""))),
    )


def _data(text: str) -> Any:
    try:
        return json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None


def _session(*, anonymous: bool) -> requests.Session:
    import requests

    if anonymous:
        session = requests.Session()
        session.trust_env = False
        return session
    import google.auth
    import google.auth.exceptions
    from google.auth.transport.requests import AuthorizedSession

    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    except google.auth.exceptions.DefaultCredentialsError as error:
        raise Misconfigured(f"There are no credentials for Pub/Sub: {error}") from None
    return AuthorizedSession(credentials)  # type: ignore[no-untyped-call]


def _project() -> str:
    if found := project_of(os.environ):
        return found
    raise Misconfigured(
        "Name the subscription as projects/PROJECT/subscriptions/NAME, or set GOOGLE_CLOUD_PROJECT."
    )
