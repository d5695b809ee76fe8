"""An authorized session for each thread, as requests' are not to be shared."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from common.google.errors import ConsentGone, NoAnswer

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession

    from common.google.credentials import UserCredentials
    from common.google.transport import Limit

__all__ = ["Sessions"]


class _Mine(threading.local):
    """What one thread has."""

    session: AuthorizedSession | None = None
    limit: Limit


class Sessions:
    """Sessions with one user's credentials. Of an environment's proxies they heed those only that
    are for others than a stand-in."""

    def __init__(
        self,
        credentials: UserCredentials,
        *,
        monotonic: Callable[[], float],
        trust_env: bool,
        gone: Callable[[str], Exception],
    ) -> None:
        """`gone` notes that consent is gone, and says what to raise."""
        self._credentials = credentials
        self._monotonic = monotonic
        self._trust_env = trust_env
        self._gone = gone
        self._mine = _Mine()
        self._all: list[Any] = []

    @contextmanager
    def asking(self, end: float, what: str) -> Iterator[AuthorizedSession]:
        """The thread's session, for one try that may take until then. Raises NoAnswer for all that
        the transport raises, and what `gone` said."""
        import google.auth.exceptions
        import urllib3.exceptions

        session = self._session()
        self._mine.limit.end = end
        try:
            yield session
        except ConsentGone as error:
            raise self._gone(str(error)) from None
        except google.auth.exceptions.GoogleAuthError as error:
            raise _no_answer(what, error, harmless=True) from None
        except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
            # Their text may show an address that is a secret, as an upload session's is.
            raise _no_answer(what, error, harmless=_never_sent(error)) from None

    @property
    def limit(self) -> Limit:
        """What bounds all that is read through the thread's session."""
        self._session()
        return self._mine.limit

    def close(self) -> None:
        """Let go of all connections."""
        for session in self._all:
            session.close()

    def _session(self) -> AuthorizedSession:
        if self._mine.session is None:
            self._mine.session = self._new()
        return self._mine.session

    def _new(self) -> AuthorizedSession:
        import requests
        from google.auth.transport.requests import AuthorizedSession

        from common.google.credentials import TokenRequest
        from common.google.transport import Limit, prepare

        self._mine.limit = Limit(self._monotonic)
        tokens = requests.Session()
        session = AuthorizedSession(  # type: ignore[no-untyped-call]
            self._credentials, max_refresh_attempts=1, auth_request=TokenRequest(tokens)
        )
        for each in (tokens, session):
            prepare(each, self._mine.limit, trust_env=self._trust_env)
        session.hooks["response"].append(_end_refused)
        self._all += (tokens, session)
        return session


def _end_refused(response: Any, **_: Any) -> None:
    """Close what google-auth drops without closing it, to ask again with another token."""
    if response.status_code == 401:
        response.close()


def _no_answer(what: str, error: Exception, *, harmless: bool) -> NoAnswer:
    return NoAnswer(f"Google did not answer {what} ({type(error).__name__}).", harmless=harmless)


def _never_sent(error: Exception) -> bool:
    """Whether not even a connection came about."""
    import urllib3.exceptions

    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
