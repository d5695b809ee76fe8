"""Whatever is asked of a plan, in whatever order: no topic comes twice, and none is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from common.blobs import open_blobs
from common.documents import open_documents
from common.errors import InvalidInput
from common.plans import Planner, Said
from common.runs import Run, Runs, State
from tests.chaos.counts import trials
from tests.plans.conftest import DAY, JOB, begin, prompts, topics, waiting
from tests.time import FakeTime

days = some.sampled_from([DAY, DAY + timedelta(days=1)])
starts = some.sampled_from(["00:00", "12:30", "18:00"])


class Histories(RuleBasedStateMachine):
    """A plan of two days, of which one is going on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.time = FakeTime()
        self.store = self.time.rule(open_documents(f"sqlite:///{self.folder.name}/d.sqlite3"))
        blobs = open_blobs(f"file://{self.folder.name}/blobs")
        self.planner = Planner(self.store, lambda: blobs)
        self.begun: dict[str, Run] = {}
        self.word = "topic"

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(day=days, start=starts, per_day=some.integers(1, 12), per_hour=some.integers(1, 3))
    def plan(self, day, start, per_day, per_hour) -> None:
        said = {"per_day": per_day, "per_hour": per_hour, "start": start}
        with suppress(InvalidInput):
            self.planner.plan(
                "daily", Said(job=JOB, topics=topics(500, self.word), **said), day=day
            )

    @rule(
        day=some.none() | days,
        start=some.none() | starts,
        per_day=some.none() | some.integers(1, 12),
        per_hour=some.none() | some.integers(1, 3),
    )
    def change(self, day, **said) -> None:
        before = [*self.open()]
        try:
            done = self.planner.change("daily", Said(**said), day=day)
        except InvalidInput:
            assert [*self.open()] == before
            return
        if said["per_day"] is None and done.day is not None:
            assert Counter(prompts([*self.open()])) == Counter(prompts(before))

    @rule(day=days)
    def exchange(self, day) -> None:
        word = f"{self.word}!"
        with suppress(InvalidInput):
            self.planner.change("daily", Said(job=JOB, topics=topics(500, word)), day=day)
            self.word = word

    @rule(day=days)
    def cancel(self, day) -> None:
        with suppress(InvalidInput):
            self.planner.cancel("daily", day=day)
            assert waiting(self.store, self.planner.plans.current("daily", day)) == []

    @rule(minutes=some.sampled_from([1, 20, 90]))
    def wait(self, minutes) -> None:
        self.time.advance(timedelta(minutes=minutes))

    @precondition(lambda self: any(run.due <= self.time.now() for run in self.open()))
    @rule()
    def dispatch(self) -> None:
        due = [run for run in self.open() if run.due <= self.time.now()][:3]
        begin(self.store, due)
        self.begun |= {run.id: run for run in due}

    @invariant()
    def what_has_begun_stays_as_it_was(self) -> None:
        for id, run in self.begun.items():
            found = Runs(self.store).get(id)
            assert (found.params, found.due, found.state) == (run.params, run.due, State.RUNNING)

    @invariant()
    def each_waits_at_a_time_of_its_own(self) -> None:
        for day in self.planned():
            runs = waiting(self.store, day)
            assert len({run.due for run in runs}) == len(runs)
            begin, end = day.rhythm.window(day.day)
            assert all(begin <= run.due < end for run in runs)

    @invariant()
    def no_topic_waits_twice(self) -> None:
        assert max(Counter(prompts([*self.open()])).values(), default=1) == 1

    def planned(self):
        return [day for day in self.planner.plans.days() if day.complete]

    def open(self):
        for day in self.planner.plans.days():
            yield from waiting(self.store, day)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=trials(5, 500),
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to make a history short takes long
)
