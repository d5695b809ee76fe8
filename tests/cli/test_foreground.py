"""Running here: a signal that comes at any moment leaves no run to wait for its lease."""

from __future__ import annotations

import subprocess
import sys

import pytest

TOLD = """
import os, signal, sys
from common.cli import main
from common.runs import Runs

begin = Runs.begin

def told(*arguments):
    claimed = begin(*arguments)
    os.kill(os.getpid(), signal.{name})
    return claimed

Runs.begin = told
sys.argv = ["runjobs", "run", "noop"]
main()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_run_that_is_told_to_end_as_soon_as_it_is_claimed_is_given_back(
    inside, environment, tmp_path, name
):
    done = subprocess.run(
        [sys.executable, "-c", TOLD.format(name=name)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    (run,) = inside("list", "--json").json
    (attempt,) = inside("show", run["id"], "--json").json["attempts"]
    assert (run["state"], attempt["outcome"]) == ("pending", "interrupted")
