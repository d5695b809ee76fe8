"""The job as a process, killed in the middle: what another attempt does again, and what is left."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import time
from pathlib import Path

import pytest

from common.media.ffmpeg import executable
from common.runs import Outcome, State
from tests.chaos.counts import CHAOS
from tests.jobs.task import SECONDS, Task

SIGNALS = [signal.SIGKILL, signal.SIGTERM] if CHAOS else [signal.SIGKILL]

# Tells who it is and what it is to do; the one that is to be found working never ends by itself.
FFMPEG = """\
#!{python} -S
import os, sys
with open({log!r}, "a") as log:
    log.write(f"{{os.getpid()}} {{' '.join(sys.argv)}}\\n")
if os.path.exists({halt!r}) and any(word.endswith("/2-body.mp4") for word in sys.argv):
    os.execv("/bin/sleep", ["sleep", "60"])
os.execv({ffmpeg!r}, sys.argv)
"""


class Reels(Task):
    """The task of a reel of three clips, the third of which can be made to never end."""

    def __init__(self, folder: Path, clips: Path) -> None:
        self.log, self.halt = folder / "ffmpegs", folder / "halt"
        own = folder / "ffmpeg"
        own.write_text(
            FFMPEG.format(
                python=sys.executable, log=str(self.log), halt=str(self.halt), ffmpeg=executable()
            )
        )
        own.chmod(own.stat().st_mode | stat.S_IXUSR)
        named = [word for name in "abc" for word in ("--clips", str(clips / f"{name}.mp4"))]
        argv = ["reel-stitching", *named, "--width", "96", "--height", "54"]
        super().__init__(folder, argv, {"IMAGEIO_FFMPEG_EXE": str(own)})
        self.halt.touch()

    @property
    def ffmpegs(self) -> list[tuple[int, str]]:
        """Each that was ever started, by its process and its arguments."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(int(line.partition(" ")[0]), line) for line in lines]

    def encoded(self) -> list[str]:
        """The clips whose pictures were."""
        words = " ".join(line for _, line in self.ffmpegs).split()
        return sorted(word[-10:-9] for word in words if word.endswith("-body.mp4"))

    @property
    def parts(self) -> list[Path]:
        return sorted((self.folder / "blobs").glob("runs/*/*/parts/*.mp4"))

    def killed(self, number: signal.Signals) -> None:
        """An attempt that is ended when two clips are done."""
        with self.start() as process:
            try:
                until(lambda: len(self.parts) == 2 and len(self.encoded()) >= 3)
                process.send_signal(number)
                process.communicate(timeout=SECONDS)
            finally:
                process.kill()


def until(holds) -> None:
    end = time.monotonic() + 2 * SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for yet has ended all the same.
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
@pytest.mark.parametrize("number", SIGNALS)
def test_what_is_normalised_stays_and_no_ffmpeg_does(tmp_path, clips, number):
    task = Reels(tmp_path, clips)
    task.killed(number)
    until(lambda: not any(alive(process) for process, _ in task.ffmpegs))
    before = [path.read_bytes() for path in task.parts]
    assert len(before) == 2
    assert task.encoded() == ["0", "1", "2"]

    task.halt.unlink()
    code, said = task.finish()

    assert code == 0, said
    assert task.encoded() == ["0", "1", "2", "2"]
    run = task.run
    assert run.state is State.SUCCEEDED
    lost = Outcome.LOST if number is signal.SIGKILL else Outcome.INTERRUPTED
    assert [attempt.outcome for attempt in run.attempts] == [lost, Outcome.SUCCEEDED]
    assert json.loads(run.result)["duration"] == pytest.approx(3.1, abs=0.001)
    assert task.parts == []
    assert task.left == []
