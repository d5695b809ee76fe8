"""What a run submits for a tenant: the operator's for any, a tenant's for its own only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest

from common.errors import InvalidInput
from common.runs import KeyReused, Run, Runs
from common.runtime.offspring import Offspring
from common.runtime.submission import keyed_id


@pytest.fixture
def submit(documents):
    """Submits as a run of that id and tenant does; returns the other run."""
    runs, now = Runs(documents), documents.now()
    services = SimpleNamespace(documents=documents, runs=runs, look_at=lambda *_: None)

    def submit_one(
        parent: str, *, of: str = "", tenant: str | None, key: str | None = "k", **params
    ):
        by = Run(id=parent, job="noop", queue="q", params="{}", created=now, due=now, tenant=of)
        how = {"delay": timedelta(), "then": None, "tenant": tenant, "key": key}
        return runs.get(Offspring(services, by).submit(params.pop("job", "noop"), params, **how))

    return submit_one


def test_the_operators_run_submits_for_any_tenant_as_if_it_came_from_outside(submit):
    run = submit("p1", tenant="t1")
    assert (run.tenant, run.parent, run.key) == ("t1", "p1", "k")
    assert run.id == keyed_id("t1", "noop", "k")


def test_whichever_run_comes_with_the_key_gets_the_same_run(submit):
    first = submit("p1", tenant="t1")
    assert submit("p2", tenant="t1").id == first.id
    assert submit("p3", of="t1", tenant="t1").id == first.id
    others = {submit("p1", tenant=tenant, key=key).id for tenant, key in [("t2", "k"), ("t1", "l")]}
    own = {submit("p1", tenant=None).id, submit("p2", tenant=None).id, submit("p1", tenant="").id}
    assert len({first.id, *others, *own}) == 6


def test_fifty_runs_at_once_submit_one(submit):
    with ThreadPoolExecutor(50) as threads:
        found = [*threads.map(lambda n: submit(f"p{n}", tenant="t1").id, range(50))]
    assert len({*found}) == 1


def test_a_tenants_run_submits_for_no_other(submit):
    for tenant in ("t2", ""):
        with pytest.raises(InvalidInput, match="that tenant only"):
            submit("p1", of="t1", tenant=tenant)
    assert submit("p1", of="t1", tenant="t1").tenant == "t1"


def test_what_is_for_a_tenant_needs_a_key(submit):
    with pytest.raises(InvalidInput, match="key"):
        submit("p1", tenant="t1", key=None)


def test_the_same_key_with_other_params_is_refused(submit):
    submit("p1", tenant="t1", job="video-generation", prompt="a")
    with pytest.raises(KeyReused):
        submit("p2", tenant="t1", job="video-generation", prompt="b")
