"""Videos by Veo, Google's model on Vertex AI."""

from __future__ import annotations

from jobs.video_generation.veo.provider import Veo

__all__ = ["Veo"]
