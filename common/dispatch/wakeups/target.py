"""What a wake-up is as a task of Cloud Tasks: a POST to the dispatcher, at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from common.dispatch.wakeups.base import Wakeup
from common.errors import Misconfigured
from common.ids import derived_id

if TYPE_CHECKING:
    from google.cloud.tasks_v2 import HttpRequest, Task

__all__ = ["PATH", "Target", "task_id"]

PATH = "/internal/wakeups"
"""Where the dispatcher takes a wake-up, as a POST of {"kind": …, "name": …}."""
_DEADLINE = timedelta(minutes=2)
"""For the dispatcher to answer, after which it is called again: an executor has half a minute to
start what is due."""


def task_id(wakeup: Wakeup) -> str:
    """The same for the same moment; hashed, since Cloud Tasks slows down where ids follow one
    another."""
    return derived_id("wakeup", wakeup.kind, wakeup.name, wakeup.at.isoformat())


class Target:
    """The dispatcher at a URL, called in the name of a service account, if one is given."""

    def __init__(self, url: str, account: str) -> None:
        self._url = url
        self._account = account

    def check(self, *, token: bool) -> None:
        """Raise Misconfigured for what cannot be called, or has no token to be called with."""
        if not self._url.startswith(("http://", "https://")):
            raise Misconfigured(
                f"RUNJOBS_DISPATCHER_URL={self._url} is where Cloud Tasks shall call: set it to "
                "the dispatcher's https://HOST."
            )
        if token and not self._account:
            raise Misconfigured(
                "RUNJOBS_WAKEUPS=cloud-tasks calls the dispatcher with a token: set "
                "RUNJOBS_WAKEUP_ACCOUNT to a service account that may call it (roles/run.invoker)."
            )

    def task(self, wakeup: Wakeup, name: str) -> Task:
        """The task for a wake-up; without a name the platform makes one."""
        from google.cloud.tasks_v2 import Task

        request = self._request({"kind": wakeup.kind, "name": wakeup.name})
        return Task(
            name=name, schedule_time=wakeup.at, dispatch_deadline=_DEADLINE, http_request=request
        )

    def _request(self, body: dict[str, Any]) -> HttpRequest:
        from google.cloud.tasks_v2 import HttpMethod, HttpRequest, OidcToken

        token = OidcToken(service_account_email=self._account, audience=self._url)
        return HttpRequest(
            url=self._url + PATH,
            http_method=HttpMethod.POST,
            headers={"Content-Type": "application/json"},
            body=json.dumps(body).encode(),
            oidc_token=token if self._account else None,
        )
