from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.errors import Misconfigured
from common.media.ffmpeg import DiskFull, FfmpegFailed, escaped, executable, run
from jobs.video_generation.scene import Scene
from tests.chaos.counts import CHAOS
from tests.jobs.video.films import film

pytestmark = pytest.mark.usefixtures("ffmpeg")

LONG = {"duration": 6, "width": 640, "height": 360}
TEST_CARD = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=1"]

ENDINGS = [
    (signal.SIGKILL, "SIGKILL"),
    *([(signal.SIGTERM, "exited with 255")] if CHAOS else []),
]


class Children:
    """A start that remembers whom it started."""

    def __init__(self) -> None:
        self.all: list[subprocess.Popen[bytes]] = []

    def __call__(self, argv, **streams) -> subprocess.Popen[bytes]:
        self.all.append(subprocess.Popen(argv, **streams))
        return self.all[-1]


@pytest.mark.parametrize(("sent", "told"), ENDINGS)
def test_ffmpeg_ended_in_mid_film_is_an_error_and_leaves_nothing(tmp_path, sent, told):
    children = Children()

    def end(part: float) -> None:
        if part > 0.16:
            os.kill(children.all[-1].pid, sent)

    with pytest.raises(FfmpegFailed, match=told):
        film(tmp_path, **LONG, start=children, progress=end)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "raised", [KeyboardInterrupt, *([SystemExit, ValueError] if CHAOS else [])]
)
def test_whatever_is_raised_meanwhile_no_child_and_no_file_is_left(tmp_path, raised):
    children = Children()

    def interrupt(part: float) -> None:
        if part > 0.16:
            raise raised

    with pytest.raises(raised):
        film(tmp_path, **LONG, start=children, progress=interrupt)

    assert children.all
    assert all(child.returncode is not None for child in children.all)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_a_disk_that_ffmpeg_fills_is_named(tmp_path):
    def start(argv, **streams):
        full = ["/dev/full" if word.endswith("video.part") else word for word in argv]
        return subprocess.Popen(full, **streams)

    with pytest.raises(DiskFull):
        film(tmp_path, start=start)

    assert not list(tmp_path.iterdir())


def test_a_disk_that_the_background_fills_is_named(tmp_path, monkeypatch):
    def pictures(_):
        yield b"some"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Scene, "pictures", pictures)
    with pytest.raises(DiskFull, match="no space"):
        film(tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_failure_names_the_code_and_the_end_of_what_was_said():
    with pytest.raises(FfmpegFailed, match="No such file") as caught:
        run(["-v", "debug", "-i", "/nowhere.mp4", "-f", "null", "-"], keep=300)

    assert caught.value.code > 0
    assert f"exited with {caught.value.code}" in str(caught.value)
    assert len(caught.value.said.encode()) <= 300


def test_of_all_that_was_said_the_reason_is_the_error_itself(tmp_path):
    (tmp_path / "words.txt").write_text("no sound at all")
    with pytest.raises(FfmpegFailed) as caught:
        run(["-v", "info", "-i", str(tmp_path / "words.txt"), "-f", "null", "-"])

    assert len(caught.value.said.splitlines()) > 1
    assert re.fullmatch(r"Error [^\n@]*: Invalid data found[^\n@]*", caught.value.reason)
    assert FfmpegFailed(1, "").reason == "it said nothing"


def test_much_said_does_not_halt_it():
    said = run(["-v", "trace", *TEST_CARD, "-f", "framecrc", "pipe:2"], keep=5_000)

    assert 4_000 < len(said.encode()) <= 5_000


def test_a_missing_filter_is_the_environments_fault():
    with pytest.raises(Misconfigured, match="No such filter"):
        run([*TEST_CARD, "-vf", "nonesuch", "-f", "null", "-"])


def test_a_missing_package_is_the_environments_fault(monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with pytest.raises(Misconfigured, match=r"pip install 'runjobs\[media\]'"):
        executable()


def test_an_ffmpeg_that_cannot_be_started_is_the_environments_fault(monkeypatch, tmp_path):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))

    with pytest.raises(Misconfigured, match="cannot be started"):
        run(TEST_CARD)


def test_importing_the_renderer_does_not_import_imageio_ffmpeg():
    said = "import sys, jobs.video_generation.render; print('imageio_ffmpeg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_a_value_is_escaped_for_the_option_and_then_for_the_graph():
    assert escaped("/a b") == "/a\\ b"
    assert escaped("a:b") == "a\\\\:b"
    assert escaped("it's") == "it\\\\\\'s"
