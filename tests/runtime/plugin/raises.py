# ruff: noqa: INP001 - it stands for an installed package
"""A module that cannot be imported."""

raise ZeroDivisionError("on import")
