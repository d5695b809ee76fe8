"""The one way that ffmpeg is run: watched, drained, and never left behind."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
from contextlib import ExitStack
from importlib import import_module
from typing import IO, TYPE_CHECKING, Protocol

from common.errors import Misconfigured, RunjobsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["DiskFull", "FfmpegFailed", "Running", "Start", "escaped", "executable", "run"]

INSTALL = "pip install 'runjobs[media]'"
TOLD = ("-stats_period", "0.2", "-progress", "pipe:1")
WHERE = re.compile(r"\[[^\]]* @ 0x[0-9a-f]+\]")
LACKS = ("No such filter", "Unknown encoder", "Unrecognized option")


class Start(Protocol):
    """Starts a child process, as `subprocess.Popen` does; the caller decides how it is tied."""

    def __call__(
        self, argv: Sequence[str], /, *, stdin: int, stdout: int, stderr: int
    ) -> subprocess.Popen[bytes]:
        """Start `argv`, with each stream as subprocess names it (PIPE, DEVNULL)."""


class FfmpegFailed(RunjobsError):
    """Raised when ffmpeg did not end well; `code` is as Popen's, `said` its last words."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"ffmpeg {_ending(code)}: {said or 'it said nothing'}")
        self.code = code
        self.said = said

    @property
    def reason(self) -> str:
        """The last of its lines that begins with an error: others tell what else came of it."""
        lines = [WHERE.sub("", line).strip() for line in self.said.splitlines()]
        errors = [line for line in lines if line.startswith("Error ")]
        return ["it said nothing", *filter(None, lines), *errors][-1][:300]


class DiskFull(RunjobsError):
    """Raised when there was no space left to write the video: free some, then retry."""


def executable() -> str:
    """The path of ffmpeg: imageio-ffmpeg's own, or the one IMAGEIO_FFMPEG_EXE names."""
    try:
        imageio_ffmpeg = import_module("imageio_ffmpeg")  # optional, and slow to import
    except ImportError:
        raise Misconfigured(f"imageio-ffmpeg is missing, which carries ffmpeg: {INSTALL}") from None
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise Misconfigured(f"imageio-ffmpeg found no ffmpeg ({error}): {INSTALL}") from error


def run(
    arguments: Sequence[str],
    *,
    start: Start = subprocess.Popen,
    report: Callable[[Mapping[str, str]], None] = lambda _: None,
    keep: int = 2_000,
) -> str:
    """Run ffmpeg to its end and give the last `keep` bytes it wrote to stderr.

    `report` gets each block of its progress, such as {"frame": "12", "out_time_us": "400000"}.
    Whatever is raised meanwhile, the child is killed and waited for first.

    Raises FfmpegFailed, DiskFull or Misconfigured.
    """
    with ExitStack() as undo:
        child = Running(arguments, start=start, keep=keep)
        undo.callback(child.end)
        for block in child.blocks():
            report(block)
        return child.said()


class Running:
    """An ffmpeg that was started. Whoever starts one calls `end`, whatever comes of it."""

    def __init__(
        self, arguments: Sequence[str], *, start: Start = subprocess.Popen, keep: int = 2_000
    ) -> None:
        """Start it, from the main thread. Raises Misconfigured."""
        argv = [executable(), "-hide_banner", "-nostdin", "-nostats", *TOLD, *arguments]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        try:
            self._child = start(argv, **streams, stderr=subprocess.PIPE)
        except OSError as error:
            raise Misconfigured(f"{argv[0]} cannot be started: {error.strerror}") from error
        self._tail = _Tail(_pipe(self._child.stderr), keep)

    def blocks(self) -> Iterator[dict[str, str]]:
        """What it tells of its progress, until it has closed its output; from any thread."""
        return _blocks(_pipe(self._child.stdout))

    def said(self) -> str:
        """Its last words, once it has ended. Raises FfmpegFailed, DiskFull or Misconfigured."""
        if code := self._child.wait():
            raise _failure(code, self._tail.text())
        return self._tail.text()

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    def end(self) -> None:
        """End it, and close what it wrote to."""
        self.kill()
        _pipe(self._child.stdout).close()


def escaped(value: object) -> str:
    """`value` as one option's value inside a filtergraph, whatever characters it has."""
    option = "".join(f"\\{char}" if char in "\\':" else char for char in str(value))
    return "".join(f"\\{char}" if char in "\\'[],; \t\n" else char for char in option)


class _Tail:
    """Drains a stream on a thread, for a full pipe would halt the child, and keeps its end."""

    def __init__(self, stream: IO[bytes], keep: int) -> None:
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._drain, args=(stream, keep), daemon=True)
        self._thread.start()

    def _drain(self, stream: IO[bytes], keep: int) -> None:
        with stream:
            for line in stream:
                self._kept += line
                del self._kept[:-keep]

    def text(self) -> str:
        self._thread.join()
        return self._kept.decode(errors="replace").strip()


def _blocks(lines: Iterable[bytes]) -> Iterator[dict[str, str]]:
    block: dict[str, str] = {}
    for line in lines:
        key, _, value = line.decode(errors="replace").partition("=")
        block[key.strip()] = value.strip()
        if key == "progress":
            yield block
            block = {}


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise TypeError("start() must honour stdout=PIPE and stderr=PIPE")
    return stream


def _failure(code: int, said: str) -> RunjobsError:
    if "No space left on device" in said:
        return DiskFull(f"no space was left on the disk for the video; free some ({said[-200:]})")
    if any(lack in said for lack in LACKS):
        return Misconfigured(f"this ffmpeg lacks what the video needs; {INSTALL} ({said[-300:]})")
    return FfmpegFailed(code, said)


def _ending(code: int) -> str:
    if code > 0:
        return f"exited with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
