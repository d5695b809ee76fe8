"""Calls of Google's APIs, over a real connection, to one that answers as it is told."""

from __future__ import annotations

import json
from collections import deque

import pytest
from starlette.requests import Request
from starlette.responses import Response

from common.deploy.api import open_api
from common.deploy.errors import Changed, Denied, NotThere
from common.errors import Misconfigured, Unavailable
from common.listening import listening

RUN = "run.googleapis.com"


class Scripted:
    """Answers what comes next, and the last for ever."""

    def __init__(self) -> None:
        self.answers: deque = deque()
        self.asked: list[tuple] = []

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        path = f"{request.url.path}?{request.url.query}".rstrip("?")
        auth = request.headers.get("authorization")
        self.asked.append((request.method, path, json.loads(body or "null"), auth))
        status, said, headers = (*self.answers[0], {}, {})[:3]
        if len(self.answers) > 1:
            self.answers.popleft()
        content = said if isinstance(said, str) else json.dumps(said)
        await Response(content, status, headers)(scope, receive, send)


@pytest.fixture
def script():
    return Scripted()


@pytest.fixture
def api(script, time):
    with listening(script) as (host, port):
        yield open_api(f"http://{host}:{port}", clock=time.clock, rng=lambda: 1.0)


def error(message, **more):
    return {"error": {"message": message, **more}}


def test_a_call_says_what_it_was_told_to(api, script):
    script.answers.append((200, {"name": "x"}))
    assert api.call("POST", RUN, "v2/a/b", query={"id": "x y"}, body={"c": 1}) == {"name": "x"}
    assert script.asked == [("POST", "/v2/a/b?id=x+y", {"c": 1}, None)]


def test_a_token_goes_with_the_call_it_is_for(api, script):
    script.answers.append((200, {}))
    api.call("GET", RUN, "v2/a", token="t")
    api.call("GET", RUN, "v2/a")
    assert [auth for *_, auth in script.asked] == ["Bearer t", None]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_asked_again(api, script, time, status):
    script.answers += [(status, error("later")), (status, "<html>"), (200, {"ok": True})]
    assert api.call("PATCH", RUN, "v2/a", body={}) == {"ok": True}
    assert time.slept == [0.5, 1.0]


def test_an_answer_that_was_cut_is_asked_for_again(api, script):
    script.answers += [(200, '{"name": "x'), (200, "[]"), (200, {"name": "x"})]
    assert api.call("GET", RUN, "v2/a") == {"name": "x"}


def test_an_answer_that_says_nothing_is_asked_for_again(api, script):
    script.answers += [(200, {}), (200, {"etag": ""})]
    assert api.call("GET", RUN, "v2/a", field="etag") == {"etag": ""}


def test_who_asks_us_to_wait_is_heeded(api, script, time):
    script.answers += [(429, error("slow"), {"Retry-After": "7"}), (200, {})]
    api.call("GET", RUN, "v2/a")
    assert time.slept == [7.0]


def test_patience_ends(api, script, time):
    script.answers.append((503, error("down.")))
    with pytest.raises(
        Unavailable, match=r"run.googleapis.com \(a\), asked at .*, did not answer: down\.$"
    ):
        api.call("GET", RUN, "v2/a")
    assert time.elapsed <= 120


@pytest.mark.parametrize(
    ("service", "role"),
    [
        (RUN, "roles/run.admin and roles/iam.serviceAccountUser"),
        ("cloudtasks.googleapis.com", "roles/cloudtasks.queueAdmin"),
        ("cloudscheduler.googleapis.com", "roles/cloudscheduler.admin"),
        ("firestore.googleapis.com", "roles/datastore.indexAdmin"),
        ("other.googleapis.com", "runjobs deploy --print-iam"),
    ],
)
def test_a_refusal_names_the_api_the_resource_and_the_role(api, script, service, role):
    script.answers.append((403, error("Permission denied on j.")))
    with pytest.raises(Denied, match=rf"{service} \(a/j\) refused: Permission denied.*{role}"):
        api.call("GET", service, "v2/a/j")
    assert len(script.asked) == 1


def test_an_api_that_is_not_enabled_is_to_be_enabled(api, script):
    script.answers.append((403, error("off", details=[{"reason": "SERVICE_DISABLED"}])))
    with pytest.raises(Denied, match=r"gcloud services enable run\.googleapis\.com"):
        api.call("GET", RUN, "v2/a")


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (400, Denied, "refused: wrong"),
        (404, NotThere, "wrong"),
        (409, Changed, "was changed meanwhile: wrong"),
    ],
)
def test_other_refusals_are_told_apart(api, script, status, kind, text):
    script.answers.append((status, error("wrong")))
    with pytest.raises(kind, match=text):
        api.call("GET", RUN, "v2/a")


def test_without_a_database_it_says_how_to_make_one(api, script):
    script.answers.append((404, error("The database (default) does not exist.")))
    with pytest.raises(NotThere, match="gcloud firestore databases create"):
        api.call("GET", "firestore.googleapis.com", "v1/a")


def test_a_list_is_read_to_its_end(api, script):
    script.answers += [(200, {"jobs": [1, 2], "nextPageToken": "t"}), (200, {"jobs": [3]})]
    assert list(api.listed(RUN, "v2/jobs", "jobs", query={"filter": "f"})) == [1, 2, 3]
    assert [path for _, path, *_ in script.asked] == [
        "/v2/jobs?filter=f",
        "/v2/jobs?filter=f&pageToken=t",
    ]


def test_an_operation_is_waited_for(api, script, time):
    script.answers += [(200, {"name": "p/operations/o"}), (200, {"name": "o", "done": True})]
    done = api.finish(RUN, "v2", {"name": "p/operations/o"}, what="job x")
    assert done["done"]
    assert [path for _, path, *_ in script.asked] == ["/v2/p/operations/o"] * 2
    assert time.slept == [0.5, 1.0]


def test_an_operation_that_fails_says_why(api):
    failed = {"name": "o", "done": True, "error": {"message": "image not found."}}
    with pytest.raises(Denied, match=r"Cloud Run job x failed: image not found\.$"):
        api.finish(RUN, "v2", failed, what="Cloud Run job x")


def test_an_operation_that_never_ends_is_left(api, script, time):
    script.answers.append((200, {"name": "o"}))
    with pytest.raises(Unavailable, match="not done yet: call runjobs deploy again"):
        api.finish(RUN, "v2", {"name": "o"}, what="job x")
    assert 900 < time.elapsed < 910


def test_what_somebody_else_did_meanwhile_is_done_again_upon_it(api, script):
    script.answers += [(409, error("etag")), (409, error("etag")), (200, {"ok": True})]
    said = []
    api.insist(lambda: said.append(api.call("GET", RUN, "v2/a")))
    assert said == [{"ok": True}]


def test_it_does_not_insist_for_ever(api, script):
    script.answers.append((409, error("etag")))
    with pytest.raises(Changed):
        api.insist(lambda: api.call("GET", RUN, "v2/a"))
    assert len(script.asked) == 5


def test_without_credentials_it_says_how_to_have_them(monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        open_api()
