"""runjobs deploy: what the declarations say, into Google Cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from common.cli.parts import json_option, print_json
from common.deploy.api import Api, open_api
from common.deploy.commands import iam_commands
from common.deploy.deploy import deploy, plan
from common.deploy.deployment import Deployment, deployment
from common.deploy.plan import DELETE, Plan, Step
from common.deploy.secrets import refuse_plain, with_secrets
from common.dispatch.google import endpoint
from common.errors import InvalidInput
from common.runtime.declare import Job
from common.runtime.discover import all_jobs

__all__ = ["deploy_command"]


def _pairs(_: click.Context, __: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.partition("=") for each in said]
    if wrong := [name for name, equals, _ in pairs if not (name and equals)]:
        raise click.BadParameter(f"{wrong[0]!r} has no value: write NAME=VALUE.")
    return {name: value for name, _, value in pairs}


@click.command("deploy")
@click.option("--image", default="", help="The image, best by its digest: …@sha256:….")
@click.option("--media-image", default="", help="Another image, for jobs that need more packages.")
@click.option("--plan", "only_plan", is_flag=True, help="Show what would be done; change nothing.")
@click.option("--prune", is_flag=True, help="Delete what is ours and no longer declared.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    callback=_pairs,
    metavar="PART=EMAIL",
    help="Another service account for jobs, dispatcher, wakeups or schedules.",
)
@click.option(
    "--env",
    multiple=True,
    callback=_pairs,
    metavar="NAME=VALUE",
    help="One more variable for all jobs. Secrets are declared with the job instead.",
)
@click.option(
    "--secrets",
    envvar="RUNJOBS_SECRETS",
    default="",
    metavar="NAME,…",
    help="What Secret Manager has. Jobs that declare other secrets are left out.",
)
@click.option("--print-iam", is_flag=True, help="Print gcloud commands that make the accounts.")
@click.option("--deployer", default="", metavar="MEMBER", help="With --print-iam: who deploys.")
@json_option
def deploy_command(  # noqa: PLR0913 - one for each option
    *,
    image: str,
    media_image: str,
    only_plan: bool,
    prune: bool,
    yes: bool,
    accounts: Mapping[str, str],
    env: Mapping[str, str],
    secrets: str,
    print_iam: bool,
    deployer: str,
    in_json: bool,
) -> None:
    """Deploy jobs, dispatcher, queue, schedules and indexes, as they are declared.

    What is as it shall be is left alone, so it may be called again at any time: also after it was
    interrupted. What was not made by it is never touched.
    """
    there = deployment(image=image, media_image=media_image, accounts=accounts, env=env)
    there.check()
    jobs, left_out = _with(secrets, env)
    there = replace(there, left_out=left_out)
    if print_iam:
        for line in iam_commands(there, jobs, deployer=deployer):
            click.echo(line)
        return
    if not image:
        raise InvalidInput("Which image? Say it with --image, best by its digest.")
    api = open_api(endpoint() or "")
    if only_plan:
        _report(plan(api, there, jobs, prune=prune), in_json=in_json)
        return
    if prune and not (yes or in_json):
        _confirm(plan(api, there, jobs, prune=True))
    _deploy(api, there, jobs, prune=prune, in_json=in_json)


def _with(secrets: str, env: Mapping[str, str]) -> tuple[list[Job], list[str]]:
    """The jobs whose secrets are there; of the others, by name, it is told what they lack."""
    found, there = all_jobs(), {name.strip() for name in secrets.split(",")}
    for job in found:
        refuse_plain(job, env)
    ready, others = with_secrets(found, there)
    left_out = [job.name for job in others]
    if left_out:
        lacking = {name: None for job in others for name in job.secrets if name not in there}
        click.echo(
            f"Left out: {', '.join(left_out)}. Put {', '.join(lacking)} into Secret Manager, and "
            "name what it has in --secrets or RUNJOBS_SECRETS.",
            err=True,
        )
    return ready, left_out


def _deploy(
    api: Api, there: Deployment, jobs: Sequence[Job], *, prune: bool, in_json: bool
) -> None:
    done = deploy(api, there, jobs, prune=prune, tell=_nothing if in_json else _tell)
    if in_json:
        print_json(done.json())
        return
    click.echo(f"Deployed to {there.location}: {done.counts(done=True)}.")


def _confirm(found: Plan) -> None:
    if doomed := [step for step in found.work if step.action == DELETE]:
        for step in doomed:
            click.echo("\n".join(step.lines()))
        click.confirm("Delete them?", abort=True)


def _report(found: Plan, *, in_json: bool) -> None:
    if in_json:
        print_json(found.json())
    else:
        click.echo("\n".join(found.lines()))


def _tell(step: Step) -> None:
    click.echo("\n".join(step.lines()))


def _nothing(_: Step) -> None: ...
