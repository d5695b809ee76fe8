"""Dead letters: replayed or discarded, one by one or all of a job."""

from __future__ import annotations

import pytest

from common.documents import open_documents
from common.runs import Failure, Run, Runs, Worker, transitions
from common.settings import Settings


@pytest.fixture
def ledger(environment):
    documents = open_documents(Settings.load(environment).documents)
    yield Runs(documents)
    documents.close()


def dead(ledger, id, job="noop", message="It never works.") -> str:
    """A run that has failed for good."""
    error = Failure(type="Permanent", message=message, retryable=False)
    now = ledger.documents.now()
    queue = "maintenance-tasks"
    ledger.submit(Run(id=id, job=job, queue=queue, params="{}", created=now, due=now))
    run = ledger.claim(id, Worker(name="w"))
    ledger.apply(
        run,
        lambda it: transitions.fail(it, token=run.token, now=now, error=error, retry_in=None),
    )
    return id


def test_all_of_a_job_are_replayed_however_many_and_no_others(inside, ledger):
    for number in range(105):
        dead(ledger, f"r{number}")
    dead(ledger, "other", job="gone")
    inside("queues", "pause", "maintenance-tasks")
    said = inside("dead-letters", "replay", "--all", "--job", "noop")
    assert (said.code, said.out) == (
        0,
        "105 runs are pending again; `runjobs watch` sees them through.\n",
    )
    (left,) = inside("dead-letters", "list", "--json").json
    assert left["id"] == "other"
    assert len(ledger.get("r0").attempts) == 1  # its history stays


def test_where_there_are_none_none_is_to_be_watched(inside):
    assert inside("dead-letters", "replay", "--all").out == "0 runs are pending again.\n"


def test_each_is_a_line_however_many_its_error_has(inside, ledger):
    dead(ledger, "a", message="Row 7\nis bad.\nVery.")
    assert [line.split()[0] for line in inside("dead-letters", "list").out.splitlines()] == [
        "RUN",
        "a",
    ]


def test_that_there_are_more_than_are_listed_is_told_to_people(inside, ledger):
    for id in ("a", "b", "c"):
        dead(ledger, id)
    said = inside("list", "--limit", "2")
    assert len(said.out.splitlines()) == 3
    assert said.err == "There are more than these 2: see --limit.\n"
    assert inside("dead-letters", "list", "--limit", "2").err == said.err
    assert inside("list", "--limit", "3").err == ""
    for_programs = inside("list", "--limit", "2", "--json")
    assert (len(for_programs.json), for_programs.err) == (2, "")


def test_what_cannot_be_replayed_is_said_and_keeps_no_other_from_it(inside, ledger):
    dead(ledger, "a")
    said = inside("dead-letters", "replay", "nobody", "a", "--json")
    assert said.code == 2
    assert "There is no run nobody" in said.err
    assert [run["id"] for run in said.json] == ["a"]
    assert inside("watch", "a").code == 0


def test_a_job_that_is_gone_is_replayed_and_it_is_said_that_it_cannot_be_started(inside, ledger):
    dead(ledger, "a", job="gone")
    said = inside("dead-letters", "replay", "a")
    assert said.code == 2
    assert "'gone'" in said.err
    assert ledger.get("a").state == "pending"


def test_one_is_discarded_with_its_blobs_and_others_stay(runjobs, inside, ledger, home):
    dead(ledger, "a")
    dead(ledger, "b")
    blob = home / "blobs" / "runs" / "a" / "1" / "half.bin"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"half")
    assert runjobs("dead-letters", "discard", "a").out == "a of noop is discarded.\n"
    assert inside("show", "a").code == 2
    assert not blob.exists()
    assert ledger.find("b")


def test_all_of_a_job_are_discarded(inside, ledger):
    for id in ("a", "b"):
        dead(ledger, id)
    dead(ledger, "c", job="gone")
    assert sorted(inside("dead-letters", "discard", "--all", "--job", "noop", "--json").json) == [
        "a",
        "b",
    ]
    assert inside("dead-letters", "discard", "--all").out == "1 run is discarded.\n"


def test_only_a_failed_run_is_discarded(inside, ledger):
    id = inside("submit", "noop", "--delay", "1h", "--json").json["id"]
    said = inside("dead-letters", "discard", id)
    assert said.code == 1
    assert "only a failed one" in said.err
    assert ledger.find(id)


@pytest.mark.parametrize("command", ["replay", "discard"])
@pytest.mark.parametrize("arguments", [[], ["a", "--all"], ["a", "--job", "noop"]])
def test_either_some_are_named_or_all_are_meant(inside, command, arguments):
    assert inside("dead-letters", command, *arguments).code == 2
