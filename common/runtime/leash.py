"""Run a command that ends when its parent does: python leash.py PARENT COMMAND [ARGUMENT ...]

A program of its own, which imports next to nothing: it stands between a job and each of its
children, and the job may die by SIGKILL, of which no one tells it.
"""

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """On Linux the kernel is told; elsewhere a watcher waits beside the command."""
    parent = int(sys.argv[1])
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we had asked
            return
    else:
        _watch(parent)
    try:
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - that is the point
    except OSError as error:
        sys.exit(f"{sys.argv[2]} cannot be run: {error}")


if sys.platform != "linux":
    import select

    def _watch(parent: int) -> None:
        """Fork a process that outlasts the command and kills it when the parent is gone."""
        command = os.getpid()
        if os.fork():
            return
        queue = select.kqueue()
        watched = [
            select.kevent(
                process,
                filter=select.KQ_FILTER_PROC,
                flags=select.KQ_EV_ADD,
                fflags=select.KQ_NOTE_EXIT,
            )
            for process in (parent, command)
        ]
        (ended,) = queue.control(watched, 1)
        if ended.ident == parent:
            os.kill(command, signal.SIGKILL)
        os._exit(0)


if __name__ == "__main__":
    main()
