"""What the application and its jobs know of each other's data: docs/data.md says what it means.

A module for each collection: its name, what a document of it says, and what is written into one.
"""

from __future__ import annotations

from common.data.fields import Malformed

__all__ = ["Malformed"]
