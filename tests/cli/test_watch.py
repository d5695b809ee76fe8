"""Watching one run, or all; and what programs get of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.cli.board import waiting_last, watch_all
from common.cli.whole import see_it_all
from common.dispatch import Dispatcher
from common.documents import open_documents
from common.errors import Unavailable
from common.runs import Run, Runs, State, transitions
from tests.dispatch.stub import Stub


def test_a_program_that_watches_gets_the_run_as_it_ended(runjobs, inside):
    id = inside("submit", "noop", "--json").json["id"]
    said = runjobs("watch", id, "--json")
    assert (said.code, said.json["id"], said.json["state"]) == (0, id, "succeeded")


def test_a_program_that_watches_all_gets_them_all(inside):
    ids = {inside("submit", "noop", "--delay", "1s", "--json").json["id"] for _ in range(2)}
    said = inside("watch", "--json")
    assert said.code == 0
    assert {run["id"]: run["state"] for run in said.json} == dict.fromkeys(ids, "succeeded")
    assert inside("watch", "--json").json == []


def test_a_program_gets_the_logs_as_lines(runjobs, inside):
    id = inside("submit", "noop", "--wait", "--json").json["id"]
    assert any("The run succeeded" in line for line in inside("logs", id, "--json").json)
    assert inside("logs", id).out.splitlines() == runjobs("logs", id, "--json").json
    id = inside("submit", "noop", "--delay", "1h", "--json").json["id"]
    assert inside("logs", id, "--json").json == []


# --- all, with a ledger of which the test decides what happens between two looks


class Between(Dispatcher):
    """Pauses by doing what the test says."""

    def __init__(self, runs, time, *events) -> None:
        super().__init__(runs, Stub(), clock=time.clock)
        self.events = list(events)

    def pause(self) -> None:
        super().pause()
        if self.events:
            self.events.pop(0)()


class Watched:
    """As much of a client as is watched by."""

    def __init__(self, runs, dispatcher) -> None:
        self.runs, self.dispatcher = runs, dispatcher


@pytest.fixture
def runs(tmp_path, time):
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield Runs(documents)
    documents.close()


def noop(time, id="r1", *, due=0.0) -> Run:
    now = time.now()
    when = {"created": now, "due": now + timedelta(seconds=due), "ready": not due}
    return Run(id=id, job="noop", queue="q", params="{}", **when)


def finish(runs, dispatcher, time, number=1):
    run = runs.claim(f"r{number}", dispatcher.executor.worker(number))
    runs.apply(run, lambda it: transitions.succeed(it, token=run.token, now=time.now(), result="1"))


def test_watching_goes_on_until_all_that_was_seen_has_ended(runs, time):
    runs.submit(noop(time))
    dispatcher = Between(runs, time, lambda: None, lambda: finish(runs, dispatcher, time))
    (run,) = watch_all(Watched(runs, dispatcher), quiet=True)
    assert run.state is State.SUCCEEDED
    assert dispatcher.events == []


def test_a_run_that_one_look_misses_is_met_by_the_next(runs, time, monkeypatch):
    """It went from one state to another while each was asked for."""
    runs.submit(noop(time))
    inner, missed = runs.list, [[], [], []]
    monkeypatch.setattr(
        runs, "list", lambda *asked, **more: missed.pop() if missed else inner(*asked, **more)
    )
    dispatcher = Between(runs, time, lambda: None, lambda: finish(runs, dispatcher, time))
    (run,) = watch_all(Watched(runs, dispatcher), quiet=True)
    assert run.state is State.SUCCEEDED


def test_a_run_that_was_seen_and_is_then_missed_is_still_under_way(runs, time, monkeypatch):
    runs.submit(noop(time))
    inner = runs.list
    blind = lambda: monkeypatch.setattr(runs, "list", lambda *_, **__: [])  # noqa: E731
    dispatcher = Between(
        runs,
        time,
        blind,
        *[lambda: None] * 4,
        lambda: monkeypatch.setattr(runs, "list", inner),
        lambda: finish(runs, dispatcher, time),
    )
    (run,) = watch_all(Watched(runs, dispatcher), quiet=True)
    assert run.state is State.SUCCEEDED


def test_a_store_that_is_away_does_not_end_watching(runs, time, monkeypatch):
    runs.submit(noop(time))
    inner, answers = runs.list, [Unavailable("Away.")] * 5

    def away(*asked, **more):
        if answers:
            raise answers.pop()
        return inner(*asked, **more)

    monkeypatch.setattr(runs, "list", away)
    dispatcher = Between(runs, time, *[lambda: None] * 6, lambda: finish(runs, dispatcher, time))
    (run,) = watch_all(Watched(runs, dispatcher), quiet=True)
    assert run.state is State.SUCCEEDED


def test_a_run_that_is_watched_goes_on_after_ctrl_c(runs, time, capsys):
    def ctrl_c() -> None:
        raise KeyboardInterrupt

    runs.submit(noop(time))
    with pytest.raises(SystemExit) as ended:
        see_it_all(Watched(runs, Between(runs, time, ctrl_c)), runs.get("r1"), quiet=True)
    assert ended.value.code == 130
    assert "Run r1 goes on without you: `runjobs watch r1`." in capsys.readouterr().err
    assert not runs.get("r1").state.ended


def test_where_nothing_is_under_way_watching_ends(runs, time):
    assert watch_all(Watched(runs, Between(runs, time)), quiet=True) == []


def test_what_runs_stands_above_what_waits_for_its_time(runs, time):
    """A terminal shows the first lines of a table only."""
    for id, due in {"tomorrow": 86_400.0, "r1": 0.0, "soon": 60.0, "r2": 0.0}.items():
        runs.submit(noop(time, id, due=due))
        time.advance(1)
    dispatcher = Between(runs, time)
    dispatcher.advance(runs.get("r2"))
    finish(runs, dispatcher, time)
    found = [runs.get(id) for id in ("soon", "r1", "tomorrow", "r2")]
    assert [run.id for run in waiting_last(found)] == ["r2", "r1", "soon", "tomorrow"]
