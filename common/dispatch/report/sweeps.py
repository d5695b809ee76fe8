"""What a sweep did."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from common.dispatch.report.runs import time
from common.dispatch.sweep import Swept

__all__ = ["sweep_data"]


def sweep_data(swept: Swept) -> dict[str, Any]:
    """What it found, and when the next one is needed."""
    return {**asdict(swept), "next": time(swept.next)}
