"""Finding jobs: the one that is asked for, without importing the others."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from common.errors import InvalidInput, Misconfigured, RunjobsError
from common.runtime.declare import Job
from common.runtime.problems import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "all_jobs", "find_job", "names"]

GROUP = "runjobs.jobs"
"""Entry points by which installed packages add jobs: NAME = "package.module:function"."""

T = TypeVar("T")


def find_job(name: str) -> Job:
    """The job of that name: zip-unpack is in jobs/zip_unpack.py or in the folder jobs/zip_unpack/,
    or an installed package's. Raises InvalidInput where there is none."""
    if NAME.fullmatch(name) and find_spec(module := f"jobs.{name.replace('-', '_')}"):
        for job in _declared(module):
            if job.name == name:
                return job
    for point in _entry_points():
        if point.name == name:
            return _load(point)
    raise InvalidInput(f"There is no job {name!r}: there are {', '.join(names())}.")


def all_jobs(on_broken: Callable[[str, Misconfigured], None] | None = None) -> list[Job]:
    """Every job, by name. One that cannot be loaded is told to `on_broken`, else raised."""
    found = []
    for name in names():
        try:
            found.append(find_job(name))
        except InvalidInput:
            continue  # a module beside the jobs that declares none
        except Misconfigured as error:
            if on_broken is None:
                raise
            on_broken(name, error)
    return found


def names() -> list[str]:
    """The names of all jobs, without importing any."""
    return sorted(
        {module.replace("_", "-") for module in _modules()}
        | {point.name for point in _entry_points()}
    )


def _modules() -> Iterator[str]:
    import pkgutil

    package = import_module("jobs")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            yield module.name


def _declared(module: str) -> list[Job]:
    loaded = _loaded(module, lambda: import_module(module))
    return [value for value in vars(loaded).values() if isinstance(value, Job)]


def _loaded(what: str, load: Callable[[], T]) -> T:
    """What loading gives. Raises Misconfigured for whatever a job's module may fail with."""
    try:
        return load()
    except RunjobsError:
        raise
    except Exception as error:
        said = error.msg if isinstance(error, SyntaxError) else error
        reason = f"{type(error).__name__}: {said}"
        raise Misconfigured(f"{what} cannot be loaded: {reason}{_place(error)}.") from error


def _place(error: Exception) -> str:
    """Where in somebody's file it arose."""
    if isinstance(error, SyntaxError):
        return f" ({error.filename}:{error.lineno})"
    import traceback

    places = [
        f" ({frame.filename}:{frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen")
    ]
    return places[-1] if places else ""


def _entry_points() -> list[EntryPoint]:
    # Imported here: it takes longer than all else that a built-in job needs to be found.
    from importlib.metadata import entry_points

    return list(entry_points(group=GROUP))


def _load(point: EntryPoint) -> Job:
    loaded = _loaded(f"Job {point.name} ({point.value})", point.load)
    if not isinstance(loaded, Job) or loaded.name != point.name:
        raise Misconfigured(
            f"Job {point.name}: {point.value} is no function under @job({point.name!r})."
        )
    return loaded
