"""Google's APIs as gRPC, by the same table of calls as over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from common.errors import Misconfigured
from common.localcloud.errors import ApiError
from common.localcloud.messages import message, message_bytes, message_json, message_type
from common.localcloud.rest import answered
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.rules import check_names

__all__ = ["grpc_serving"]

_THREADS = 32
"""Calls that are answered at once."""
_GRACE = 1.0
"""Seconds that calls may yet take when it is told to end."""
_MOST = 10 * 1024 * 1024
"""Bytes of a message; more than any of these APIs takes."""


@contextmanager
def grpc_serving(
    rpcs: Iterable[Rpc],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    interceptors: Sequence[Any] = (),
) -> Iterator[str]:
    """Answer those calls that gRPC has while the block does, without TLS; yields HOST:PORT.

    Raises Misconfigured where grpcio is not installed, or the port is taken.
    """
    server = _server(rpcs, interceptors)
    try:
        chosen = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError as error:
        raise Misconfigured(
            f"Port {port} of {host} cannot be had for gRPC. Choose another."
        ) from error
    server.start()
    try:
        yield f"{host}:{chosen}"
    finally:
        server.stop(_GRACE).wait()


def _server(rpcs: Iterable[Rpc], interceptors: Sequence[Any]) -> Any:
    grpc = _library("grpc")
    _library("grpc_status.rpc_status")  # missed here, and not at the first error
    return grpc.server(
        ThreadPoolExecutor(_THREADS, thread_name_prefix="grpc"),
        handlers=[_handlers(grpc, rpcs)],
        interceptors=interceptors,
        options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MOST)],
    )


def _handlers(grpc: Any, rpcs: Iterable[Rpc]) -> Any:
    """What finds the handler of a call, as grpc wants it.

    It is given bytes, so that what goes wrong with them too is told to who calls.
    """
    table = {f"/{rpc.service}/{rpc.method}": rpc for rpc in rpcs if rpc.service}

    class Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, details: Any) -> Any:
            rpc = table.get(details.method)
            return grpc.unary_unary_rpc_method_handler(partial(_answer, rpc)) if rpc else None

    return Handlers()


def _answer(rpc: Rpc, request: bytes, context: Any) -> bytes:
    try:
        fields = message_json(message_type(rpc.request_type), request)
        check_names(rpc, fields)
        answer = answered(rpc, Call(fields=fields, headers=_headers(context)))
        return message_bytes(message_type(rpc.response), answer)
    except ApiError as error:
        context.abort_with_status(_status(error))
        raise
    except Misconfigured as error:
        context.abort_with_status(_status(ApiError("UNIMPLEMENTED", str(error))))
        raise


def _headers(context: Any) -> dict[str, str]:
    """Those that are text."""
    pairs = context.invocation_metadata()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _status(error: ApiError) -> Any:
    """An error as gRPC tells it, with those of its details that are messages."""
    code = getattr(_library("grpc").StatusCode, error.status).value[0]
    details = [each for each in error.details if _is_message(each)]
    told = {"code": code, "message": error.message, "details": details}
    status = message(message_type("google.rpc.Status"), told)
    return _library("grpc_status.rpc_status").to_status(status)


def _is_message(detail: Json) -> bool:
    try:
        message(message_type("google.protobuf.Any"), detail)
    except ApiError:
        return False
    return "@type" in detail


def _library(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise Misconfigured("gRPC needs grpcio-status: pip install 'runjobs[gcp]'.") from error
