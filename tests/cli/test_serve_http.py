"""Serving over HTTP, as a process of its own: where it listens, how it ends, and on Cloud Run."""

from __future__ import annotations

import re
import signal
import socket
import threading
from contextlib import closing, contextmanager

import httpx
import pytest

from tests.cli.test_serve import NOBODY, ended, serving
from tests.services.process import free_port

NOOP = b'{"job": "noop", "delay": "1h"}'
BEGUN = (
    b"POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Expect: 100-continue\r\nContent-Length: " + str(len(NOOP)).encode() + b"\r\n\r\n"
)


@contextmanager
def begun(url: str):
    """A request of which the server has the head, and waits for the body."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port), timeout=30) as connection:
        connection.sendall(BEGUN)
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        yield connection


def test_it_says_where_it_answers(environment, tmp_path):
    with serving(environment, tmp_path) as process, httpx.Client(base_url=process.url) as http:
        assert http.get("/healthz").json() == {"status": "ok"}
        run = http.post("/v1/runs", json={"job": "noop", "delay": "1h"}).json()
        assert http.get(f"/v1/runs/{run['id']}").json()["state"] == "pending"
        assert http.get("/v2/projects/p/locations/r/jobs").status_code == 200
        assert http.get("/healthz", headers={"Host": "evil.example"}).status_code == 403


def test_the_port_is_chosen_by_option_or_setting(environment, tmp_path):
    port = free_port()
    with serving({**environment, "RUNJOBS_PORT": str(port)}, tmp_path, "--host", "localhost") as it:
        assert it.url == f"http://localhost:{port}"


def test_the_local_cloud_is_there_by_grpc_too(environment, tmp_path):
    import grpc
    from google.cloud.run_v2 import JobsClient
    from google.cloud.run_v2.services.jobs.transports import JobsGrpcTransport

    with serving(environment, tmp_path, "--port", "0", "--grpc-port", "0") as process:
        address = re.search(r"[0-9.]+:[0-9]+(?= by gRPC)", process.said)[0]
        with grpc.insecure_channel(address) as channel:
            jobs = JobsClient(transport=JobsGrpcTransport(channel=channel))
            assert [*jobs.list_jobs(parent="projects/p/locations/us-central1")] == []
        assert ended(process)[0] == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(runjobs):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = runjobs("serve", "--port", str(port))
    assert said.code == 1
    assert f"Port {port} of 127.0.0.1 cannot be had" in said.err
    assert "--port" in said.err
    assert "Traceback" not in said.err


def test_to_listen_beyond_this_machine_is_warned_of(environment, tmp_path):
    with serving(environment, tmp_path, "--host", "0.0.0.0", "--port", "0") as process:  # noqa: S104
        assert "nothing asks for tokens" in process.said
        assert ended(process)[0] == 0


def test_what_was_begun_is_finished_and_nothing_new_is_taken(environment, tmp_path):
    with serving(environment, tmp_path) as process, begun(process.url) as connection:
        process.send_signal(signal.SIGTERM)
        refused(process.url)
        connection.sendall(NOOP)
        assert b" 201 Created" in connection.recv(10_000)
        _, log = process.communicate(timeout=20)
    assert process.returncode == 0
    assert log.splitlines()[-1].endswith("Served.")


def refused(url: str) -> None:
    """Returns once nobody listens there any more."""
    address = httpx.URL(url)
    while True:
        try:
            socket.create_connection((address.host, address.port), timeout=5).close()
        except OSError:
            return


def test_who_never_finishes_a_request_keeps_it_for_seconds_only(environment, tmp_path):
    with serving(environment, tmp_path) as process, begun(process.url):
        code, _, took = ended(process)
    assert code == 0
    assert took < 8


def test_open_connections_without_a_request_do_not_keep_it(environment, tmp_path):
    with serving(environment, tmp_path) as process, httpx.Client(base_url=process.url) as http:
        assert http.get("/healthz").status_code == 200
        code, _, took = ended(process)
    assert code == 0
    assert took < 3


# --- on Cloud Run


class Away:
    """A place that counts who comes, and answers nobody."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.came = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                came, _ = self.socket.accept()
            except OSError:
                return
            self.came += 1
            came.close()


@pytest.fixture
def away():
    place = Away()
    yield place
    place.socket.close()


@pytest.fixture
def cloud(environment, away) -> dict[str, str]:
    """Of a service on Cloud Run."""
    return {
        **environment,
        "K_SERVICE": "dispatcher",
        "PORT": str(free_port()),
        "GOOGLE_CLOUD_PROJECT": "test",
        "FIRESTORE_EMULATOR_HOST": away.address,
        "RUNJOBS_RUN_ENDPOINT": f"http://{away.address}",
        "RUNJOBS_TASKS_ENDPOINT": f"http://{away.address}",
        "RUNJOBS_DISPATCHER_URL": "https://dispatcher.example",
        "RUNJOBS_OIDC_CERTS": f"http://{away.address}/certs",
    }


def test_in_the_cloud_it_listens_where_it_is_told_and_asks_for_tokens(cloud, tmp_path):
    with serving(cloud, tmp_path, "--grpc-port", "0") as process:
        assert process.url == f"http://127.0.0.1:{cloud['PORT']}"
        with httpx.Client(base_url=process.url, headers={"Host": "dispatcher.example"}) as http:
            assert http.get("/health").json() == {"status": "ok"}
            for path in ("/v1/runs", "/v2/projects/p/locations/r/jobs", "/oauth2/v1/certs"):
                assert http.get(path).status_code == 401
        code, log, took = ended(process)
    assert (code, took < 5) == (0, True)
    assert '"message": "Served."' in log.splitlines()[-1]


def test_in_the_cloud_nothing_is_done_unasked(cloud, tmp_path, away):
    with serving(cloud, tmp_path) as process:
        assert httpx.get(f"{process.url}/healthz").status_code == 200
        assert ended(process)[0] == 0
    assert away.came == 0


def test_nobody_is_left_waiting_for_a_store_that_is_away(environment, tmp_path):
    nobody = {"RUNJOBS_DOCUMENTS": "firestore://p/(default)", "FIRESTORE_EMULATOR_HOST": NOBODY}
    with serving({**environment, **nobody}, tmp_path) as process:
        answer = httpx.get(f"{process.url}/v1/runs", timeout=60)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
