"""gcloud, imported once and forked for each call: run by gcloud's own Python, not by a test's.

Half of what a call of gcloud takes is importing it. Each line of standard input asks for a call;
its exit code is the line that answers.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

OFTEN = (
    "googlecloudsdk.api_lib.run.global_methods",
    "googlecloudsdk.command_lib.run.flags",
    "googlecloudsdk.command_lib.run.serverless_operations",
    "googlecloudsdk.core.credentials.store",
    "googlecloudsdk.core.credentials.transports",
    "googlecloudsdk.core.resource.resource_printer",
)
"""What most calls of the tests import besides. It may have other names in other versions."""


def call(main: Any, asked: dict[str, Any]) -> NoReturn:
    """What the command `gcloud` does, in this process."""
    for target, (path, flags) in enumerate(zip(asked["streams"], (0, 1, 1), strict=True)):
        os.dup2(os.open(path, os.O_WRONLY if flags else os.O_RDONLY), target)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["gcloud", *asked["words"]]
    code: Any = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def serve(library: str) -> None:
    """Calls, one after the other, until nobody asks for more."""
    sys.path.insert(0, library)
    main = import_module("gcloud").main
    import_module("googlecloudsdk.gcloud_main")
    for name in OFTEN:
        with suppress(ImportError):
            import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            call(main, asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
