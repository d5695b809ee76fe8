"""The messages of Google's APIs, by their full names, and their JSON.

Google's client libraries make them known to protobuf when they are imported; so they are, but not
before the first call that needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from common.errors import Misconfigured
from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json

__all__ = ["message", "message_bytes", "message_json", "message_type"]

_LIBRARIES = {
    "google.cloud.run.v2": ("google.cloud.run_v2", "google-cloud-run"),
    "google.cloud.scheduler.v1": ("google.cloud.scheduler_v1", "google-cloud-scheduler"),
    "google.cloud.tasks.v2": ("google.cloud.tasks_v2", "google-cloud-tasks"),
    "google.iam.v1": ("google.iam.v1.iam_policy_pb2", "grpc-google-iam-v1"),
    "google.logging.v2": ("google.cloud.logging_v2", "google-cloud-logging"),
    "google.longrunning": ("google.longrunning.operations_pb2", "googleapis-common-protos"),
    "google.protobuf": ("google.protobuf.empty_pb2", "protobuf"),
    "google.rpc": ("google.rpc.error_details_pb2", "googleapis-common-protos"),
}
"""Where the messages of an API's package are, and what to install for them."""


def message_type(name: str) -> Any:
    """The class of a message. Raises Misconfigured where its library is not installed."""
    _load(name.rpartition(".")[0])
    pool = import_module("google.protobuf.descriptor_pool").Default()
    factory = import_module("google.protobuf.message_factory")
    return factory.GetMessageClass(pool.FindMessageTypeByName(name))


def message(kind: Any, data: Json) -> Any:
    """A message from its JSON, of which what it does not have is left out."""
    _load_any(data)
    json_format = import_module("google.protobuf.json_format")
    try:
        return json_format.ParseDict(data, kind(), ignore_unknown_fields=True)
    except json_format.ParseError as error:
        raise ApiError("INTERNAL", f"{kind.DESCRIPTOR.full_name}: {error}") from error


def message_bytes(kind: Any, data: Json) -> bytes:
    """A message, as gRPC sends it, from its JSON. Raises ApiError."""
    content: bytes = message(kind, data).SerializeToString()
    return content


def message_json(kind: Any, content: bytes) -> Json:
    """The JSON of a message as gRPC sent it. Raises ApiError."""
    failed = import_module("google.protobuf.message").DecodeError
    try:
        read = kind.FromString(content)
    except failed:
        raise ApiError("INVALID_ARGUMENT", f"It is no {kind.DESCRIPTOR.full_name}.") from None
    data: Json = import_module("google.protobuf.json_format").MessageToDict(read)
    return data


def _load(package: str) -> None:
    module, distribution = _LIBRARIES.get(package, ("", ""))
    try:
        if module:
            import_module(module)
    except ImportError as error:
        raise Misconfigured(
            f"gRPC for {package} needs {distribution}: pip install 'runjobs[gcp]'."
        ) from error


def _load_any(data: Any) -> None:
    """What is within a message of any kind has to be known too."""
    if isinstance(data, list):
        for each in data:
            _load_any(each)
    elif isinstance(data, dict):
        if isinstance(kind := data.get("@type"), str):
            _load(kind.rpartition("/")[2].rpartition(".")[0])
        for each in data.values():
            _load_any(each)
