"""Secrets, which a deployment knows by their names alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from common.errors import InvalidInput
from common.runtime.declare import Job

__all__ = ["refuse_plain", "with_secrets"]


def refuse_plain(job: Job, env: Collection[str]) -> None:
    """Raise InvalidInput for a secret of the job that is among the variables for all jobs."""
    if plain := sorted({*env} & {*job.secrets, *job.optional_secrets}):
        raise InvalidInput(
            f"{plain[0]} is a secret of {job.name}: leave it out of --env, and put it into Secret "
            f"Manager (gcloud secrets create {plain[0]} --data-file=-)."
        )


def with_secrets(jobs: Iterable[Job], there: Collection[str]) -> tuple[list[Job], list[Job]]:
    """The jobs whose secrets are there, with those optional ones that are; and the others."""
    ready: list[Job] = []
    left_out: list[Job] = []
    for job in jobs:
        if {*there}.issuperset(job.secrets):
            optional = (name for name in job.optional_secrets if name in there)
            ready.append(replace(job, secrets=(*job.secrets, *optional)))
        else:
            left_out.append(job)
    return ready, left_out
