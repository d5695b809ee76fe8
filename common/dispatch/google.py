"""What all of Google's clients here are opened and called with."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from common.errors import Misconfigured

__all__ = ["access", "endpoint", "library", "patiently"]


def library(module: str, *, package: str, what: str) -> Any:
    """A client library. Raises Misconfigured, which says what needs the package, where it is not
    installed."""
    try:
        return import_module(f"google.cloud.{module}")
    except ImportError as error:
        raise Misconfigured(f"{what} needs {package}: pip install 'runjobs[gcp]'.") from error


def endpoint(service: str = "CLOUD") -> str | None:
    """Where an imitation of a service (RUN, TASKS, SCHEDULER) answers, if one is to be spoken to:
    RUNJOBS_…_ENDPOINT, or RUNJOBS_CLOUD_ENDPOINT for one of them all.

    Raises Misconfigured for what is no URL.
    """
    for name in (f"RUNJOBS_{service}_ENDPOINT", "RUNJOBS_CLOUD_ENDPOINT"):
        if url := os.environ.get(name):
            if not url.startswith(("http://", "https://")):
                raise Misconfigured(f"{name}={url} is no URL: write it as http://HOST:PORT.")
            return url
    return None


def access(endpoint: str | None) -> dict[str, Any]:
    """How to open a client: with this account's credentials or, for an imitation at that endpoint,
    without any."""
    if not endpoint:
        return {}
    from google.auth.credentials import AnonymousCredentials

    return {
        "credentials": AnonymousCredentials(),  # type: ignore[no-untyped-call]
        "client_options": {"api_endpoint": endpoint},
    }


def patiently(timeout: float) -> dict[str, Any]:
    """How to call what may be repeated; the libraries by themselves would neither end nor, mostly,
    repeat."""
    from google.api_core.retry import Retry

    return {"retry": Retry(initial=0.2, maximum=5.0, timeout=timeout), "timeout": timeout}
