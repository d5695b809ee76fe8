from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.blobs.backends import Files, Gcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.blobs import Blobs


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path / "outer" / "root")


@pytest.fixture
def gcs(gcs_url) -> Iterator[Gcs]:
    backend = Gcs(gcs_url)
    yield backend
    backend.close()


@pytest.fixture(params=["files", "gcs"])
def backend(request) -> Files | Gcs:
    """Each backend in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def blobs(backend) -> Blobs:
    return backend.blobs
