"""What the docs show is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
_IMPORT = re.compile(r"^from (common[.\w]*) import ([\w, ]+)$", re.MULTILINE)


def test_each_import_can_be_made_as_it_stands_there():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = [found for page in pages for found in _IMPORT.findall(page.read_text(encoding="utf-8"))]
    assert len(shown) > 10
    for module, names in shown:
        for name in names.split(","):
            assert getattr(import_module(module), name.strip(), None) is not None, (module, name)
