"""Where each run's output begins is noted beside the log, by real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.runtime.output import OutputIndex

BEGIN = "import os, sys, subprocess; from common.runtime.output import OutputIndex\n"


def task(folder: Path, code: str) -> tuple[str, str]:
    """Run the code as a task; what it has printed, and its index."""
    log, index = folder / "task-0.log", folder / "task-0.index"
    env = {**os.environ, "RUNJOBS_OUTPUT_INDEX": str(index)}
    with log.open("a") as output:
        argv = [sys.executable, "-c", BEGIN + code]
        subprocess.run(argv, env=env, stdout=output, stderr=output, check=True)
    return log.read_text(), index.read_text() if index.exists() else ""


def test_each_run_begins_where_what_was_printed_before_it_ends(tmp_path):
    """Printed, but not written yet, too."""
    code = (
        "index = OutputIndex.from_environ(); print('early')\n"
        "index.begins('a'); print('ø', end='')\n"
        "sys.stderr.write('!'); index.begins('b'); index.begins('c'); os.write(1, b'last')"
    )
    log, index = task(tmp_path, code)
    assert log == "early\nø!last"
    assert index == "6 a\n9 b\n9 c\n"


def test_a_process_that_goes_on_where_another_ended_appends(tmp_path):
    code = "OutputIndex.from_environ().begins('{}'); print('line')"
    task(tmp_path, code.format("a"))
    assert task(tmp_path, code.format("b")) == ("line\nline\n", "0 a\n5 b\n")


def test_a_child_does_not_take_the_index_for_its_own(tmp_path):
    child = "OutputIndex.from_environ().begins('child')"
    code = (
        "OutputIndex.from_environ().begins('parent')\n"
        f"subprocess.run([sys.executable, '-c', {BEGIN + child!r}], check=True, close_fds=False)"
    )
    assert task(tmp_path, code) == ("", "0 parent\n")


@pytest.mark.parametrize("environ", [{}, {"RUNJOBS_OUTPUT_INDEX": ""}])
def test_without_the_variable_nothing_is_done(tmp_path, monkeypatch, environ):
    monkeypatch.chdir(tmp_path)
    OutputIndex.from_environ(environ).begins("a")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here is full")
def test_where_it_cannot_be_written_the_task_is_none_the_worse(tmp_path):
    (tmp_path / "task-0.index").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        (tmp_path / "task-0.index").write_text("anything")
    log = tmp_path / "task-0.log"
    index = OutputIndex(str(tmp_path / "task-0.index"))
    log.touch()
    for each in (index, OutputIndex(str(tmp_path / "task-0.index"))):
        each.begins("a")
    OutputIndex(str(tmp_path / "nowhere" / "task-0.index")).begins("a")
    assert log.read_text() == ""


def test_a_stream_that_was_closed_or_taken_away_is_passed_over(tmp_path):
    code = "index = OutputIndex.from_environ(); sys.stdout = None; sys.stderr.close(); "
    assert task(tmp_path, code + "index.begins('a'); os.write(1, b'x'); index.begins('b')") == (
        "x",
        "0 a\n1 b\n",
    )


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_it_opens_its_files_once(tmp_path):
    (tmp_path / "task-0.log").touch()
    index = OutputIndex(str(tmp_path / "task-0.index"))
    before = open_files()
    for number in range(100):
        index.begins(f"run-{number}")
    assert open_files() == before
    assert len((tmp_path / "task-0.index").read_text().splitlines()) == 100
