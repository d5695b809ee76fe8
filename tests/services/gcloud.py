"""The real gcloud, speaking with a local cloud."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from common.localcloud.gcloud import Gcloud
from tests.services import gcloud_fork
from tests.services.missing import missing


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one call of gcloud came to."""

    code: int
    stdout: str
    stderr: str

    def __iter__(self):
        return iter((self.code, self.stdout, self.stderr))

    @property
    def json(self) -> Any:
        """What it printed, asked for with --format=json."""
        return json.loads(self.stdout)


class GcloudAt:
    """gcloud in the project `local`, whose Google Cloud is at a URL."""

    def __init__(
        self, url: str, home: Path, *, project: str = "local", region: str = "us-central1"
    ) -> None:
        if shutil.which("gcloud") is None:
            missing("gcloud", "see https://cloud.google.com/sdk/docs/install")
        self.here = Gcloud(url=url, home=home, project=project, region=region)
        self.environment = self.here.environment()

    def __call__(self, *words: str, stdin: str = "", seconds: float = 120) -> Said:
        """One call, to its end, whatever that is."""
        warm = _warm()
        if warm is not None and warm.free.acquire(blocking=False):
            try:
                return warm(words, self.environment, stdin=stdin, seconds=seconds)
            finally:
                warm.free.release()
        done = subprocess.run(
            [self.here.program(), *words],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Said(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def ok(self, *words: str, stdin: str = "", seconds: float = 120) -> Said:
        """One call that succeeds."""
        said = self(*words, stdin=stdin, seconds=seconds)
        assert said.code == 0, f"gcloud {' '.join(words)}:\n{said.stdout}\n{said.stderr}"
        return said

    def json(self, *words: str) -> Any:
        """What a call that succeeds prints with --format=json."""
        return self.ok(*words, "--format=json").json


class _Warm:
    """gcloud that is imported already: a call takes half the time. It is in use by one thread."""

    def __init__(self, root: Path, python: Path) -> None:
        self.free = threading.Lock()
        self._root = root
        self._folder = tempfile.TemporaryDirectory()
        own = {"CLOUDSDK_CONFIG": self._folder.name, **self._usual()}
        self._process = subprocess.Popen(
            [python, gcloud_fork.__file__, root / "lib"],
            env={**os.environ, **own},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _usual(self) -> dict[str, str]:
        """What the script `gcloud` sets."""
        return {
            "CLOUDSDK_ROOT_DIR": str(self._root),
            "CLOUDSDK_PYTHON_SITEPACKAGES": "1",
            "CLOUDSDK_ENCODING": "UTF-8",
            "PYTHONIOENCODING": "UTF-8",
        }

    def __call__(
        self, words: Sequence[str], environment: Mapping[str, str], *, stdin: str, seconds: float
    ) -> Said:
        """One call, to its end."""
        streams = [Path(self._folder.name, name) for name in ("stdin", "stdout", "stderr")]
        for stream, text in zip(streams, (stdin, "", ""), strict=True):
            stream.write_text(text)
        asked = {
            "words": words,
            "environment": {**environment, **self._usual()},
            "folder": str(Path.cwd()),
            "streams": [str(stream) for stream in streams],
        }
        code = self._answer(json.dumps(asked), words, seconds)
        return Said(code=code, stdout=streams[1].read_text(), stderr=streams[2].read_text())

    def _answer(self, asked: str, words: Sequence[str], seconds: float) -> int:
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{asked}\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], seconds)[0]:
            process.kill()
            _warm.cache_clear()
            raise subprocess.TimeoutExpired(["gcloud", *words], seconds)
        return int(process.stdout.readline())


@cache
def _warm() -> _Warm | None:
    """One for this process and its tests, where gcloud brings its own Python."""
    root = Path(os.path.realpath(Gcloud.program())).parents[1]
    python = root / "platform" / "bundledpythonunix" / "bin" / "python3"
    return (
        _Warm(root, python) if python.exists() and (root / "lib" / "gcloud.py").exists() else None
    )
