"""Keys, and integrations in a store of each kind."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from common.integrations import Cipher, Integrations


@pytest.fixture
def key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def integrations(documents, key) -> Integrations:
    return Integrations(documents, Cipher([key]))
