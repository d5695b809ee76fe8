"""Acting as a service account, which here whoever asks may:
https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
"""

from __future__ import annotations

from datetime import timedelta

from common.localcloud.errors import not_found
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.store import Store
from common.localcloud.tokens import Tokens
from common.localcloud.values import timestamp

__all__ = ["Impersonation"]

_ACCOUNT = "projects/*/serviceAccounts/*"
_LIFE = timedelta(hours=1)
_DOMAIN = ".iam.gserviceaccount.com"


class Impersonation:
    """The one call of IAM Credentials that is made here."""

    def __init__(self, store: Store, tokens: Tokens) -> None:
        self._store, self._tokens = store, tokens
        path = f"/v1/{{name={_ACCOUNT}}}:generateAccessToken"
        self.rpcs = (Rpc(verb="POST", path=path, answer=self._token, body="*"),)

    def _token(self, call: Call) -> Json:
        name = call.text("name")
        email = name.rpartition("/")[2]
        project = email.partition("@")[2].removesuffix(_DOMAIN)
        if self._store.find(f"projects/{project}/serviceAccounts/{email}") is None:
            raise not_found(name)
        expires = timestamp(self._store.now() + _LIFE, whole=True)
        return {"accessToken": self._tokens.access(), "expireTime": expires}
