"""Whether those who work there have the rights that they need: asked of IAM, which changes nothing.

https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions
"""

from __future__ import annotations

from collections.abc import Iterable

from common.deploy.api import Api
from common.deploy.errors import Denied, NotThere
from common.deploy.grants import Grant
from common.errors import Misconfigured

__all__ = ["check_account", "check_own"]

_PLACES = {
    "project": ("cloudresourcemanager.googleapis.com", "v1/projects/{}"),
    "account": ("iam.googleapis.com", "v1/projects/-/serviceAccounts/{}"),
}
"""Where permissions can be asked for."""
_SCOPE = ["https://www.googleapis.com/auth/cloud-platform"]


def check_own(api: Api, wanted: Iterable[Grant]) -> None:
    """Raise Misconfigured for a right that we lack ourselves."""
    _check(api, "This account", wanted)


def check_account(api: Api, account: str, wanted: Iterable[Grant]) -> str | None:
    """Raise Misconfigured for a right that an account lacks. Where that cannot be found out,
    because we may not act as that account, return what it would take."""
    try:
        token = _token(api, account)
    except NotThere as error:
        raise Misconfigured(f"{account} is not there: see runjobs deploy --print-iam.") from error
    except Denied:
        return f"not looked at: that takes roles/iam.serviceAccountTokenCreator on {account}"
    _check(api, account, (it for it in wanted if it.account == account), token)
    return None


def _check(api: Api, who: str, wanted: Iterable[Grant], token: str = "") -> None:
    lacking = [it for it in wanted if it.place in _PLACES and not _holds(api, it, token)]
    if lacking:
        roles = ", ".join(f"{it.role} on {it.target}" for it in lacking)
        raise Misconfigured(f"{who} lacks {roles}: see runjobs deploy --print-iam.")


def _token(api: Api, account: str) -> str:
    path = f"v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    answer = api.call("POST", "iamcredentials.googleapis.com", path, body={"scope": _SCOPE})
    return str(answer["accessToken"])


def _holds(api: Api, grant: Grant, token: str) -> bool:
    service, place = _PLACES[grant.place]
    path = f"{place.format(grant.target)}:testIamPermissions"
    body = {"permissions": [*grant.permissions]}
    try:
        answer = api.call("POST", service, path, body=body, token=token)
    except (Denied, NotThere):  # who may not even ask has none
        return False
    return {*grant.permissions} <= {*answer.get("permissions", ())}
