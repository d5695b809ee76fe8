"""Firing on a laptop while it serves, and what its sleep costs."""

from __future__ import annotations

from common.runs import Schedule, State
from tests.dispatch.laptop import HOUR, MINUTE
from tests.dispatch.schedules.backends import HOURLY


def test_while_it_serves_a_job_is_started_at_its_times(laptop):
    laptop.serve(HOUR - 1)
    assert laptop.launched == []
    laptop.serve(2)
    assert laptop.launched == ["tidy"]
    (run,) = laptop.runs.list()
    assert run.state is State.STARTING


def test_each_firing_is_a_line_in_the_log_and_each_that_is_left_out(laptops, caplog):
    caplog.set_level("INFO", "runjobs")
    laptop = laptops(tidy=Schedule("*/2 * * * *"))
    laptop.serve(4 * MINUTE + 1)
    (run,) = laptop.runs.list()
    said = [record for record in caplog.records if record.fields.get("job") == "tidy"]
    assert [record.fields["action"] for record in said] == ["fire", "overlap"]
    assert [record.levelname for record in said] == ["INFO", "WARNING"]
    assert said[0].fields["run"] == run.id
    assert said[0].getMessage() == "tidy fires for 2026-11-22 12:02 UTC."


def test_what_came_while_nobody_served_is_left_out(laptop, caplog):
    laptop.serve(1)
    laptop.sleep(5.5 * HOUR)
    laptop.serve(1)
    assert laptop.launched == []
    assert "was to fire at 2026-11-22 17:00 UTC, which was missed" in caplog.text
    laptop.serve(HOUR / 2 + 1)
    assert laptop.launched == ["tidy"]


def test_or_is_made_up_for_once_where_that_is_declared(laptops):
    laptop = laptops(tidy=Schedule("0 * * * *", missed="once"))
    laptop.serve(1)
    laptop.sleep(5.5 * HOUR)
    laptop.serve(3 * MINUTE)
    assert laptop.launched == ["tidy"]


def test_a_laptop_that_was_asleep_while_it_served_fires_within_a_minute_of_waking(laptops):
    """A monotonic clock may stand still meanwhile, so that a long rest would last far too long."""
    laptop = laptops(tidy=Schedule("0 0 * * *"))
    assert laptop.cron().turn() <= MINUTE


def test_what_is_declared_no_more_is_forgotten_when_it_is_served_again(laptop, laptops):
    laptop.serve(1)
    other = laptops(report=HOURLY)
    other.serve(1)
    assert [entry.job for entry in laptop.schedules.list()] == ["report"]


def test_it_looks_at_the_store_only_when_a_moment_comes(laptop):
    cron = laptop.cron()
    cron.turn()
    laptop.documents.calls.clear()
    for _ in range(59):
        laptop.sleep(MINUTE)
        cron.turn()
    assert laptop.documents.calls == []


def test_with_no_schedules_it_asks_for_nothing(laptops):
    laptop = laptops()
    cron = laptop.cron()
    cron.turn()
    laptop.documents.calls.clear()
    assert cron.turn() == MINUTE
    assert laptop.documents.calls == []
