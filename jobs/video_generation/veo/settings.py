"""Which model is asked, where, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.genai import Access
from common.genai.settings import base_url, count, name
from common.settings import project_of
from jobs.video_generation.remote.seam import Terms
from jobs.video_generation.remote.settings import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VeoSettings"]

MODEL = "veo-3.1-fast-generate-001"
LOCATION = "us-central1"
MAX_WAIT = 900.0
# What is said of a project without a raised quota; Google's pages and others' do not agree.
PER_MINUTE, CONCURRENT = 50, 10
LOOKS_PER_MINUTE = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class VeoSettings:
    """What the VEO_… variables, or their defaults, say."""

    project: str
    location: str = LOCATION
    model: str = MODEL
    base_url: str | None = None
    """Where Vertex is, if not at Google's."""
    max_wait: float = MAX_WAIT
    """Seconds that an operation may take, by server time."""
    per_minute: int = PER_MINUTE
    """Creates in any minute, over all containers."""
    concurrent: int = CONCURRENT
    """Operations under way, over all containers."""
    looks_per_minute: int = LOOKS_PER_MINUTE
    """Looks at operations, over all containers."""

    @classmethod
    def load(cls, env: Mapping[str, str]) -> VeoSettings:
        """From the environment. Raises Misconfigured naming the variable that is wrong."""
        return cls(
            project=_project(env),
            location=name(env, "VEO_LOCATION", env.get("CLOUD_RUN_REGION") or LOCATION),
            model=name(env, "VEO_MODEL", MODEL),
            base_url=base_url(env, "VEO_BASE_URL"),
            max_wait=seconds(env, "VEO_MAX_WAIT", MAX_WAIT),
            per_minute=count(env, "VEO_PER_MINUTE", PER_MINUTE),
            concurrent=count(env, "VEO_CONCURRENT", CONCURRENT),
            looks_per_minute=count(env, "VEO_LOOKS_PER_MINUTE", LOOKS_PER_MINUTE),
        )

    @property
    def access(self) -> Access:
        """As whom Vertex is asked, and where."""
        return Access(project=self.project, location=self.location, base_url=self.base_url)

    @property
    def terms(self) -> Terms:
        """On which it is asked."""
        return Terms(
            name="veo",
            title="Veo",
            prefix="VEO",
            max_wait=self.max_wait,
            per_minute=self.per_minute,
            concurrent=self.concurrent,
            looks_per_minute=self.looks_per_minute,
        )


def _project(env: Mapping[str, str]) -> str:
    found = project_of(env)
    if not found:
        raise Misconfigured(
            "Veo is billed to a project: set GOOGLE_CLOUD_PROJECT to its id, or make the video "
            "on this machine with --provider local."
        )
    return found
