"""Messages that Pub/Sub pushes: each starts its job once, and only jobs that messages may start."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.runtime.discover import all_jobs
from common.settings import Settings
from common.web.access.oidc import Oidc
from tests.web import tokens
from tests.web.conftest import problem, serving
from tests.web.tokens import URL, USER, WAKEUPS, signed

PATH = "/internal/push/automation-trigger"
NEWS = {"emailAddress": "ann@example.com", "historyId": 4711}
SUBSCRIPTION = "projects/p/subscriptions/gmail"


def data(said) -> str:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.b64encode(raw).decode()


def envelope(said=NEWS, id: str = "1", **message) -> dict:
    """As https://cloud.google.com/pubsub/docs/push#receive_push has it."""
    more = {"message_id": id, "publishTime": "2026-11-23T02:00:00Z", "attributes": {"a": "b"}}
    return {
        "message": {"data": data(said), "messageId": id, **more, **message},
        "subscription": SUBSCRIPTION,
        "deliveryAttempt": 1,
    }


def push(served, said=None, path: str = PATH, **headers):
    return served.http.post(path, json=envelope() if said is None else said, headers=headers)


def runs(served) -> list:
    return served.client.runs.list()


def test_a_message_starts_its_job_with_its_data_for_params(anywhere):
    answer = push(anywhere)
    assert answer.status_code == 200
    (run,) = runs(anywhere)
    assert answer.json() == {"run": run.id}
    assert (run.job, run.tenant, run.queue) == ("automation-trigger", "", "automation-tasks")
    params = json.loads(run.params)
    assert (params["user"], params["history"]) == ("ann@example.com", 4711)
    assert len(anywhere.stub.launches) == 1


def test_a_message_that_comes_again_starts_nothing_again(anywhere):
    answers = [push(anywhere).json() for _ in range(3)]
    assert answers == [answers[0]] * 3
    assert len(runs(anywhere)) == len(anywhere.stub.launches) == 1


def test_fifty_deliveries_at_once_start_one_run(served):
    with ThreadPoolExecutor(50) as threads:
        answers = [*threads.map(lambda _: push(served), range(50))]
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["run"] for answer in answers}) == len(runs(served)) == 1
    assert len(served.stub.launches) == 1


def test_another_message_and_another_subscription_start_other_runs(served):
    found = {push(served, envelope(id=id)).json()["run"] for id in ("1", "2")}
    other = envelope() | {"subscription": "projects/p/subscriptions/other"}
    assert len(found | {push(served, other).json()["run"]}) == 3


def test_data_may_be_in_the_alphabet_of_urls(served):
    said = {"emailAddress": "ann@example.com", "historyId": "12"} | {"user": "ä?>~@example.com"}
    del said["emailAddress"]
    raw = json.dumps(said, ensure_ascii=False).encode()
    text = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert "-" in text or "_" in text
    assert push(served, envelope(data=text)).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"message": None, "subscription": SUBSCRIPTION},
        {"message": {}, "subscription": SUBSCRIPTION},
        {"message": {"messageId": "1", "data": 1}, "subscription": SUBSCRIPTION},
        {"message": {"data": data(NEWS)}, "subscription": SUBSCRIPTION},
        {"message": {"data": data(NEWS), "messageId": ""}, "subscription": SUBSCRIPTION},
        {"message": {"data": data(NEWS), "messageId": "1"}},
        {"message": {"data": data(NEWS), "messageId": "x" * 201}, "subscription": SUBSCRIPTION},
        {"message": {"messageId": "1"}, "subscription": SUBSCRIPTION},
        envelope(data="###"),
        envelope(data="a"),
        envelope(b""),
        envelope(b"\xff"),
        envelope(b"[1]"),
        envelope(b'{"historyId": NaN}'),
        envelope(b"[" * 100_000),
    ],
)
def test_what_is_no_message_is_refused(served, said):
    problem(push(served, said), 400)
    assert runs(served) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_what_is_no_json_is_refused(served, body):
    headers = {"Content-Type": "application/json"}
    problem(served.http.post(PATH, content=body, headers=headers), 400)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"emailAddress": 1, "historyId": 1},
        {"emailAddress": "a@b.example", "historyId": -1},
        {"emailAddress": "a@b.example", "historyId": "soon"},
        {"emailAddress": "a@b.example", "historyId": 1, "more": 1},
        {"emailAddress": "a@b.example\u0000", "historyId": 1},
    ],
)
def test_params_that_are_wrong_are_refused_and_nothing_is_written(served, said):
    problem(push(served, envelope(said)), 422)
    assert runs(served) == []


@pytest.mark.parametrize("job", ["noop", "video-generation", "nobody", "..", "%00", "a b"])
def test_only_jobs_that_messages_may_start_are_there(served, job):
    problem(push(served, envelope({}), f"/internal/push/{job}"), 404)
    assert runs(served) == []


def test_few_jobs_may_be_started_by_messages():
    assert [job.name for job in all_jobs() if job.pushed] == ["automation-trigger"]


def test_what_cannot_be_started_just_now_is_accepted(laptop):
    from common.dispatch.executors import StartRefused

    with serving(laptop, StartRefused("no right", retryable=False)) as served:
        answer = push(served)
        assert answer.status_code == 202
        assert answer.json() == {"run": runs(served)[0].id}


# --- who may push (row 29)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    with tokens.certs() as certs:
        settings = replace(
            Settings.load({"RUNJOBS_HOME": str(tmp_path_factory.mktemp("home"))}),
            dispatcher_url=URL,
            wakeup_account=WAKEUPS,
            api_accounts=(USER,),
            oidc_certs=certs.url,
        )
        with serving(settings, guard=Oidc.of(settings, lambda: datetime.now(UTC))) as served:
            yield served


def good(**changes) -> dict:
    return tokens.claims(datetime.now(UTC), **{"email": WAKEUPS, **changes})


SECONDS = int(datetime.now(UTC).timestamp())
STRANGERS = {
    "no token": (None, 401),
    "forged": (lambda: signed(good(), by="two"), 401),
    "alg none": (lambda: tokens.unsigned(good()), 401),
    "confused": (lambda: tokens.confused(good()), 401),
    "another audience": (lambda: signed(good(aud=f"{URL}{PATH}")), 401),
    "another issuer": (lambda: signed(good(iss="https://evil.example")), 401),
    "unverified": (lambda: signed(good(email_verified=False)), 401),
    "expired": (lambda: signed(good(iat=SECONDS - 7200, exp=SECONDS - 3600)), 401),
    "ten years": (lambda: signed(good(exp=SECONDS + 315_360_000)), 401),
    "the API's account": (lambda: signed(good(email=USER)), 403),
    "a stranger": (lambda: signed(good(email="x@evil.example")), 403),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_pushes_anything(guarded, name):
    make, status = STRANGERS[name]
    before = len(runs(guarded))
    headers = {} if make is None else {"Authorization": f"Bearer {make()}"}
    for path in (PATH, "/internal/push/nobody"):
        problem(push(guarded, path=path, **headers), status)
    assert len(runs(guarded)) == before


def test_a_token_that_is_shown_again_starts_no_new_work(guarded):
    before = len(runs(guarded))
    headers = {"Authorization": f"Bearer {signed(good())}"}
    answers = [push(guarded, **headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(runs(guarded)) == before + 1


def test_the_data_of_a_message_is_told_to_nobody(served, caplog):
    caplog.set_level("DEBUG")
    canary = "canary-5f1d@example.com"
    answers = [
        push(served, envelope({"emailAddress": canary, "historyId": 1})),
        push(served, envelope({"emailAddress": canary, "historyId": 1, canary: canary})),
        push(served, envelope(canary.encode())),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 400]
    assert canary not in "".join([answers[0].text, answers[2].text, *caplog.messages])
