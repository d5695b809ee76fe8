"""What tests have go wrong does, as it does on the wire."""

from __future__ import annotations

import threading
from datetime import timedelta

import grpc
import httpx
import pytest
from google.api_core import exceptions

from common.listening import listening
from common.localcloud.grpc import grpc_serving
from common.localcloud.rest import Rest
from common.localcloud.rpc import Call, Rpc
from tests.services.faulty import Faults, FaultyGrpc, FaultyHttp

NAME = "projects/p/locations/r/jobs/j"
_SERVICE = "google.cloud.run.v2.Jobs"


class Cloud:
    def __init__(self) -> None:
        self.faults = Faults()
        self.done = 0
        path = "/v2/{name=projects/*/locations/*/jobs/*}"
        job = {"response": "google.cloud.run.v2.Job", "service": _SERVICE, "method": "GetJob"}
        self.rpcs = [Rpc(verb="GET", path=path, answer=self.get, **job)]

    def get(self, call: Call) -> dict:
        self.done += 1
        return {"name": call.text("name")}


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def get(cloud):
    app = FaultyHttp(Rest(cloud.rpcs), cloud.faults)
    with listening(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        yield lambda **options: client.get(f"/v2/{NAME}", **options)
        cloud.faults.late.set()


@pytest.fixture
def call(cloud):
    options = {"interceptors": [FaultyGrpc(cloud.faults)]}
    with grpc_serving(cloud.rpcs, **options) as at, grpc.insecure_channel(at) as channel:
        asked = b"\x0a" + bytes([len(NAME)]) + NAME.encode()
        unary = channel.unary_unary(f"/{_SERVICE}/GetJob")
        yield lambda **options: unary(asked, **options)
        cloud.faults.late.set()


def test_a_fault_comes_once_and_in_its_turn(cloud, get):
    cloud.faults.next += [None, 503]
    assert [get().status_code for _ in range(3)] == [200, 503, 200]
    assert cloud.faults.requests == [f"GET /v2/{NAME}"] * 3
    assert cloud.done == 2


def test_a_fault_may_be_that_of_one_kind_of_request(cloud, get):
    cloud.faults.at |= {"jobs/j": 503, "jobs/k": 500}
    assert [get().status_code for _ in range(2)] == [503, 200]
    assert cloud.faults.at == {"jobs/k": 500}


def test_a_refusal_has_its_headers_and_its_details(cloud, get):
    cloud.faults.next.append(429)
    cloud.faults.headers = {"Retry-After": "7", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    cloud.faults.details = [{"a": "b"}]
    answer = get()
    assert (answer.status_code, answer.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert answer.json()["error"]["details"] == [{"a": "b"}]
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers.get_list("Date") == ["Sun, 22 Nov 2026 12:00:00 GMT"]


@pytest.mark.parametrize(("fault", "done"), [("lost", 1), ("dropped", 0)])
def test_a_connection_breaks_after_the_deed_or_before(cloud, get, fault, done):
    cloud.faults.next.append(fault)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        get()
    assert cloud.done == done
    assert get().status_code == 200


def test_an_answer_is_not_what_it_should_be(cloud, get):
    cloud.faults.next += ["malformed", "empty", lambda answer: answer.pop("name")]
    assert [get().text for _ in range(3)] == ['{"name": "proj', "{}", "{}"]


def test_a_slow_answer_is_there_when_the_test_says_so(cloud, get):
    cloud.faults.next.append("slow")
    with pytest.raises(httpx.ReadTimeout):
        get(timeout=0.3)
    assert cloud.done == 1
    cloud.faults.next.append("slow")
    threading.Thread(target=cloud.faults.late.set).start()
    assert get(timeout=20).json() == {"name": NAME}


@pytest.mark.parametrize(
    ("fault", "code", "done"),
    [
        (429, grpc.StatusCode.RESOURCE_EXHAUSTED, 0),
        (503, grpc.StatusCode.UNAVAILABLE, 0),
        ("dropped", grpc.StatusCode.UNAVAILABLE, 0),
        ("lost", grpc.StatusCode.UNAVAILABLE, 1),
        ("slow", grpc.StatusCode.DEADLINE_EXCEEDED, 1),
    ],
)
def test_over_grpc_it_is_a_status(cloud, call, fault, code, done):
    call()
    cloud.faults.next.append(fault)
    with pytest.raises(grpc.RpcError) as error:
        call(timeout=0.3 if fault == "slow" else 20)
    assert (error.value.code(), cloud.done - 1) == (code, done)
    cloud.faults.next += ["malformed", "empty"]
    assert [call(), call()] == [b"\xff\xff", b""]
    assert cloud.faults.requests == [f"{_SERVICE}/GetJob"] * 4


def test_over_grpc_a_refusal_has_its_details(cloud, call):
    cloud.faults.next.append(429)
    cloud.faults.details = [
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}
    ]
    with pytest.raises(grpc.RpcError) as error:
        call()
    (detail,) = exceptions.from_grpc_error(error.value).details
    assert detail.retry_delay.ToTimedelta() == timedelta(seconds=7.5)
