"""What a container pays for at its start."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("requests", "urllib3", "google.auth", "cryptography", "httpcore2", "pydantic")


@pytest.mark.parametrize("room", ["common.google", "common.integrations", "common.fetch"])
def test_what_is_heavy_is_imported_when_it_is_used_and_not_before(room):
    code = f"import sys, {room}; print([name for name in {HEAVY} if name in sys.modules])"
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
