"""A process that serves the local cloud over a store until its stdin ends; prints its URL."""

from __future__ import annotations

import sys
from pathlib import Path

from common.documents import open_documents
from common.localcloud.cloud import LocalCloud
from common.settings import Settings


def main(documents: str, home: str) -> None:
    settings = Settings.load({"RUNJOBS_HOME": str(Path(home)), "RUNJOBS_DOCUMENTS": documents})
    store = open_documents(documents)
    with LocalCloud(settings, store).serving() as url:
        print(url, flush=True)  # noqa: T201 - for the test that started it
        sys.stdin.read()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
