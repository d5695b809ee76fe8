"""What of the params can be judged before anything is submitted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from common.automations import Kind, Template
from common.errors import InvalidInput
from common.runtime.discover import find_job

if TYPE_CHECKING:
    from jobs.run_initializer.params import RunInitializer

__all__ = ["check", "check_template", "template_of"]

_ITS_OWN = ("source", "schema", "export", "formats", "provider", "user")
"""What an automation says itself."""


def check(params: RunInitializer) -> None:
    """Raise InvalidInput for what could come to nothing."""
    defaults = type(params).model_fields
    own = [name for name in _ITS_OWN if getattr(params, name) != defaults[name].default]
    if params.stage is not None:
        if own or params.automation or params.messages:
            raise InvalidInput("stage is the chain's own: leave it out")
        _check_plan(params.stage.plan)
    elif params.automation:
        if own:
            raise InvalidInput(f"the automation says that itself: leave out {', '.join(own)}")
    elif not (params.source and params.schema):
        raise InvalidInput("say source and schema, or automation")
    else:
        check_template(template_of(params), params.user, messages=params.messages)


def _check_plan(text: str) -> None:
    from jobs.run_initializer.params import Plan

    try:
        Plan.model_validate_json(text)
    except ValueError:
        raise InvalidInput("stage.plan is none that a chain has made") from None


def template_of(params: RunInitializer) -> Template:
    """The template that the params are. Raises InvalidInput."""
    form = params.schema
    return Template(
        sources=tuple(params.source),
        schema=form if isinstance(form, str) else json.dumps(form),
        provider=params.provider,
        formats=tuple(params.formats),
        export=params.export,
    )


def check_template(template: Template, user: str, *, messages: list[str]) -> None:
    """Raise InvalidInput for one that another job of the chain would refuse."""
    if template.asks_google and not user:
        raise InvalidInput("say whose Google account it is: user")
    for source in template.read():
        if source.kind is Kind.GMAIL and not (source.text or messages):
            raise InvalidInput("gmail: is about messages: give some, or write gmail:SEARCH")
    form = {"schema": template.schema, "provider": template.provider}
    find_job("extraction").validate({"source": "x", **form})
    find_job("extraction-batch").validate({"folder": "x", "formats": [*template.formats], **form})
    if template.drive:
        target = {"user": user, "folder": template.drive, "sources": ["x"]}
        find_job("drive-export").validate(target)
