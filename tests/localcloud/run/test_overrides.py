"""A start may differ from its job, within the limits of Cloud Run and of the laptop."""

from __future__ import annotations

import pytest
from google.api_core import exceptions

from tests.localcloud.run.conftest import JOB, LOCATION, cloud_run
from tests.localcloud.run.seen import counts


def test_a_start_may_have_its_own_args_variables_count_and_timeout(served, puppet, puppets):
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]
    served.make("j", {**puppet, "args": ["old"], "env": env}, tasks=1)
    over = {"args": ["new", "args"], "env": [{"name": "B", "value": "2"}, {"name": "C"}]}
    execution = served.start("j", container_overrides=[over], task_count=2, timeout={"seconds": 99})
    assert execution.task_count == 2
    assert execution.template.timeout.total_seconds() == 99
    (container,) = execution.template.containers
    assert list(container.args) == ["new", "args"]
    assert [(it.name, it.value) for it in container.env] == [("A", "1"), ("B", "2"), ("C", "")]
    for _ in range(2):
        task = puppets.next()
        assert task.argv[-2:] == ["new", "args"]
        assert [task.environment[it] for it in "ABC"] == ["1", "2", ""]
        task.end(0)
    served.settle(execution)
    (container,) = served.jobs.get_job(name=JOB).template.template.containers
    assert list(container.args) == ["old"]


def test_args_are_cleared_where_that_is_said(served, puppet, puppets):
    served.make("j", {**puppet, "args": ["old"]})
    execution = served.start("j", container_overrides=[{"clear_args": True}])
    task = puppets.next()
    assert task.argv[-1] == puppets.port
    task.end(0)
    served.settle(execution)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"task_count": 10_001}, "taskCount"),
        ({"timeout": {"seconds": 168 * 3600 + 1}}, "timeout"),
        ({"container_overrides": [{"env": [{"name": "CLOUD_RUN_JOB"}]}]}, "reserved"),
        ({"container_overrides": [{"name": "other", "args": ["a"]}]}, "no container other"),
    ],
)
def test_overrides_that_cannot_be_are_refused_and_named(served, overrides, field):
    served.make("j", {"command": ["true"]})
    with pytest.raises(exceptions.BadRequest, match=field):
        served.start("j", **overrides)


def test_fewer_tasks_than_were_to_run_at_once_run_at_once(served):
    served.make("j", {"command": ["true"]}, tasks=5, parallelism=5)
    execution = served.start("j", task_count=2)
    assert (execution.task_count, execution.parallelism) == (2, 2)
    assert counts(served.settle(execution)) == (0, 2, 0, 0, 0)


def test_as_many_tasks_run_at_once_as_the_job_says(served, puppet, puppets):
    served.make("j", puppet, tasks=6, parallelism=4)
    execution = served.start("j")
    running = [puppets.next() for _ in range(4)]
    assert puppets.none_waits()
    assert counts(served.find(execution)) == (4, 0, 0, 0, 0)
    for task in running:
        task.end(0)
    for _ in range(2):
        puppets.next().end(0)
    assert counts(served.settle(execution)) == (0, 6, 0, 0, 0)


def test_the_laptops_own_limit_holds_over_the_jobs(tmp_path, ledger):
    run = cloud_run(tmp_path, ledger, RUNJOBS_PARALLELISM="3")
    task = {"containers": [{"image": "x"}]}
    for asked, at_once in ((5, 3), (2, 2), (0, 3)):
        template = {"taskCount": 9, "parallelism": asked, "template": task}
        job = run.jobs.create(LOCATION, f"j{asked}", {"template": template})
        assert run.engine.order("e", "j", job["template"]).at_once == at_once
