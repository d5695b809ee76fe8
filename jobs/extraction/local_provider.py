"""The provider that needs nobody: labels, layout and types, on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from common.runtime import Context
    from jobs.extraction.found import Findings
    from jobs.extraction.providers import Material
    from jobs.extraction.schema import Schema

__all__ = ["Local"]


class Local:
    """Finds values where they stand beside what is known to be their label."""

    name = "local"
    model = None
    usage = None

    def sees(self, file: Path) -> bool:  # noqa: ARG002 - it is the seam's
        """Never: it knows what was read, and nothing else."""
        return False

    def find(self, material: Material, schema: Schema, run: Context, warn: list[str]) -> Findings:
        """What it found."""
        from jobs.extraction.local import extract

        run.check()
        warn += material.document.warnings
        if not any(page.lines or page.tables for page in material.document.pages):
            warn.append("No text was read in the document, so nothing could be found.")
        return extract(material.document, schema)
