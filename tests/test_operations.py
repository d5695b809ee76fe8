"""What docs/operations.md and cloudbuild.yaml have people type is there, with its options."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from common.cli import cli
from tests.services.missing import missing

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "operations.md", ROOT / "cloudbuild.yaml"]
PAGES += [*(ROOT / "docs" / "alerts").rglob("*.json")]
ENDS = re.compile(r"[|;)`]|&&|>|$")
"""Where a command ends: what follows is the shell's, or the page's."""


def said(program: str) -> list[list[str]]:
    """The words of each command of a program, on all pages."""
    text = "\n".join(path.read_text().replace("\\\n", " ") for path in PAGES)
    found = re.findall(rf"(?:^|[`(|]|do |\"|-- ) *{program} ([a-z][^\n]*)", text, re.MULTILINE)
    return [shlex.split(_command(line), comments=True) for line in found]


def _command(line: str) -> str:
    """As far as it goes, quotes and all."""
    for end in ENDS.finditer(line):
        try:
            shlex.split(line[: end.start()])
        except ValueError:
            continue  # within quotes
        return line[: end.start()]
    return line


@pytest.fixture(scope="session")
def tree():
    """All that gcloud has, as it tells a shell that completes words."""
    if shutil.which("gcloud") is None:
        missing("gcloud", "see https://cloud.google.com/sdk/docs/install")
    ask = ["gcloud", "info", "--format=value(installation.sdk_root)"]
    root = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    names = runpy.run_path(str(root / "data" / "cli" / "gcloud_completions.py"))
    return names["STATIC_COMPLETION_CLI_TREE"]


def unknown(words, tree):
    """The words of a command that gcloud does not know."""
    place = tree
    words = [*words]
    while words and words[0] in place["commands"]:
        place = place["commands"][words.pop(0)]
    if place["commands"]:
        return words or ["(no command)"]
    flags = {**tree["flags"], **place["flags"]}
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    return [option for option in options if option not in flags]


def test_every_command_of_gcloud_is_there_with_its_options(tree):
    commands = said("gcloud")
    assert len(commands) > 12
    assert [words for words in commands if unknown(words, tree)] == []


def test_a_command_that_is_not_there_is_noticed(tree):
    assert unknown(["run", "jobs", "exec", "noop"], tree)
    assert unknown(["run", "jobs", "execute", "noop", "--await"], tree) == ["--await"]


def test_every_command_of_ours_is_there_with_its_options():
    commands = said("runjobs")
    assert len(commands) > 30
    for words in commands:
        options = {word.partition("=")[0] for word in words if word.startswith("-")}
        named = [word.replace("JOB", "noop") for word in words]
        assert options <= _options(named), words


def _options(words: list[str]) -> set[str]:
    command: click.Command | None = cli
    while isinstance(command, click.Group) and words:
        command = command.get_command(click.Context(command), words[0])
        assert command, words
        words = words[1:]
    return {"--help", *(name for each in command.params for name in each.opts)}
