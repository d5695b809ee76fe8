"""Limits on Veo, over all containers."""

from __future__ import annotations

import signal
import threading
import time as true_time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from common.documents import Query, open_documents
from common.errors import Unavailable
from common.limits import Limiter, NoTurn, Rate, Turn, set_limits, statistics
from common.limits.look import RATES
from common.limits.slots import SLOTS
from common.runs import Runs
from common.runtime import Cancelled
from jobs.video_generation.remote import errors, polling
from jobs.video_generation.remote.turns import looks, operations
from jobs.video_generation.veo import provider
from jobs.video_generation.veo.settings import VeoSettings
from tests.faults import Faulty
from tests.jobs.veo.attempts import PARAMS
from tests.jobs.veo.conftest import STUB
from tests.jobs.veo.test_processes import SECONDS, VeoTask
from tests.limits.windows import excess
from tests.services.vertex import Answer, Vertex, made, refused

CONTAINERS = 8
ONE = VeoSettings(project="p", concurrent=1).terms
OPERATIONS, LOOKS = "veo", "veo-looks"


class Busy(Vertex):
    """Counts what is under way: an operation is, from its create until the look that finds it done,
    which is its second or, while not `is_ready`, a later one."""

    def __init__(self, video: bytes) -> None:
        super().__init__()
        self.video = video
        self.begun: list[float] = []
        """When each create came."""
        self.under_way: set[str] = set()
        self.most = 0
        self.is_ready = lambda: True

    def _create(self, model, body) -> Answer:
        self.begun.append(true_time.monotonic())
        answer = super()._create(model, body)
        self.under_way.add(answer.body["name"])
        self.most = max(self.most, len(self.under_way))
        return answer

    def _look(self, body) -> Answer:
        super()._look(body)
        name = body["operationName"]
        if self.looks.count(name) < 2 or not self.is_ready():
            return self.always
        self.under_way.discard(name)
        return made(self.video)


@pytest.fixture
def quick(monkeypatch):
    """Looks come soon after one another."""
    monkeypatch.setattr(provider, "BASE", 0.05)
    monkeypatch.setattr(polling, "BASE", 0.05)


@pytest.fixture
def busy():
    with Busy(STUB) as running:
        yield running


def in_threads(act):
    """Each with a run and a store of its own, as containers have."""
    made, threads = [], []
    for _ in range(CONTAINERS):
        threads.append(threading.Thread(target=lambda: made.append(act())))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return made


@pytest.mark.usefixtures("quick")
def test_creates_keep_to_the_rate_over_all_containers(busy, begin):
    rate = Rate(per_second=4, burst=2)
    containers = [begin(time=None, VEO_BASE_URL=busy.url) for _ in range(CONTAINERS)]
    set_limits(containers[0].documents, OPERATIONS, per_second=4, burst=2)
    assert in_threads(lambda: containers.pop().attempt()) == [STUB] * CONTAINERS
    assert len(busy.begun) == CONTAINERS
    # A create comes a while after it was let go.
    assert excess(rate, busy.begun, late=0.5) <= 0
    assert busy.begun[-1] - busy.begun[0] > 1.0


@pytest.mark.usefixtures("quick")
def test_no_more_operations_are_under_way_than_may_over_all_containers(busy, begin):
    more = {"VEO_BASE_URL": busy.url, "VEO_CONCURRENT": "2"}
    containers = [begin(time=None, **more) for _ in range(CONTAINERS)]
    documents = containers[0].documents
    assert in_threads(lambda: containers.pop().attempt()) == [STUB] * CONTAINERS
    assert busy.most == 2
    found = statistics(documents, OPERATIONS)
    assert (found.calls, found.answered) == (CONTAINERS, CONTAINERS)
    assert found.waited >= CONTAINERS - 2
    assert 0 < found.efficiency < 1
    assert statistics(documents, LOOKS).calls == len(busy.looks) == 2 * CONTAINERS


class AllWait:
    """Whether all containers but one have been seen to wait for a turn."""

    def __init__(self, url: str, containers: int) -> None:
        self.url, self.others = url, containers - 1
        self.seen: set[str] = set()

    def __call__(self) -> bool:
        with closing(open_documents(self.url)) as documents:
            runs = Runs(documents).list()
        waits = "Waiting for a turn at Veo"
        self.seen |= {run.id for run in runs if run.progress and run.progress.message == waits}
        return len(self.seen) >= self.others


def test_containers_wait_for_one_another(tmp_path, film):
    """Real processes, of which one at a time may have an operation."""
    with Busy(film) as vertex:
        tasks = [VeoTask(tmp_path, vertex.url) for _ in range(3)]
        for number, task in enumerate(tasks):
            task.env |= {"VEO_CONCURRENT": "1", "CLOUD_RUN_EXECUTION": f"x{number}"}
        url = tasks[0].env["RUNJOBS_DOCUMENTS"]
        vertex.is_ready = AllWait(url, len(tasks))
        running = [task.start() for task in tasks]
        said = [process.communicate(timeout=4 * SECONDS)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert (vertex.most, len(vertex.creates)) == (1, 3)
    with closing(open_documents(url)) as documents:
        found = statistics(documents, OPERATIONS)
        assert (found.calls, found.answered, found.throttled) == (3, 3, 0)
        assert found.waited == 2
        assert 0 < found.efficiency < 1
        assert statistics(documents, LOOKS).efficiency == 1


def test_a_429_holds_all_back_and_nothing_is_created_twice(vertex, begin):
    vertex.on_create.append(refused(429, Retry_After="40"))
    vertex.always = made(STUB)
    one, other = begin(), begin()
    began = one.time.now()
    with pytest.raises(errors.RateLimited) as raised:
        one.attempt()
    assert raised.value.after == 40
    for each in (other, one):
        assert each.attempt() == STUB
        assert each.time.now() - began >= timedelta(seconds=40)
    assert len(vertex.creates) == 3  # the one that was refused began nothing
    assert len(set(vertex.looks)) == 2
    found = statistics(one.documents, OPERATIONS)
    assert (found.calls, found.throttled, found.answered, found.waited) == (3, 1, 2, 1)
    assert found.efficiency < 1


def test_a_429_to_a_look_holds_back_the_looks_of_all_and_no_create(vertex, begin):
    one, other = begin(), begin()
    with Limiter(one.documents, looks(ONE), clock=one.time.clock).turn() as turn:
        turn.throttled(30)
    vertex.always = made(STUB)
    came: list[float] = []
    for name in ("_create", "_look"):
        before(vertex, name, lambda: came.append(one.time.elapsed))
    assert other.attempt() == STUB
    created, looked = came
    assert created < 1
    assert looked >= 30


def test_a_429_to_a_look_is_told_to_all(vertex, begin):
    vertex.on_look += [refused(429, Retry_After="25"), made(STUB)]
    attempts = begin()
    assert attempts.attempt() == STUB
    found = statistics(attempts.documents, LOOKS)
    assert (found.calls, found.throttled, found.answered) == (2, 1, 1)
    board = attempts.documents.get("limiters", LOOKS).data
    assert board["not_before"] - attempts.time.start == timedelta(seconds=27)


def test_cancelled_while_it_waits_for_a_turn_it_ends_at_once_and_nothing_is_kept(vertex, begin):
    attempts, waiting, told = begin(time=None, VEO_CONCURRENT="1"), threading.Event(), []
    with Limiter(attempts.documents, operations(ONE)).turn(), attempts.context() as context:

        def cancel() -> None:
            assert waiting.wait(20)
            told.append(true_time.monotonic())
            context._stopper.ask(Cancelled())

        context._heartbeat.say = lambda _: waiting.set()
        threading.Thread(target=cancel).start()
        with pytest.raises(Cancelled), context._stopper.interruptible():
            attempts.veo.generate(PARAMS, context)
        assert true_time.monotonic() - told[0] < 1.0
    assert vertex.creates == []
    assert attempts.checkpoint is None


def test_who_waits_in_vain_gives_the_rest_of_the_time_to_others(vertex, begin):
    """A quarter of the attempt's time: an operation that begins later would outlast it."""
    attempts = begin(VEO_CONCURRENT="1")
    slow = operations(ONE)
    holder = Limiter(attempts.documents, slow, clock=attempts.time.clock).turn()
    sleep = attempts.time.sleep

    def sleep_and_renew(seconds: float) -> None:
        sleep(seconds)
        holder.renew()

    attempts.time.sleep = sleep_and_renew
    with pytest.raises(NoTurn):
        attempts.attempt()
    assert 300 <= attempts.time.elapsed <= 301
    assert {progress.message for progress in attempts.said} == {"Waiting for a turn at Veo"}
    assert attempts.run.state == "pending"
    assert vertex.creates == []


def test_the_time_of_a_create_counts_and_not_the_minutes_of_the_video(vertex, begin):
    vertex.on_look += [Answer(body={})] * 8 + [made(STUB)]
    attempts = begin()
    attempts.attempt()
    found = statistics(attempts.documents, OPERATIONS)
    assert found.answered == 1
    assert found.mean_answer < 1
    assert attempts.time.elapsed > 30


def before(vertex, name, note) -> None:
    """Has a note taken before each call of that kind is answered."""
    answer = getattr(vertex, name)

    def noted(*call):
        note()
        return answer(*call)

    setattr(vertex, name, noted)


def watched(vertex, attempts) -> list[bool]:
    """Fills with whether another could begin an operation, at each look."""
    other = Limiter(attempts.documents, operations(ONE), clock=attempts.time.clock)
    free: list[bool] = []
    before(vertex, "_look", lambda: free.append(isinstance(other.try_turn(), Turn)))
    return free


def test_an_operation_keeps_its_slot_until_it_is_done(vertex, begin):
    attempts = begin(VEO_CONCURRENT="1")
    free = watched(vertex, attempts)
    vertex.on_look += [Answer(body={}), made(STUB)]
    attempts.attempt()
    assert free == [False, False]
    assert slot(attempts)["holder"] is None


def test_one_that_an_earlier_attempt_began_has_a_slot_too(vertex, begin):
    attempts = begin(timeout=120, VEO_CONCURRENT="1")
    with pytest.raises(errors.StillRunning):
        attempts.attempt()
    free = watched(vertex, attempts)
    vertex.on_look += [Answer(body={}), made(STUB)]
    assert attempts.attempt() == STUB
    assert free == [False, False]
    assert slot(attempts)["holder"] is None
    assert statistics(attempts.documents, OPERATIONS).calls == 1


def test_one_that_an_earlier_attempt_began_waits_for_no_slot(vertex, begin):
    attempts = begin(timeout=120, VEO_CONCURRENT="1")
    with pytest.raises(errors.StillRunning):
        attempts.attempt()
    before = attempts.time.elapsed
    vertex.on_look.append(made(STUB))
    with Limiter(attempts.documents, operations(ONE), clock=attempts.time.clock).turn():
        assert attempts.attempt() == STUB
    assert attempts.time.elapsed == before


def test_the_slot_of_a_killed_container_is_free_after_its_term(vertex, tmp_path, begin, time):
    task = VeoTask(tmp_path, vertex.url)
    task.env["VEO_CONCURRENT"] = "1"
    assert task.interrupt(signal.SIGKILL, vertex, looks=1) == -signal.SIGKILL
    time.start = datetime.now(UTC)
    other = begin(VEO_CONCURRENT="1")
    until = slot(other)["until"]
    vertex.always = made(STUB)
    at: list[datetime] = []
    before(vertex, "_create", lambda: at.append(time.now()))
    assert other.attempt() == STUB
    assert until <= at[0] <= until + timedelta(seconds=10)
    assert until - time.start <= timedelta(seconds=60)


def test_a_killed_container_goes_on_at_once_when_it_is_started_again(vertex, tmp_path, film):
    """Although its slot is held for a while yet, and there is no other."""
    task = VeoTask(tmp_path, vertex.url)
    task.env["VEO_CONCURRENT"] = "1"
    assert task.interrupt(signal.SIGKILL, vertex, looks=1) == -signal.SIGKILL
    vertex.always = made(film)
    code, said = task.finish()
    assert code == 0, said
    assert len(vertex.creates) == 1


def test_where_no_turn_to_look_is_to_be_had_there_is_a_last_look_all_the_same(vertex, begin):
    attempts = begin(VEO_MAX_WAIT="300")
    limiter = Limiter(attempts.documents, looks(ONE), clock=attempts.time.clock)
    with limiter.turn() as turn:
        turn.throttled(3600)
    vertex.always = made(STUB)
    assert attempts.attempt() == STUB
    assert len(vertex.looks) == 1
    assert 299 <= attempts.time.elapsed <= 300 * 1.05


class Unlimited(Faulty):
    """A store that takes no permits of looks."""

    def _commit(self, writes, token):
        if any(write.collection == RATES and LOOKS in write.id for write in writes):
            raise Unavailable("on command")
        return super()._commit(writes, token)


def test_a_store_that_gives_no_turns_keeps_no_one_from_looking(vertex, begin):
    attempts = begin()
    attempts.documents = Unlimited(attempts.documents)
    vertex.on_look += [Answer(body={}), made(STUB)]
    assert attempts.attempt() == STUB
    assert len(vertex.looks) == 2


@pytest.mark.parametrize("count", [1, 2, 5, 10, 50, 999_999])
def test_no_minute_has_more_creates_than_the_setting_says(count):
    rate = operations(VeoSettings(project="p", per_minute=count).terms).rate(1.0)
    assert int(rate.most + 60 * rate.per_second) <= count


def slot(attempts) -> dict:
    (found,) = attempts.documents.query(Query(SLOTS))
    return found.data
