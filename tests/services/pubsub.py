"""The official Pub/Sub emulator, and what tests ask of it over REST."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.services.missing import missing
from tests.services.process import SHORT_LIVED, free_port, server

PROJECT = "p-tests"


@contextmanager
def emulator() -> Iterator[str]:
    """Runs while the block does; yields HOST:PORT for PUBSUB_EMULATOR_HOST."""
    jar, java = _jar(), shutil.which("java")
    if jar is None or java is None:
        missing("Pub/Sub's emulator", "install gcloud with pubsub-emulator, and Java")
    port = free_port()
    # The jar itself: a TERM to the gcloud wrapper would leave its java behind.
    started = ["-jar", str(jar), "--host=127.0.0.1", f"--port={port}"]
    argv = [java, "-Xmx256m", *SHORT_LIVED, *started]
    with server(argv, ready="Server started"):
        yield f"127.0.0.1:{port}"


def _jar() -> Path | None:
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        return None
    sdk = Path(os.path.realpath(gcloud)).parent.parent
    return next(sdk.glob("platform/pubsub-emulator/lib/*.jar"), None)


class Topic:
    """A topic of the emulator with one subscription."""

    def __init__(self, host: str, name: str, *, push: str = "", deadline: int = 10) -> None:
        """With `push` its messages are brought to that URL."""
        self._http = httpx.Client(base_url=f"http://{host}/v1/projects/{PROJECT}", timeout=30)
        self.path = f"projects/{PROJECT}/topics/{name}"
        self.subscription = f"projects/{PROJECT}/subscriptions/{name}"
        self._put(f"/topics/{name}", {})
        more = {"pushConfig": {"pushEndpoint": push}} if push else {}
        said = {"topic": self.path, "ackDeadlineSeconds": deadline, **more}
        self._put(f"/subscriptions/{name}", said)
        self._name = name

    def __enter__(self) -> Topic:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def publish(self, data: Any) -> str:
        """A message, of JSON unless it is bytes; returns its id."""
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        message = {"data": base64.b64encode(raw).decode()}
        answer = self._http.post(f"/topics/{self._name}:publish", json={"messages": [message]})
        return str(answer.raise_for_status().json()["messageIds"][0])

    def pull(self) -> list[dict[str, Any]]:
        """What there is just now; it is not acknowledged."""
        said = {"maxMessages": 100, "returnImmediately": True}
        answer = self._http.post(f"/subscriptions/{self._name}:pull", json=said)
        return list(answer.raise_for_status().json().get("receivedMessages", []))

    def expire(self, acks: list[str]) -> None:
        """Have what was pulled and not acknowledged come again now, as it does after a while."""
        said = {"ackIds": acks, "ackDeadlineSeconds": 0}
        path = f"/subscriptions/{self._name}:modifyAckDeadline"
        self._http.post(path, json=said).raise_for_status()

    def _put(self, path: str, said: dict[str, Any]) -> None:
        self._http.put(path, json=said).raise_for_status()
