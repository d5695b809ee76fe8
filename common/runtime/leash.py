"""Run a command that ends when its parent does: python leash.py COMMAND [ARGUMENT ...]

A program of its own, which imports next to nothing: it stands between a job and each of its
children, and the job may die by SIGKILL, of which no one tells it.
"""

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """On Linux the kernel is told; elsewhere a watcher waits beside the command."""
    parent = os.getppid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we had asked
            return
    else:
        _watch(parent)
    try:
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - that is the point
    except OSError as error:
        sys.exit(f"{sys.argv[1]} cannot be run: {error}")


def _watch(parent: int) -> None:
    """Fork a process that outlasts the command and kills it when the parent is gone."""
    import select

    command = os.getpid()
    if os.fork():
        return
    queue = select.kqueue()  # type: ignore[attr-defined,unused-ignore]
    watched = [
        select.kevent(  # type: ignore[attr-defined,unused-ignore]
            process, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT  # type: ignore[attr-defined,unused-ignore]
        )
        for process in (parent, command)
    ]
    (ended,) = queue.control(watched, 1)
    if ended.ident == parent:
        os.kill(command, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
