"""Running an image as an engine runs it: its own entrypoint and user, as the first process."""

from __future__ import annotations

import json
import os
import shlex
import signal
from contextlib import closing
from pathlib import Path

from tests.image.images import Image
from tests.runtime.tasks import PATIENCE, Task

TESTS = Path(__file__).parents[1]
HOME = "/home/runjobs"


class Container(Task):
    """A process that is number 1, sees the image's files and no others, and only its own user's.

    Its home is a folder that the test can look into; in /mnt are the tests, with jobs for trials.
    """

    def __init__(
        self,
        image: Image,
        *arguments: str,
        home: Path,
        env: dict[str, str] | None = None,
        entrypoint: list[str] | None = None,
        memory: Path | None = None,
    ) -> None:
        given = [*image.env, f"HOME={HOME}", *(f"{name}={to}" for name, to in (env or {}).items())]
        command = ["env", "-i", "-C", image.folder, *given, *(entrypoint or image.entrypoint)]
        script = _script(image, home, [*command, *arguments], memory)
        # What the shell forks first is number 1. (`unshare --fork` mistakes SIGKILL for an error.)
        isolated = ["unshare", "--pid", "--mount", "--ipc", "--uts", "sh", "-c"]
        os.chown(home, *(int(number) for number in image.user.split(":")))
        super().__init__([*isolated, f"({script}); exit $?"], {"PATH": os.environ["PATH"]})

    @property
    def first(self) -> int:
        """The number of its first process, as the machine sees it."""
        outer = self.process.pid
        return int(Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0])

    def send(self, number: signal.Signals) -> None:
        os.kill(self.first, number)

    def wait(self) -> int:
        """Its exit code as an engine tells it, 128 and the signal where one ended it: when it has
        ended by itself."""
        self.process.stdin.close()
        self.process.wait(5 * PATIENCE)
        return self.code()

    def close(self) -> None:
        if self.process.poll() is None:
            self.send(signal.SIGKILL)  # with which all others of its world end
        super().close()


def _script(image: Image, home: Path, command: list[str], memory: Path | None) -> str:
    root = shlex.quote(str(image.root))
    lines = [
        "set -e",
        f"echo 0 > {memory}" if memory else "",
        f"mount --rbind /dev {root}/dev",
        f"mount -t proc proc {root}/proc",
        f"mount -t tmpfs -o mode=1777 tmp {root}/tmp",
        f"mount --bind {shlex.quote(str(home))} {root}{HOME}",
        f"mount --bind {shlex.quote(str(TESTS))} {root}/mnt",
        f"exec chroot --userspec={image.user} {root} {shlex.join(command)}",
    ]
    return "\n".join(lines)


def inside(image: Image, code: str, home: Path) -> object:
    """What Python code in the image prints as JSON."""
    with closing(Container(image, "-c", code, home=home, entrypoint=["python", "-P"])) as container:
        assert container.wait() == 0, container.text
        return json.loads(container.lines[-1])
