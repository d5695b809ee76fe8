"""What there is to say about a deployment beside the declarations."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from common.deploy.accounts import Accounts
from common.errors import Misconfigured
from common.settings import Settings

__all__ = ["DISPATCHER", "LABELS", "Deployment", "deployment"]

DISPATCHER = "runjobs-dispatcher"
"""The dispatcher's name as a service of Cloud Run."""
LABELS = {"managed-by": "runjobs"}
"""The mark, on what takes labels."""

_HERE = {
    "RUNJOBS_DOCUMENTS": "sqlite:",
    "RUNJOBS_BLOBS": "file:",
    "RUNJOBS_EXECUTOR": "local",
    "RUNJOBS_WAKEUPS": "local",
    "RUNJOBS_SCHEDULES": "local",
}
"""Settings that say nothing about the cloud when they begin like this."""
_LAPTOP = {"RUNJOBS_HOME", "RUNJOBS_PARALLELISM", "RUNJOBS_PORT"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """One project and region, and what shall run there."""

    settings: Settings
    """As they are to be in the cloud."""
    image: str
    """By digest, so that what was tried is what runs."""
    media_image: str = ""
    """For jobs that need packages which the image has not; the same where there is none."""
    accounts: Accounts
    env: Mapping[str, str] = field(default_factory=dict)
    """More variables for all jobs, such as VEO_MODEL."""
    left_out: Collection[str] = ()
    """Jobs that are declared and cannot be deployed: what was deployed of them stays as it is."""

    @property
    def location(self) -> str:
        """Of Cloud Run and Cloud Scheduler."""
        return f"projects/{self.settings.project}/locations/{self.settings.region}"

    @property
    def variables(self) -> dict[str, str]:
        """By which all that runs there gets the settings."""
        said = self.settings.environment().items()
        return {name: value for name, value in said if value and name not in _LAPTOP}

    def check(self) -> None:
        """Raise Misconfigured for what no job could work with."""
        if self.settings.blobs == "gs://":
            raise Misconfigured("Which bucket are blobs in? Set GCS_BUCKET_NAME.")

    def at(self, url: str) -> Deployment:
        """The same, with the dispatcher there."""
        return replace(self, settings=replace(self.settings, dispatcher_url=url))


def deployment(
    environ: Mapping[str, str] | None = None,
    *,
    image: str,
    media_image: str = "",
    accounts: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> Deployment:
    """From the settings of this machine, but for what they say of a laptop.

    Raises Misconfigured where the project is not known.
    """
    settings = _settings(environ)
    known = {"wakeups": settings.wakeup_account, "schedules": settings.scheduler_account}
    chosen = {part: email for part, email in known.items() if email} | dict(accounts or {})
    those = Accounts.of(settings.project, chosen)
    return Deployment(
        settings=replace(settings, wakeup_account=those.wakeups, scheduler_account=those.schedules),
        image=image,
        media_image=media_image,
        accounts=those,
        env=env or {},
    )


def _settings(environ: Mapping[str, str] | None) -> Settings:
    here = Settings.load(environ)  # which also reads .env
    env = os.environ if environ is None else environ
    if not here.project:
        raise Misconfigured("To which project? Set GOOGLE_CLOUD_PROJECT to its id.")
    said = {name: value for name, value in env.items() if not _is_of_here(name, value)}
    return Settings.load({**said, "K_SERVICE": DISPATCHER})


def _is_of_here(name: str, value: str) -> bool:
    return name in {"CLOUD_RUN_JOB", "K_SERVICE", "PORT"} or (
        name in _HERE and value.startswith(_HERE[name])
    )
