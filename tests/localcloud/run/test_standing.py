"""How an execution stands is packed into its document, and read from what is there."""

from __future__ import annotations

from dataclasses import replace

from common.localcloud.run.standing import Attempt, Standing, packed, standing, unpacked


def test_ten_thousand_tasks_fit_into_a_document():
    attempts = [
        Attempt(
            result="failed" if index % 3 else "succeeded",
            started=1_790_000_000.123456 + index / 7,
            ended=1_790_000_001.654321 + index / 3,
            exit_code=index % 256,
            detail=f"Exit code {index % 256}. It last said: number {index} did not work",
            failures=(Attempt(result="failed", started=1.5, exit_code=1),) * (index % 3),
        )
        for index in range(10_000)
    ]
    text = packed(Standing(tasks=tuple(attempts)))
    assert len(text) < 900_000
    kept = unpacked(text).tasks
    assert [it.exit_code for it in kept] == [it.exit_code for it in attempts]
    assert [it.ended for it in kept] == [it.ended for it in attempts]


def test_what_is_packed_is_the_same_unpacked():
    told = Attempt(result="failed", started=1.25, ended=2.5, exit_code=0, detail="ø")
    standing = Standing(tasks=(Attempt(), told, replace(told, failures=(told,), term_signal=9)))
    assert unpacked(packed(standing)) == standing


def test_what_an_earlier_release_left_is_read_with_the_times_that_there_are():
    known = {
        0: {"pid": 1, "result": "failed", "detail": "Exit code 1.", "seconds": 2.0},
        1: {"pid": 2},
    }
    read = standing(3, known, alive=True, at=100.0)
    assert [(it.result, it.started, it.ended) for it in read.tasks] == [
        ("failed", 100.0, 102.0),
        ("", 100.0, None),
        ("", None, None),
    ]
    assert (read.running, read.ended) == (1, False)
    lost = standing(3, known, alive=False, at=100.0)
    assert (lost.count("failed"), lost.ended, lost.finished) == (3, True, 102.0)
