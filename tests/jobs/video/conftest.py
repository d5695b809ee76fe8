from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.jobs.video.films import film
from tests.services.missing import missing

if TYPE_CHECKING:
    from jobs.video_generation.render import Clip


@pytest.fixture(scope="session")
def ffmpeg() -> None:
    if find_spec("imageio_ffmpeg") is None:
        missing("imageio-ffmpeg", "pip install 'runjobs[media]'")


@pytest.fixture(scope="session")
def clip(request, tmp_path_factory) -> Clip:
    """One film, for all the tests that only look at it."""
    request.getfixturevalue("ffmpeg")
    return film(tmp_path_factory.mktemp("film"), duration=1.5)
