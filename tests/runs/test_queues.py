"""What is set of a queue: declared, chosen, and by several at once."""

from __future__ import annotations

import pytest

from common.runs import QueueLimits, Queues


@pytest.fixture
def queues(runs) -> Queues:
    return Queues(runs.documents)


def test_what_was_chosen_goes_before_what_is_declared_and_that_before_the_defaults(queues):
    assert queues.get("q").limits == QueueLimits()
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=50, max_per_second=10)
    queues.declare("io-tasks", QueueLimits(max_concurrent=7))
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=7)
    chosen = queues.choose("io-tasks", {"max_per_second": 2.5})
    assert chosen.limits == QueueLimits(max_concurrent=7, max_per_second=2.5)
    queues.declare("io-tasks", QueueLimits(max_concurrent=8))
    assert queues.get("io-tasks").limits == QueueLimits(max_concurrent=8, max_per_second=2.5)
    assert queues.choose("io-tasks", {}).limits == QueueLimits(max_concurrent=8)


def test_two_that_set_something_at_once_both_have_it(runs, queues, monkeypatch):
    commit = runs.documents._commit_as

    def overtaken(token, writes):
        monkeypatch.setattr(runs.documents, "_commit_as", commit)
        queues.choose("q", {"max_concurrent": 4})
        queues.weigh("q", "other", 2)
        return commit(token, writes)

    monkeypatch.setattr(runs.documents, "_commit_as", overtaken)
    assert queues.choose("q", {"burst": 3}).chosen == {"max_concurrent": 4, "burst": 3}
