from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from common.dispatch import Dispatcher
from common.dispatch.executors import Executor
from common.runs import Run
from tests.dispatch.laptop import Laptop, together
from tests.dispatch.stub import Stub
from tests.runs.making import claimed, made


@pytest.fixture
def dispatch(runs, time) -> Callable[..., Dispatcher]:
    """Makes dispatchers; each stands for a process of its own."""

    def make(executor: Executor, **options) -> Dispatcher:
        return Dispatcher(runs, executor, clock=time.clock, **options)

    return make


@pytest.fixture
def begun(dispatch, runs, time) -> Callable[..., Run]:
    """Makes runs whose tasks are at work on them."""

    def begin(stub: Stub, id: str = "r1", **fields) -> Run:
        dispatch(stub).submit(made(time.now(), id, **fields))
        return claimed(runs, runs.get(id), stub.worker(len(stub.launches)))

    return begin


@pytest.fixture
def laptops(tmp_path, time) -> Iterator[Callable[..., Laptop]]:
    with together(Laptop, tmp_path, time) as make:
        yield make


@pytest.fixture
def laptop(laptops) -> Laptop:
    return laptops()
