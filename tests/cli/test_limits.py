"""Limits on providers: how they stand, and setting them."""

from __future__ import annotations

import pytest

from common.documents import open_documents
from common.limits import Limiter, Limits, Throttled
from common.settings import Settings


@pytest.fixture
def documents(environment):
    documents = open_documents(Settings.load(environment).documents)
    yield documents
    documents.close()


def call(documents, name="pixverse", *, refused=0):
    with Limiter(documents, Limits(name=name, per_second=1000)) as limiter:
        limiter.call(lambda: None)
        for _ in range(refused):
            with pytest.raises(Throttled):
                limiter.call(refuse)


def refuse():
    raise Throttled("Too many.")


def test_a_provider_that_was_called_is_listed_with_its_efficiency(inside, documents):
    call(documents)
    call(documents, "heygen", refused=1)
    heygen, pixverse = inside("limits", "list", "--json").json
    assert (pixverse["name"], pixverse["calls"], pixverse["efficiency"]) == ("pixverse", 1, 1.0)
    assert (heygen["calls"], heygen["throttled"]) == (2, 1)
    assert heygen["efficiency"] <= 0.5
    assert 0 < heygen["share"] < 1
    table = inside("limits", "list", env={"COLUMNS": "100"}).out.splitlines()
    assert [line.split()[0] for line in table] == ["PROVIDER", "heygen", "pixverse"]
    assert "100%" in table[2]


def test_limits_are_set_one_by_one_and_given_up_together(runjobs, inside):
    runjobs("limits", "set", "pixverse", "--per-second", "2")
    said = inside("limits", "set", "pixverse", "--max-concurrent", "3")
    assert said.out == "pixverse: per_second 2, max_concurrent 3.\n"
    (found,) = inside("limits", "list", "--json").json
    assert found["set"] == {"per_second": 2.0, "burst": None, "max_concurrent": 3}
    assert inside("limits", "set", "pixverse", "--default").out == "pixverse: as declared.\n"


def test_no_limit_on_calls_at_once_is_said_to_be_none(inside, documents):
    call(documents)
    said = inside("limits", "set", "pixverse", "--max-concurrent", "0")
    assert (said.out, said.err) == ("pixverse: max_concurrent any.\n", "")


def test_a_name_that_nobody_has_used_is_noted(inside):
    first, again = (inside("limits", "set", "pixvrese", "--per-second", "2") for _ in range(2))
    assert first.err == "Note: no provider pixvrese was called in the last week.\n"
    assert (first.code, first.out, again.err) == (0, "pixvrese: per_second 2.\n", "")


def test_where_nothing_was_called_nothing_is_listed(inside):
    assert inside("limits", "list", "--json").json == []
    assert "No provider" in inside("limits", "list").err


@pytest.mark.parametrize(
    "arguments",
    [["pixverse"], ["pixverse", "--per-second", "0"], ["a/b", "--per-second", "1"]],
)
def test_what_is_no_limit_is_refused(inside, arguments):
    said = inside("limits", "set", *arguments)
    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err
