"""runjobs sweep: finding what was left undone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from common.cli.parts import json_option, print_json
from common.dispatch import Client
from common.dispatch.report.sweeps import sweep_data

if TYPE_CHECKING:
    from common.dispatch.sweep import Swept

__all__ = ["sweep_command"]


@click.command("sweep")
@json_option
def sweep_command(*, in_json: bool) -> None:
    """Find whatever was left undone, and do it.

    Runs are taken from tasks that are gone, what is due is started, batches that have ended are
    continued, and what was kept for long enough is removed.
    """
    with Client() as client:
        swept = client.dispatcher.sweep()
    if in_json:
        print_json(sweep_data(swept))
    else:
        _tell(swept)
    for trouble in swept.troubles:
        click.echo(f"Error: {trouble}", err=True)
    if swept.troubles:
        sys.exit(1)


def _tell(swept: Swept) -> None:
    if swept.skipped:
        click.echo("Another is sweeping just now.")
        return
    done = {
        "starts were found out about": swept.found,
        "runs were taken from tasks that are gone": len(swept.rescued),
        "runs are being started": len(swept.started),
        "batches were continued": len(swept.continued),
        "things were removed, as their time was up": swept.removed,
    }
    for what, count in done.items():
        if count:
            click.echo(f"{count:,} {what}.")
    if not (any(done.values()) or swept.troubles):
        click.echo("Nothing was left undone.")
    if swept.next is not None:
        click.echo(f"The next sweep is needed at {swept.next.astimezone():%T %Z}.")
