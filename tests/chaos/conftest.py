"""Fixtures of the faults' tests, and the table of what was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.processes import Zygote, zygote
from tests.chaos.world import World
from tests.services.vertex import Vertex, made

STUB = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
"""The beginning of an MP4 file, which is all that the provider looks at."""


@pytest.fixture(scope="session")
def breeder(tmp_path_factory) -> Iterator[Zygote]:
    with zygote(tmp_path_factory.mktemp("children")) as found:
        yield found


@pytest.fixture
def vertex() -> Iterator[Vertex]:
    with Vertex() as running:
        running.always = made(STUB)
        yield running


@pytest.fixture
def plugin(monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).with_name("plugin")))


@pytest.fixture
def open_world(tmp_path, breeder, vertex, plugin) -> Iterator[Callable[..., World]]:  # noqa: ARG001
    """Makes deployments, each in a folder of its own."""
    opened: list[World] = []

    def open_one(**options) -> World:
        folder = tmp_path / f"world{len(opened)}"
        folder.mkdir()
        opened.append(World(folder, breeder, VEO_BASE_URL=vertex.url, **options))
        return opened[-1]

    yield open_one
    breeder.kill_all()
    for world in opened:
        world.close()


@pytest.fixture
def world(open_world) -> World:
    return open_world()


@pytest.fixture
def reached(record_property) -> Callable[..., None]:
    """Notes what a test has reached: the row, the trials, the figure."""

    def note(row: str, trials: int, figure: str) -> None:
        record_property("reached", (row, trials, figure))

    return note


def pytest_terminal_summary(terminalreporter) -> None:
    """The table, when the tests of this folder are run by themselves."""
    lines = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "reached"
    ]
    if lines:
        terminalreporter.section("what was reached")
    for row, count, figure in sorted(lines, key=lambda line: (line[0].zfill(3), line[2])):
        terminalreporter.write_line(f"{row:>3}  {count:>7,}  {figure}")
