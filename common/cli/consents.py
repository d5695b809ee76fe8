"""What the file of a consent says, and what may be shown of one."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from common.cli.parts import shown
from common.cli.tables import print_table, words
from common.cli.times import ago
from common.dispatch.report.runs import time
from common.errors import InvalidInput

if TYPE_CHECKING:
    from common.integrations import Integration

__all__ = ["print_all", "scopes_of", "secret_in", "shown_of"]

_MOST = 64_000
_COLUMNS = (
    *words("TENANT", "USER", "PROVIDER", "ACCOUNT", long=True),
    *words("STATUS", "CONSENTED"),
    *words("WHY", long=True),
)


def secret_in(file: IO[bytes]) -> dict[str, Any]:
    """What the file says; no error shows any of it."""
    try:
        found = json.loads(file.read(_MOST))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("refresh_token"), str):
        raise InvalidInput(
            "The file is not the JSON of an authorized user with a refresh_token: have the user "
            "consent with access_type=offline, and write down what Credentials.to_json() says."
        )
    if found.get("type", "authorized_user") != "authorized_user":
        raise InvalidInput("The file is of a service account, not of an authorized user.")
    return found


def scopes_of(secret: dict[str, Any]) -> list[str]:
    """What was consented to, in either of the ways in which it is written."""
    said = secret.get("scopes")
    found = said.split() if isinstance(said, str) else said
    return [str(scope) for scope in found] if isinstance(found, list) else []


def shown_of(integration: Integration) -> dict[str, Any]:
    """All that may be shown of it."""
    return {
        "id": integration.id,
        "tenant": integration.tenant,
        "user": integration.user,
        "provider": integration.provider,
        "account": integration.account,
        "scopes": [*integration.scopes],
        "status": integration.status,
        "why": integration.why,
        "since": time(integration.since),
        "created": time(integration.created),
        "updated": time(integration.updated),
    }


def print_all(found: list[Integration]) -> None:
    """A table."""
    print_table(_COLUMNS, map(_cells, found))


def _cells(each: Integration) -> list[str]:
    names = (each.tenant, each.user, each.provider, each.account)
    return list(map(shown, (*names, each.status, ago(each.consented), each.why)))
