"""IAM: service accounts, which are kept, and as which nobody has to be."""

from __future__ import annotations

import re

from common.localcloud.errors import ApiError, invalid, not_found
from common.localcloud.policies import Policies
from common.localcloud.projects import project_number
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.store import Resource, Store

__all__ = ["Iam"]

_ID = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")
_DOMAIN = ".iam.gserviceaccount.com"
_NAME = "/v1/{name=projects/*/serviceAccounts/*}"


class Iam:
    """The service accounts of all projects."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        accounts = "/v1/{name=projects/*}/serviceAccounts"
        self.rpcs = (
            Rpc(verb="POST", path=accounts, answer=self.create, body="*"),
            Rpc(verb="GET", path=accounts, answer=self.list),
            Rpc(verb="GET", path=_NAME, answer=self.get),
            Rpc(verb="DELETE", path=_NAME, answer=self.delete),
            *policies.rpcs("/v1/{resource=projects/*/serviceAccounts/*}"),
        )

    def create(self, call: Call) -> Json:
        """Make one."""
        project, id = call.text("name").partition("/")[2], call.text("accountId")
        if not _ID.fullmatch(id):
            raise invalid("accountId", f"{id!r} is not 6 to 30 small letters, digits and hyphens.")
        account = _account(project, id, call.message("serviceAccount"))
        try:
            self._store.create(
                Resource(name=account["name"], data=account, created=self._store.now())
            )
        except ApiError as error:
            there = f"Service account {id} already exists within project projects/{project}."
            raise ApiError(error.status, there) from None
        return account

    def list(self, call: Call) -> Json:
        """Those of a project."""
        accounts = f"{call.text('name')}/serviceAccounts"
        page = self._store.page(
            accounts, size=call.number("pageSize"), token=call.text("pageToken")
        )
        more = {"nextPageToken": page.token} if page.token else {}
        return {"accounts": [each.data for each in page.found], **more}

    def get(self, call: Call) -> Json:
        """One, whose project may be left out."""
        return self._store.get(_named(call)).data

    def delete(self, call: Call) -> Json:
        """Remove it."""
        self._store.delete(_named(call))
        return {}


def _named(call: Call) -> str:
    """The whole name: for a project that is -, its email says which."""
    _, project, _, email = call.text("name").split("/")
    if project == "-":
        project = email.partition("@")[2].removesuffix(_DOMAIN)
    if "@" not in email:
        raise not_found(call.text("name"))
    return f"projects/{project}/serviceAccounts/{email}"


def _account(project: str, id: str, asked: Json) -> Json:
    email = f"{id}@{project}{_DOMAIN}"
    told = {name: asked[name] for name in ("displayName", "description") if asked.get(name)}
    unique = project_number(email)
    return {
        "name": f"projects/{project}/serviceAccounts/{email}",
        "projectId": project,
        "uniqueId": unique,
        "email": email,
        **told,
        "etag": "MDEwMjE5MjA=",
        "oauth2ClientId": unique,
    }
