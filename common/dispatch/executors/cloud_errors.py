"""What Google's services answer when they do not do as asked, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from common.dispatch.executors.base import StartRefused
from common.errors import Misconfigured, RunjobsError, Unavailable
from common.waits import asked_wait

__all__ = ["asking", "starting"]


@contextmanager
def asking(service: str, *, remedy: str) -> Iterator[None]:
    """Around a call that may be repeated: whatever failed is Misconfigured or Unavailable."""
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

    try:
        yield
    except RunjobsError:
        raise
    except (api.TooManyRequests, api.Cancelled) as error:
        raise _unanswered(service, error) from error
    except api.ClientError as error:
        raise Misconfigured(f"{service} refused: {_said(error)}. {remedy}") from error
    except auth.GoogleAuthError as error:
        raise _unauthorized(service, error) from error
    except Exception as error:
        raise _unanswered(service, error) from error


@contextmanager
def starting(job: str, *, service: str) -> Iterator[None]:
    """Around the one call that must not be repeated: tells what was surely refused, as
    StartRefused or Misconfigured, from what may have been done, as Unavailable.

    A service that is unavailable may have been so half-way; one that says when to come again has
    turned us away.
    """
    from google.api_core import exceptions as api
    from google.auth import exceptions as auth

    try:
        yield
    except RunjobsError:
        raise
    except (api.TooManyRequests, api.Conflict, api.ServiceUnavailable) as error:
        headers = getattr(error.response, "headers", None)
        after = asked_wait(headers, error.details)
        if after is None and isinstance(error, api.ServiceUnavailable):
            raise _unanswered(service, error) from error
        message = f"{service} does not start {job} just now: {_said(error)}."
        throttled = not isinstance(error, api.Conflict)
        raise StartRefused(message, retryable=True, after=after, throttled=throttled) from error
    except api.Cancelled as error:  # of all that are the client's fault the one that tells nothing
        raise _unanswered(service, error) from error
    except api.ClientError as error:
        raise StartRefused(
            f"{service} did not start {job}: {_said(error)}. Is {job} deployed there, and may "
            "this account run it (roles/run.developer)?",
            retryable=False,
        ) from error
    except auth.GoogleAuthError as error:
        raise _not_sent(service, error) from error
    except Exception as error:
        if _is_unsent(error):
            raise StartRefused(f"{service} cannot be reached: {error}.", retryable=True) from error
        raise _unanswered(service, error) from error


def _not_sent(service: str, error: Exception) -> RunjobsError:
    """No token was had, so nothing was asked."""
    if getattr(error, "retryable", False):
        return StartRefused(f"{service}: no token was had for it: {error}.", retryable=True)
    return _unauthorized(service, error)


def _unauthorized(service: str, error: Exception) -> Misconfigured | Unavailable:
    if getattr(error, "retryable", False):
        return _unanswered(service, error)
    return Misconfigured(
        f"{service} needs credentials: gcloud auth application-default login ({error})."
    )


def _unanswered(service: str, error: Exception) -> Unavailable:
    return Unavailable(f"{service} did not answer: {_said(error)}.")


def _said(error: Exception) -> str:
    text: str = getattr(error, "message", None) or str(error) or type(error).__name__
    return text.rstrip(".")


def _is_unsent(error: Exception) -> bool:
    """Whether no connection came about, so that no request can have left."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    reasons = (getattr(cause, "reason", None) for cause in error.args)
    return any(isinstance(it, ConnectTimeoutError | NewConnectionError) for it in reasons)
