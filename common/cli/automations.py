"""runjobs automations: what users want done again and again, and which messages start it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from common.cli.parts import console, json_option, print_json, shown
from common.cli.tables import print_table, words
from common.cli.times import ago
from common.dispatch import Client
from common.dispatch.report.runs import time

if TYPE_CHECKING:
    from common.automations import Automation, Template, Trigger

__all__ = ["automations_command"]

_TRIGGER = {
    "sender": "senders",
    "subject": "subject",
    "words": "query",
    "label": "label",
    "filename": "filenames",
}
"""Options that are rules, and what each is in a trigger."""
_GMAIL = "gmail:"
_COLUMNS = (
    *words("AUTOMATION"),
    *words("NAME", "TENANT", "USER", "SOURCES", "SCHEMA", "STARTED BY", long=True),
    *words("CHANGED"),
)


@click.group("automations")
def automations_command() -> None:
    """Automations: files of a kind into tables, by a name, or whenever a message comes."""


@automations_command.command("list")
@click.option("--tenant", metavar="NAME", help="Of this tenant.")
@click.option("--user", metavar="USER", help="Of this user.")
@json_option
def list_command(*, tenant: str | None, user: str | None, in_json: bool) -> None:
    """List automations, by name."""
    from common.automations import Automations

    with Client() as client:
        found = Automations(client.documents).list(tenant=tenant, user=user)
    if in_json:
        print_json([_data(each) for each in found])
    elif found:
        print_table(_COLUMNS, map(_cells, found))
    else:
        click.echo("There are no such automations.", err=True)


@automations_command.command("add")
@click.argument("name")
@click.option(
    "--source",
    multiple=True,
    required=True,
    metavar="SOURCE",
    help="From where: a folder or file, drive:folder/ID, gmail:SEARCH; or gmail: for what is "
    "attached to the message that starts it.",
)
@click.option("--schema", required=True, help="What to find: invoice, a .json file's place, JSON.")
@click.option("--export", default="", metavar="PLACE", help="A folder, or drive:folder/ID.")
@click.option(
    "--format", "--formats", "formats", multiple=True, help="Of the tables: csv, xlsx, json."
)
@click.option("--provider", default="auto", help="Who extracts: auto, local, gemini.")
@click.option("--user", default="", metavar="USER", help="Whose it is, and whose accounts it uses.")
@click.option("--tenant", default="", metavar="NAME", help="Whose user that is.")
@click.option(
    "--sender", multiple=True, metavar="ADDRESS", help="From it, or a domain: @example.com."
)
@click.option("--subject", default="", metavar="WORDS", help="All of them in its subject.")
@click.option("--words", default="", metavar="WORDS", help="All of them anywhere in it.")
@click.option("--label", default="", metavar="NAME", help="With this label.")
@click.option("--filename", multiple=True, metavar="PATTERN", help="With a file like that: *.pdf.")
@click.option("--attachment/--no-attachment", default=True, help="With a file, or with none too.")
@json_option
def add_command(*, in_json: bool, **said: Any) -> None:
    """Keep a new automation. With a rule, or the source gmail:, messages start it."""
    from common.automations import Automation, Automations

    automation = Automation(
        tenant=said["tenant"],
        user=said["user"],
        name=said["name"],
        template=_template(said),
        trigger=_trigger(said),
    )
    with Client() as client:
        _report(Automations(client.documents).save(automation), in_json=in_json)


@automations_command.command("show")
@click.argument("id")
@json_option
def show_command(id: str, *, in_json: bool) -> None:
    """Tell all that an automation does."""
    from common.automations import Automations

    with Client() as client:
        _report(Automations(client.documents).get(id), in_json=in_json)


@automations_command.command("remove")
@click.argument("id")
def remove_command(id: str) -> None:
    """Forget an automation; what it has started goes on."""
    from common.automations import Automations

    with Client() as client:
        Automations(client.documents).remove(id)
    click.echo(f"Automation {id} is removed.")


@automations_command.command("enable")
@click.argument("id")
@json_option
def enable_command(id: str, *, in_json: bool) -> None:
    """Let messages start an automation again."""
    _enable(id, enabled=True, in_json=in_json)


@automations_command.command("disable")
@click.argument("id")
@json_option
def disable_command(id: str, *, in_json: bool) -> None:
    """Have no message start an automation until it is enabled.

    By hand it can be started.
    """
    _enable(id, enabled=False, in_json=in_json)


def _enable(id: str, *, enabled: bool, in_json: bool) -> None:
    from common.automations import Automations

    with Client() as client:
        _report(Automations(client.documents).enable(id, enabled=enabled), in_json=in_json)


def _template(said: dict[str, Any]) -> Template:
    """The template that the options are, checked as the job that follows it checks its params."""
    from common.automations import Template
    from common.runtime.discover import find_job

    own = {name: said[name] for name in ("schema", "provider", "export")}
    given = {"formats": said["formats"]} if said["formats"] else {}
    messages = ["x"] if _GMAIL in said["source"] else []
    find_job("run-initializer").validate(
        {**own, **given, "source": said["source"], "user": said["user"], "messages": messages}
    )
    return Template(sources=said["source"], **own, **given)


def _trigger(said: dict[str, Any]) -> Trigger | None:
    from common.automations import Trigger

    rules = {_TRIGGER[name]: value for name, value in said.items() if name in _TRIGGER and value}
    if not (rules or _GMAIL in said["source"] or not said["attachment"]):
        return None
    return Trigger(**rules, has_attachment=said["attachment"])


def _report(automation: Automation, *, in_json: bool) -> None:
    if in_json:
        print_json(_data(automation))
        return
    screen, trigger = console(), automation.trigger
    screen.print(f"[bold]{automation.id}[/] {shown(automation.name)}", soft_wrap=True)
    for name, value in asdict(automation.template).items():
        _tell(screen, name, value)
    if trigger is None:
        screen.print(f"  `runjobs submit run-initializer --automation {automation.id}` starts it.")
        return
    started = "A message starts it" if automation.enabled else "Disabled: no message starts it"
    screen.print(f"  {started} that meets all of these:", soft_wrap=True)
    for name, value in asdict(trigger).items():
        _tell(screen, name, value, indent=4)


def _tell(screen: Any, name: str, value: Any, *, indent: int = 2) -> None:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    if text:
        screen.print(f"{' ' * indent}{name}: {shown(text)}", soft_wrap=True)


def _cells(each: Automation) -> tuple[str, ...]:
    by = "hand" if each.trigger is None else "messages" if each.enabled else "nobody: disabled"
    return (
        each.id,
        shown(each.name),
        shown(each.tenant),
        shown(each.user),
        shown(", ".join(each.template.sources)),
        shown(each.template.schema[:40]),
        by,
        ago(each.updated) if each.updated else "",
    )


def _data(automation: Automation) -> dict[str, Any]:
    data = asdict(automation)
    return {**data, "created": time(automation.created), "updated": time(automation.updated)}
