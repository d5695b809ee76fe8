"""What runjobs check looks at in Google Cloud: the rights of whoever works there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache, partial

from common.deploy.api import Api, open_api
from common.deploy.deployment import deployment
from common.deploy.grants import Grant, grants
from common.deploy.permissions import check_account, check_own
from common.dispatch.google import endpoint
from common.runtime.declare import Job

__all__ = ["rights"]

_PATIENCE = 3.0


def rights(jobs: list[Job]) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Checks: our own rights, which are those of a dispatcher, and each service account's."""
    there = deployment(image="")
    api = cache(partial(open_api, endpoint("RUN") or "", patience=_PATIENCE))
    wanted = grants(there, jobs)
    own = [it for it in wanted if it.account == there.accounts.dispatcher]
    yield "own rights", there.settings.project, lambda: check_own(api(), own)
    for part, email in asdict(there.accounts).items():
        yield f"{part} account", email, partial(_check, api, email, wanted)


def _check(api: Callable[[], Api], email: str, wanted: list[Grant]) -> str | None:
    return check_account(api(), email, wanted)
