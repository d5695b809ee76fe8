"""Rows of tables, such as the items of an invoice: found by what stands above their columns."""

from __future__ import annotations

from jobs.extraction.local.items.rows import Item, Items, items_of

__all__ = ["Item", "Items", "items_of"]
