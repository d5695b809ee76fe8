"""The real gcloud, speaking with a local cloud."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.localcloud.gcloud import Gcloud
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
