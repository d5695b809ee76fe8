from __future__ import annotations

import os
import ssl

import pytest


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch) -> None:
    """Temporary files go with the test, and nothing of the machine's own settings comes in."""
    for name in [*os.environ]:
        if name.startswith(("GEMINI_", "GOOGLE_", "IMAGE_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # Each client reads all certificates, which is most of what these tests would do.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)
