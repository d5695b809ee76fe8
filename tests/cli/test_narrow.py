"""What people read fits into a terminal of 80 columns: nothing is cut but what was long itself."""

from __future__ import annotations

import pytest


@pytest.fixture
def narrow(inside):
    def call(*arguments: str) -> list[list[str]]:
        lines = inside(*arguments, env={"COLUMNS": "80"}).out.splitlines()
        assert all(len(line) <= 80 for line in lines), lines
        return [line.split() for line in lines]

    return call


def test_of_runs_only_the_note_is_cut(inside, narrow):
    inside("run", "image-generation", "--prompt", "A cat", "--provider", "gemini")
    header, row = narrow("list")
    assert header == ["RUN", "JOB", "STATE", "NOTE"]
    assert row[1:4] == ["image-generation", "failed", "Misconfigured:"]
    assert row[-1].endswith("…")


def test_jobs_and_their_schedules_are_whole(narrow):
    stripe = ["stripe-usage-reconciliation", "15", "*/2", "*", "*", "*"]
    assert [*stripe, "Report", "usage"] in [line[:8] for line in narrow("jobs")]
    (found,) = (line for line in narrow("schedules", "list") if line[:1] == stripe[:1])
    assert (found[:6], found[-1]) == (stripe, "active")


def test_the_name_of_a_limiter_is_whole(inside, narrow):
    inside("limits", "set", "ltx-studio-looks", "--max-concurrent", "5")
    header, row, *_ = narrow("limits", "list")
    assert header[:4] == ["PROVIDER", "CALLS", "REFUSED", "FAILED"]
    assert row[0] == "ltx-studio-looks"
