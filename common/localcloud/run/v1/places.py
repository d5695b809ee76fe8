"""Where a request of version 1 is to be answered: it says the project, and its host the region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.localcloud.regions import REGIONS
from common.localcloud.rpc import Call

__all__ = ["Where"]

_HOST = re.compile(r"(?:([a-z]+-[a-z]+[0-9]+)-)?run\.googleapis\.com(?::[0-9]+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A project, and a region of it."""

    project: str
    region: str
    everywhere: bool
    """Whether the request was sent to no region: lists are of all of them then."""

    @classmethod
    def of(cls, call: Call, *, region: str) -> Where:
        """Of a request; `region` is the one that is meant where its host does not say one."""
        project = call.text("parent").rpartition("/")[2]
        found = _HOST.fullmatch(call.host)
        if found and found[1]:
            return cls(project=project, region=found[1], everywhere=False)
        return cls(project=project, region=region, everywhere=found is not None)

    @property
    def location(self) -> str:
        """Version 2's parent of jobs."""
        return f"projects/{self.project}/locations/{self.region}"

    @property
    def locations(self) -> Iterator[str]:
        """Where a list looks."""
        regions = {self.region, *REGIONS} if self.everywhere else {self.region}
        return (f"projects/{self.project}/locations/{region}" for region in sorted(regions))

    def job(self, id: str) -> str:
        """Version 2's name of a job."""
        return f"{self.location}/jobs/{id}"

    def execution(self, id: str) -> str:
        """Of an execution: it is called after its job."""
        return f"{self.job(id.rpartition('-')[0])}/executions/{id}"

    def task(self, id: str) -> str:
        """Of a task: it is called after its execution."""
        return f"{self.execution(id.rpartition('-task')[0])}/tasks/{id}"
