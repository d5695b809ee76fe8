"""runjobs plan: a day's production, spread evenly, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from common.cli.lines import read_topics, reading
from common.cli.parts import json_option
from common.cli.per_job import options
from common.cli.plan_ahead import plan_on
from common.cli.plan_change import cancel_command, change_command
from common.cli.plan_days import PLAN_OPTIONS, day_of, note, planner, said_of
from common.cli.plan_look import list_command, show_command
from common.cli.plan_told import tell
from common.cli.submission import word
from common.dispatch import Client
from common.errors import InvalidInput
from common.runtime.discover import find_job
from common.runtime.options import given, params_options
from common.runtime.topics import job_of_topics

if TYPE_CHECKING:
    from common.plans import Said
    from common.runtime.declare import Job

__all__ = ["plan_command"]

_JOB = "common.cli.plan.job"
"""Where the context of the command keeps the job that is planned."""


class _PlanGroup(click.Group):
    """A group that plans if none of its commands is named; the job's params are options then."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find out first which job it is, since its options are to be known."""
        if args and args[0] not in self.commands:
            ctx.meta[_JOB] = _job(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Those of the job too."""
        own = super().get_params(ctx)
        job: Job | None = ctx.meta.get(_JOB)
        if job is None:
            return own
        names = {name.lstrip("-").replace("-", "_") for each in own for name in each.opts}
        return [*own, *params_options(job, taken=frozenset(names))]


def _job(args: list[str]) -> Job | None:
    """The job that is asked for, or the one that takes topics."""
    for each, following in zip(args, [*args[1:], ""], strict=True):
        if each == "--job":
            return find_job(following)
        if each.startswith("--job="):
            return find_job(each.removeprefix("--job="))
    try:
        return job_of_topics()
    except InvalidInput:
        return None  # which is a mistake only where topics are given


@click.group(
    "plan",
    cls=_PlanGroup,
    invoke_without_command=True,
    no_args_is_help=True,
    subcommand_metavar="[COMMAND]",
    params=options(
        *PLAN_OPTIONS,
        click.option("--name", default="daily", show_default=True, help="What the plan is called."),
        click.option("--job", metavar="JOB", help="Whose runs; by default the job of topics."),
        click.option("--tenant", callback=word, metavar="NAME", help="Whose work it is."),
        click.option(
            "--priority",
            type=click.Choice(["critical", "high", "normal", "low"]),
            help="How urgent it is.",
        ),
        json_option,
    ),
)
@click.pass_context
def plan_command(ctx: click.Context, /, **values: Any) -> None:
    """Plan a day: a run for each topic, spread evenly, each due at its time.

    The same plan for the same day is made once. The next day goes on with the topics where this
    one ends.
    """
    if ctx.invoked_subcommand is None:
        _plan(ctx.meta.get(_JOB), values)
    elif any(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in values):
        command = f"runjobs plan {ctx.invoked_subcommand} [NAME] [OPTIONS]"
        raise click.UsageError(f"What a command is told goes behind it: `{command}`.")


def _plan(job: Job | None, values: dict[str, Any]) -> None:
    said = said_of(values)
    if values["topics"] is not None:
        said = _with_topics(said, job or job_of_topics(), values)
    elif job is not None and (values["job"] or given(job, values) or values["params_source"]):
        raise click.UsageError("A job and its options go with --topics FILE.")
    with Client() as client:
        if said.job is not None and client.settings.executor == "local":
            find_job(said.job).check()
        plans = planner(client)
        day = day_of(plans, values["name"], said, values["day"])
        done = plans.plan(values["name"], said, day=day, tell=note)
        ahead = plan_on(client, plans, done)
        tell(client, done, ahead, in_json=values["in_json"])


def _with_topics(said: Said, job: Job, values: dict[str, Any]) -> Said:
    how = reading(job, values, "--topics")
    topics = read_topics(job, values["topics"], how)
    return replace(said, job=job.name, topics=topics, options=dict(how.others))


for each in (list_command, show_command, change_command, cancel_command):
    plan_command.add_command(each)
