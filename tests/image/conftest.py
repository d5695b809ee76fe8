"""The two images, one container each for a whole run of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.image import images
from tests.image.container import Container
from tests.image.images import Image
from tests.services.missing import missing


@pytest.fixture(scope="session")
def light() -> Iterator[Image]:
    yield from _fresh("localhost/runjobs:latest")


@pytest.fixture(scope="session")
def media() -> Iterator[Image]:
    yield from _fresh("localhost/runjobs:media")


@pytest.fixture(params=["light", "media"])
def image(request) -> Image:
    """Each of them in turn."""
    return request.getfixturevalue(request.param)


def _fresh(name: str) -> Iterator[Image]:
    images.needed()
    with images.opened(name) as image:
        if images.code_of(image.packages) != images.code_of(images.ROOT):
            missing(f"{name} with this very code in it", "make image")
        yield image


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Container]]:
    """Starts containers over one home, and ends those that are left."""
    with ExitStack() as stack:

        def start(image: Image, *arguments: str, **options) -> Container:
            container = Container(image, *arguments, home=tmp_path, **options)
            stack.callback(container.close)
            return container

        yield start
