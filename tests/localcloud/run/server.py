"""A server of the local cloud, to be killed: python -m … HOME; it prints its URL."""

from __future__ import annotations

import sys
from pathlib import Path

from common.documents import open_documents
from common.listening import listening
from common.localcloud.rest import Rest
from tests.dispatch.backends import settings
from tests.localcloud.run.conftest import cloud_run

if __name__ == "__main__":
    home = Path(sys.argv[1])
    run = cloud_run(home, open_documents(settings(home).documents))
    with listening(Rest(run.rpcs)) as (host, port):
        sys.stdout.write(f"http://{host}:{port}\n")
        sys.stdout.flush()
        sys.stdin.read()
