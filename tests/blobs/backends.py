"""The two backends as the contract suite wants them: empty, and with faults on command."""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage.retry import DEFAULT_RETRY
from requests.adapters import HTTPAdapter

from common.blobs.files import FileBlobs
from common.blobs.gcs import GcsBlobs
from common.blobs.gcs_client import Connection, make_client

if TYPE_CHECKING:
    from http import HTTPStatus
    from pathlib import Path

QUICK = DEFAULT_RETRY.with_delay(initial=0.001, maximum=0.01).with_timeout(5.0)
Answer = Callable[[requests.PreparedRequest, requests.Response], requests.Response]


class Wire(HTTPAdapter):
    """Carries requests, counts the bytes that come back, and lets `alter` change answers."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=32)
        self.received = 0
        self.sent: list[tuple[str, str]] = []
        self.alter: Answer = lambda _, answer: answer

    def send(self, request, **options):
        answer = super().send(request, **options)
        self.sent.append((request.method, request.path_url))
        self.received += int(answer.headers.get("Content-Length", 0))
        return self.alter(request, answer)


def answering(status: HTTPStatus, body: object, *, to: str) -> Answer:
    """Answers requests whose URL has `to` in it with `status` and `body`."""

    def alter(request, answer):
        if to in request.url:
            assert answer.content is not None  # read, so that its connection is free again
            answer.status_code = status
            answer._content = json.dumps(body).encode()
        return answer

    return alter


def connected(url: str, wire: Wire) -> Connection:
    anonymous = AnonymousCredentials()
    client = make_client(
        project="test", credentials=anonymous, client_options={"api_endpoint": url}
    )
    client._http.mount("http://", wire)
    return Connection(client=client, credentials=anonymous)


class Files:
    name = "files"
    type = FileBlobs

    def __init__(self, root: Path) -> None:
        self.root = root
        self.blobs = FileBlobs(root)

    def again(self) -> FileBlobs:
        return FileBlobs(self.root)

    @contextlib.contextmanager
    def losing_an_answer(self) -> Iterator[None]:
        """The next link is made and then reported as if it had been there before."""
        link, lost = os.link, []

        def link_and_lose(*args, **options):
            link(*args, **options)
            if not lost:
                lost.append(args)
                raise FileExistsError(17, "File exists")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "link", link_and_lose)
            yield
        assert lost

    def close(self) -> None:
        """Nothing is open."""


class Gcs:
    name = "gcs"
    type = GcsBlobs

    def __init__(self, url: str) -> None:
        self.wire = Wire()
        self.connection = connected(url, self.wire)
        self.bucket = self.connection.client.create_bucket(f"b-{uuid.uuid4().hex}")
        self.blobs = self.open()

    def again(self) -> GcsBlobs:
        return self.open()

    def open(self, prefix: str = "", bucket: str | None = None) -> GcsBlobs:
        name = bucket or self.bucket.name
        return GcsBlobs(name, prefix, connect=lambda: self.connection, retry=QUICK)

    @contextlib.contextmanager
    def losing_an_answer(self) -> Iterator[None]:
        """The next upload is applied, and its answer does not arrive."""
        lost = []

        def lose(request, answer):
            if request.method == "POST" and not lost:
                lost.append(request.url)
                answer.close()
                raise requests.ConnectionError("the answer was lost, on command")
            return answer

        self.wire.alter = lose
        yield
        self.wire.alter = lambda _, answer: answer
        assert lost

    def close(self) -> None:
        self.connection.client.close()
