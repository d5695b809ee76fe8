"""What a container runs, where its image is this project as it is installed here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json

__all__ = ["ENTRYPOINT", "command", "place", "search_path", "variables"]

ENTRYPOINT = (sys.executable, "-P", "-m", "jobs")
"""As the Dockerfile has it."""


def command(container: Json) -> tuple[str, ...]:
    """The process: what the image starts, or the container's command, and its args."""
    own = tuple(map(str, container.get("command") or ()))
    return (*(own or ENTRYPOINT), *map(str, container.get("args") or ()))


def variables(container: Json, environ: Mapping[str, str]) -> dict[str, str]:
    """What the container sets. Raises ApiError FAILED_PRECONDITION for a secret not to be had.

    There is no Secret Manager here: a secret is the variable of the same name that the server has.
    """
    found = {}
    for each in container.get("env") or ():
        name = each["name"]
        if each.get("valueSource") and name not in environ:
            raise ApiError(
                "FAILED_PRECONDITION",
                f"{name} comes from a secret, which the local cloud cannot read: set {name} for "
                "the process that serves it, as in its .env.",
            )
        found[name] = environ[name] if each.get("valueSource") else str(each.get("value", ""))
    return found


def place(container: Json) -> str | None:
    """The folder in which it begins, if it says so. Raises ApiError FAILED_PRECONDITION."""
    folder = container.get("workingDir")
    if folder and not Path(folder).is_dir():
        raise ApiError(
            "FAILED_PRECONDITION",
            f"The container begins in {folder}, which is no folder of this machine.",
        )
    return folder or None


def search_path(environ: Mapping[str, str]) -> str:
    """Where commands are found: first beside the Python that runs this project."""
    return os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)])
