"""The Cloud Run Admin API v2: its calls, https://cloud.google.com/run/docs/reference/rpc/google.cloud.run.v2"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.localcloud.rpc import Rpc
from common.localcloud.run.v2 import executions, jobs, operations, policies

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]


def rpcs(run: CloudRun) -> tuple[Rpc, ...]:
    """All of them."""
    services = (jobs, policies, executions, operations)
    return tuple(rpc for each in services for rpc in each.rpcs(run))
