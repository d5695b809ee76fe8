"""Cloud Scheduler, through its real client: what is said to it, and what is left alone."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from google.cloud import scheduler_v1

from common.dispatch.schedules import Applied, NoSuchSchedule
from common.dispatch.schedules.target import schedule_id, schedule_json
from common.errors import InvalidInput, Misconfigured, Unavailable
from common.runs import Schedule
from common.settings import Settings
from tests.dispatch.schedules.backends import HOURLY, cloud_settings
from tests.services.local_cloud import LOCATION

HOUR = timedelta(hours=1)
ACCOUNT = "scheduler@test.iam.gserviceaccount.com"


def job(backend, id="runjobs-job-tidy"):
    return backend.schedules._client.get_job(name=f"{LOCATION}/jobs/{id}")


def foreign(backend, id, description):
    """A job that is somebody else's, and fires hourly."""
    target = scheduler_v1.HttpTarget(uri="http://127.0.0.1:1/")
    made = scheduler_v1.Job(
        name=f"{LOCATION}/jobs/{id}",
        description=description,
        schedule="0 * * * *",
        http_target=target,
    )
    return backend.schedules._client.create_job(parent=LOCATION, job=made)


def test_a_schedule_starts_the_cloud_run_job_as_an_account_and_tells_it_so(scheduler_api):
    scheduler_api.apply(tidy=Schedule("0 5 * * *", zone="Europe/Berlin"))
    found = job(scheduler_api)
    target = found.http_target
    assert (found.schedule, found.time_zone) == ("0 5 * * *", "Europe/Berlin")
    assert target.uri == f"https://run.googleapis.com/v2/{LOCATION}/jobs/tidy:run"
    assert target.oauth_token.service_account_email == ACCOUNT
    assert target.oauth_token.scope == "https://www.googleapis.com/auth/cloud-platform"
    variable = {"name": "RUNJOBS_SCHEDULED", "value": "1"}
    assert json.loads(target.body) == {"overrides": {"containerOverrides": [{"env": [variable]}]}}
    assert found.description.startswith("Managed by runjobs")
    assert found.retry_config.retry_count == 5


def test_what_is_deployed_and_what_is_applied_are_the_same(scheduler_api):
    """Whichever of the two comes second finds nothing to do."""
    said = schedule_json("tidy", HOURLY, project="test", region="us-central1", account=ACCOUNT)
    made = scheduler_v1.Job.from_json(
        json.dumps({"name": f"{LOCATION}/jobs/{schedule_id('tidy')}", **said})
    )
    scheduler_api.schedules._client.create_job(parent=LOCATION, job=made)
    assert scheduler_api.apply(tidy=HOURLY) == Applied()
    assert json.loads(base64.b64decode(said["httpTarget"]["body"]))


def test_what_somebody_changed_is_put_right_again(scheduler_api):
    scheduler_api.apply(tidy=HOURLY)
    changed = job(scheduler_api)
    changed.http_target.oauth_token.service_account_email = "mallory@example.com"
    scheduler_api.schedules._client.update_job(job=changed)
    assert scheduler_api.apply(tidy=HOURLY) == Applied(updated=("tidy",))
    assert job(scheduler_api).http_target.oauth_token.service_account_email == ACCOUNT


@pytest.mark.parametrize(
    ("id", "description"),
    [
        ("somebodys", "Managed by runjobs"),
        ("runjobs-job-tidy", "Mine!"),
        ("runjobs-sweep", "Managed by runjobs: the net"),
        ("job-tidy", ""),
    ],
)
def test_what_does_not_carry_our_mark_is_left_alone(scheduler_api, id, description):
    before = foreign(scheduler_api, id, description)
    assert scheduler_api.apply() == Applied()
    assert scheduler_api.schedules.list() == []
    with pytest.raises(NoSuchSchedule):
        scheduler_api.schedules.pause("tidy")
    assert job(scheduler_api, id) == before


def test_all_pages_are_listed(scheduler_api, monkeypatch):
    monkeypatch.setattr("common.dispatch.schedules.cloud_scheduler._PAGE", 3)
    scheduler_api.apply(**{f"job{number}": HOURLY for number in range(7)})
    assert len(scheduler_api.schedules.list()) == 7


def test_who_pauses_it_at_cloud_scheduler_pauses_it(scheduler_api):
    scheduler_api.apply(tidy=HOURLY)
    name = f"{LOCATION}/jobs/runjobs-job-tidy"
    scheduler_api.schedules._client.pause_job(name=name)
    (entry,) = scheduler_api.schedules.list()
    assert (entry.state, entry.next) == ("paused", None)
    scheduler_api.schedules.resume("tidy")
    scheduler_api.advance(HOUR)
    assert len(scheduler_api.fired) == 1


def test_what_is_paused_in_the_ledger_alone_does_not_fire_either(scheduler_api):
    """Cloud Scheduler was away when it was to be paused, and starts the job all the same."""
    scheduler_api.apply(tidy=HOURLY)
    get = [None] * 2  # that it is there is seen, and then nothing answers any more
    scheduler_api.schedules = scheduler_api.another(timeout=0.3)
    scheduler_api.faults.next.extend([*get[:1], *[503] * 100])
    with pytest.raises(Unavailable):
        scheduler_api.schedules.pause("tidy")
    scheduler_api.faults.next.clear()
    scheduler_api.advance(HOUR)
    assert scheduler_api.fired == []
    assert len(scheduler_api.refused) == 1
    assert "runjobs schedules resume tidy" in str(scheduler_api.refused[0])


@pytest.mark.parametrize("fault", [503, 403])
@pytest.mark.parametrize(("ask", "what"), [("pause", "tidy"), ("pause_all", ["tidy"])])
def test_what_is_declared_is_paused_though_cloud_scheduler_fails_from_the_start(
    scheduler_api, fault, ask, what
):
    scheduler_api.apply(tidy=HOURLY)
    scheduler_api.schedules = scheduler_api.another(timeout=0.3)
    scheduler_api.faults.next.extend([fault] * 100)
    with pytest.raises((Unavailable, Misconfigured)):
        getattr(scheduler_api.schedules, ask)(what)
    scheduler_api.faults.next.clear()
    scheduler_api.advance(HOUR)
    assert (scheduler_api.fired, len(scheduler_api.refused)) == ([], 1)


def test_what_is_not_declared_is_not_noted_where_cloud_scheduler_fails(scheduler_api):
    scheduler_api.apply(tidy=HOURLY)
    scheduler_api.go_away()
    with pytest.raises(InvalidInput, match="There is no job 'tydi'"):
        scheduler_api.schedules.pause("tydi")
    assert [standing.job for standing in scheduler_api.firings.list()] == ["tidy"]


@pytest.mark.parametrize("fault", [429, 500, 503, "lost", "dropped"])
def test_what_may_pass_is_outlasted(scheduler_api, fault):
    scheduler_api.faults.next.extend([fault, fault])
    scheduler_api.apply(tidy=HOURLY)
    scheduler_api.faults.next.extend([fault])
    scheduler_api.schedules.pause("tidy")
    assert [entry.state for entry in scheduler_api.schedules.list()] == ["paused"]


def test_a_refusal_names_the_roles_that_are_missing(scheduler_api):
    scheduler_api.faults.next.append(403)
    with pytest.raises(Misconfigured, match=r"refused: .*roles/cloudscheduler.admin") as refused:
        scheduler_api.apply(tidy=HOURLY)
    assert "RUNJOBS_SCHEDULER_ACCOUNT" in str(refused.value)


def test_an_answer_that_is_none_is_unavailable(scheduler_api):
    scheduler_api.schedules = scheduler_api.another(timeout=0.3)
    scheduler_api.faults.next.extend(["malformed"] * 10)
    with pytest.raises(Unavailable):
        scheduler_api.schedules.list()


def test_without_a_project_or_an_account_it_says_which(scheduler_api):
    from common.dispatch.schedules.cloud_scheduler import CloudScheduler

    with pytest.raises(Misconfigured, match="set GOOGLE_CLOUD_PROJECT"):
        CloudScheduler(scheduler_api.firings, scheduler_api.find, Settings.load({}))
    scheduler_api.schedules = scheduler_api.another(RUNJOBS_SCHEDULER_ACCOUNT="")
    with pytest.raises(Misconfigured, match="RUNJOBS_SCHEDULER_ACCOUNT"):
        scheduler_api.apply(tidy=HOURLY)
    assert cloud_settings().schedules == "cloud-scheduler"
