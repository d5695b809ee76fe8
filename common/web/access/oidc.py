"""In the cloud: Google's identity tokens, https://cloud.google.com/docs/authentication/token-types

Each is for this dispatcher alone (audience), of an account that was let in, and lives for an hour.
Shown again it says the same again: what it asks for is done once all the same, for each operation
bears being asked twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from common.errors import Unavailable
from common.runtime.log import Log
from common.web.access.claims import Bad, Expected
from common.web.access.guard import Access
from common.web.access.signatures import Verifier, claims_of
from common.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from common.settings import Settings

__all__ = ["Oidc"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Oidc:
    """Lets in accounts by their tokens."""

    audience: str
    """RUNJOBS_DISPATCHER_URL; without one nobody is let in."""
    api: frozenset[str]
    """Who may use the API."""
    wakeups: frozenset[str]
    """Who brings wake-ups and sweeps."""
    key: Callable[[str], Verifier | None]
    """Google's keys by id; raises Unavailable."""
    now: Callable[[], datetime]
    removed: bool = False
    """Whether Cloud Run checks signatures before us, and removes them."""

    @classmethod
    def of(cls, settings: Settings, now: Callable[[], datetime]) -> Oidc:
        """As the settings say."""
        from common.web.access.certificates import Certificates

        account = settings.wakeup_account.lower()
        return cls(
            audience=settings.dispatcher_url,
            api=frozenset(each.lower() for each in settings.api_accounts),
            wakeups=frozenset({account} if account else ()),
            key=Certificates(settings.oidc_certs).key,
            now=now,
            removed=settings.oidc_signatures == "by-cloud-run",
        )

    def admit(self, request: Request, access: Access) -> None:
        """By the account that the token is of. Raises Problem, and Unavailable."""
        if access == "anyone":
            return
        email = self._email(request)
        if email not in (self.api if access == "api" else self.wakeups):
            raise Problem(403, "This account may not ask for this.")

    def _email(self, request: Request) -> str:
        try:
            claims = claims_of(_token(request), self.key, removed=self._is_removed(request))
            return Expected(audience=self.audience).email(claims, self.now())
        except Unavailable:
            raise
        except Bad as reason:
            _refuse(str(reason))
        except Exception as error:  # noqa: BLE001 - whatever a forged token makes a parser do
            _refuse(type(error).__name__)

    def _is_removed(self, request: Request) -> bool:
        """Whether Cloud Run has checked this token: where another one comes beside it, it checks
        that one alone, and lets this pass as it is."""
        return self.removed and "x-serverless-authorization" not in request.headers


def _token(request: Request) -> str:
    said = request.headers.getlist("authorization")
    if len(said) != 1:
        raise Bad("no token")
    scheme, _, token = said[0].partition(" ")
    if scheme.lower() != "bearer":
        raise Bad("another scheme")
    return token.strip()


def _refuse(reason: str) -> NoReturn:
    Log().warning(f"A request was refused: {reason}.", action="unauthenticated")
    headers = {"WWW-Authenticate": "Bearer"}
    raise Problem(401, "This needs a valid identity token for it.", headers=headers) from None
