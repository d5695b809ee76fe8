"""Which jobs bring a plan's files, and with which params."""

from __future__ import annotations

from typing import Any

from jobs.run_initializer.params import Plan

__all__ = ["imports"]


def imports(plan: Plan) -> list[tuple[str, list[dict[str, Any]]]]:
    """Jobs by name, each with the params of its runs, in the order in which they go."""
    of_all = (("drive-import", _drive(plan)), ("gmail-import", _gmail(plan)))
    return [(job, params) for job, params in of_all if params]


def _drive(plan: Plan) -> list[dict[str, Any]]:
    if not (plan.drive_files or plan.drive_folders):
        return []
    return [{"user": plan.user, "files": plan.drive_files, "folders": plan.drive_folders}]


def _gmail(plan: Plan) -> list[dict[str, Any]]:
    whose = {"user": plan.user, "names": plan.names}
    if plan.messages:
        return [{**whose, "messages": plan.messages}]
    return [{**whose, "query": search} for search in plan.searches]
