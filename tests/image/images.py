"""The images as `make image` left them: what they declare, and their files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.missing import missing

ROOT = Path(__file__).parents[2]
CODE = ("common", "jobs")


@dataclass(frozen=True, kw_only=True)
class Image:
    """One image, with a container of its own to look into and to run."""

    name: str
    root: Path
    """Where its files are mounted."""
    entrypoint: list[str]
    env: list[str]
    user: str
    folder: str

    @property
    def packages(self) -> Path:
        (found,) = (self.root / "venv" / "lib").glob("python3.*/site-packages")
        return found


def buildah(*arguments: str) -> str:
    argv = ["buildah", *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def layers(name: str) -> list[str]:
    """What it is stacked of, lowest first."""
    return json.loads(buildah("inspect", "--type", "image", name))["OCIv1"]["rootfs"]["diff_ids"]


def needed() -> None:
    """Skip, in CI fail, where images can be neither kept nor run by their real rules."""
    for tool in ("buildah", "unshare", "chroot"):
        if not shutil.which(tool):
            missing(tool, "apt-get install buildah util-linux coreutils")
    if os.geteuid():
        missing("what only root may do", "mounting an image and limiting its memory need it")


@contextmanager
def opened(name: str) -> Iterator[Image]:
    """An image, mounted until the end."""
    if not buildah("images", "--quiet", "--filter", f"reference={name}"):
        missing(f"the image {name}", "make image")
    with mounted(name) as root:
        config = json.loads(buildah("inspect", "--type", "image", name))["Docker"]["config"]
        yield Image(
            name=name,
            root=root,
            entrypoint=config["Entrypoint"],
            env=config["Env"],
            user=config["User"],
            folder=config["WorkingDir"],
        )


@contextmanager
def mounted(name: str) -> Iterator[Path]:
    """A container of it, that nobody else has."""
    container = buildah("from", "--pull-never", name)
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("rm", container)


def code_of(folder: Path) -> dict[str, bytes]:
    """All that the project's packages hold there, but bytecode."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for package in CODE
        for path in sorted((folder / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
