"""Cloud Logging: what local tasks have printed, read as entries.

Entries are not kept: they are made of the executors' folders when somebody asks, and are gone with
them.
"""

from __future__ import annotations

from common.localcloud.logging.service import Logging

__all__ = ["Logging"]
