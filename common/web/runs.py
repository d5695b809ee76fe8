"""/v1/runs: submit, list, look, cancel, replay."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from typing_extensions import TypedDict

from common.dispatch import NotStarted
from common.dispatch.report.runs import Brief, Whole, brief, whole
from common.documents.document import check_id
from common.errors import InvalidInput, RunjobsError
from common.runs import Run
from common.runtime.submission import keyed_id
from common.web.asked import Answer, Asked
from common.web.shapes import NewRun, RunsQuery
from common.web.wanted import options
from common.web.warned import WARNING, tell

__all__ = ["RunList", "Warned", "cancel", "create", "get", "list_runs", "replay"]


class RunList(TypedDict):
    """A page of runs."""

    runs: list[Brief]
    next: str | None


class Warned(Whole):
    """A run that is accepted and pending, but could not be started just now."""

    warning: str


def create(asked: Asked) -> Answer:
    """Submit a run."""
    wanted: NewRun = asked.body
    client = asked.client
    known = options(asked, wanted)
    again = _is_known(asked, wanted, known["key"])
    try:
        run = client.submit(wanted.job, wanted.params, **known)
    except NotStarted as error:
        tell(error)
        return _located(error.run, 202, warning=WARNING)
    return _located(run, 200 if again else 201)


def list_runs(asked: Asked) -> Answer:
    """A page of those that were asked for."""
    query: RunsQuery = asked.query
    where = query.model_dump(mode="json", exclude={"limit", "page"}, exclude_none=True)
    after = _position(query.page) if query.page else None
    found = asked.client.runs.list(where, limit=query.limit + 1, after=after)
    runs = found[: query.limit]
    token = _token(runs[-1]) if len(found) > query.limit else None
    return Answer(content=RunList(runs=[brief(run) for run in runs], next=token))


def get(asked: Asked) -> Answer:
    """The whole story of a run."""
    return Answer(content=whole(asked.client.runs.get(asked.path["id"])))


def cancel(asked: Asked) -> Answer:
    """Cancel a run, or ask the one that works on it to stop."""
    return Answer(content=whole(asked.client.cancel(asked.path["id"])))


def replay(asked: Asked) -> Answer:
    """Try a failed run again."""
    client = asked.client
    run = client.runs.replay(asked.path["id"])
    try:
        client.dispatcher.look(run)
    except RunjobsError as error:
        tell(error)
        return _located(run, 202, warning=WARNING)
    return _located(client.runs.get(run.id), 200)


def _is_known(asked: Asked, wanted: NewRun, key: str | None) -> bool:
    if key is None:
        return False
    return asked.client.runs.find(keyed_id(wanted.tenant, wanted.job, key)) is not None


def _located(run: Run, status: int, **more: str) -> Answer:
    content: dict[str, Any] = {**whole(run), **more}
    return Answer(content=content, status=status, headers={"Location": f"/v1/runs/{run.id}"})


def _token(run: Run) -> str:
    return base64.urlsafe_b64encode(f"{run.created.isoformat()} {run.id}".encode()).decode()


def _position(token: str) -> Run:
    """Where the page before ended; of the run, nothing else counts."""
    try:
        time, _, id = base64.urlsafe_b64decode(token.encode()).decode().partition(" ")
        created = datetime.fromisoformat(time).astimezone(UTC)
        check_id("page", id)
    except (ValueError, OverflowError, InvalidInput):
        raise InvalidInput("page: it is not the `next` of another page.") from None
    return Run(id=id, job="", queue="", params="{}", created=created, due=created)
