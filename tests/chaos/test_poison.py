"""Row 21: poison params are refused where they are submitted, with nothing written."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from common.cli import cli
from common.errors import InvalidInput
from common.runtime.declare import Job
from common.runtime.discover import all_jobs
from common.settings import Settings
from tests.chaos.counts import trials
from tests.web.conftest import Served, serving

FAR = "2099-01-01T00:00:00Z"
"""So that nothing that is accepted begins."""
JOBS = [job for job in all_jobs() if job.params is not None]


DEPTH = 10_000


def deep() -> Any:
    value: Any = 1
    for _ in range(DEPTH):
        value = [value]
    return value


SCALARS: tuple[Any, ...] = (
    float("nan"),
    float("inf"),
    float("-inf"),
    -0.0,
    10**400,
    -1,
    2**63,
    1e308,
    True,
    None,
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\u202egnp.exe",
    "x" * 300_000,
    "1" * 5_000,
    "../../etc/passwd",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "{run}",
    "{result.a}",
    "{batch}",
    "invoice",
    "$(id)",
)


def poison(random: random.Random, depth: int = 0) -> Any:
    """Anything that JSON, or Python's idea of it, can say."""
    kind = random.randrange(8)
    if kind == 0 and depth < 3:
        return [poison(random, depth + 1) for _ in range(random.randrange(4))]
    if kind == 1 and depth < 3:
        return {str(poison_name(random)): poison(random, depth + 1) for _ in range(3)}
    return random.choice(SCALARS)


def poison_name(random: random.Random) -> str:
    return random.choice(["a", "", "__proto__", "\0", "\ud800", "x" * 1_000, "params", "self"])


def params_of(job: Job, random: random.Random) -> dict[str, Any]:
    """Params of which some names are right."""
    known = list(getattr(job.params, "model_fields", {}))
    names = [name for name in known if random.random() < 0.7]
    names += [poison_name(random)] if random.random() < 0.2 else []
    found = {name: poison(random) for name in names}
    if random.random() < 0.05:
        found[random.choice(known)] = deep()
    return found


def as_text(params: dict[str, Any]) -> str:
    """Their JSON, which Python itself does not write of what is nested so deep."""
    pairs = (f"{json.dumps(name)}: {value_text(value)}" for name, value in params.items())
    return f"{{{', '.join(pairs)}}}"


def value_text(value: Any) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return "[" * DEPTH + "]" * DEPTH


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    with serving(Settings.load({"RUNJOBS_HOME": str(home)})) as found:
        yield found


def by_python(served: Served, job: Job, params: dict[str, Any]) -> bool:
    try:
        served.client.submit(job, params)
    except InvalidInput:
        return False
    return True


def by_http(served: Served, job: Job, params: dict[str, Any]) -> bool:
    body = f'{{"job": "{job.name}", "params": {as_text(params)}}}'
    headers = {"content-type": "application/json"}
    answer = served.http.post("/v1/runs", content=body.encode(), headers=headers)
    assert answer.status_code == 201 or 400 <= answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    return answer.status_code == 201


def by_command(served: Served, job: Job, params: dict[str, Any]) -> bool:
    environ = {"RUNJOBS_HOME": str(served.client.settings.home)}
    words = ["submit", job.name, "--params", "-", "--at", FAR]
    done = CliRunner().invoke(cli, words, input=as_text(params), env=environ)
    # What `main` makes a sentence and exit code 2 of; or click's own.
    refused = isinstance(done.exception, InvalidInput) or done.exit_code == 2
    assert refused or done.exit_code == 0, (done.exception, done.output)
    return not refused


@pytest.mark.parametrize("way", [by_python, by_http, by_command])
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_poison_is_refused_in_a_sentence_and_nothing_is_written(
    served, job: Job, way: Callable[..., bool]
):
    count = trials(6, 12_000 // (3 * len(JOBS)))
    for number in range(count):
        params = params_of(job, random.Random(f"{job.name} {way.__name__} {number}"))  # noqa: S311
        before = sum(1 for _ in served.client.runs.list(limit=10_000))
        accepted = way(served, job, params)
        assert sum(1 for _ in served.client.runs.list(limit=10_000)) - before == accepted
