"""Finding jobs: the one that is asked for, without importing the others."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from common.errors import InvalidInput, Misconfigured
from common.runtime.declare import Job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "all_jobs", "find_job"]

GROUP = "runjobs.jobs"
"""Entry points by which installed packages add jobs: NAME = "package.module:function"."""


def find_job(name: str) -> Job:
    """The job of that name: zip-unpack is in jobs/zip_unpack.py or in the folder jobs/zip_unpack/,
    or an installed package's. Raises InvalidInput where there is none."""
    module = name.replace("-", "_")
    if module.isidentifier() and find_spec("jobs") and find_spec(f"jobs.{module}"):
        for job in _declared(f"jobs.{module}"):
            if job.name == name:
                return job
    for point in _entry_points():
        if point.name == name:
            return _load(point)
    raise InvalidInput(f"There is no job {name!r}: there are {', '.join(names())}.")


def all_jobs() -> list[Job]:
    """Every job, by name."""
    found = {job.name: job for point in _entry_points() for job in [_load(point)]}
    found |= {job.name: job for module in _modules() for job in _declared(f"jobs.{module}")}
    return [found[name] for name in sorted(found)]


def names() -> list[str]:
    """The names of all jobs, without importing any."""
    return sorted(
        {module.replace("_", "-") for module in _modules()}
        | {point.name for point in _entry_points()}
    )


def _modules() -> Iterator[str]:
    package = import_module("jobs")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            yield module.name


def _declared(module: str) -> list[Job]:
    return [value for value in vars(import_module(module)).values() if isinstance(value, Job)]


def _entry_points() -> list[EntryPoint]:
    # Imported here: it takes longer than all else that a built-in job needs to be found.
    from importlib.metadata import entry_points

    return list(entry_points(group=GROUP))


def _load(point: EntryPoint) -> Job:
    try:
        loaded = point.load()
    except (ImportError, AttributeError) as error:
        raise Misconfigured(
            f"Job {point.name}: {point.value} cannot be loaded: {error}."
        ) from error
    if not isinstance(loaded, Job) or loaded.name != point.name:
        raise Misconfigured(
            f"Job {point.name}: {point.value} is no function under @job({point.name!r})."
        )
    return loaded
