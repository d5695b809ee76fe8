"""What a dispatcher on this machine has started is there as all others are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch.executors import Launch
from common.dispatch.executors.local import LocalExecutor
from tests.dispatch.backends import settings
from tests.localcloud.run.conftest import JOB, LOCATION, cloud_run
from tests.localcloud.run.direct import folder_of, made, settle


@pytest.fixture
def dispatched(tmp_path, puppets):
    executor = LocalExecutor(settings(tmp_path), command=puppets.command, grace=0.2)

    def start(job: str = "j", tasks: int = 1) -> str:
        timeout = timedelta(seconds=60)
        return executor.start(Launch(job=job, execution="ours", tasks=tasks, timeout=timeout))

    return start


def test_what_a_dispatcher_has_started_is_listed_and_found_like_all_others(
    run, dispatched, puppets
):
    made(run, ["true"])
    own = run.jobs.run(JOB)
    settle(run, own)
    name = f"{JOB}/executions/{dispatched(tasks=2)}"
    tasks = [puppets.next()]
    found = run.executions.get(name)
    assert (found["taskCount"], found["job"]) == (2, "j")
    assert "completionTime" not in found
    (container,) = found["template"]["containers"]
    assert container["env"] == [{"name": "RUNJOBS_EXECUTION", "value": "ours"}]
    assert {it["name"] for it in run.executions.list(JOB)[0]} == {name, own["name"]}
    job = run.jobs.get(JOB)
    assert job["executionCount"] == 2
    assert job["latestCreatedExecution"]["name"] == found["name"].rpartition("/")[2]
    tasks.append(puppets.next())
    for task in tasks:
        task.end(0)
    settle(run, found)
    assert run.executions.get(name)["succeededCount"] == 2
    assert len(run.tasks.list(name)[0]) == 2


def test_it_is_listed_under_its_own_job_project_and_region_alone(run, dispatched, puppets):
    template = {"template": {"template": {"containers": [{"image": "ours"}]}}}
    others = [f"{LOCATION}/jobs/j-too", "projects/test/locations/europe-west1/jobs/j"]
    for name in (JOB, *others):
        parent, _, id = name.rpartition("/jobs/")
        run.jobs.create(parent, id, template)
    started = [dispatched(), dispatched("j-too"), dispatched("no-job-here")]
    for _ in started:
        puppets.next().end(0)
    found = [[it["name"] for it in run.executions.list(name)[0]] for name in (JOB, *others)]
    assert found == [
        [f"{JOB}/executions/{started[0]}"],
        [f"{JOB}-too/executions/{started[1]}"],
        [],
    ]


def test_one_that_was_deleted_does_not_come_back(run, dispatched, puppets, tmp_path, ledger):
    made(run, ["true"])
    name = f"{JOB}/executions/{dispatched()}"
    puppets.next().end(0)
    run.executions.delete(name)
    own = run.jobs.run(JOB)
    settle(run, own)
    run.executions.delete(own["name"])
    again = cloud_run(tmp_path, ledger)
    assert again.executions.list(JOB) == ([], "")
    assert folder_of(run, {"name": name}).log(0).exists()


def test_two_servers_adopt_the_same_execution_once(run, dispatched, puppets, tmp_path, ledger):
    made(run, ["true"])
    dispatched()
    puppets.next().end(0)
    for each in (run, cloud_run(tmp_path, ledger)):
        assert len(each.executions.list(JOB)[0]) == 1
        assert each.jobs.get(JOB)["executionCount"] == 1
