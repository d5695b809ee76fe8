"""Agendas have their turns, whatever becomes of the others."""

from __future__ import annotations

import threading

from common.errors import Unavailable
from common.localcloud.agenda import Clockwork


class Turns:
    """An agenda that tells of its turns."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.count = 0
        self.came = threading.Event()

    def turn(self) -> float:
        self.count += 1
        self.came.set()
        if self.error:
            raise self.error
        return 60


def test_whoever_is_told_looks_at_once():
    agenda = Turns()
    clockwork = Clockwork([agenda])
    clockwork.start()
    try:
        assert agenda.came.wait(10)
        agenda.came.clear()
        clockwork.tell()
        assert agenda.came.wait(10)
    finally:
        clockwork.stop()


def test_one_that_fails_keeps_no_other_from_its_turn(caplog):
    failing, unavailable, good = Turns(ValueError("a bug")), Turns(Unavailable("away")), Turns()
    clockwork = Clockwork([failing, unavailable, good])
    clockwork.start()
    try:
        assert good.came.wait(10)
    finally:
        clockwork.stop()
    assert "a bug" in caplog.text
    assert "away" in caplog.text


def test_stopped_it_ends_what_is_to_be_ended_after_the_last_turn():
    agenda, ended = Turns(), []
    clockwork = Clockwork([agenda])
    clockwork.at_end.append(lambda: ended.append(agenda.count))
    clockwork.start()
    clockwork.stop()
    assert ended == [agenda.count]


def test_one_that_was_never_started_can_be_stopped():
    Clockwork([Turns()]).stop()
