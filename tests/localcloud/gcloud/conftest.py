"""A local cloud that is served, and the real gcloud that speaks with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.settings import Settings
from tests.services.gcloud import GcloudAt


@dataclass(frozen=True)
class Served:
    """A local cloud, and where it answers."""

    cloud: LocalCloud
    url: str

    @property
    def gcloud(self) -> GcloudAt:
        return GcloudAt(self.url, self.cloud.settings.home)


@pytest.fixture(scope="package")
def served(tmp_path_factory) -> Iterator[Served]:
    """One for all tests of a process: gcloud takes a second to start, and more at its first."""
    settings = Settings.load({"RUNJOBS_HOME": str(tmp_path_factory.mktemp("home"))})
    documents = open_documents(settings.documents)
    cloud = LocalCloud(settings, documents)
    with cloud.serving() as url:
        yield Served(cloud, url)
    documents.close()


@pytest.fixture(scope="package")
def gcloud(served) -> GcloudAt:
    return served.gcloud
