from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.jobs.video.films import film

if TYPE_CHECKING:
    from jobs.video_generation.render import Clip


@pytest.fixture(scope="session")
def clip(request, tmp_path_factory) -> Clip:
    """One film, for all the tests that only look at it."""
    request.getfixturevalue("ffmpeg")
    return film(tmp_path_factory.mktemp("film"), duration=1.5)
