"""Jobs, by Google's client for them."""

from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.cloud import run_v2

from tests.localcloud.run.conftest import LOCATION, a_job

NAME = f"{LOCATION}/jobs/j"


def test_a_job_has_what_its_maker_set_and_defaults_for_the_rest(served):
    made = served.make("j", {"args": ["noop"], "env": [{"name": "A", "value": "1"}]})
    found = served.jobs.get_job(name=NAME)
    assert found == made
    assert (found.name, found.generation, found.observed_generation) == (NAME, 1, 1)
    assert found.launch_stage == 4  # GA
    assert found.terminal_condition.type_ == "Ready"
    assert found.terminal_condition.state.name == "CONDITION_SUCCEEDED"
    assert found.create_time == found.update_time
    assert (found.uid, found.etag) != ("", "")
    template = found.template
    assert (template.task_count, template.parallelism) == (1, 0)
    assert (template.template.max_retries, template.template.timeout.seconds) == (3, 600)
    (container,) = template.template.containers
    assert (container.image, list(container.args)) == ("ours", ["noop"])
    assert dict(container.resources.limits) == {"cpu": "1000m", "memory": "512Mi"}
    assert [(it.name, it.value) for it in container.env] == [("A", "1")]


def test_no_retries_are_not_the_default_number_of_retries(served):
    assert served.make("j", {}, max_retries=0).template.template.max_retries == 0


def test_enums_are_answered_by_name(served):
    task = {"execution_environment": run_v2.ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN2}
    task |= {"vpc_access": {"connector": "c", "egress": "ALL_TRAFFIC"}}
    job = a_job({}, **task)
    job.launch_stage = 3
    operation = served.jobs.create_job(parent=LOCATION, job_id="j", job=job)
    made = operation.result()
    assert made.launch_stage == 3
    assert made.template.template.execution_environment.name == "EXECUTION_ENVIRONMENT_GEN2"
    assert made.template.template.vpc_access.egress.name == "ALL_TRAFFIC"
    kept = served.run.jobs.get(NAME)
    assert kept["launchStage"] == "BETA"
    assert kept["template"]["template"]["vpcAccess"]["egress"] == "ALL_TRAFFIC"


def test_a_name_is_taken_once(served):
    served.make("j", {})
    with pytest.raises(exceptions.Conflict, match="already exists"):
        served.make("j", {})


@pytest.mark.parametrize("act", ["get_job", "delete_job", "run_job"])
def test_a_job_that_is_not_there_is_named(served, act):
    message = "'j' of kind 'JOB' in region 'us-central1' in project 'test' does not exist"
    with pytest.raises(exceptions.NotFound, match=message):
        getattr(served.jobs, act)(name=NAME)


@pytest.mark.parametrize("id", ["J", "1j", "j-", "j_j", "j" * 50, "ü", "-", "j.j"])
def test_what_is_no_name_is_refused(served, id):
    with pytest.raises(exceptions.BadRequest):
        served.make(id, {})


@pytest.mark.parametrize(
    ("job", "field"),
    [
        (a_job({}, max_retries=11), "maxRetries"),
        (a_job({}, max_retries=-1), "maxRetries"),
        (a_job({}, tasks=10_001), "taskCount"),
        (a_job({}, tasks=-1), "taskCount"),
        (a_job({}, tasks=2, parallelism=3), "parallelism"),
        (a_job({}, tasks=2, parallelism=-1), "parallelism"),
        (a_job({}, timeout={"seconds": 168 * 3600 + 1}), "timeout"),
        (a_job({}, timeout={"nanos": 1_000_000}), "timeout"),
        (a_job({"image": ""}), "image"),
        (a_job({"env": [{"name": "CLOUD_RUN_JOB", "value": "x"}]}), "CLOUD_RUN_JOB is reserved"),
        (a_job({"env": [{"name": "A=B", "value": "x"}]}), "A=B"),
        (a_job({"env": [{"name": "A", "value": "ø" * 20_000}]}), "A has more than"),
        (a_job({"env": [{"name": f"A{it}", "value": ""} for it in range(1001)]}), "1,000"),
        (run_v2.Job(), "template"),
        (run_v2.Job(template={"template": {"containers": []}}), "containers"),
        (run_v2.Job(labels={"run.googleapis.com/x": "y"}), "reserved for the system"),
    ],
)
def test_what_cloud_run_would_not_take_is_refused_and_named(served, job, field):
    with pytest.raises(exceptions.BadRequest, match=field):
        served.jobs.create_job(parent=LOCATION, job_id="j", job=job)
    assert list(served.jobs.list_jobs(parent=LOCATION)) == []


def test_at_the_limits_it_is_taken(served):
    task = {"max_retries": 10, "timeout": {"seconds": 168 * 3600}}
    made = served.make("j" * 49, {}, tasks=10_000, parallelism=10_000, **task)
    assert made.template.template.timeout.total_seconds() == 168 * 3600


def test_jobs_are_listed_where_they_are_by_pages_the_newest_first(served):
    for id in ("a", "b", "c"):
        served.make(id, {})
    listed = served.jobs.list_jobs(run_v2.ListJobsRequest(parent=LOCATION, page_size=2))
    assert [[it.name[-1] for it in page.jobs] for page in listed.pages] == [["c", "b"], ["a"]]
    elsewhere = "projects/test/locations/europe-west1"
    assert list(served.jobs.list_jobs(parent=elsewhere)) == []


# --- changed


def test_an_update_puts_all_in_the_place_of_what_was(served):
    made = served.make("j", {"args": ["old"], "env": [{"name": "A", "value": "1"}]})
    job = a_job({"args": ["new"]}, tasks=2)
    job.name = NAME
    updated = served.jobs.update_job(job=job).result()
    (container,) = updated.template.template.containers
    assert (list(container.args), list(container.env)) == (["new"], [])
    assert (updated.generation, updated.observed_generation) == (2, 2)
    assert (updated.uid, updated.create_time) == (made.uid, made.create_time)
    assert updated.etag != made.etag
    assert updated.update_time > made.update_time
    assert served.jobs.get_job(name=NAME) == updated


def test_an_update_of_what_somebody_else_has_changed_is_refused(served):
    seen = served.make("j", {})
    served.jobs.update_job(job=seen).result()
    with pytest.raises(exceptions.Conflict, match="etag"):
        served.jobs.update_job(job=seen)
    with pytest.raises(exceptions.Conflict, match="etag"):
        served.jobs.delete_job(run_v2.DeleteJobRequest(name=NAME, etag=seen.etag))
    with pytest.raises(exceptions.Conflict, match="etag"):
        served.jobs.run_job(run_v2.RunJobRequest(name=NAME, etag=seen.etag))


def test_an_update_makes_what_is_missing_only_where_that_is_allowed(served):
    job = a_job({})
    job.name = NAME
    with pytest.raises(exceptions.NotFound):
        served.jobs.update_job(job=job)
    request = run_v2.UpdateJobRequest(job=job, allow_missing=True)
    assert served.jobs.update_job(request).result().generation == 1
    assert served.jobs.update_job(request).result().generation == 2


def test_validating_only_changes_nothing(served):
    job = a_job({"args": ["new"]})
    served.jobs.create_job(
        run_v2.CreateJobRequest(parent=LOCATION, job_id="j", job=job, validate_only=True)
    ).result()
    assert list(served.jobs.list_jobs(parent=LOCATION)) == []
    made = served.make("j", {})
    job.name = NAME
    would = served.jobs.update_job(run_v2.UpdateJobRequest(job=job, validate_only=True)).result()
    assert list(would.template.template.containers[0].args) == ["new"]
    served.jobs.run_job(run_v2.RunJobRequest(name=NAME, validate_only=True)).result()
    served.jobs.delete_job(run_v2.DeleteJobRequest(name=NAME, validate_only=True)).result()
    assert served.jobs.get_job(name=NAME) == made
    assert list(served.executions.list_executions(parent=NAME)) == []
    with pytest.raises(exceptions.BadRequest):
        served.jobs.create_job(
            run_v2.CreateJobRequest(
                parent=LOCATION, job_id="k", job=run_v2.Job(), validate_only=True
            )
        )


def test_a_deleted_job_is_gone_and_its_executions_end_with_it(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    gone = served.jobs.delete_job(name=NAME).result()
    assert gone.delete_time
    task.wait()
    for ask in (
        lambda: served.jobs.get_job(name=NAME),
        lambda: served.find(execution),
        lambda: served.make("j", {}) and served.find(execution),
    ):
        with pytest.raises(exceptions.NotFound):
            ask()
    assert list(served.executions.list_executions(parent=NAME)) == []


def test_executions_of_the_job_do_not_change_it(served):
    """Whoever read it before may still update it."""
    made = served.make("j", {"command": ["true"]})
    served.settle(served.start("j"))
    found = served.jobs.get_job(name=NAME)
    assert (found.generation, found.etag) == (made.generation, made.etag)
    assert served.jobs.update_job(job=found).result().execution_count == 1


# --- IAM


def test_a_policy_is_kept_and_everything_is_permitted(served):
    served.make("j", {})
    assert not list(served.jobs.get_iam_policy({"resource": NAME}).bindings)
    binding = {"role": "roles/run.invoker", "members": ["user:a@example.com"]}
    served.jobs.set_iam_policy({"resource": NAME, "policy": {"bindings": [binding]}})
    (kept,) = served.jobs.get_iam_policy({"resource": NAME}).bindings
    assert (kept.role, list(kept.members)) == (binding["role"], binding["members"])
    asked = {"resource": NAME, "permissions": ["run.jobs.run"]}
    assert list(served.jobs.test_iam_permissions(asked).permissions) == ["run.jobs.run"]
    with pytest.raises(exceptions.NotFound):
        served.jobs.get_iam_policy({"resource": f"{NAME}-not"})
