"""How UseAPI.net is asked: https://useapi.net/docs

All its answers have the same statuses: 402 where its own subscription has run out, 412 where the
account at the provider cannot pay, 422 for a prompt that was withheld, 429 where all jobs that the
account may have under way are, 596 where the account can no longer be signed in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.genai.settings import base_url
from jobs.video_generation.remote.answers import COMMON, Kinds
from jobs.video_generation.remote.errors import Filtered, NoCredits, NotAllowed
from jobs.video_generation.remote.service import Service

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "SECRET", "account", "is_withheld", "service"]

SECRET = "USEAPI_TOKEN"  # noqa: S105 - the variable's name
BASE_URL = "https://api.useapi.net"
KINDS: Kinds = {**COMMON, 412: NoCredits, 422: Filtered, 596: NotAllowed}
_WITHHELD = re.compile(r"moderat|nsfw|unsafe|safety|policy|inappropriate|sensitive", re.IGNORECASE)
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")
_ACCOUNT = re.compile(r"[^\s@]{1,100}@[^\s@]{1,150}")


def service(env: Mapping[str, str]) -> Service:
    """UseAPI.net, as the owner of the token. Raises Misconfigured."""
    token = env.get(SECRET) or ""
    if not _TOKEN.fullmatch(token):
        raise Misconfigured(f"Set {SECRET} to the API token of UseAPI.net.")
    place = base_url(env, "USEAPI_BASE_URL") or BASE_URL
    return Service(place, headers={"Authorization": f"Bearer {token}"}, secret=token)


def account(env: Mapping[str, str], variable: str) -> dict[str, str]:
    """Which of the accounts is to be used, as a create says it. Raises Misconfigured."""
    address = env.get(variable)
    if not address:
        return {}
    if not _ACCOUNT.fullmatch(address):
        raise Misconfigured(f"{variable} is not the address of an account, such as a@example.com.")
    return {"email": address}


def is_withheld(why: str) -> bool:
    """Whether a failure's words say that a filter is at work."""
    return _WITHHELD.search(why) is not None
