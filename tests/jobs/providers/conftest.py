from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from common.media.ffmpeg import executable
from tests.jobs.providers.attempts import ChainAttempts, ProviderAttempts
from tests.jobs.providers.cases import CASES, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.services.standin import StandIn

FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
"""What is fetched, where nobody looks at it."""


@pytest.fixture(autouse=True)
def _environment(monkeypatch) -> None:
    """Nothing of the machine's own settings comes in."""
    for name in [*os.environ]:
        if name.startswith(("USEAPI_", "PIXVERSE_", "LTX_", "HEYGEN_", "VIDEO_", "GOOGLE_")):
            monkeypatch.delenv(name)


@pytest.fixture(params=CASES, ids=str)
def case(request) -> Case:
    """Each provider in turn."""
    return request.param


@pytest.fixture
def api(case) -> Iterator[StandIn]:
    """The provider's stand-in, which was asked as documented."""
    with case.api(FILM) as running:
        yield running
    assert running.wrong == []


@pytest.fixture
def begin(tmp_path, case, api, time) -> Iterator[Callable[..., ProviderAttempts]]:
    """Begins a run; time=None is true time, and variables come last."""
    begun: list[ProviderAttempts] = []

    def begin_one(params=None, *, documents=None, timeout=1200, time=time, **env):
        env = {**case.environment(api), **env}
        options = {"time": time, "documents": documents, "timeout": timeout}
        begun.append(ProviderAttempts(tmp_path, params or case.params, env, **options))
        return begun[-1]

    yield begin_one
    for each in begun:
        each.close()


@pytest.fixture
def attempts(begin) -> ProviderAttempts:
    """A run whose time stands still but for its sleeps."""
    return begin()


@pytest.fixture
def chain(tmp_path, time) -> Iterator[Callable[..., ChainAttempts]]:
    """Begins a run whose provider is chosen as the environment says."""
    begun: list[ChainAttempts] = []

    def begin_one(params, **options) -> ChainAttempts:
        begun.append(ChainAttempts(tmp_path, params, **{"time": time, **options}))
        return begun[-1]

    yield begin_one
    for each in begun:
        each.close()


@pytest.fixture(scope="session")
def film(ffmpeg, tmp_path_factory) -> bytes:  # noqa: ARG001
    """A true MP4 file, small."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=s=128x72:r=10:d=1"]
    argv = [executable(), "-v", "error", *source, "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(argv, check=True, timeout=30)
    return path.read_bytes()
