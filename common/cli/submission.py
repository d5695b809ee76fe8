"""What can be asked of what is submitted, be it one run or a batch."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from common.cli.moments import Moment, Span
from common.cli.parts import json_option
from common.cli.per_job import options
from common.runs import Priority, Then
from common.runtime.jsontext import parse_json
from common.runtime.text import LONGEST_WORD, ONE_LINE

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["SUBMIT_OPTIONS", "asked", "check_options", "word"]


def word(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    """A name or a key, within the limits that it has over HTTP, too."""
    if text and not (len(text) <= LONGEST_WORD and re.fullmatch(ONE_LINE, text)):
        raise click.BadParameter(f"It is text of one line, of at most {LONGEST_WORD} characters.")
    return text


SUBMIT_OPTIONS = options(
    click.option("--wait", is_flag=True, help="See it through to its end."),
    click.option(
        "--batch",
        metavar="FILE|-",
        help="Submit many, one for each line: its text, or a JSON object of params; options are "
        "those of every line. - for standard input.",
    ),
    click.option(
        "--priority",
        type=click.Choice([priority.name.lower() for priority in Priority]),
        default="normal",
        show_default=True,
        help="How urgent it is.",
    ),
    click.option("--tenant", default="", callback=word, metavar="NAME", help="Whose work it is."),
    click.option(
        "--key",
        callback=word,
        metavar="TEXT",
        help="The same key gives the same run or batch, not another.",
    ),
    click.option(
        "--delay",
        type=Span(),
        metavar="SPAN",
        help="Not before this much later: 10m, 1h30m.",
    ),
    click.option(
        "--at",
        type=Moment(),
        metavar="TIME",
        help="Not before this time: 2026-12-24T18:00 (local), 2026-12-24T18:00Z.",
    ),
    click.option(
        "--then",
        metavar="JOB",
        help="Submit this once it has succeeded, or once all of the batch have ended.",
    ),
    click.option(
        "--then-params",
        metavar="JSON",
        help='Its params; "{result}", "{result.a}", "{run}", "{batch}" stand for what went before.',
    ),
    json_option,
)


def check_options(values: dict[str, Any]) -> None:
    """Refuse options that do not go together."""
    if values["at"] and values["delay"]:
        raise click.UsageError("Say either --at or --delay.")
    if values["then_params"] and not values["then"]:
        raise click.UsageError("--then-params goes with --then.")


def asked(client: Client, values: dict[str, Any]) -> dict[str, Any]:
    """What the options ask, as arguments of Client.submit and Client.submit_many."""
    then = _then(client, values)  # first, for it writes nothing and may be refused
    return {
        "due": _due(client, values),
        "tenant": values["tenant"],
        "priority": Priority[values["priority"].upper()],
        "key": values["key"],
        "then": then,
    }


def _then(client: Client, values: dict[str, Any]) -> Then | None:
    if values["then"] is None:
        return None
    params = parse_json(values["then_params"] or "{}", source="--then-params")
    return client.then(values["then"], params)


def _due(client: Client, values: dict[str, Any]) -> datetime | None:
    moment: datetime | None = values["at"]
    return client.documents.now() + values["delay"] if values["delay"] else moment
