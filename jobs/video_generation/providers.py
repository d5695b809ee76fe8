"""The seam to whoever makes videos, and all that there are.

A provider makes one video file from the params, in the run's folder. What it must remember beyond
the death of the process, such as an operation that was begun elsewhere, it checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from common.settings import PROJECT

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.video_generation.makes import Makes
    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.remote.seam import Terms

__all__ = ["PROVIDERS", "SECRETS", "Known", "Provider", "lacking"]

SECRETS = ("USEAPI_TOKEN", "HEYGEN_API_KEY")
"""Variables that some of them need: whoever uses others does without."""


class Provider(Protocol):
    """Makes videos."""

    @property
    def name(self) -> str:
        """As the params say it."""

    @property
    def makes(self) -> Makes | None:
        """What it makes, and at what price; None: whatever there is, for nothing."""

    @property
    def terms(self) -> Terms | None:
        """On which it is asked, where it is asked over the network."""

    def generate(self, params: VideoParams, run: Context, *, patience: float | None = None) -> Path:
        """The finished file. A turn to begin it is waited for up to `patience` seconds, or as long
        as the attempt allows. Raises Permanent where trying again cannot help, Retryable or
        anything else where it may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A provider that there is."""

    open: Callable[[Mapping[str, str]], Provider]
    """As the variables say. Raises Misconfigured."""
    variables: tuple[tuple[str, ...], ...] = ()
    """Those that it cannot do without: one of each group."""
    needs: tuple[str, ...] = ()
    """Modules, as a job declares them."""


def lacking(name: str, env: Mapping[str, str]) -> list[str]:
    """The variables that are missing for a provider to be one that can be asked."""
    groups = PROVIDERS[name].variables
    return [group[0] for group in groups if not any(env.get(variable) for variable in group)]


def _local(_: Mapping[str, str]) -> Provider:
    from jobs.video_generation.local import Local

    return Local()


def _veo(env: Mapping[str, str]) -> Provider:
    from jobs.video_generation.veo import Veo

    return Veo.from_env(env)


def _pixverse(env: Mapping[str, str]) -> Provider:
    from jobs.video_generation.remote.hosted import Hosted
    from jobs.video_generation.useapi.pixverse import PixVerse

    return Hosted(PixVerse(env))


def _ltx_studio(env: Mapping[str, str]) -> Provider:
    from jobs.video_generation.remote.hosted import Hosted
    from jobs.video_generation.useapi.ltx import LtxStudio

    return Hosted(LtxStudio(env))


def _heygen(env: Mapping[str, str]) -> Provider:
    from jobs.video_generation.heygen import HeyGen
    from jobs.video_generation.remote.hosted import Hosted

    return Hosted(HeyGen(env))


_HTTP = ("httpx2 (extract)",)
PROVIDERS: Mapping[str, Known] = {
    "local": Known(open=_local),
    "veo": Known(open=_veo, variables=(PROJECT,), needs=("google.genai (veo)",)),
    "pixverse": Known(open=_pixverse, variables=(("USEAPI_TOKEN",),), needs=_HTTP),
    "ltx-studio": Known(
        open=_ltx_studio, variables=(("USEAPI_TOKEN",), ("LTX_EMAIL",)), needs=_HTTP
    ),
    "heygen": Known(open=_heygen, variables=(("HEYGEN_API_KEY",),), needs=_HTTP),
}
