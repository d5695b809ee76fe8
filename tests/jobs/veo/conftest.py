from __future__ import annotations

import ssl
import subprocess
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.jobs.veo.attempts import Attempts
from tests.services.missing import missing
from tests.services.vertex import Vertex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STUB = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
"""The beginning of an MP4 file, which is all that the provider looks at."""


@pytest.fixture(autouse=True)
def _one_tls_context(monkeypatch) -> None:
    """Each client reads all certificates twice, which is most of what these tests would do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)


@pytest.fixture
def vertex() -> Iterator[Vertex]:
    with Vertex() as running:
        yield running


@pytest.fixture
def attempts(tmp_path, vertex, time) -> Iterator[Attempts]:
    """A run whose time stands still but for its sleeps."""
    found = Attempts(tmp_path, vertex.url, time=time)
    yield found
    found.close()


@pytest.fixture
def begin(tmp_path, vertex, time) -> Iterator[Callable[..., Attempts]]:
    """Begins the run with other options; time=None is true time."""
    begun: list[Attempts] = []

    def begin_one(**options) -> Attempts:
        begun.append(Attempts(tmp_path, vertex.url, **{"time": time, **options}))
        return begun[-1]

    yield begin_one
    for each in begun:
        each.close()


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> bytes:
    """A true MP4 file, small."""
    for package in ("google.genai", "imageio_ffmpeg"):
        if find_spec(package) is None:
            missing(package, "pip install 'runjobs[media,veo]'")
    from imageio_ffmpeg import get_ffmpeg_exe

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=s=128x72:r=10:d=1"]
    argv = [get_ffmpeg_exe(), "-v", "error", *source, "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(argv, check=True, timeout=30)
    return path.read_bytes()
