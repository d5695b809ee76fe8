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
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it; the command shall not
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
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches it as well
        try:
            ended = _first_to_end(parent, command)
        except ProcessLookupError:
            ended = parent  # it died before we had asked
        if ended == parent:
            os.kill(command, signal.SIGKILL)
        os._exit(0)

    def _first_to_end(*processes: int) -> int:
        events = [
            select.kevent(
                process,
                filter=select.KQ_FILTER_PROC,
                flags=select.KQ_EV_ADD,
                fflags=select.KQ_NOTE_EXIT,
            )
            for process in processes
        ]
        return int(select.kqueue().control(events, 1)[0].ident)


if __name__ == "__main__":
    main()
