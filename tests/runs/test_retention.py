"""What is kept for how long, and what is removed with it."""

from __future__ import annotations

import pytest

from common.blobs import open_blobs
from common.documents import Conflict, Update
from common.runs import Failure, NoSuchRun, Refused, Retention, State, transitions
from tests.runs.making import claimed, finished, given, made


@pytest.fixture
def blobs(tmp_path):
    return open_blobs(f"file://{tmp_path}/blobs")


@pytest.fixture
def retention(runs, blobs):
    return Retention(runs, blobs=lambda: blobs)


def done(runs, blobs, id, keep):
    run = finished(runs, claimed(runs, given(runs, [made(runs.documents.now(), id, keep=keep)])[0]))
    blobs.write(f"runs/{id}/1/a.txt", b"a")
    blobs.write(f"runs/{id}/1/b.txt", b"b")
    return run


def dead(runs, id):
    run = claimed(runs, given(runs, [made(runs.documents.now(), id, keep=1.0)])[0])
    error = Failure(type="E", message="no", retryable=False)
    now = runs.documents.now()
    return runs.apply(
        run,
        lambda it: transitions.fail(it, token=run.token, now=now, error=error, retry_in=None),
    )


def paths(blobs):
    return sorted(blob.path for blob in blobs.list("runs/"))


def test_what_ended_is_removed_when_it_was_kept_for_long_enough_and_not_before(
    runs, blobs, retention, time
):
    done(runs, blobs, "day", 86_400.0)
    done(runs, blobs, "ever", None)
    time.advance(86_399)
    assert retention.remove_expired() == 0
    time.advance(1)
    assert retention.remove_expired() == 1
    assert [run.id for run in runs.list()] == ["ever"]
    assert paths(blobs) == ["runs/ever/1/a.txt", "runs/ever/1/b.txt"]


def test_what_changed_since_it_was_found_keeps_its_blobs(runs, blobs, retention, time, monkeypatch):
    """A page of runs with many blobs takes its time, in which one of them may be replayed."""
    done(runs, blobs, "r1", 1.0)
    time.advance(1)
    query = runs.documents.query

    def then(asked):
        found = query(asked)
        if asked.collection == "runs":
            for document in found:
                write = Update("runs", document.id, {"expires": None}, document.version)
                runs.documents.commit([write])
        return found

    with monkeypatch.context() as patch:
        patch.setattr(runs.documents, "query", then)
        assert retention.remove_expired() == 0
    assert paths(blobs) == ["runs/r1/1/a.txt", "runs/r1/1/b.txt"]


def test_a_dead_letter_stays_until_it_is_discarded(runs, blobs, retention, time):
    run = dead(runs, "r1")
    blobs.write("runs/r1/1/a.txt", b"a")
    time.advance(10**9)
    assert retention.remove_expired() == 0
    assert retention.discard("r1") == run
    assert runs.find("r1") is None
    assert paths(blobs) == []
    with pytest.raises(NoSuchRun):
        retention.discard("r1")


def test_only_a_dead_letter_can_be_discarded(runs, blobs, retention):
    done(runs, blobs, "r1", None)
    with pytest.raises(Refused, match="succeeded"):
        retention.discard("r1")
    assert len(paths(blobs)) == 2


def test_a_dead_letter_that_is_replayed_meanwhile_is_not_discarded(runs, retention, monkeypatch):
    dead(runs, "r1")
    get = runs.get

    def overtaken(id):
        monkeypatch.setattr(runs, "get", get)
        found = get(id)
        runs.replay(id)
        return found

    monkeypatch.setattr(runs, "get", overtaken)
    with pytest.raises((Conflict, Refused)):
        retention.discard("r1")
    assert runs.get("r1").state is State.PENDING


def test_one_that_died_between_the_blobs_and_the_run_is_made_up_for(
    runs, blobs, retention, time, monkeypatch
):
    """The blobs go first: without the run nobody would know of them."""
    done(runs, blobs, "r1", 1.0)
    time.advance(1)
    with monkeypatch.context() as patch:
        patch.setattr(runs.documents, "commit", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retention.remove_expired()
    assert (paths(blobs), runs.find("r1") is None) == ([], False)
    assert retention.remove_expired() == 1


def test_more_than_a_page_is_removed_at_once(runs, time, monkeypatch):
    monkeypatch.setattr("common.runs.retention._PAGE", 2)
    for number in range(5):
        run = given(runs, [made(time.now(), f"r{number}", keep=float(number))])[0]
        finished(runs, claimed(runs, run))
    time.advance(3)
    assert Retention(runs).remove_expired() == 4
    assert [run.id for run in runs.list()] == ["r4"]


def test_executions_are_removed_after_a_month(runs, retention, time):
    given(runs, [made(time.now(), "r1")])
    (execution,) = runs.reserve([runs.get("r1")])
    runs.release(execution)
    time.advance(29 * 86_400)
    assert retention.remove_expired() == 0
    time.advance(86_400)
    assert retention.remove_expired() == 1
    assert runs.execution(execution.id) is None
