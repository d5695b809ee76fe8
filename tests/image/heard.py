"""What the real gcloud says of a file of ours to an API of Google that is not imitated here.

gcloud reads the file, holds it to the API's schema, and sends it as JSON: that is what is kept.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.services.gcloud import GcloudAt

APIS = ("cloudbuild", "logging", "monitoring")
OPERATION = {
    "name": "projects/local/locations/us-central1/operations/build",
    "metadata": {
        "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata",
        "build": {"id": "build", "projectId": "local", "status": "QUEUED", "logUrl": "none"},
    },
}


class Heard:
    """gcloud, and what it has sent."""

    def __init__(self, url: str, home: Path) -> None:
        self.gcloud = GcloudAt(url, home)
        self.gcloud.environment |= {
            f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"http://{api}.googleapis.com/"
            for api in APIS
        }
        self.sent: list[Any] = []

    def of(self, *words: str) -> Any:
        """The body of the last request of one command, which succeeds."""
        self.sent.clear()
        self.gcloud.ok(*words)
        return self.sent[-1]


@contextmanager
def hearing(home: Path) -> Iterator[Heard]:
    """Take what gcloud says while the block does, and agree to all of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.sent.append(body)
            answer = OPERATION if self.path.split("?")[0].endswith("/builds") else body
            said = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard = Heard(f"http://127.0.0.1:{server.server_port}", home)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
