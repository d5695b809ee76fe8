"""The rights as gcloud commands, which may be run again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from common.deploy.deployment import Deployment
from common.deploy.grants import DEPLOYER, STARTER, Grant, grants
from common.runtime.declare import Job

__all__ = ["iam_commands"]


def iam_commands(
    deployment: Deployment, jobs: Sequence[Job], *, deployer: str = ""
) -> Iterator[str]:
    """Accounts, a role, then what each account may do; and, where one is named, what a deployer
    needs: a member such as serviceAccount:EMAIL."""
    project = deployment.settings.project
    yield from _accounts(deployment)
    wanted = grants(deployment, jobs)
    (starts,) = [it.permissions for it in wanted if it.role.endswith(STARTER)]
    role = ("--title=Starts jobs", f"--permissions={','.join(starts)}")
    yield _unless(
        _line("iam", "roles", "update", STARTER, f"--project={project}", *role),
        _line("iam", "roles", "create", STARTER, f"--project={project}", *role),
    )
    yield from (_binding(grant, project) for grant in wanted)
    if deployer:
        yield from _deployer(deployment, deployer)


def _accounts(deployment: Deployment) -> Iterator[str]:
    """Those of this project; of another one they are somebody else's to make."""
    project = deployment.settings.project
    for email in dict.fromkeys(astuple(deployment.accounts)):
        id, _, domain = email.partition("@")
        if domain == f"{project}.iam.gserviceaccount.com":
            yield _unless(
                _line("iam", "service-accounts", "describe", email, f"--project={project}"),
                _line("iam", "service-accounts", "create", id, f"--project={project}"),
            )


def _binding(grant: Grant, project: str) -> str:
    who = (f"--member=serviceAccount:{grant.account}", f"--role={grant.role}")
    add = "add-iam-policy-binding"
    if grant.place == "project":
        return _line("projects", add, grant.target, *who, "--condition=None")
    if grant.place == "bucket":
        return _line("storage", "buckets", add, f"gs://{grant.target}", *who)
    if grant.place == "secret":
        return _line("secrets", add, grant.target, *who, f"--project={project}")
    return _line("iam", "service-accounts", add, grant.target, *who, f"--project={project}")


def _deployer(deployment: Deployment, member: str) -> Iterator[str]:
    project, add = deployment.settings.project, "add-iam-policy-binding"
    who = f"--member={member}"
    for role in DEPLOYER:
        yield _line("projects", add, project, who, f"--role={role}", "--condition=None")
    for email in dict.fromkeys(astuple(deployment.accounts)):
        role = "--role=roles/iam.serviceAccountUser"
        yield _line("iam", "service-accounts", add, email, who, role, f"--project={project}")


def _line(*words: str) -> str:
    """Piped into a shell, a question would be answered by the next command."""
    return shlex.join(["gcloud", *words, "--quiet"])


def _unless(there: str, make: str) -> str:
    return f"{there} >/dev/null 2>&1 || {make}"
