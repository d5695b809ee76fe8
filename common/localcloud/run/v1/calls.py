"""The calls of version 1, each put into version 2's words and its answer back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.localcloud.rpc import Call, Json
from common.localcloud.run.v1.executions import execution_of_v2, overrides_of_v1
from common.localcloud.run.v1.jobs import job_of_v1, job_of_v2
from common.localcloud.run.v1.lists import all_of, listed
from common.localcloud.run.v1.metadata import LABELS
from common.localcloud.run.v1.places import Where
from common.localcloud.run.v1.selectors import Selector
from common.localcloud.run.v1.tasks import task_of_v2

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["Calls"]


class Calls:
    """Answers them; where a request does not say its region, that one is meant."""

    def __init__(self, run: CloudRun, region: str) -> None:
        self._run = run
        self._region = region

    def create_job(self, call: Call) -> Json:
        """Make a job."""
        where = self._where(call)
        job = job_of_v1(call.message("job"), project=where.project, region=where.region)
        id = job["name"].rpartition("/")[2]
        return job_of_v2(self._run.jobs.create(where.location, id, job))

    def replace_job(self, call: Call) -> Json:
        """Put another in a job's place."""
        where = self._where(call)
        asked = call.message("job")
        named = {**asked, "metadata": {**asked.get("metadata", {}), "name": call.text("id")}}
        job = job_of_v1(named, project=where.project, region=where.region)
        return job_of_v2(self._run.jobs.update(job))

    def get_job(self, call: Call) -> Json:
        """As it stands."""
        return job_of_v2(self._run.jobs.get(self._where(call).job(call.text("id"))))

    def list_jobs(self, call: Call) -> Json:
        """Those of a region, or of all."""
        places = self._where(call).locations
        found = (job for place in places for job in all_of(self._run.jobs.list, place))
        selector = Selector.parsed(call.text("labelSelector"))
        return listed(call, "Job", map(job_of_v2, found), selector)

    def delete_job(self, call: Call) -> Json:
        """Remove it and its executions."""
        self._run.jobs.delete(self._where(call).job(call.text("id")))
        return _SUCCESS

    def run_job(self, call: Call) -> Json:
        """Start an execution."""
        name = self._where(call).job(call.text("id"))
        overrides = overrides_of_v1(call.message("overrides"))
        return execution_of_v2(self._run.jobs.run(name, overrides=overrides))

    def get_execution(self, call: Call) -> Json:
        """As it stands."""
        name = self._where(call).execution(call.text("id"))
        return execution_of_v2(self._run.executions.get(name))

    def list_executions(self, call: Call) -> Json:
        """Those of a job, or of all."""
        selector = Selector.parsed(call.text("labelSelector"))
        job = selector.equal.get(f"{LABELS}job", "-")
        found = (
            execution
            for place in self._where(call).locations
            for execution in all_of(self._run.executions.list, f"{place}/jobs/{job}")
        )
        return listed(call, "Execution", map(execution_of_v2, found), selector)

    def delete_execution(self, call: Call) -> Json:
        """Remove it, and end it if it has not."""
        self._run.executions.delete(self._where(call).execution(call.text("id")))
        return _SUCCESS

    def cancel_execution(self, call: Call) -> Json:
        """End it."""
        name = self._where(call).execution(call.text("id"))
        return execution_of_v2(self._run.executions.cancel(name))

    def get_task(self, call: Call) -> Json:
        """As it stands."""
        return task_of_v2(self._run.tasks.get(self._where(call).task(call.text("id"))))

    def list_tasks(self, call: Call) -> Json:
        """Those of an execution, or of all."""
        selector, where = Selector.parsed(call.text("labelSelector")), self._where(call)
        execution = selector.equal.get(f"{LABELS}execution")
        name = where.execution(execution) if execution else f"{where.job('-')}/executions/-"
        found = all_of(self._run.tasks.list, name)
        return listed(call, "Task", map(task_of_v2, found), selector)

    def _where(self, call: Call) -> Where:
        return Where.of(call, region=self._region)


_SUCCESS: Json = {"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success"}
