"""The jobs as Cloud Run runs them, in processes that are killed in the middle of a transfer."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from common.documents import open_documents
from common.integrations import Integrations
from tests.jobs.task import SECONDS, Task
from tests.services.google import Fault

STEP = 256 << 10


class Seen(list):
    """What the stand-in was asked, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.news = threading.Condition()

    def append(self, method: str) -> None:
        with self.news:
            super().append(method)
            self.news.notify_all()

    def wait_for(self, method: str, times: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: self.count(method) >= times, SECONDS), [*self]


class Connected(Task):
    """A task that knows the stand-in."""

    def __init__(self, folder: Path, *argv: str) -> None:
        names = ("RUNJOBS_GOOGLE_ENDPOINT", "ENCRYPTION_KEY")
        names += ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
        env = {name: os.environ[name] for name in names} | {"HOME": str(folder)}
        super().__init__(folder, argv, env)

    def end_at(
        self, seen: Seen, method: str, times: int, number: signal.Signals
    ) -> tuple[int, str]:
        """Its next attempt, to which the signal comes when that was asked for so often."""
        with self.start() as process:
            try:
                seen.wait_for(method, times)
                process.send_signal(number)
                said, _ = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
        return process.returncode, said

    def succeed(self) -> None:
        """Its next attempt, which shall end well."""
        code, said = self.finish()
        assert code == 0, said


@pytest.fixture
def seen(google) -> Seen:
    google.seen = Seen()
    return google.seen


@pytest.fixture
def begin(tmp_path, google):
    """Begins a task as the operator, for a user who is connected."""

    def begin_one(*argv: str) -> Connected:
        task = Connected(tmp_path, *argv, "--user", "ann")
        documents = open_documents(task.env["RUNJOBS_DOCUMENTS"])
        secret = google.oauth.grant("ann@example.com", "https://www.googleapis.com/auth/drive")
        Integrations(documents).save(tenant="", user="ann", secret=secret)
        documents.close()
        return task

    return begin_one


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_ended_while_it_downloads_an_import_goes_on_with_what_is_missing(  # noqa: PLR0913, PLR0917
    drive, google, seen, begin, blobs, number
):
    top = drive.folder("Top")
    for size in range(5):
        drive.file(f"{size}.txt", b"x" * size, parent=top.id)
    drive.file("large.bin", b"large" * 1_000_000, parent=top.id)
    task = begin("drive-import", "--folders", top.id)
    google.fail("drive.files.get", Fault(), times=6)
    google.fail("drive.files.get", Fault(manner="drip"))
    code, said = task.end_at(seen, "drive.files.get", 7, number)
    assert code == (143 if number == signal.SIGTERM else -number), said
    seen.clear()
    task.succeed()
    result = json.loads(task.run.result)
    assert (result["files"], result["new"]) == (6, 6)
    assert sorted(blob.size for blob in blobs.list("shared/")) == [0, 1, 2, 3, 4, 5_000_000]
    assert "drive.files.list" not in seen
    assert seen.count("drive.files.get") <= 4  # what four threads had not brought to the end
    outcome = "interrupted" if number == signal.SIGTERM else "lost"
    assert [attempt.outcome for attempt in task.run.attempts] == [outcome, "succeeded"]


def test_killed_while_it_uploads_an_export_goes_on_where_google_is(
    drive, google, seen, begin, blobs
):
    content = os.urandom(STEP) * 80  # 20 MiB: three chunks
    blobs.write("shared/large.bin", content)
    task = begin("drive-export", "--sources", "shared/large.bin")
    google.fail("drive.files.create.put", Fault())
    google.fail("drive.files.create.put", Fault(manner="hang"))
    code, _ = task.end_at(seen, "drive.files.create.put", 2, signal.SIGKILL)
    assert code == -signal.SIGKILL
    seen.clear()
    task.succeed()
    (item,) = drive.named("large.bin")
    assert item.content == content
    assert drive.created == [item.id]
    assert json.loads(task.run.result)["files"][0]["id"] == item.id
    assert "drive.files.create" not in seen
    assert seen.count("drive.files.create.put") == 3  # a question, and two chunks


def test_killed_when_the_file_is_there_and_nobody_knows_it_is_not_made_again(
    drive, google, seen, begin, blobs
):
    blobs.write("shared/a.csv", b"a,b\n")
    task = begin("drive-export", "--sources", "shared/a.csv", "--convert")
    google.fail("drive.files.create.put", Fault(manner="drip"))
    code, _ = task.end_at(seen, "drive.files.create.put", 1, signal.SIGKILL)
    assert code == -signal.SIGKILL
    task.succeed()
    (item,) = drive.named("a")
    assert drive.created == [item.id]
