"""Conditions: whether something is so, is not, or is not known yet."""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.fields import filled

__all__ = ["condition_of_v2"]

_STATUS = {"CONDITION_SUCCEEDED": "True", "CONDITION_FAILED": "False"}
_SEVERITY = {"WARNING": "Warning", "INFO": "Info"}
"""An error is not said to be one."""
_REASONS = ("reason", "revisionReason", "executionReason")


def condition_of_v2(condition: Json) -> Json:
    """In version 1's words."""
    reason = next((condition[name] for name in _REASONS if name in condition), "")
    return filled(
        {
            "type": condition.get("type"),
            "status": _STATUS.get(condition.get("state", ""), "Unknown"),
            "severity": _SEVERITY.get(condition.get("severity", "")),
            "reason": "".join(word.capitalize() for word in reason.split("_")),
            "message": condition.get("message"),
            "lastTransitionTime": condition.get("lastTransitionTime"),
        }
    )
