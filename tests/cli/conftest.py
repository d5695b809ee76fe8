"""The command line as users have it: processes of their own, in a home of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
