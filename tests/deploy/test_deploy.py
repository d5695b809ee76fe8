"""A deployment into the local cloud: planned, made, made again, and mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.deploy.deploy import UNKNOWN, deploy
from common.deploy.errors import Denied, NotOurs
from common.deploy.schedules import SWEEP
from common.errors import Misconfigured, Unavailable
from common.runtime import Context, job
from tests.deploy.conftest import JOBS, PROJECT, billing, short

LOCATION = f"projects/{PROJECT}/locations/us-central1"
DISPATCHER = f"{LOCATION}/services/runjobs-dispatcher"


def work(plan):
    return [(step.action, step.kind, step.name) for step in plan.work]


def get(target, path, version="v2"):
    return target.api().call("GET", "run.googleapis.com", f"{version}/{path}")


def set_(target, verb, path, body, version="v2", **query):
    return target.api().call(verb, "x", f"{version}/{path}", body=body, query=query)


@pytest.fixture
def deployed(target, few):  # noqa: ARG001 - so that it is made sooner
    target.deploy()
    return target


def test_a_plan_changes_nothing(target):
    first, again = target.plan(), target.plan()
    assert first.work
    assert work(first) == work(again)


def test_what_was_planned_is_done_and_then_nothing_is_left(target):
    planned, told = target.plan(), []
    done = target.deploy(tell=told.append)
    assert {*work(planned)} <= {*work(done)}
    assert work(done) == [(step.action, step.kind, step.name) for step in told]
    assert work(target.plan()) == []
    assert work(target.deploy()) == []


def test_all_is_told_the_dispatchers_url(target):
    assert UNKNOWN in str([step.changes for step in target.plan().steps]) or target.plan().work
    target.deploy()
    url = get(target, DISPATCHER)["uri"]
    for path in (DISPATCHER, f"{LOCATION}/jobs/short", f"{LOCATION}/jobs/billing"):
        assert url in str(get(target, path)["template"])
        assert UNKNOWN not in str(get(target, path))
    sweep = get(target, f"{LOCATION}/jobs/{SWEEP}", "v1")["httpTarget"]
    assert sweep["uri"] == f"{url}/internal/sweep"
    assert sweep["oidcToken"]["audience"] == url


def test_a_url_that_is_set_is_taken(target):
    target.deployment = target.deployment.at("https://jobs.acme.example")
    target.deploy()
    assert "https://jobs.acme.example" in str(get(target, f"{LOCATION}/jobs/short"))


def test_only_the_wakeups_account_may_call_the_dispatcher(deployed):
    policy = get(deployed, f"{DISPATCHER}:getIamPolicy")
    member = f"serviceAccount:runjobs-wakeups@{PROJECT}.iam.gserviceaccount.com"
    assert policy["bindings"] == [{"role": "roles/run.invoker", "members": [member]}]


def test_whoever_may_use_the_api_may_call_the_dispatcher(target):
    from dataclasses import replace

    people = ("app@acme.iam.gserviceaccount.com", "ann@acme.example")
    target.with_(settings=replace(target.deployment.settings, api_accounts=people)).deploy()
    (binding,) = get(target, f"{DISPATCHER}:getIamPolicy")["bindings"]
    assert binding["members"][1:] == [f"serviceAccount:{people[0]}", f"user:{people[1]}"]


def test_a_right_to_call_leaves_those_that_others_gave(deployed):
    others = [{"role": "roles/run.invoker", "members": ["user:a@b"]}, {"role": "r", "members": []}]
    set_(deployed, "POST", f"{DISPATCHER}:setIamPolicy", {"policy": {"bindings": others}})
    assert work(deployed.plan()) == [("create", "right to call", "runjobs-dispatcher")]
    deployed.deploy()
    assert get(deployed, f"{DISPATCHER}:getIamPolicy")["bindings"][:2] == others
    assert work(deployed.plan()) == []


def test_a_right_that_depends_on_a_condition_is_none(deployed):
    policy = get(deployed, f"{DISPATCHER}:getIamPolicy")
    policy["bindings"][0]["condition"] = {"title": "until", "expression": "false"}
    set_(deployed, "POST", f"{DISPATCHER}:setIamPolicy", {"policy": policy})
    deployed.deploy()
    bindings = get(deployed, f"{DISPATCHER}:getIamPolicy")["bindings"]
    assert [it.get("condition", {}).get("title") for it in bindings] == ["until", None]


@pytest.mark.parametrize("who", ["allUsers", "allAuthenticatedUsers"])
def test_where_anybody_may_call_the_dispatcher_nothing_is_deployed(deployed, who):
    open_ = {"bindings": [{"role": "roles/run.invoker", "members": ["user:a@b", who]}]}
    set_(deployed, "POST", f"{DISPATCHER}:setIamPolicy", {"policy": open_})
    said = rf"remove-iam-policy-binding runjobs-dispatcher --member={who} --role=roles/run.invoker"
    with pytest.raises(Misconfigured, match=said):
        deployed.deploy([short])
    assert get(deployed, f"{LOCATION}/jobs/runjobs-job-billing", "v1")


def test_a_schedule_starts_its_job(deployed):
    found = get(deployed, f"{LOCATION}/jobs/runjobs-job-billing", "v1")
    assert (found["schedule"], found["timeZone"]) == ("0 2 * * 0", "Europe/Paris")
    target = found["httpTarget"]
    assert target["uri"] == f"https://run.googleapis.com/v2/{LOCATION}/jobs/billing:run"
    account = f"runjobs-schedules@{PROJECT}.iam.gserviceaccount.com"
    assert target["oauthToken"]["serviceAccountEmail"] == account


def test_what_drifted_is_shown_and_mended(deployed):
    path = f"{LOCATION}/jobs/short"
    found = get(deployed, path)
    task = found["template"]["template"]
    task["timeout"], task["maxRetries"] = "9s", 3
    task["containers"][0]["env"].append({"name": "DEBUG", "value": "1"})
    set_(deployed, "PATCH", path, found)
    plan = deployed.plan()
    assert work(plan) == [("update", "Cloud Run job", "short")]
    assert [(it.field, it.old, it.new) for it in plan.work[0].changes] == [
        ("template.template.containers[0].env[DEBUG]", "1", None),
        ("template.template.maxRetries", 3, 0),
        ("template.template.timeout", "9s", "720s"),
    ]
    assert "          template.template.timeout: 9s -> 720s" in plan.lines()
    deployed.deploy()
    assert work(deployed.plan()) == []
    assert get(deployed, path)["template"]["template"]["timeout"] == "720s"


def test_what_drifted_in_queue_and_schedule_is_mended(deployed):
    queue = f"{LOCATION}/queues/runjobs-wakeups"
    changed = {"name": queue, "retryConfig": {"maxAttempts": 2}}
    set_(deployed, "PATCH", queue, changed, updateMask="retryConfig.maxAttempts")
    sweep = f"{LOCATION}/jobs/{SWEEP}"
    cron = {"name": sweep, "schedule": "1 1 * * *"}
    set_(deployed, "PATCH", sweep, cron, "v1", updateMask="schedule")
    assert work(deployed.plan()) == [
        ("update", "Cloud Tasks queue", "runjobs-wakeups"),
        ("update", "Cloud Scheduler job", SWEEP),
    ]
    deployed.deploy()
    assert work(deployed.plan()) == []


def test_a_schedule_that_was_given_another_kind_of_token_has_ours_again(deployed):
    """Of the two kinds Cloud Scheduler takes one."""
    schedule = f"{LOCATION}/jobs/runjobs-job-billing"
    target = get(deployed, schedule, "v1")["httpTarget"]
    del target["oauthToken"]
    target["oidcToken"] = {"serviceAccountEmail": "mallory@example.com"}
    changed = {"name": schedule, "httpTarget": target}
    set_(deployed, "PATCH", schedule, changed, "v1", updateMask="httpTarget")
    deployed.deploy()
    mended = get(deployed, schedule, "v1")["httpTarget"]
    assert "oidcToken" not in mended
    assert mended["oauthToken"]["serviceAccountEmail"].startswith("runjobs-schedules@")
    assert work(deployed.plan()) == []


def test_what_was_paused_by_hand_stays_so(deployed):
    sweep, queue = f"{LOCATION}/jobs/{SWEEP}", f"{LOCATION}/queues/runjobs-wakeups"
    set_(deployed, "POST", f"{sweep}:pause", {}, "v1")
    set_(deployed, "POST", f"{queue}:pause", {})
    deployed.with_(image="new").deploy()
    assert get(deployed, sweep, "v1")["state"] == "PAUSED"
    assert get(deployed, queue)["state"] == "PAUSED"


def test_what_others_added_stays_when_something_else_changes(deployed):
    path = f"{LOCATION}/jobs/short"
    found = get(deployed, path)
    found["labels"]["team"] = "films"
    found["template"]["template"]["vpcAccess"] = {"egress": "ALL_TRAFFIC"}
    set_(deployed, "PATCH", path, found)
    assert work(deployed.plan()) == []
    deployed.with_(image="new").deploy()
    found = get(deployed, path)
    assert found["labels"] == {"managed-by": "runjobs", "team": "films"}
    assert found["template"]["template"]["vpcAccess"] == {"egress": "ALL_TRAFFIC"}
    assert found["template"]["template"]["containers"][0]["image"] == "new"


def test_a_revision_that_was_named_by_hand_keeps_its_name_to_itself(deployed):
    condition(deployed, DISPATCHER, template=named_revision(deployed))
    deployed.with_(image="new").deploy()
    assert "revision" not in get(deployed, DISPATCHER)["template"]


def named_revision(target):
    return {**get(target, DISPATCHER)["template"], "revision": "runjobs-dispatcher-mine"}


def test_another_declaration_is_rolled_out_to_its_job_alone(deployed):
    @job("short", cpu=2, memory="2Gi", timeout=timedelta(minutes=2))
    def more(run: Context) -> None: ...

    plan = deployed.plan([billing, more])
    assert work(plan) == [("update", "Cloud Run job", "short")]


def test_a_job_that_somebody_else_made_is_not_touched(target):
    theirs = {"template": {"template": {"containers": [{"image": "theirs"}]}}}
    set_(target, "POST", f"{LOCATION}/jobs", theirs, jobId="short")
    for act in (target.plan, target.deploy):
        with pytest.raises(NotOurs, match="gcloud run jobs update short --update-labels=managed"):
            act()
    task = get(target, f"{LOCATION}/jobs/short")["template"]["template"]
    assert task["containers"][0]["image"] == "theirs"
    with pytest.raises(Exception, match="does not exist"):
        get(target, DISPATCHER)  # nothing was begun


def test_what_is_no_longer_declared_is_left_unless_pruned(deployed):
    plan = deployed.plan([short])
    assert work(plan) == []
    left = [(step.kind, step.name) for step in plan.steps if step.action == "left"]
    assert left == [
        ("Cloud Run job", "billing"),
        ("Cloud Scheduler job", "runjobs-job-billing"),
    ]
    assert any("--prune deletes it" in line for line in plan.lines())
    assert work(deployed.deploy([short])) == []


def test_prune_deletes_what_is_ours_and_nothing_else(deployed):
    theirs = {"template": {"template": {"containers": [{"image": "theirs"}]}}}
    for id, labels in (("theirs", {}), ("other", {"managed-by": "terraform"})):
        set_(deployed, "POST", f"{LOCATION}/jobs", {**theirs, "labels": labels}, jobId=id)
    cron = {"schedule": "1 1 * * *", "httpTarget": {"uri": "https://example.com"}}
    for id in ("nightly", "runjobs-job-theirs"):
        set_(deployed, "POST", f"{LOCATION}/jobs", {"name": f"{LOCATION}/jobs/{id}", **cron}, "v1")
    pruned = deployed.deploy([short], prune=True)
    assert work(pruned) == [
        ("delete", "Cloud Scheduler job", "runjobs-job-billing"),
        ("delete", "Cloud Run job", "billing"),
    ]
    jobs = [it["name"].rpartition("/")[2] for it in get(deployed, f"{LOCATION}/jobs")["jobs"]]
    assert sorted(jobs) == ["other", "short", "theirs"]
    crons = get(deployed, f"{LOCATION}/jobs", "v1")["jobs"]
    assert sorted(it["name"].rpartition("/")[2] for it in crons) == [
        "nightly",
        "runjobs-job-theirs",
        SWEEP,
    ]
    assert work(deployed.plan([short], prune=True)) == []


def test_a_job_that_runs_is_not_pruned(deployed):
    from common.localcloud.store import Resource

    store = deployed.cloud.store
    name = f"{LOCATION}/jobs/billing/executions/e"
    running = {"name": name, "createTime": "2026-11-22T12:00:00Z", "taskCount": 1}
    store.create(Resource(name=name, data=running, created=store.now()))
    with pytest.raises(Unavailable, match="its execution e has not ended"):
        deployed.deploy([short], prune=True)
    get(deployed, f"{LOCATION}/jobs/billing")


def test_what_the_platform_could_not_do_is_tried_again(deployed):
    from dataclasses import replace

    failed = {"type": "Ready", "state": "CONDITION_FAILED", "message": "no such image"}
    change = lambda it: replace(it, data={**it.data, "terminalCondition": failed})  # noqa: E731
    deployed.cloud.store.change(DISPATCHER, change)
    plan = deployed.plan()
    assert work(plan) == [("update", "Cloud Run service", "runjobs-dispatcher")]
    assert "          terminalCondition: no such image -> CONDITION_SUCCEEDED" in plan.lines()
    deployed.deploy()
    assert work(deployed.plan()) == []


def condition(target, path, **fields):
    """Have the resource as Cloud Run has it while it works on it, or when it could not."""
    from dataclasses import replace

    target.cloud.store.change(path, lambda it: replace(it, data={**it.data, **fields}))


@pytest.mark.parametrize(("state", "fails"), [("SUCCEEDED", False), ("FAILED", True)])
def test_what_was_begun_by_whoever_was_killed_since_is_waited_for(deployed, state, fails):
    condition(deployed, DISPATCHER, reconciling=True)
    looks = []

    class Working:
        def __init__(self, session) -> None:
            self.session = session

        def request(self, method, url, **options):
            looks.append(url) if url.endswith(DISPATCHER) else None
            if len(looks) == 6:
                ended = {"state": f"CONDITION_{state}", "message": "no such image"}
                condition(deployed, DISPATCHER, reconciling=False, terminalCondition=ended)
            return self.session.request(method, url, **options)

    act = lambda: deploy(deployed.api(Working), deployed.deployment, JOBS)  # noqa: E731
    if fails:
        with pytest.raises(Denied, match="runjobs-dispatcher failed: no such image"):
            act()
    else:
        assert act().work == []
    assert len(looks) >= 6


def test_two_who_deploy_at_once_both_succeed(target):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(target.deploy, JOBS) for _ in range(3)]:
            done.result()
    assert work(target.plan()) == []
