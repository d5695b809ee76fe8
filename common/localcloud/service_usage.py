"""Service Usage: which of Google's APIs a project has enabled. Here it is all of them."""

from __future__ import annotations

from common.localcloud.projects import project_number
from common.localcloud.rpc import Call, Json, Rpc

__all__ = ["ServiceUsage"]

_APIS = (
    "cloudresourcemanager",
    "cloudscheduler",
    "cloudtasks",
    "firestore",
    "iam",
    "logging",
    "run",
    "secretmanager",
    "serviceusage",
)
_DONE = "operations/noop.DONE_OPERATION"
"""What Google answers to whoever enables what is enabled."""


class ServiceUsage:
    """Tells it."""

    def __init__(self) -> None:
        name, services = "/v1/{name=projects/*/services/*}", "/v1/{parent=projects/*}/services"
        self.rpcs = (
            Rpc(verb="GET", path=name, answer=lambda call: _service(call.text("name"))),
            Rpc(verb="GET", path=services, answer=self.list),
            Rpc(verb="POST", path=f"{name}:enable", answer=self.enable, body="*"),
            Rpc(verb="POST", path=f"{services}:batchEnable", answer=self.enable, body="*"),
        )

    def list(self, call: Call) -> Json:
        """Those that are here."""
        named = (f"{call.text('parent')}/services/{api}.googleapis.com" for api in _APIS)
        return {"services": [_service(name) for name in named]}

    def enable(self, call: Call) -> Json:  # noqa: ARG002
        """There is nothing to do."""
        return {"name": _DONE, "done": True}


def _service(name: str) -> Json:
    _, project, _, api = name.split("/")
    parent = f"projects/{project_number(project)}"
    return {
        "name": f"{parent}/services/{api}",
        "parent": parent,
        "config": {"name": api},
        "state": "ENABLED",
    }
