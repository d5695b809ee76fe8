"""Cloud Build's rules for steps with scripts, so that the scripts of cloudbuild.yaml run here.

One after another, each in the workspace they share, with the substitutions as variables; a step
that fails ends the build, unless it may fail.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GIVEN = {
    "PROJECT_ID": "local",
    "PROJECT_NUMBER": "1",
    "LOCATION": "us-central1",
    "BUILD_ID": "b-1",
}
"""What Cloud Build itself substitutes, as far as it is used here."""


@dataclass(kw_only=True)
class Build:
    """A build under way."""

    config: dict[str, Any]
    workspace: Path
    env: dict[str, str]
    """With PATH, on which the stand-ins for what is not here come first."""
    said: dict[str, str] = field(default_factory=dict)
    """What each step that was run has printed."""
    failed: list[str] = field(default_factory=list)

    def run(self) -> bool:
        """Whether it succeeded."""
        return all(self._step(step) or step.get("allowFailure") for step in self.config["steps"])

    def step(self, name: str) -> bool:
        """Run one only."""
        (step,) = [step for step in self.config["steps"] if step["id"] == name]
        return self._step(step)

    def _step(self, step: dict[str, Any]) -> bool:
        self.workspace.mkdir(exist_ok=True)
        script = self.workspace / ".script"
        script.write_text(step["script"])
        script.chmod(0o755)
        done = subprocess.run(
            [script],
            cwd=self.workspace,
            env={**self.env, **substitutions(self.config)},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said[step["id"]] = done.stdout + done.stderr
        if done.returncode:
            self.failed.append(step["id"])
        return done.returncode == 0


def substitutions(config: dict[str, Any]) -> dict[str, str]:
    """Those of the file, in which others may stand, and the given ones."""
    found = dict(GIVEN)
    for name, value in config["substitutions"].items():
        for given, text in GIVEN.items():
            value = value.replace(f"${{{given}}}", text)  # noqa: PLW2901
        found[name] = value
    return found


def before(config: dict[str, Any], name: str) -> set[str]:
    """The steps that have ended when this one begins."""
    steps = {step["id"]: step for step in config["steps"]}
    direct = {wait for wait in steps[name]["waitFor"] if wait != "-"}
    return direct.union(*(before(config, each) for each in direct))
