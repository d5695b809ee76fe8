"""From params to a plan: an automation is read, places are looked up, once for the whole chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.automations import Automations, Kind
from common.errors import InvalidInput
from jobs.run_initializer.checks import check_template, template_of
from jobs.run_initializer.params import Plan

if TYPE_CHECKING:
    from common.automations import Automation, Template
    from common.files import Place
    from common.runtime import Context
    from jobs.run_initializer.params import RunInitializer

__all__ = ["planned"]


def planned(params: RunInitializer, run: Context) -> Plan:
    """What is to be done. Raises InvalidInput, OutOfReach."""
    if not params.automation:
        return _plan(template_of(params), run, user=params.user, messages=params.messages)
    found = Automations(run.documents).get(params.automation, tenant=run.tenant)
    if found.tenant != run.tenant:
        raise InvalidInput(
            f"Automation {found.id} is of tenant {found.tenant!r}: submit it with --tenant."
        )
    check_template(found.template, found.user, messages=params.messages)
    return _plan(found.template, run, user=found.user, messages=params.messages, automation=found)


def _plan(
    template: Template,
    run: Context,
    *,
    user: str,
    messages: list[str],
    automation: Automation | None = None,
) -> Plan:
    sources = template.read()
    texts = {kind: [each.text for each in sources if each.kind is kind] for kind in Kind}
    trigger = automation.trigger if automation else None
    if template.place:
        run.destination(template.place)  # which refuses what is out of reach
    found = {
        "places": [_found(text, run) for text in texts[Kind.PLACE]],
        "drive_files": texts[Kind.DRIVE_FILE],
        "drive_folders": texts[Kind.DRIVE_FOLDER],
        "searches": [] if messages else list(filter(None, texts[Kind.GMAIL])),
        "messages": messages if texts[Kind.GMAIL] else [],
        "names": trigger.filenames if trigger else [],
        "user": user,
        "form": template.schema,
        "provider": template.provider,
        "formats": template.formats,
        "destination": template.place,
        "folder": template.drive or "",
        "automation": automation.id if automation else "",
    }
    return Plan.model_validate(found)


def _found(text: str, run: Context) -> str:
    """The URI of a place. A folder may be empty, but a file that is not there is a mistake."""
    place = run.source(text)
    looks_like_a_file = "." in text.rpartition("/")[2].lstrip(".")
    if looks_like_a_file and not _is_there(place):
        raise InvalidInput(f"There is no {text!r}: nothing is at {place.uri}.")
    return place.uri


def _is_there(place: Place) -> bool:
    is_file = bool(place.path) and place.blobs.stat(place.path) is not None
    return is_file or next(place.list(), None) is not None
