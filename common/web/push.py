"""/internal/push: messages that Pub/Sub brings, each of which starts a job once.

https://cloud.google.com/pubsub/docs/push#receive_push. Pub/Sub brings a message again until it is
answered with success, and may bring it twice all the same: its id is the run's key.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from typing_extensions import TypedDict

from common.dispatch.errors import NotStarted
from common.errors import InvalidInput
from common.runtime.declare import Job
from common.runtime.discover import find_job
from common.web.asked import Answer, Asked
from common.web.bodies import parsed
from common.web.problems import Problem
from common.web.shapes import PushData
from common.web.warned import tell

__all__ = ["Pushed", "push"]

_STANDARD = str.maketrans("-_", "+/")


class Pushed(TypedDict):
    """The run that a message has started, now or when it came before."""

    run: str


def push(asked: Asked) -> Answer:
    """Submit the job of the path, with the message's data as its params."""
    pushed: PushData = asked.body
    job, params = _job(asked.path["job"]), _data(pushed.message.data)
    key = f"{pushed.subscription}/{pushed.message.id}"
    try:
        run = asked.client.submit(job, params, key=key)
    except NotStarted as error:
        tell(error)
        return Answer(content=Pushed(run=error.run.id), status=202)
    return Answer(content=Pushed(run=run.id))


def _job(name: str) -> Job:
    """The job, if it is one that messages may start."""
    try:
        job = find_job(name)
    except InvalidInput:
        job = None
    if job is None or not job.pushed:
        raise Problem(404, f"There is no job {name!r} that messages start.")
    return job


def _data(text: str) -> dict[str, Any]:
    """The JSON object that a message carries. Raises Problem."""
    plain = text.rstrip("=").translate(_STANDARD)
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Problem(400, "The message's data is no base64.") from None
    try:
        return parsed(content)
    except Problem as problem:
        raise Problem(400, f"The message's data: {problem.detail}") from None
