"""The command line: a file per group, imported when one of its commands is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from common.errors import RunjobsError

__all__ = ["cli", "main"]

_COMMANDS = {
    "jobs": "jobs",
    "run": "start",
    "submit": "start",
    "list": "look",
    "show": "look",
    "watch": "watch",
    "cancel": "change",
    "logs": "look",
    "plan": "plan",
    "status": "status",
    "dead-letters": "dead_letters",
    "queues": "queues",
    "limits": "limits",
    "providers": "providers",
    "integrations": "integrations",
    "automations": "automations",
    "schedules": "schedules",
    "sweep": "sweep",
    "serve": "serve",
    "gcloud": "gcloud",
    "deploy": "deploy",
    "check": "check",
}


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
