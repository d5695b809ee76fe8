"""The command line within the tests' own process, for what needs no process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from common.cli import cli
from common.errors import RunjobsError
from tests.cli.conftest import Said

__all__ = ["caller"]


def caller(monkeypatch, tmp_path: Path) -> Callable[..., Said]:
    """Calls runjobs in an empty home, as `main` does."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "RUNJOBS_DOCUMENTS", "RUNJOBS_BLOBS", "CLOUD_RUN_JOB", "K_SERVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RUNJOBS_HOME", str(tmp_path / "home"))

    def call(*arguments: str, stdin: str = "", columns: int = 200) -> Said:
        done = CliRunner().invoke(
            cli, arguments, input=stdin, env={"COLUMNS": str(columns), "TERM": "dumb"}
        )
        if isinstance(done.exception, RunjobsError):
            error = done.exception
            return Said(error.exit_code, done.stdout, f"{done.stderr}Error: {error}\n")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    return call
