"""The command line in a home of its own: as users have it, a process of its own each time; and
within the tests' process, which costs a tenth, where the process is not what is tested."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from common.cli import cli
from common.errors import RunjobsError

KEPT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "JAVA_HOME"),
)
COMMAND = str(Path(sys.executable).with_name("runjobs"))


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Said]


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def environment(home) -> dict[str, str]:
    """A laptop's, without what the machine of the tests happens to set."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "RUNJOBS_HOME": str(home), "COLUMNS": "200", "TERM": "dumb"}


@pytest.fixture
def runjobs(environment, tmp_path) -> Cli:
    """Calls the console script; variables are given as env={…}, where None unsets one."""

    def call(*arguments: str, env: dict[str, str | None] | None = None, stdin: str = "") -> Said:
        merged = {**environment, **(env or {})}
        done = subprocess.run(
            [COMMAND, *arguments],
            env={name: value for name, value in merged.items() if value is not None},
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def inside(environment, tmp_path) -> Cli:
    """Calls the same command line in no process of its own, and ends as `main` does."""

    def call(*arguments: str, env: dict[str, str | None] | None = None, stdin: str = "") -> Said:
        alone = {**dict.fromkeys(os.environ), **environment, **(env or {})}
        with chdir(tmp_path):
            done = CliRunner(env=alone).invoke(cli, arguments, input=stdin, prog_name="runjobs")
        if isinstance(done.exception, RunjobsError):
            error = done.exception
            return Said(error.exit_code, done.stdout, f"{done.stderr}Error: {error}\n")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    return call
