"""Runs that a run submits are the same when it is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.runtime.offspring import Offspring
from common.services import Services
from tests.dispatch.backends import settings
from tests.runs.making import claimed, given, made


@pytest.fixture
def family(tmp_path):
    """One process's services, whose looks at queues are noted, and a parent at work."""
    looked = []
    services = Services(settings(tmp_path), look=lambda _, queue, at: looked.append((queue, at)))
    run = given(services.runs, [made(services.documents.now(), "parent", tenant="t")])[0]
    yield services, claimed(services.runs, run), looked
    services.close()


def bear(services, parent):
    """What a parent's attempt submits."""
    family = Offspring(services, parent)
    child = {"key": None, "delay": timedelta(), "then": None}
    return [
        family.submit("noop", {}, **child),
        family.submit("noop", {}, **child),
        family.submit("noop", {}, **{**child, "key": "k"}),
        family.submit("noop", None, **{**child, "delay": timedelta(hours=1)}),
        family.submit_many("noop", [{}, {}], key=None, then=family.then("noop", {})),
        family.submit_many("noop", [{}], key="k", then=None),
    ]


def test_children_are_the_same_when_their_parent_is_tried_again(family):
    services, parent, looked = family
    first = bear(services, parent)
    size = len(services.runs.list())
    again = bear(services, parent)
    assert again == first
    assert len(set(first)) == 6
    assert len(services.runs.list()) == size == 1 + 4 + 2 + 1
    children = [run for run in services.runs.list() if run.id != "parent"]
    assert {(run.parent, run.tenant) for run in children} == {("parent", "t")}
    assert {queue for queue, _ in looked} == {children[0].queue}


def test_children_of_a_parent_that_died_in_between_are_completed(family):
    services, parent, _ = family
    half = Offspring(services, parent)
    first = half.submit("noop", {}, key=None, delay=timedelta(), then=None)
    assert bear(services, parent)[0] == first
    assert len(services.runs.list()) == 1 + 4 + 2 + 1


def test_children_of_other_parents_are_others(family):
    services, parent, _ = family
    other = given(services.runs, [made(services.documents.now(), "other")])[0]
    assert set(bear(services, parent)).isdisjoint(bear(services, claimed(services.runs, other)))
