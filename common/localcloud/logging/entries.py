"""The entries of all executions that this machine still has folders of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from common.dispatch.executors.folder import Folder
from common.localcloud.logging.entry import Origin, entry
from common.localcloud.logging.output import lines
from common.localcloud.logging.query import Query
from common.localcloud.rpc import Json
from common.localcloud.run.names import location_of
from common.settings import Settings

__all__ = ["Entries"]

_LABELS = {
    ("resource", "labels", "project_id"): "project",
    ("resource", "labels", "location"): "region",
    ("resource", "labels", "job_name"): "job",
    ("labels", "run.googleapis.com/execution_name"): "execution",
}


class Entries:
    """What was printed here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home / "executions"

    def wanted(self, query: Query, projects: Collection[str]) -> Iterator[Json]:
        """Those of the projects that a query wants, in no order."""
        for asked in self._folder.glob("*/execution.json"):
            folder = Folder(asked.parent)
            origin = self._origin(folder)
            if origin.project in projects and _may_have(folder, origin, query):
                yield from (each for each in _entries(folder, origin) if query.matches(each))

    def _origin(self, folder: Folder) -> Origin:
        """Whose it is; runs that runjobs started itself say no project, for they have one only."""
        asked = folder.asked
        job = asked.get("job") or folder.path.name.rpartition("-")[0]
        here = f"projects/{self._settings.project or 'local'}/locations/{self._settings.region}"
        _, project, _, region = location_of(asked.get("resource", here)).split("/")
        return Origin(project=project, region=region, job=job, execution=folder.path.name)


def _may_have(folder: Folder, origin: Origin, query: Query) -> bool:
    """Whether it is worth reading what was printed there."""
    for path, name in _LABELS.items():
        if path in query.equal and query.equal[path].lower() != getattr(origin, name).lower():
            return False
    try:
        return query.since is None or _written(folder) >= query.since.timestamp()
    except FileNotFoundError:  # it is being removed
        return False


def _written(folder: Folder) -> float:
    """When something was last written there."""
    return max(file.stat().st_mtime for file in folder.path.iterdir())


def _entries(folder: Folder, origin: Origin) -> Iterator[Json]:
    last: dict[tuple[int, int], datetime] = {}
    for line in lines(folder):
        attempt = (line.task, line.attempt)
        made = entry(origin, line, last.get(attempt, line.started))
        time = datetime.fromisoformat(made["timestamp"])
        last[attempt] = max(time, last.get(attempt, line.started))
        yield made
