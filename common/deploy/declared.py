"""The jobs of Cloud Run that follow from the declarations, as API v2 has them:
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from common.deploy.deployment import LABELS, Deployment
from common.deploy.secrets import refuse_plain
from common.localcloud.errors import ApiError
from common.runtime.declare import Job
from common.runtime.discover import all_jobs
from common.settings import Settings

if TYPE_CHECKING:
    from common.localcloud.cloud import LocalCloud

__all__ = ["container_env", "job_json", "local_job_json", "seed"]

Json = dict[str, Any]

LOCAL = "local"
"""The project of a laptop where none is set."""


def job_json(job: Job, deployment: Deployment) -> Json:
    """The job in that deployment. Raises InvalidInput for a secret that is given in plain."""
    refuse_plain(job, deployment.env)
    variables = {**deployment.variables, **deployment.env}
    return _job(
        job,
        image=_image(job, deployment),
        env=[*container_env(variables), *map(_secret, job.secrets)],
        more={"serviceAccount": deployment.accounts.jobs},
    )


def local_job_json(job: Job) -> Json:
    """The job on a laptop: its tasks have the server's settings, and the secrets that are here."""
    return _job(job, image="runjobs", env=[], more={})


def seed(cloud: LocalCloud, settings: Settings) -> None:
    """Have the declared jobs in the local cloud, of this project and region, where they are not
    there yet. A job that cannot be loaded here is left out."""
    parent = f"projects/{settings.project or LOCAL}/locations/{settings.region}"
    for job in all_jobs(lambda *_: None):
        if cloud.store.find(f"{parent}/jobs/{job.name}") is None:
            with suppress(ApiError):  # another process was faster
                cloud.run.jobs.create(parent, job.name, local_job_json(job))


def container_env(variables: Mapping[str, str]) -> list[Json]:
    """Variables as a container has them."""
    return [{"name": name, "value": value} for name, value in variables.items()]


def _job(job: Job, *, image: str, env: list[Json], more: Json) -> Json:
    limits = {"cpu": str(job.cpu), "memory": job.memory}
    container = {"image": image, "resources": {"limits": limits}, "env": env}
    seconds = math.ceil((job.timeout + job.drain).total_seconds())
    # The run's own policy is the one owner of retries.
    task = {"containers": [container], "maxRetries": 0, "timeout": f"{seconds}s", **more}
    return {"labels": LABELS, "template": {"taskCount": 1, "template": task}}


def _image(job: Job, deployment: Deployment) -> str:
    """The base packages are in every image; what a job needs as an extra is in the media one."""
    extras = any(need.endswith(")") for need in job.needs)
    return (extras and deployment.media_image) or deployment.image


def _secret(name: str) -> Json:
    reference = {"secret": name, "version": "latest"}
    return {"name": name, "valueSource": {"secretKeyRef": reference}}
