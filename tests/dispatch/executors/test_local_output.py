"""What tasks on this machine printed is read with the run that they printed it for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.dispatch.backends import launch
from tests.runs.making import attempted


@pytest.fixture
def printed(laptop) -> Callable[..., list[str]]:
    """What the laptop shows of a run that had these attempts."""
    return lambda *workers, id="r": list(laptop.executor.logs(replace(attempted(*workers), id=id)))


def test_what_each_task_printed_is_kept_apart_and_read_in_the_order_of_attempts(laptop, printed):
    name = laptop.executor.start(launch(2))
    for _ in range(2):
        task = laptop.task()
        task.do(print=f"I am {task.environment['CLOUD_RUN_TASK_INDEX']}\nø ☕")
        task.end(0)
    laptop.settle(name)
    assert printed((name, 1), ("noop-nowhere", 0), (name, 0)) == [
        "I am 1",
        "ø ☕",
        "I am 0",
        "ø ☕",
    ]


def test_what_a_start_that_came_to_nothing_printed_is_read_with_its_run(laptop, printed):
    for words, runs in (("first", ("other", "r")), ("second", ("r",)), ("not mine", ("x",))):
        name = laptop.executor.start(replace(launch(len(runs)), runs=runs))
        for task in sorted(
            (laptop.task() for _ in runs), key=lambda it: it.environment["CLOUD_RUN_TASK_INDEX"]
        ):
            task.do(print=f"{words} {task.environment['CLOUD_RUN_TASK_INDEX']}")
            task.end(1)
        laptop.settle(name)
    assert printed() == ["first 1", "second 0"]
    assert printed((name, 0)) == ["first 1", "second 0"]
    assert printed(id="x") == ["not mine 0"]


def test_an_attempt_of_its_own_start_is_read_once(laptop, printed):
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    task = laptop.task()
    task.do(print="once")
    task.end(0)
    laptop.settle(name)
    assert printed((name, 0)) == ["once"]


def play(laptop, lines: list[tuple[str, str]], *, runs: tuple[str, ...] = ()) -> str:
    """One task that begins and prints in turn, to its end."""
    name = laptop.executor.start(replace(launch(), runs=runs))
    task = laptop.task()
    for order, words in lines:
        task.do(**{order: words})
    task.end(0)
    laptop.settle(name)
    return name


def test_of_a_task_that_worked_on_several_runs_each_has_its_own_output(laptop, printed):
    lines = [("print", "starting"), ("begins", "r"), ("print", "one\ntwo")]
    lines += [("begins", "s"), ("begins", "t"), ("print", "ø ☕"), ("begins", "u"), ("print", "4")]
    name = play(laptop, lines, runs=("r",))
    here = (name, 0)
    assert printed(here) == ["starting", "one", "two"]
    assert printed(here, id="s") == []
    assert printed(here, id="t") == ["ø ☕"]
    assert printed(here, id="u") == ["4"]
    assert printed(here, id="v") == []


def test_what_a_task_printed_before_it_began_is_of_the_run_it_was_started_for(laptop, printed):
    """Also where that was cancelled meanwhile, and the task began with another."""
    name = play(laptop, [("print", "early"), ("begins", "s"), ("print", "late")], runs=("r",))
    assert printed() == ["early"]
    assert printed((name, 0), id="s") == ["late"]


def test_attempts_at_one_run_in_one_task_are_read_in_their_order_among_those_elsewhere(
    laptop, printed
):
    lines = [("begins", "r"), ("print", "1st"), ("begins", "s"), ("print", "not mine")]
    here = play(laptop, [*lines, ("begins", "r"), ("print", "3rd")], runs=("r",))
    there = play(laptop, [("begins", "t"), ("begins", "r"), ("print", "2nd")], runs=("t",))
    attempts = [(here, 0), (there, 0), (here, 0)]
    assert printed(*attempts) == ["1st", "2nd", "3rd"]
    assert printed(*attempts[:2]) == ["1st", "3rd", "2nd"]


def test_a_run_that_began_in_the_middle_of_a_line_has_its_own_part(laptop, printed):
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"one\ntw" + b"o\r\nthr" + b"ee\n")
    (laptop.folder(name) / "task-0.index").write_bytes(b"0 r\n6 s\n12 t\n")
    shown = [printed((name, 0), id=id) for id in "rst"]
    assert shown == [["one", "tw"], ["o", "thr"], ["ee"]]


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        (b"", ["rst", "", ""]),
        (b"0 ", ["rst", "", ""]),
        (b"0 r", ["rst", "", ""]),
        (b"0 r\n2 ", ["rst", "", ""]),
        (b"0 r\n2 s\n4", ["r", "st", ""]),
        (b"0 r\nno line\n2 s\n\xff \xff\n4 t\n", ["r", "s", "t"]),
        (b"0 r\n2 s\n400 t\n", ["r", "st", ""]),
    ],
)
def test_an_index_that_is_broken_is_read_as_far_as_it_is(laptop, printed, index, shown):
    """As by a full disk, or a crash of the machine."""
    name = laptop.executor.start(replace(launch(), runs=("r",)))
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"r\ns\nt\n")
    (laptop.folder(name) / "task-0.index").write_bytes(index)
    assert ["".join(printed((name, 0), id=id)) for id in "rst"] == shown


def test_a_carriage_return_begins_a_line_of_its_own(laptop, printed):
    name = laptop.executor.start(launch())
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"1%\r2%\r\n\nend")
    assert printed((name, 0)) == ["1%", "2%", "", "end"]


def test_output_that_is_no_text_is_shown_as_far_as_it_is(laptop, printed):
    name = laptop.executor.start(launch())
    laptop.task().end(0)
    laptop.settle(name)
    (laptop.folder(name) / "task-0.log").write_bytes(b"good \xff\xfe bad\nend")
    assert printed((name, 0)) == ["good \ufffd\ufffd bad", "end"]
