"""The command line: a file per group, imported when one of its commands is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from common.errors import RunjobsError

__all__ = ["cli", "main"]

_SECTIONS = {
    "Runs": {
        "jobs": ("jobs", "List the jobs, their resources, queues and schedules."),
        "run": ("start", "Run a job here, in the foreground."),
        "submit": ("start", "Accept runs and have them executed."),
        "plan": ("plan", "Spread runs over days, one for each topic."),
        "list": ("look", "List runs, newest first."),
        "show": ("look", "Tell the whole story of a run, or how a batch stands."),
        "watch": ("watch", "Watch a run, or a batch, to its end."),
        "logs": ("look", "Print what the attempts of a run printed."),
        "cancel": ("change", "Cancel a run, or a batch."),
        "dead-letters": ("dead_letters", "List, replay and discard what failed for good."),
    },
    "Standing": {
        "status": ("status", "Tell what waits and runs, how fast it goes, and how long yet."),
        "queues": ("queues", "List queues, set their limits, pause, resume, empty them."),
        "schedules": ("schedules", "List schedules, pause, resume, run one now."),
        "limits": ("limits", "List and set the limits on providers."),
        "providers": ("providers", "List providers, what they cost, and how calls fared."),
        "integrations": ("integrations", "List, add and remove the accounts of users."),
        "automations": ("automations", "List, add, change and remove automations."),
    },
    "Operation": {
        "serve": ("serve", "Answer over HTTP, and start what comes due."),
        "sweep": ("sweep", "Find whatever was left undone, and do it."),
        "gcloud": ("gcloud", "Have the real gcloud speak with this laptop."),
        "deploy": ("deploy", "Deploy jobs, dispatcher, queue, schedules and indexes."),
        "check": ("check", "Check configuration, credentials and reachability."),
    },
}
_COMMANDS = {name: module for part in _SECTIONS.values() for name, (module, _) in part.items()}


class _Lazy(click.Group):
    """Commands that cost nothing until they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        attribute = cmd_name.replace("-", "_") + "_command"
        command = getattr(import_module(f"common.cli.{module}"), attribute)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # which knows only of commands that are made already
            name = error.command_name
            raise click.NoSuchCommand(name, possibilities=_COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # To ask each command for its help would import all of them.
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, told) for name, (_, told) in commands.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="runjobs", prog_name="runjobs")
def cli() -> None:
    """Long tasks as Cloud Run Job executions: started, watched and looked into."""


def main() -> None:
    """The console script: our errors are a sentence and an exit code."""
    try:
        cli(prog_name="runjobs")
    except RunjobsError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
