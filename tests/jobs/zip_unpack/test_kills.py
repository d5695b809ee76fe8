"""Real processes, killed at some point, and others that go on: alone, and sharing an archive."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from common.blobs import open_blobs
from common.files import Place, read_manifest
from common.runs import Outcome, Run, State
from tests.runtime.tasks import Task, Tasks

PROGRAM = str(Path(__file__).with_name("plugin") / "stops.py")
MEMBERS = {
    f"f{number % 7}/{number}.txt": hashlib.shake_256(b"%d" % number).digest(3_000)
    for number in range(300)
} | {f"large/{number}": bytes([number]) * 3_000_000 for number in range(3)}


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as one:
        for name, content in MEMBERS.items():
            one.writestr(name, content)
    return path


class Unpackers:
    """Tasks of zip-unpack that share one execution, or are all the same task again."""

    def __init__(self, folder: Path, archive: Path) -> None:
        self.tasks = Tasks(folder)
        self.log, self.target = folder / "log", folder / "target"
        self.options = ["--source", str(archive), "--destination", self.target.as_uri()]
        self.log.touch()

    def start(self, stop: str = "", *options: str, task: int = 0, of: int = 1, **env: str) -> Task:
        return self.tasks.start(
            *(PROGRAM, "zip-unpack", *self.options, "--max-ratio", "2000", *options),
            bare=True,
            UNPACK_STOP=stop,
            UNPACK_LOG=str(self.log),
            CLOUD_RUN_TASK_INDEX=str(task),
            CLOUD_RUN_TASK_COUNT=str(of),
            **env,
        )

    def kill(self, stop: str, **options) -> None:
        killed = self.start(stop, **options)
        killed.await_line()
        assert killed.end(signal.SIGKILL)[0] == -signal.SIGKILL

    def end(self, task: Task) -> Task:
        assert task.code() == 0, task.text
        return task

    @property
    def written(self) -> Counter[str]:
        """How often each member was."""
        return Counter(self.log.read_text().split())

    @property
    def files(self) -> dict[str, bytes]:
        """What is at the destination, half-written files and all."""
        return {
            str(path.relative_to(self.target)): path.read_bytes()
            for path in self.target.rglob("*")
            if path.is_file()
        }

    def check(self, run: Run) -> None:
        """All is there, once, and the manifest lists just that."""
        assert run.state is State.SUCCEEDED, run.attempts[-1].error
        assert self.files == MEMBERS
        result = json.loads(run.result)
        home = Path(self.tasks.folder) / "home" / "blobs"
        blobs = open_blobs(home.as_uri())
        place = Place(blobs, blobs.path(result["manifest"]))
        listed = {file.name: file.sha256 for file in read_manifest(place)}
        assert listed == {
            name: hashlib.sha256(content).hexdigest() for name, content in MEMBERS.items()
        }
        assert (result["files"], result["skipped_count"]) == (len(MEMBERS), 0)
        manifests = [blob.path for blob in blobs.list() if blob.path.endswith("manifest.jsonl")]
        assert len(manifests) == 1


@pytest.fixture
def unpackers(tmp_path, archive):
    found = Unpackers(tmp_path, archive)
    yield found
    found.tasks.close()


def test_a_killed_task_shows_nothing_and_the_next_redoes_none_of_its_finished_members(unpackers):
    unpackers.kill("staged 220")
    assert not [path for path in unpackers.files if not path.startswith(".partial")]
    before = unpackers.written
    unpackers.kill("staged 70", CLOUD_RUN_TASK_ATTEMPT="1")
    unpackers.end(unpackers.start(CLOUD_RUN_TASK_ATTEMPT="2"))
    run = unpackers.tasks.only
    outcomes = [attempt.outcome for attempt in run.attempts]
    assert outcomes == [Outcome.LOST, Outcome.LOST, Outcome.SUCCEEDED]
    unpackers.check(run)
    # Each time, two threads were within a segment each, of at most 64 members.
    again = unpackers.written.total() - len(unpackers.written)
    assert again <= 2 * 2 * 64
    assert sum(before.values()) > 2 * 64


def test_one_killed_while_it_publishes_is_finished_without_unpacking_anything_again(unpackers):
    unpackers.kill("published")
    before = unpackers.written
    unpackers.kill("listed", CLOUD_RUN_TASK_ATTEMPT="1")
    unpackers.end(unpackers.start(CLOUD_RUN_TASK_ATTEMPT="2"))
    assert unpackers.written == before
    unpackers.check(unpackers.tasks.only)


def test_tasks_of_one_execution_share_an_archive_and_all_know_what_came_of_it(unpackers):
    tasks = [unpackers.start(task=number, of=3) for number in range(3)]
    for task in tasks:
        unpackers.end(task)
    runs = [*unpackers.tasks.runs.list()]
    assert sorted(run.part for run in runs) == [0, 1, 2]
    for run in runs:
        unpackers.check(run)
        assert run.parts == 3
    # Of five segments, tasks this quick may do some twice; without sharing it would be three times.
    assert sum(unpackers.written.values()) < 2 * len(MEMBERS)


def test_tasks_that_come_one_after_the_other_leave_nothing_to_each_other(unpackers):
    first = unpackers.end(unpackers.start(task=1, of=2))
    before = unpackers.written
    unpackers.end(unpackers.start(task=0, of=2))
    assert unpackers.written == before
    assert first.process.returncode == 0
    for run in unpackers.tasks.runs.list():
        unpackers.check(run)


@pytest.mark.parametrize("dead", [0, 1])
def test_what_a_dead_task_had_in_hand_is_done_by_the_others(unpackers, dead):
    unpackers.kill("staged 50", task=dead, of=2)
    unpackers.end(unpackers.start(task=1 - dead, of=2, UNPACK_SILENT="0.5"))
    (run,) = (run for run in unpackers.tasks.runs.list() if run.state is State.SUCCEEDED)
    unpackers.check(run)
    unpackers.end(unpackers.start(task=dead, of=2, CLOUD_RUN_TASK_ATTEMPT="1"))
    for run in unpackers.tasks.runs.list():
        unpackers.check(run)


def test_of_tasks_that_share_a_bad_archive_all_refuse_it_and_nothing_is_published(
    unpackers, archive, tmp_path
):
    bad = bytearray(archive.read_bytes())
    at = bad.rfind(b"PK\x01\x02")
    bad[at + 16] ^= 1  # the checksum of the last member
    with zipfile.ZipFile(io.BytesIO(bytes(bad))) as one:
        last = one.infolist()[-1]
        header = last.header_offset
    bad[header + 14] ^= 1
    (tmp_path / "bad.zip").write_bytes(bad)
    unpackers.options[1] = str(tmp_path / "bad.zip")
    tasks = [unpackers.start(task=number, of=3) for number in range(3)]
    assert [task.code() for task in tasks] == [1, 1, 1]
    for run in unpackers.tasks.runs.list():
        assert run.state is State.FAILED, run.attempts[-1].error
        assert f"its member {last.filename!r} is bad, for its checksum" in run.error.message
    assert not [path for path in unpackers.files if not path.startswith(".partial")]


def test_a_task_that_is_told_to_end_does_and_another_attempt_goes_on(unpackers):
    told = unpackers.start("staged 220")
    told.await_line()
    code, seconds = told.end(signal.SIGTERM)
    assert (code, seconds < 8) == (143, True)
    unpackers.end(unpackers.start(CLOUD_RUN_TASK_ATTEMPT="1"))
    unpackers.check(unpackers.tasks.only)


def test_one_that_is_cancelled_leaves_nothing_behind(unpackers):
    cancelled = unpackers.start("staged 220", UNPACK_LEASE="2")
    cancelled.await_line()
    assert [*unpackers.target.glob(".partial/*/files")]
    unpackers.tasks.runs.cancel(unpackers.tasks.only.id)
    cancelled.code()
    assert unpackers.tasks.only.state is State.CANCELLED
    assert not [*unpackers.target.rglob("*")]


def test_what_a_crash_of_the_machine_has_lost_is_not_published_but_unpacked_anew(unpackers):
    """A killed process leaves all that it wrote; a machine that loses its power may not."""
    unpackers.kill("staged 220")
    staged = next(unpackers.target.glob(".partial/*/files/f0/0.txt"))
    staged.write_bytes(b"")
    assert unpackers.start(CLOUD_RUN_TASK_ATTEMPT="1").code() == 1
    (first,) = unpackers.tasks.runs.list()
    assert first.state is State.PENDING
    assert first.attempts[-1].error.type == "Incomplete"
    assert "f0/0.txt was unpacked, and is lost" in first.attempts[-1].error.message
    assert unpackers.files.items() < MEMBERS.items()
    unpackers.end(unpackers.start(CLOUD_RUN_EXECUTION="x-2"))
    (second,) = (run for run in unpackers.tasks.runs.list() if run.id != first.id)
    unpackers.check(second)


def test_an_archive_that_is_replaced_between_attempts_is_unpacked_as_it_is_now(
    unpackers, archive, tmp_path
):
    copy = tmp_path / "copy.zip"
    with zipfile.ZipFile(copy, "w") as one:
        for number in range(300):
            one.writestr(f"old/{number}", b"old")
    unpackers.options[1] = str(copy)
    unpackers.kill("staged 150")
    copy.write_bytes(archive.read_bytes())
    unpackers.end(unpackers.start(CLOUD_RUN_TASK_ATTEMPT="1"))
    (run,) = unpackers.tasks.runs.list()
    assert run.state is State.SUCCEEDED
    assert {n: c for n, c in unpackers.files.items() if not n.startswith(".partial")} == MEMBERS
