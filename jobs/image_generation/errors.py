"""How making a picture can fail, beside what asking Gemini can."""

from __future__ import annotations

from common.runtime import Permanent, Retryable

__all__ = ["BadPicture", "Declined"]


class BadPicture(Retryable):
    """Raised when what a provider gave is no picture, or one that is too large to be opened."""


class Declined(Permanent):
    """Raised when the model answered in words, and drew nothing."""
