"""From Cloud Scheduler to the ledger: its request, the execution, and the task it starts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import run_v2

from common.dispatch.google import access
from common.dispatch.schedules.cloud_scheduler import CloudScheduler
from common.documents import open_documents
from common.runs import Runs, Schedule, State
from common.runs.firings import Firings
from common.runtime.discover import find_job
from common.runtime.scheduled import scheduled
from tests.dispatch.backends import await_unlocked
from tests.dispatch.schedules.backends import cloud_settings
from tests.runtime.tasks import ROOT
from tests.services.local_cloud import JOBS, Platform, serving

PLUGIN = Path(__file__).with_name("plugin")


class Whole:
    """A local cloud with the job new-year, whose schedule is applied."""

    def __init__(self, platform: Platform, runs: Runs, home: Path) -> None:
        self.platform, self.runs = platform, runs
        settings = cloud_settings(RUNJOBS_HOME=str(home))
        self.schedules = CloudScheduler(
            Firings(runs), lambda job: scheduled(find_job(job)), settings, endpoint=platform.url
        )

    def turn(self) -> list[str]:
        """Have what is due be done; the executions that there are then, all ended."""
        self.platform.turn()
        executions = [each.id for each in self.platform.executions("new-year")]
        for id in executions:
            await_unlocked(self.platform.folder(id) / "lock")
        return executions


@pytest.fixture
def whole(tmp_path, monkeypatch) -> Iterator[Whole]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(PLUGIN)]))
    settings = cloud_settings(RUNJOBS_HOME=str(tmp_path))
    documents = open_documents(settings.documents)
    with serving(settings, documents, acting=False) as platform:
        platform.deploy("new-year", [])
        whole = Whole(platform, Runs(documents), tmp_path)
        whole.schedules.apply({"new-year": Schedule("0 0 1 1 *")})
        yield whole
    documents.close()


def test_a_job_that_is_run_now_is_started_by_cloud_scheduler_and_makes_its_run(whole):
    whole.schedules.run_now("new-year")
    assert len(whole.turn()) == 1
    (run,) = whole.runs.list()
    assert (run.state, run.job) == (State.SUCCEEDED, "new-year")
    (entry,) = whole.schedules.list()
    assert (entry.standing.run, entry.standing.counts) == (run.id, {"asked": 1})


def test_a_start_that_comes_twice_is_an_execution_that_ends_well_without_a_run(whole):
    whole.schedules.run_now("new-year")
    whole.turn()
    whole.schedules._client.run_job(name=whole.schedules._name("new-year"))
    first, second = whole.turn()
    assert first != second
    executions = run_v2.ExecutionsClient(transport="rest", **access(whole.platform.url))
    found = executions.list_executions(parent=f"{JOBS}/new-year")
    assert [execution.succeeded_count for execution in found] == [1, 1]
    assert len(whole.runs.list()) == 1
