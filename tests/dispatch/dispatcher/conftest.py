from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.documents import Documents, open_documents


@pytest.fixture
def documents(tmp_path, time) -> Iterator[Documents]:
    """On SQLite alone: nothing here is about the store."""
    store = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield store
    store.close()
