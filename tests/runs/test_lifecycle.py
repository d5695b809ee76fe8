"""Random interleavings of every transition, by several actors on a store that fails at random.

The model knows nothing of tokens or versions, only what must hold: who was told that it owns a
run, what was told to have ended, and how often.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from common.documents.sqlite import SqliteDocuments
from common.errors import Unavailable
from common.runs import Failure, Outcome, Refused, Run, Runs, State, Worker, transitions
from tests.faults import FAULTS, Faulty
from tests.time import FakeTime
