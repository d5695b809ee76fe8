"""Which rights each service account needs, and no others.

Wake-ups need one more, to call the dispatcher, which deploying gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.deploy.deployment import Deployment
from common.runtime.declare import Job

__all__ = ["DEPLOYER", "STARTER", "Grant", "grants"]

STARTER = "runjobsStarter"
"""A role of the project's own, since of Google's those that may cancel may also deploy."""
_STARTS = (
    *("run.jobs.get", "run.jobs.list", "run.jobs.run", "run.jobs.runWithOverrides"),
    *("run.executions.get", "run.executions.list", "run.executions.cancel"),
    *("run.operations.get", "run.tasks.get", "run.tasks.list"),
)
_DOCUMENTS = tuple(
    f"datastore.entities.{verb}" for verb in ("create", "delete", "get", "list", "update")
)
_USE = ("iam.serviceAccounts.actAs",)

DEPLOYER = (
    *("roles/run.admin", "roles/cloudtasks.queueAdmin", "roles/cloudscheduler.admin"),
    *("roles/datastore.indexAdmin", "roles/artifactregistry.reader"),
)
"""What whoever deploys needs in the project, and on the accounts roles/iam.serviceAccountUser."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A role that an account has in one place."""

    account: str
    role: str
    place: str
    """project, bucket, account or secret."""
    target: str
    """Which one."""
    permissions: tuple[str, ...] = ()
    """Those of the role that are needed; for a role of our own, all of it."""


def grants(deployment: Deployment, jobs: Sequence[Job]) -> list[Grant]:
    """All of them."""
    accounts, project = deployment.accounts, deployment.settings.project
    return [
        *_stores(accounts.jobs, deployment),
        *_signing(accounts.jobs),
        *_secrets(accounts.jobs, jobs),
        *_stores(accounts.dispatcher, deployment),
        _on_project(accounts.dispatcher, f"projects/{project}/roles/{STARTER}", project, *_STARTS),
        *_schedules(accounts.dispatcher, project, jobs),
        _on_project(
            accounts.schedules,
            "roles/run.jobsExecutorWithOverrides",
            project,
            "run.jobs.run",
            "run.jobs.runWithOverrides",
        ),
    ]


def _stores(account: str, deployment: Deployment) -> Iterator[Grant]:
    """What whoever works on runs needs: documents, blobs, and to set wake-ups."""
    settings = deployment.settings
    documents = settings.documents.removeprefix("firestore://").partition("/")[0]
    yield _on_project(account, "roles/datastore.user", documents, *_DOCUMENTS)
    if bucket := settings.blobs.removeprefix("gs://").partition("/")[0]:
        yield Grant(account=account, role="roles/storage.objectUser", place="bucket", target=bucket)
    project = settings.project
    yield _on_project(account, "roles/cloudtasks.enqueuer", project, "cloudtasks.tasks.create")
    yield _on_project(
        account,
        "roles/cloudtasks.viewer",
        project,
        *("cloudtasks.queues.get", "cloudtasks.tasks.get", "cloudtasks.tasks.list"),
    )
    yield Grant(
        account=account,
        role="roles/iam.serviceAccountUser",
        place="account",
        target=deployment.accounts.wakeups,
        permissions=_USE,
    )


def _signing(account: str) -> Iterator[Grant]:
    """Signed URLs of blobs are signed as itself."""
    yield Grant(
        account=account,
        role="roles/iam.serviceAccountTokenCreator",
        place="account",
        target=account,
        permissions=("iam.serviceAccounts.signBlob",),
    )


def _secrets(account: str, jobs: Sequence[Job]) -> Iterator[Grant]:
    for name in sorted({name for job in jobs for name in job.secrets}):
        role = "roles/secretmanager.secretAccessor"
        yield Grant(account=account, role=role, place="secret", target=name)


def _schedules(account: str, project: str, jobs: Sequence[Job]) -> Iterator[Grant]:
    """To make up for missed moments, but not while somebody has paused a schedule."""
    if any(job.schedule is not None and job.schedule.missed == "once" for job in jobs):
        yield _on_project(
            account, "roles/cloudscheduler.viewer", project, "cloudscheduler.jobs.list"
        )


def _on_project(account: str, role: str, project: str, *permissions: str) -> Grant:
    return Grant(
        account=account, role=role, place="project", target=project, permissions=permissions
    )
