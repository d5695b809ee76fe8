"""Google's identity tokens: who shows a good one is let in, and nobody else (row 29)."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

import httpx
import pytest
from starlette.requests import Request

from common.settings import Settings
from common.web.access.oidc import Oidc
from common.web.problems import Problem
from tests.web import tokens
from tests.web.conftest import Served, problem, serving
from tests.web.tokens import URL, USER, WAKEUPS, Certs, b64, part, signed

YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def certs() -> Iterator[Certs]:
    with tokens.certs() as server:
        yield server


@pytest.fixture(scope="module")
def cloud(tmp_path_factory, certs) -> Settings:
    return replace(
        Settings.load({"RUNJOBS_HOME": str(tmp_path_factory.mktemp("home"))}),
        dispatcher_url=URL,
        wakeup_account=WAKEUPS,
        api_accounts=(USER.upper(), "other@example.com"),
        oidc_certs=certs.url,
    )


@pytest.fixture(scope="module")
def guarded(cloud) -> Iterator[Served]:
    with serving(cloud, guard=Oidc.of(cloud, now)) as served:
        yield served


def now() -> datetime:
    return datetime.now(UTC)


def good(**changes) -> dict:
    return tokens.claims(now(), **changes)


def ask(served, token: str | None, path: str = "/v1/runs"):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    method = "GET" if path == "/v1/runs" else "POST"
    return served.http.request(method, path, headers=headers)


def at(seconds: float) -> int:
    return int(now().timestamp() + seconds)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"iss": "accounts.google.com"},
        {"email": USER.upper()},
        {"email": "Other@example.com"},
        {"nbf": 1},
        {"exp": 1.5},
        {"azp": "x", "hd": "y"},
    ],
)
def test_a_good_token_lets_its_account_in(guarded, changes):
    if changes.get("exp") == 1.5:
        changes = {"exp": at(1800) + 0.5}
    assert ask(guarded, signed(good(**changes))).status_code == 200


def forged() -> str:
    head, _, signature = signed(good(email="stranger@example.com")).split(".")
    return f"{head}.{part(good())}.{signature}"


BAD = {
    "no token": lambda: None,
    "garbage": lambda: "garbage",
    "three parts of garbage": lambda: "a.b.c",
    "not JSON": lambda: f"{b64(b'{')}.{b64(b'{')}.{b64(b'x')}",
    "JSON ten thousand deep": lambda: f"{b64(b'[' * 3000)}.{b64(b'[' * 3000)}.x",
    "a list": lambda: f"{part([])}.{part([])}.x",
    "too long": lambda: signed(good(x="x" * 10_000)),
    "four parts": lambda: signed(good()) + ".x",
    "unsigned": lambda: tokens.unsigned(good()),
    "alg none with a signature": lambda: signed(good(), alg="none"),
    "alg None": lambda: signed(good(), alg=None),
    "signed by the public key": lambda: tokens.confused(good()),
    "HS256 in name": lambda: signed(good(), alg="HS256"),
    "ES256 in name": lambda: signed(good(), alg="ES256"),
    "RS512 in name": lambda: signed(good(), alg="RS512"),
    "a critical extension": lambda: signed(good(), crit=["exp"]),
    "another's key": lambda: signed(good(), kid="one", by="two"),
    "unknown key": lambda: signed(good(), kid="three"),
    "no key id": lambda: signed(good(), kid=None, by="one"),
    "a list for key id": lambda: signed(good(), kid=["one"], by="one"),
    "a key of its own": lambda: signed(good(), kid="four", jwk={"kty": "RSA"}, jku="http://x"),
    "changed claims": forged,
    "no signature": lambda: signed(good()).rpartition(".")[0] + ".",
    "removed signature": lambda: signed(good()).rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE",
    "no claims": lambda: signed({}),
    "claims that are a list": lambda: signed([]),
    "another audience": lambda: signed(good(aud="https://other.example")),
    "no audience": lambda: signed(good(aud=None)),
    "empty audience": lambda: signed(good(aud="")),
    "many audiences": lambda: signed(good(aud=[URL, "https://other.example"])),
    "audience with a slash": lambda: signed(good(aud=URL + "/")),
    "another issuer": lambda: signed(good(iss="https://accounts.example.com")),
    "http issuer": lambda: signed(good(iss="http://accounts.google.com")),
    "no issuer": lambda: signed(good(iss=None)),
    "no email": lambda: signed(good(email=None)),
    "empty email": lambda: signed(good(email="")),
    "email in a list": lambda: signed(good(email=[USER])),
    "unverified email": lambda: signed(good(email_verified=False)),
    "nothing of verification": lambda: signed(good(email_verified=None)),
    "verified in words": lambda: signed(good(email_verified="true")),
    "expired": lambda: signed(good(iat=at(-7200), exp=at(-3600))),
    "just expired": lambda: signed(good(iat=at(-3600), exp=at(-61))),
    "ten years": lambda: signed(good(exp=at(10 * YEAR.total_seconds()))),
    "two hours": lambda: signed(good(exp=at(7200))),
    "two hours, half over": lambda: signed(good(iat=at(-3600), exp=at(3600 + 120))),
    "of the future": lambda: signed(good(iat=at(3600), exp=at(7200))),
    "not before later": lambda: signed(good(nbf=at(600))),
    "no expiry": lambda: signed(good(exp=None)),
    "no issue time": lambda: signed(good(iat=None)),
    "expiry in words": lambda: signed(good(exp="never")),
    "expiry of true": lambda: signed(good(exp=True)),
    "expiry that is no number": lambda: signed(good(exp=float("nan"), iat=float("nan"))),
    "endless expiry": lambda: signed(good(exp=float("inf"))),
    "huge expiry": lambda: signed(good(exp=10**400, iat=10**400)),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("path", ["/v1/runs", "/internal/sweep", "/nowhere"])
def test_any_other_token_is_refused_and_told_nothing(guarded, name, path):
    answer = ask(guarded, BAD[name](), path)
    found = problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert found["detail"] == "This needs a valid identity token for it."


@pytest.mark.parametrize("headers", [
    [("Authorization", "Basic dXNlcjpwYXNz")],
    [("Authorization", "Bearer")],
    [("Authorization", "Bearer {}"), ("Authorization", "Bearer {}")],
    [("X-Serverless-Authorization", "Bearer {}")],
    [("Cookie", "token={}")],
])  # fmt: skip
def test_a_token_comes_in_the_one_header_that_is_for_it(guarded, headers):
    token = signed(good())
    filled = [(name, value.format(token)) for name, value in headers]
    problem(guarded.http.get("/v1/runs", headers=filled), 401)
    problem(guarded.http.get("/v1/runs", params={"access_token": token}), 401)


def test_a_token_with_a_changed_letter_opens_nothing_in_2000_trials(cloud):
    guard, token = Oidc.of(cloud, now), signed(good())
    rng = random.Random(29)  # noqa: S311 - the same each time
    for _ in range(2000):
        place = rng.randrange(len(token) - 1)  # the last letter has bits that are nobody's
        letter = rng.choice(ascii_letters + digits + "-_.")
        if letter == token[place]:
            continue
        with pytest.raises(Problem) as refused:
            guard.admit(shown(token[:place] + letter + token[place + 1 :]), "api")
        assert refused.value.status == 401


def shown(token: str) -> Request:
    """A request with the token."""
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("email", "path", "status"),
    [
        (USER, "/v1/runs", 200),
        (USER, "/internal/sweep", 403),
        (USER, "/internal/wakeups", 403),
        (WAKEUPS, "/internal/sweep", 200),
        (WAKEUPS, "/v1/runs", 403),
        ("stranger@example.com", "/v1/runs", 403),
        ("stranger@example.com", "/internal/sweep", 403),
        ("", "/internal/sweep", 401),
    ],
)
def test_each_account_may_ask_for_its_own(guarded, email, path, status):
    assert ask(guarded, signed(good(email=email)), path).status_code == status


def test_health_is_told_to_anybody_and_nothing_else(guarded):
    assert guarded.http.get("/healthz").json() == {"status": "ok"}
    assert guarded.http.get("/health").json() == {"status": "ok"}
    for path in ("/openapi.json", "/stats", "/v1/batches/a", "/metrics"):
        problem(guarded.http.get(path), 401)


def test_a_body_of_nobody_is_not_read(guarded):
    """The answer comes before the body does."""
    address = httpx.URL(guarded.url)
    with socket.create_connection((address.host, address.port), timeout=20) as stranger:
        stranger.sendall(
            b"POST /v1/runs:batch HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 30000000\r\n\r\n"
        )
        assert stranger.recv(100).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("missing", [{"dispatcher_url": ""}, {"api_accounts": ()}])
def test_what_is_not_set_lets_nobody_in(cloud, missing):
    less = replace(cloud, **missing)
    with serving(less, guard=Oidc.of(less, now)) as served:
        for said in (good(), good(aud="")):
            assert ask(served, signed(said)).status_code in {401, 403}


def test_without_an_account_for_wakeups_nobody_brings_them(cloud):
    less = replace(cloud, wakeup_account="")
    with serving(less, guard=Oidc.of(less, now)) as served:
        for email in (USER, WAKEUPS, ""):
            assert ask(served, signed(good(email=email)), "/internal/sweep").status_code >= 401


def test_a_wakeup_that_is_shown_again_starts_nothing_again(cloud):
    with serving(cloud, guard=Oidc.of(cloud, now)) as served:
        headers = {"Authorization": f"Bearer {signed(good())}"}
        made = served.http.post("/v1/runs", json={"job": "noop", "delay": "1h"}, headers=headers)
        due = served.client.runs.get(made.json()["id"]).due
        served.client.documents._now = lambda: due + timedelta(seconds=1)
        headers = {"Authorization": f"Bearer {signed(good(email=WAKEUPS))}"}
        wakeup = {"kind": "queue", "name": made.json()["queue"]}
        for started in (1, 0, 0):
            answer = served.http.post("/internal/wakeups", json=wakeup, headers=headers)
            assert (answer.status_code, answer.json()["started"]) == (200, started)
        assert len(served.stub.launches) == 1


def test_a_removed_signature_counts_only_where_cloud_run_is_said_to_check_them(cloud):
    removed = signed(good()).rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE"
    trusting = replace(cloud, oidc_signatures="by-cloud-run")
    with serving(trusting, guard=Oidc.of(trusting, now)) as served:
        assert ask(served, removed).status_code == 200
        assert ask(served, signed(good())).status_code == 200
        others = [signed(good(), by="two"), removed[:-1], removed + "x", tokens.unsigned(good())]
        expired = signed(good(iat=1, exp=2)).rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE"
        for token in [*others, expired]:
            assert ask(served, token).status_code == 401
        beside = {"X-Serverless-Authorization": f"Bearer {signed(good())}"}
        headers = {"Authorization": f"Bearer {removed}", **beside}
        assert served.http.get("/v1/runs", headers=headers).status_code == 401
        stranger = signed(good(email="x@y")).rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE"
        assert ask(served, stranger).status_code == 403


def test_googles_own_library_takes_our_good_token_for_one_too(certs):
    """So what is refused above is refused for what it says, and not for how we made it."""
    from google.auth.transport.requests import Request
    from google.oauth2 import id_token

    said = id_token.verify_token(signed(good()), Request(), audience=URL, certs_url=certs.url)
    assert said["email"] == USER
