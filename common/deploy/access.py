"""Who may call the dispatcher: members in its policy, beside those that others put there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from common.deploy.api import Api
from common.deploy.compare import Change
from common.deploy.errors import NotThere
from common.deploy.plan import CREATE, KEEP, Step
from common.errors import Misconfigured

__all__ = ["Access"]

Json = dict[str, Any]

_SERVICE = "run.googleapis.com"
_ROLE = "roles/run.invoker"
_WHOLE = {"options.requestedPolicyVersion": "3"}
_ANYBODY = {"allUsers", "allAuthenticatedUsers"}


class Access:
    """The right of some accounts to call one service. It is given, and never taken away."""

    def __init__(self, api: Api, service: str, accounts: Iterable[str]) -> None:
        """`service` as projects/P/locations/R/services/S; the accounts by their addresses."""
        self._api, self._service = api, service
        self._members = [*map(_member, accounts)]

    def steps(self, *, prune: bool) -> Iterator[Step]:  # noqa: ARG002
        """One for all of them. Raises Misconfigured where anybody may call."""
        policy = self._policy()
        self._check_closed(policy)
        lacking = self._lacking(policy)
        yield Step(
            action=CREATE if lacking else KEEP,
            kind="right to call",
            name=self._service.rpartition("/")[2],
            changes=[Change(field=_ROLE, old=None, new=it) for it in lacking],
            do=self._grant,
        )

    def settle(self) -> None:
        """It holds within a minute or two, and who calls tries again."""

    def _policy(self) -> Json:
        try:
            path = f"v2/{self._service}:getIamPolicy"
            # Without an etag, or without its conditions, others' rights would be overwritten.
            return self._api.call("GET", _SERVICE, path, query=_WHOLE, field="etag")
        except NotThere:
            return {}

    def _check_closed(self, policy: Json) -> None:
        """The dispatcher believes a token whose signature Cloud Run has removed, as it does once it
        has checked it: of a service that is open anybody could write one."""
        for each in policy.get("bindings", ()):
            if found := _ANYBODY & {*each.get("members", ())}:
                (who, *_), role = sorted(found), each.get("role")
                name = self._service.rpartition("/")[2]
                raise Misconfigured(
                    f"{who} may call {name} ({role}), which is for accounts of yours alone: gcloud "
                    f"run services remove-iam-policy-binding {name} --member={who} --role={role}."
                )

    def _lacking(self, policy: Json) -> list[str]:
        held = {
            member
            for each in policy.get("bindings", ())
            if each.get("role") == _ROLE and not each.get("condition")
            for member in each.get("members", ())
        }
        return [member for member in self._members if member not in held]

    def _grant(self) -> None:
        self._api.insist(self._grant_once)

    def _grant_once(self) -> None:
        policy = self._policy()
        if lacking := self._lacking(policy):
            binding = {"role": _ROLE, "members": lacking}
            changed = {**policy, "bindings": [*policy.get("bindings", ()), binding]}
            path = f"v2/{self._service}:setIamPolicy"
            self._api.call("POST", _SERVICE, path, body={"policy": changed})


def _member(email: str) -> str:
    kind = "serviceAccount" if email.endswith("gserviceaccount.com") else "user"
    return f"{kind}:{email}"
