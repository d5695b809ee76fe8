"""Pictures by Gemini, Google's model: on Vertex AI, or through the Gemini API with a key."""

from __future__ import annotations

from jobs.image_generation.gemini.provider import Gemini

__all__ = ["Gemini"]
