"""A process that has imported all, and forks: so that a real process costs milliseconds.

Reads orders from stdin, a line of JSON each, and writes news to stdout:
{"fork": program, "env": {...}, ...}  forks a child that runs the program; news: {"pid": N}
{"go": N}                             lets a child go on that waits
a child that says something           news: {"pid": N, "said": text}
a child that has ended                news: {"pid": N, "code": exit code, or minus its signal}
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys

__all__ = ["serve"]


class Child:
    """The zygote's end of a child: what it says, and what lets it go on."""

    def __init__(self, pid: int, heard: int, go: int) -> None:
        self.pid, self.heard, self.go = pid, heard, go

    def listen(self) -> None:
        for text in os.read(self.heard, 65_536).decode().split():
            tell(pid=self.pid, said=text)

    def close(self) -> None:
        os.close(self.heard)
        os.close(self.go)


class Zygote:
    """Forks, listens and reaps, one thing at a time."""

    def __init__(self) -> None:
        self.children: dict[int, Child] = {}
        self.wakeup, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self.rest = b""

    def serve(self) -> None:
        """Until there are no more orders."""
        while True:
            heard = {child.heard: child for child in self.children.values()}
            ready, _, _ = select.select([0, self.wakeup, *heard], [], [])
            for file in heard.keys() & set(ready):
                heard[file].listen()
            if self.wakeup in ready:
                os.read(self.wakeup, 65_536)
                self.reap()
            if 0 in ready and not self.obey():
                return

    def obey(self) -> bool:
        data = os.read(0, 65_536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "go" in order:
                if child := self.children.get(order["go"]):
                    os.write(child.go, b"!")
            else:
                self.fork(order)
        return bool(data)

    def fork(self, order: dict) -> None:
        heard, say = os.pipe()
        wait, go = os.pipe()
        pid = os.fork()
        if not pid:
            for child in self.children.values():
                child.close()
            os.close(heard)
            os.close(go)
            begin(order, say, wait)
        os.close(say)
        os.close(wait)
        os.set_blocking(heard, False)
        self.children[pid] = Child(pid, heard, go)
        tell(pid=pid)

    def reap(self) -> None:
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            child = self.children.pop(pid)
            child.listen()
            child.close()
            tell(pid=pid, code=os.waitstatus_to_exitcode(status))


def tell(**news: object) -> None:
    """Whole lines, which a pipe does not mix."""
    os.write(1, json.dumps(news).encode() + b"\n")


def begin(order: dict, say: int, wait: int) -> None:
    """Be the child, to the end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for file, number in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(order["env"])
    from tests.chaos.child import live

    code = 70
    try:
        code = live(order, say, wait)
    except BaseException:  # noqa: BLE001 - told in its log
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Import all that children use, then fork on demand."""
    from tests.chaos import child

    child.prepare()
    tell(ready=True)
    Zygote().serve()


if __name__ == "__main__":
    serve()
