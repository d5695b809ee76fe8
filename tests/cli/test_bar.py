"""The progress bar, in terminals of several widths."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from common.cli import bar as module
from common.cli.bar import Bar
from common.runs import Attempt, Outcome, Progress, Run, Worker

COUNTS = "23 pending, 2 running, 4 succeeded, 1 failed of 30"
MANY = "61,234 pending, 400 running, 38,322 succeeded, 23 failed, 21 cancelled of 100,000"


@pytest.fixture
def seen(monkeypatch):
    """What a terminal so wide shows once a bar has been told that."""

    def see(tell, width=100) -> str:
        terminal = Console(file=io.StringIO(), force_terminal=True, width=width, _environ={})
        monkeypatch.setattr(module, "console", lambda **_: terminal)
        with Bar() as bar:
            tell(bar)
            terminal.file = io.StringIO()
            bar._bars.refresh()
            said = terminal.file.getvalue()
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said).strip()

    return see


@pytest.fixture
def line(seen):
    """What is shown of such a message."""
    return lambda message, width: seen(
        lambda bar: bar.show(Progress(fraction=0.17, message=message)), width
    )


@pytest.mark.parametrize("width", [80, 99, 100, 120, 200])
def test_of_a_batch_all_is_told_from_80_columns_on(line, width):
    said = line(COUNTS, width)
    assert COUNTS in said
    assert " 17% " in said
    assert re.search(r" (-:--:--|\d:\d\d:\d\d) to go$", said)
    assert ("gone," in said) == (width >= 100)
    assert "…" not in said


@pytest.mark.parametrize("width", [40, 80, 100])
def test_where_there_is_too_little_room_the_text_is_cut_and_no_time(line, width):
    said = line(MANY, width)
    assert said[2:].startswith("61,234 pend")
    assert said.count("…") == 1
    assert re.search(r" (-:--:--|\d:\d\d:\d\d) to go$", said)
    assert len(said) <= width


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.INTERRUPTED, Outcome.LOST])
def test_as_long_as_nobody_knows_how_far_it_is_no_time_is_said_to_go(seen, time, outcome):
    now = time.now()
    worker = Worker(name="w")
    tried = Attempt(number=1, token="t", worker=worker, due=now, started=now, outcome=outcome)
    more = {"created": now, "due": now, "attempts": (tried,)}
    run = Run(id="r", job="noop", queue="q", params="{}", **more)
    said = seen(lambda bar: bar.look(run))
    assert f"attempt 1 {outcome}; the next in 0 s" in said
    assert said.endswith("0:00:00 gone")


def test_where_there_is_room_the_bar_has_it(line):
    assert line("Picture 7", 80).count("━") + line("Picture 7", 80).count("╺") >= 30
