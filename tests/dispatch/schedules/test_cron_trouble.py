"""Firing on laptops, as many as there are, whatever happens to them."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from common.dispatch import NotStarted
from common.dispatch.executors import StartRefused
from common.dispatch.schedules.cron import Cron
from common.errors import Misconfigured
from common.runs import Schedule, State
from tests.dispatch.laptop import HOUR, MINUTE
from tests.dispatch.schedules.backends import HOURLY


def test_a_start_that_is_refused_is_told_and_made_good(laptops, caplog):
    laptop = laptops(StartRefused("Too many.", retryable=True), tidy=HOURLY)
    laptop.serve(HOUR + 2 * MINUTE)
    assert "Too many." in caplog.text
    assert laptop.launched == ["tidy", "tidy"]
    (run,) = laptop.runs.list()
    assert run.state is State.STARTING


def test_whoever_dies_between_firing_and_starting_leaves_it_to_the_next_sweep(laptop):
    laptop.serve(1)

    def die(_run):
        raise KeyboardInterrupt

    laptop.sleep(HOUR)
    with pytest.raises(KeyboardInterrupt):
        Cron(laptop.schedules, laptop.jobs, die).turn()
    assert laptop.runs.list()[0].state is State.PENDING
    laptop.serve(1)
    assert laptop.launched == ["tidy"]


def test_a_store_that_is_away_is_waited_for(laptop, caplog):
    laptop.serve(HOUR - 10)
    laptop.documents.patience = 0.0
    laptop.sleep(10)
    laptop.documents.faults.extend(["unavailable"] * 12)
    laptop.serve(4 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert any("The cron has to wait" in message for message in caplog.messages)


@pytest.mark.parametrize("fault", ["unavailable", "lost"])
@pytest.mark.parametrize("at", range(6))
def test_whatever_goes_wrong_once_a_moment_fires_once_and_is_started(laptops, fault, at):
    laptop = laptops(tidy=HOURLY)
    laptop.serve(HOUR - 1)
    laptop.documents.faults.extend([None] * at + [fault])
    laptop.serve(3 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert len(laptop.runs.list()) == 1


@pytest.mark.parametrize("at", range(1, 8))
def test_wherever_the_store_goes_away_a_moment_fires_once_and_is_started(laptops, at):
    laptop = laptops(tidy=HOURLY)
    laptop.serve(HOUR - 1)
    laptop.documents.patience = 0.0
    laptop.documents.faults.extend([None] * at + ["unavailable"] * 8)
    laptop.serve(4 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert len(laptop.runs.list()) == 1


def test_what_could_not_run_here_does_not_fire_and_says_why(laptops, time, caplog):
    laptop = laptops(tidy=HOURLY, report=HOURLY)

    def check(job):
        if job == "tidy":
            raise Misconfigured("tidy needs ffmpeg: pip install 'runjobs[media]'.")

    cron = Cron(laptop.schedules, laptop.jobs, laptop.dispatcher.submit, check=check)
    cron.turn()
    time.advance(HOUR)
    cron.turn()
    assert laptop.launched == ["report"]
    assert "tidy needs ffmpeg" in caplog.text


def test_of_several_that_serve_one_fires_and_starts_each_moment(laptops, time):
    served = [laptops(tidy=HOURLY, report=Schedule("*/20 * * * *")) for _ in range(4)]
    crons = [laptop.cron() for laptop in served]
    for cron in crons:
        cron.turn()
    for _ in range(6):
        time.advance(timedelta(minutes=20))
        together(crons)
        end_all(served[0].runs)
    launched = sorted(job for laptop in served for job in laptop.launched)
    assert launched == ["report"] * 6 + ["tidy"] * 2


def together(crons) -> None:
    """All look at once."""
    begin = threading.Barrier(len(crons))

    def turn(cron):
        begin.wait(20)
        cron.turn()

    threads = [threading.Thread(target=turn, args=[cron]) for cron in crons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def end_all(runs) -> None:
    for run in runs.list():
        if not run.state.ended:
            runs.cancel(run.id)


def test_not_started_is_told_and_does_not_keep_others_from_firing(laptops, time, caplog):
    laptop = laptops(tidy=HOURLY, report=HOURLY)
    started = []

    def start(run):
        if run.job == "tidy":
            raise NotStarted(run, StartRefused("No.", retryable=False))
        started.append(run.job)

    cron = Cron(laptop.schedules, laptop.jobs, start)
    cron.turn()
    time.advance(HOUR)
    cron.turn()
    assert started == ["report"]
    assert "could not be started: No." in caplog.text
