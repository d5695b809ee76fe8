"""What is to be told of a day before it is planned, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator

from common.errors import InvalidInput
from common.plans.records import Day, Plan
from common.plans.rhythm import MOST_A_DAY
from common.plans.said import differences
from common.plans.steps import Stock

__all__ = ["AlreadyPlanned", "DoesNotFit", "NothingToCome", "check_way", "notes"]


class AlreadyPlanned(InvalidInput):
    """Raised when a day is planned already, by something else."""

    def __init__(self, day: Day, plan: Plan) -> None:
        super().__init__(
            f"{day.day} is planned already: {differences(day, plan)}. Nothing was changed: "
            f"`runjobs plan change {day.plan} --day {day.day}` changes what has not started."
        )


class DoesNotFit(InvalidInput):
    """Raised when some of what has not started would have no time left. Nothing was changed."""

    def __init__(self, day: Day, stock: Stock, *, wanted: int, room: int) -> None:
        super().__init__(
            f"Of {wanted:,} runs that have not started {room:,} would fit into {day.day}, "
            f"{day.rhythm}. Nothing was changed: more per hour or a later --until make room, and "
            f"--per-day {len(stock.begun) + room} cancels the others."
        )


class NothingToCome(InvalidInput):
    """Raised when a day to be planned is over, or all topics have had their turn."""


def check_way(plan: Plan, day: Day, *, room: int, count: int) -> None:
    """Raise NothingToCome where a day gets no runs, for it has no times or there are no topics."""
    if count:
        return
    if not room:
        moments = day.rhythm.moments(day.day)
        last = f"{moments[-1].astimezone(day.rhythm.clock()):%F %R}" if moments else "never"
        raise NothingToCome(
            f"Nothing of {day.day} is to come any more: with {day.rhythm} its last run is due "
            f"{last}. Say another --day."
        )
    raise NothingToCome(
        f"All {plan.topics.count:,} topics of the plan {plan.name} have had their turn: say "
        "--topics with more of them, or --again to begin anew."
    )


def notes(plan: Plan, day: Day, *, room: int, count: int, begun: int) -> Iterator[str]:
    """What is not as one may expect of a day with so many times to come and runs for them, and
    others that have begun."""
    rhythm, times = day.rhythm, len(day.rhythm.moments(day.day))
    fitting = rhythm.fitting(day.day)
    if rhythm.per_day is not None and rhythm.per_day > fitting:
        yield (
            f"{rhythm.per_day - fitting:,} of {rhythm.per_day:,} do not fit into {day.day}: with "
            f"{rhythm} there is room for {fitting:,}."
        )
    elif rhythm.per_day is None and fitting > MOST_A_DAY:
        yield f"Of {fitting:,} that fit, a day has {MOST_A_DAY:,} at most."
    if (past := times - room - begun) > 0:
        yield f"{past:,} of {times:,} times of {day.day} are past, and left out."
    if count > plan.topics.count:
        most = -(-count // plan.topics.count)
        yield f"{plan.topics.count:,} topics for {count:,} runs: each comes up to {most:,} times."
    if plan.once and count < room:
        yield f"{count:,} topics are left that have not had their turn."
