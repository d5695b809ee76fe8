"""A stand-in for Google's APIs over HTTP, held to the discovery documents that Google publishes.

Whatever it is asked that the documents do not have, or answers that they do not have, is a problem,
and the test that it arose in fails.
"""

from __future__ import annotations

from tests.services.google.answers import Answer, refused
from tests.services.google.faults import Fault
from tests.services.google.oauth import OAuth
from tests.services.google.server import Asked, Google, Service

__all__ = ["Answer", "Asked", "Fault", "Google", "OAuth", "Service", "refused"]
