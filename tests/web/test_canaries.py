"""Secrets stay where they are: none in an answer to another, in an error, or in a log (row 30)."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from common.dispatch.executors import StartRefused
from common.errors import Misconfigured, Unavailable
from common.runtime.log import _Json, _Text
from common.web.access.oidc import Oidc
from tests.web import tokens
from tests.web.conftest import serving

ENV, PARAM, ERROR, TOKEN = (f"canary-{what}-5f1d" for what in ("env", "param", "error", "token"))


@pytest.fixture
def logged():
    """All that is logged, as lines of both kinds."""
    lines: list[str] = []
    handler = logging.Handler()
    forms = (_Text(), _Json({}, ""))
    handler.emit = lambda record: lines.extend(form.format(record) for form in forms)
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    yield lines
    root.removeHandler(handler)
    root.level = level


OWN = ["/v1/runs", "/stats", "/openapi.json", "/healthz", "/nowhere", "/v1/runs/none"]


def test_no_variable_of_the_environment_is_told(served, logged, monkeypatch):
    for name in ("STRIPE_SECRET_KEY", "GEMINI_API_KEY", "ENCRYPTION_KEY", "RUNJOBS_CANARY"):
        monkeypatch.setenv(name, ENV)
    served.submit()
    answers = [served.http.get(path).text for path in OWN]
    answers.append(served.http.post("/v1/runs", json={"job": "nobody"}).text)
    assert ENV not in "".join([*answers, *logged])


def test_params_are_told_to_those_who_ask_for_the_run_and_logged_nowhere(served, logged):
    body = {"job": "video-generation", "params": {"prompt": PARAM}}
    made = served.http.post("/v1/runs", json=body)
    assert PARAM in served.http.get(made.headers["location"]).text
    wrong = {"job": "video-generation", "params": {"prompt": "x", "secret": PARAM}}
    refused = [
        served.http.post("/v1/runs", json=wrong),
        served.http.post("/v1/runs", content=f'{{"job": "noop", "{PARAM}": '),
        served.http.post("/v1/runs:batch", json={**wrong, "params": [wrong["params"]]}),
        served.http.get(f"/v1/runs?job={PARAM}&page={PARAM}"),
    ]
    assert all(400 <= answer.status_code < 500 for answer in refused)
    others = [served.http.get(path).text for path in OWN]
    assert PARAM not in "".join([*others, *logged])


@pytest.mark.parametrize(
    "error",
    [
        ValueError(ERROR),
        KeyError(ERROR),
        RuntimeError(ERROR),
        RecursionError(ERROR),
        OSError(1, ERROR, ERROR),
    ],
)
def test_what_an_unforeseen_error_says_is_neither_told_nor_logged(
    served, logged, monkeypatch, error
):
    def fails(*_, **__):
        raise error

    for name in ("get", "list", "cancel", "submit"):
        monkeypatch.setattr(served.client.runs, name, fails)
    answers = [
        served.http.get("/v1/runs"),
        served.http.get("/v1/runs/a"),
        served.http.post("/v1/runs/a:cancel"),
        served.http.post("/v1/runs", json={"job": "noop"}),
    ]
    assert [answer.status_code for answer in answers] == [500] * 4
    assert ERROR not in "".join([*(answer.text for answer in answers), *logged])
    assert sum(type(error).__name__ in line for line in logged) >= 4


@pytest.mark.parametrize("error", [Misconfigured(ERROR), Unavailable(ERROR)])
def test_our_own_errors_are_for_the_log_alone(served, logged, monkeypatch, error):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(served.client.runs, "get", fails)
    answer = served.http.get("/v1/runs/a")
    assert answer.status_code in {500, 503}
    assert ERROR not in answer.text
    assert ERROR in "".join(logged)


def test_why_the_platform_refused_is_for_the_log_alone(laptop, logged):
    with serving(laptop, StartRefused(ERROR, retryable=False)) as served:
        assert ERROR not in served.http.post("/v1/runs", json={"job": "noop"}).text
    assert ERROR in "".join(logged)


def test_no_token_is_told_or_logged(laptop, logged):
    with tokens.certs() as certs:
        cloud = replace(laptop, dispatcher_url=tokens.URL, oidc_certs=certs.url)
        with serving(cloud) as plain:
            now = plain.client.documents.now()
        guard = Oidc.of(cloud, lambda: now)
        said = tokens.claims(now, sub=TOKEN)
        shown = [
            TOKEN,
            tokens.signed(said),
            tokens.signed(said, kid=TOKEN, by="one"),
            tokens.unsigned(said),
        ]
        with serving(cloud, guard=guard) as served:
            answers = [
                served.http.get("/v1/runs", headers={"Authorization": f"Bearer {token}"})
                for token in shown
            ]
    assert {answer.status_code for answer in answers} == {401, 403}
    everything = "".join([*(answer.text for answer in answers), *logged])
    assert all(token not in everything for token in [TOKEN, *shown])
