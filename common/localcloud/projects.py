"""Projects, by Resource Manager: every one is there, and a number goes with its name."""

from __future__ import annotations

import zlib

from common.localcloud.policies import Policies
from common.localcloud.rpc import Call, Json, Rpc

__all__ = ["Projects", "project_number"]


class Projects:
    """What is told of projects, and their policies."""

    def __init__(self, policies: Policies) -> None:
        self.rpcs = (
            Rpc(verb="GET", path="/v1/projects/{project}", answer=self.v1),
            Rpc(verb="GET", path="/v3/projects/{project}", answer=self.v3),
            *policies.rpcs("/v1/projects/{resource}"),
            *policies.rpcs("/v3/{resource=projects/*}"),
        )

    def v1(self, call: Call) -> Json:
        """A project, in version 1's words."""
        project = call.text("project")
        return {
            "projectId": project,
            "projectNumber": project_number(project),
            "name": project,
            "lifecycleState": "ACTIVE",
        }

    def v3(self, call: Call) -> Json:
        """A project, in version 3's words."""
        project = call.text("project")
        return {
            "name": f"projects/{project_number(project)}",
            "projectId": project,
            "displayName": project,
            "state": "ACTIVE",
        }


def project_number(project: str) -> str:
    """Always the same for a project."""
    return str(100_000_000_000 + zlib.crc32(project.encode()))
