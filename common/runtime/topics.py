"""Topics: the param of a job that a line of plain text is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.runtime.discover import all_jobs
from common.runtime.options import bare, key_of

if TYPE_CHECKING:
    from common.runtime.declare import Job

__all__ = ["job_of_topics", "text_param"]


def text_param(job: Job) -> str | None:
    """By which name the job's model takes a line of text: as the param that is declared to hold
    topics, or else as the only text that is required. None where a line could be several."""
    fields = {} if job.params is None else job.params.model_fields
    if job.topics is not None:
        return key_of(job, job.topics, fields[job.topics])
    texts = [
        key_of(job, name, field)
        for name, field in fields.items()
        if field.is_required() and bare(field.annotation) is str
    ]
    return texts[0] if len(texts) == 1 else None


def job_of_topics() -> Job:
    """The job that is meant where topics are given and no job is: the one that declares to take
    some. Raises InvalidInput where that is none, or several."""
    found = [job for job in all_jobs(lambda _name, _error: None) if job.topics is not None]
    if len(found) == 1:
        return found[0]
    names = ", ".join(job.name for job in found)
    raise InvalidInput(
        f"Several jobs take topics, {names}: say which by --job."
        if found
        else "No job here declares that it takes topics: say which is meant by --job."
    )
