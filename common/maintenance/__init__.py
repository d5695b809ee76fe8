"""What all jobs that keep the data in order share: params, pages, deletion, guard, report."""

from __future__ import annotations

from common.maintenance.change import Change, removal
from common.maintenance.guard import TooMany
from common.maintenance.params import UpkeepParams, UpkeepReport
from common.maintenance.spans import months_before
from common.maintenance.upkeep import Upkeep

__all__ = [
    "Change",
    "TooMany",
    "Upkeep",
    "UpkeepParams",
    "UpkeepReport",
    "months_before",
    "removal",
]
