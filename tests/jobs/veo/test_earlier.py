"""What earlier versions kept is still understood."""

from __future__ import annotations

import pytest

from jobs.video_generation.remote import kept
from jobs.video_generation.remote.errors import AmbiguousCreate
from tests.jobs.veo.conftest import STUB
from tests.services.vertex import made

OPERATION = "projects/p/locations/l/publishers/google/models/m/operations/7"
SINCE = "2026-11-22T12:00:00+00:00"


def test_an_operation_of_veo_that_an_earlier_version_began_is_waited_for(vertex, attempts):
    with attempts.context() as context:
        context.checkpoint({"veo": {"operation": OPERATION, "attempt": 1, "since": SINCE}})
        assert kept.under_way(context) == "veo"
        assert kept.tried(context) == ()
        context._lease.give_back()
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB
    assert vertex.looks == [OPERATION]
    assert vertex.creates == []


def test_an_intent_that_an_earlier_version_kept_is_ambiguous(vertex, attempts):
    with attempts.context() as context:
        context.checkpoint({"veo": {"intent": "0" * 16, "attempt": 1, "since": SINCE}})
        context._lease.give_back()
    with pytest.raises(AmbiguousCreate):
        attempts.attempt()
    assert vertex.creates == []
