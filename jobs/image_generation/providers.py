"""The seam to whoever makes pictures.

A provider makes one picture at a time, perhaps several in as many threads. What was made is kept
by `album`: a provider need not know what an earlier attempt has made.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from common.errors import Misconfigured

if TYPE_CHECKING:
    from PIL.Image import Image

    from common.gemini.usage import Usage
    from common.runtime import Context
    from jobs.image_generation.params import ImageParams

__all__ = ["Made", "Provider", "choose", "needs"]

_VARIABLE = "IMAGE_PROVIDER"


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One picture, and what is to be said of it."""

    picture: Image
    seed: int | None
    warnings: tuple[str, ...] = ()


class Provider(Protocol):
    """Makes pictures for one attempt."""

    @property
    def name(self) -> str:
        """As the params say it."""

    @property
    def model(self) -> str | None:
        """Which model it asks, if it does."""

    @property
    def usage(self) -> Usage | None:
        """What that has cost so far, in tokens."""

    @property
    def at_once(self) -> int:
        """How many pictures it makes at a time, each in a thread of its own."""

    def picture(self, number: int) -> Made:
        """The picture of that number, from 0. Raises Permanent where trying again cannot help,
        Retryable or anything else where it may."""

    def close(self) -> None:
        """No more pictures are wanted."""


def choose(params: ImageParams, run: Context) -> Provider:
    """The provider asked for, else IMAGE_PROVIDER, else the one that fits the place.

    Raises Misconfigured, such as for an IMAGE_PROVIDER that there is not.
    """
    name = params.provider or os.environ.get(_VARIABLE) or _default(in_cloud=run.in_cloud)
    if name == "gemini":
        from jobs.image_generation.gemini import Gemini

        return Gemini.from_env(os.environ, params, run)
    if name == "local":
        from jobs.image_generation.local import Local

        return Local(params, run)
    raise Misconfigured(f"{_VARIABLE}={name!r} makes no pictures: set it to local or gemini.")


def needs(env: Mapping[str, str]) -> tuple[str, ...]:
    """What must be installed for the provider that is taken where the params name none."""
    inside = "CLOUD_RUN_JOB" in env or "K_SERVICE" in env
    in_cloud = (env.get("RUNJOBS_EXECUTOR") or ("cloud-run" if inside else "")) == "cloud-run"
    provider = env.get(_VARIABLE) or _default(in_cloud=in_cloud)
    # Pillow draws, and looks at what others have drawn.
    pillow = "PIL (image)"
    return (pillow, "google.genai (gemini)") if provider == "gemini" else (pillow,)


def _default(*, in_cloud: bool) -> str:
    return "gemini" if in_cloud else "local"
