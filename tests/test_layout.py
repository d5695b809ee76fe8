"""Imports point one way, and what is documented is there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from common.cli import cli
from common.runs import transitions
from common.runtime import Context

ROOT = Path(__file__).parents[1]
ROOMS = (
    "cli",
    "web",
    "deploy",
    "localcloud",
    "dispatch",
    "plans",
    "maintenance",
    "gemini",
    "reading",
    "media",
    "runtime",
    "services",
    "google",
    "genai",
    "automations",
    "integrations",
    "runs",
    "limits",
    "files",
    "fetch",
    "data",
    "documents",
    "blobs",
)
"""From what uses to what is used: a room imports from those after it, and from itself."""
GROUND = {
    "errors",
    "settings",
    "clock",
    "backoff",
    "ids",
    "waits",
    "listening",
    "visitors",
    "words",
}
"""What every room may use."""
DOCS = {path: path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}


def imported(path: Path) -> set[str]:
    """Modules that a file imports anywhere, but for type checkers only too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def rooms_of(path: Path) -> set[str]:
    return {
        module.split(".")[1]
        for module in imported(path)
        if module.startswith("common.") and module.split(".")[1] not in GROUND
    }


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_those_below_it(room):
    files = [*(ROOT / "common" / room).rglob("*.py"), *(ROOT / "common").glob(f"{room}.py")]
    assert files
    allowed = set(ROOMS[ROOMS.index(room) :])
    if room in {"documents", "blobs"}:
        allowed = {room}
    assert {str(path): rooms_of(path) - allowed for path in files if rooms_of(path) - allowed} == {}


def test_the_architecture_has_the_rooms_in_their_order():
    text = DOCS[ROOT / "docs" / "architecture.md"]
    (chain,) = re.findall(r"Imports point one way: (.+?)\.", text, re.DOTALL)
    assert tuple(re.findall("[a-z]+", chain)) == ROOMS
    listed = re.findall(r"^  (\S.*?)  ", text, re.MULTILINE)
    assert set(ROOMS) - set(re.findall("[a-z]+", " ".join(listed))) == set()


def test_the_architecture_tells_of_every_transition():
    text = DOCS[ROOT / "docs" / "architecture.md"]
    table = text.partition("| transition |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| ([a-z_, ]+) \|", table, re.MULTILINE)
    known = {name.removeprefix("request_") for name in transitions.__all__} - {"is_lost"}
    assert set(re.findall("[a-z_]+", " ".join(told))) == known


def test_what_every_room_uses_imports_no_room():
    for name in GROUND:
        assert rooms_of(ROOT / "common" / f"{name}.py") == set()


def test_nothing_in_common_imports_a_job_by_name():
    for path in (ROOT / "common").rglob("*.py"):
        assert not [module for module in imported(path) if module.split(".")[0] == "jobs"], path


def test_jobs_import_runtime_and_the_seams_of_the_stores_only():
    files = {*(ROOT / "jobs").rglob("*.py")} - {ROOT / "jobs" / "__main__.py"}
    rooms = {room for path in files for room in rooms_of(path)}
    assert rooms <= {
        "plans",
        "maintenance",
        "gemini",
        "reading",
        "media",
        "runtime",
        "limits",
        "google",
        "genai",
        "automations",
        "integrations",
        "files",
        "fetch",
        "data",
        "blobs",
        "documents",
    }


def commands(command=cli, path=("runjobs",)):
    """Every command there is, with its words."""
    context = click.Context(command)
    if not isinstance(command, click.Group) or path[-1] in {"run", "submit"}:
        yield path, command
        return
    for name in command.list_commands(context):
        yield from commands(command.get_command(context, name), (*path, name))


@pytest.mark.parametrize(("path", "command"), [*commands()])
def test_every_command_has_help_and_stands_in_the_docs(path, command):
    assert command.help
    assert any(" ".join(path) in text for text in DOCS.values()), " ".join(path)


def test_every_command_in_the_docs_is_there():
    known = {path[1] for path, _ in commands()}
    said = set(re.findall(r"(?:`|/)runjobs ([a-z][a-z-]+)", everything()))
    assert said
    assert said - known == set()


def everything() -> str:
    return "\n".join(DOCS.values())


def test_every_setting_stands_in_the_docs():
    source = "\n".join(path.read_text() for path in (ROOT / "common").rglob("*.py"))
    settings = set(re.findall(r'"(RUNJOBS_[A-Z]+(?:_[A-Z]+)*)"', source))
    assert settings
    assert {name for name in settings if name not in everything()} == set()


def test_everything_of_the_context_stands_in_the_docs():
    page = DOCS[ROOT / "docs" / "writing-a-job.md"]
    names = [name for name in dir(Context) if not name.startswith("_") and name != "clean"]
    assert [name for name in names if name not in page] == []


def blocks(path: str, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / path).read_text(), re.MULTILINE | re.DOTALL
    )


def test_the_readmes_job_is_found_and_runs_as_it_says(tmp_path):
    """Beside the built-in jobs: the job's file, as the README has it, under the name it gives."""
    (job,) = [code for code in blocks("README.md", "python") if "@job" in code]
    (tmp_path / "word_count.py").write_text(job)
    code = (
        "import sys, jobs; jobs.__path__.append('.'); from common.runtime.entrypoint import main; "
        "sys.exit(main(['word-count', '--text', 'one two three']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The run succeeded" in done.stdout


def test_the_readmes_python_runs_as_it_says(tmp_path):
    (code,) = [code for code in blocks("README.md", "python") if "Client" in code]
    quick = code.replace('"}, key', '", "duration": 1, "resolution": "360p"}, key')
    assert quick != code
    done = subprocess.run(
        [sys.executable, "-c", quick], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "video.mp4" in done.stdout
