"""Fault 27, and what else documents can do: a typed error, within 10 seconds and 512 MiB."""

from __future__ import annotations

import os
import time

import pytest

from jobs.extraction.reading import DocumentError, Limits, parent, read
from tests.jobs.extraction.reading.hostile import HOSTILE

MOST = 512 << 20
IN_TIME = 10.0


@pytest.fixture
def memory(monkeypatch) -> list[int]:
    """The bytes that each process which read has taken, by the system's own account."""
    taken: list[int] = []
    wait = os.wait4

    def counted(pid: int, options: int):
        ended = wait(pid, options)
        taken.append(ended[2].ru_maxrss * parent.MAXRSS)
        return ended

    monkeypatch.setattr(parent.os, "wait4", counted)
    return taken


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends_in_time_and_within_its_memory(name, tmp_path, memory):
    make, endings = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    began = time.monotonic()
    try:
        read(path, name=name, limits=Limits(seconds=3 if "LateOnly" in name else 8))
        ending = ""
    except DocumentError as error:
        assert str(error).startswith(f"{name} ")
        ending = type(error).__name__
    assert time.monotonic() - began < IN_TIME
    assert ending in endings
    assert all(taken <= MOST for taken in memory)
