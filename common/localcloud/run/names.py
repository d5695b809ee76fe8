"""What Cloud Run's names say: projects/P/locations/R/jobs/J/executions/E/tasks/T"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from common.localcloud.errors import ApiError, invalid

__all__ = ["check_id", "ended_id", "job_of", "location_of", "missing", "parent_of", "stamp"]

_ID = re.compile(r"[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?")


def parent_of(name: str) -> str:
    """The name of what it belongs to: of an execution its job's."""
    return "/".join(name.split("/")[:-2])


def job_of(name: str) -> str:
    """The name of the job, in that of an execution or of a task."""
    return "/".join(name.split("/")[:6])


def location_of(name: str) -> str:
    """projects/P/locations/R."""
    return "/".join(name.split("/")[:4])


def ended_id(name: str) -> str:
    """The last part of a name, which a name alone is."""
    return name.rpartition("/")[2]


def check_id(field: str, id: str) -> None:
    """Raise INVALID_ARGUMENT for what Cloud Run would not call a job."""
    if not _ID.fullmatch(id):
        raise invalid(
            field,
            f"'{id}' has to be fewer than 50 lower case letters, digits and hyphens, to begin "
            "with a letter and not to end with a hyphen.",
        )


def missing(kind: str, name: str) -> ApiError:
    """There is no such job, execution or task."""
    _, project, _, region, *_ = [*name.split("/"), "", "", "", ""]
    return ApiError(
        "NOT_FOUND",
        f"Resource '{ended_id(name)}' of kind '{kind}' in region '{region}' in project "
        f"'{project}' does not exist.",
    )


def stamp(moment: datetime | float) -> str:
    """A time as APIs write it; a number is seconds since 1970."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
