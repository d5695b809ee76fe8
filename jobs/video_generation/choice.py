"""Who is asked for a video, and in which order.

VIDEO_PROVIDER   who makes what names no provider itself: one of them, or auto
VIDEO_PROVIDERS  the order in which auto asks them; without it, the cheapest that can make it first
VIDEO_COSTS      US dollars a second, such as veo=0.15,pixverse=0.04, where ours are not right
VIDEO_PATIENCE   seconds that a turn at one of them is waited for while there is another one to ask
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from jobs.video_generation.providers import PROVIDERS, lacking
from jobs.video_generation.remote.settings import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.video_generation.makes import Makes
    from jobs.video_generation.params import VideoParams
    from jobs.video_generation.providers import Provider

__all__ = ["AUTO", "LOCAL", "check", "costs", "named", "needs", "order", "patience", "priced"]

AUTO = "auto"
LOCAL = "local"
PATIENCE = 30.0


def check(env: Mapping[str, str]) -> None:
    """Raise Misconfigured for a variable that says what cannot be."""
    named(env, in_cloud=False)
    _declared(env)
    costs(env)
    patience(env)


def order(params: VideoParams, env: Mapping[str, str], *, in_cloud: bool) -> list[str]:
    """Those to ask, one after the other.

    Raises Misconfigured for a variable that names one that there is not, and where nobody can be
    asked.
    """
    name = params.provider or named(env, in_cloud=in_cloud)
    if name != AUTO:
        return [name]
    return _declared(env) or _cheapest(params, env) or _last(env, in_cloud=in_cloud)


def named(env: Mapping[str, str], *, in_cloud: bool) -> str:
    """The one for what names none: VIDEO_PROVIDER, else auto where an order is declared, else the
    one that fits the place. Raises Misconfigured."""
    default = AUTO if env.get("VIDEO_PROVIDERS") else "veo" if in_cloud else LOCAL
    name = env.get("VIDEO_PROVIDER") or default
    if name != AUTO and name not in PROVIDERS:
        others = ", ".join(PROVIDERS)
        raise Misconfigured(
            f"VIDEO_PROVIDER={name!r} makes no videos: set it to auto, or one of {others}."
        )
    return name


def needs(env: Mapping[str, str]) -> tuple[str, ...]:
    """What must be installed for those who are asked where the params name none."""
    inside = "CLOUD_RUN_JOB" in env or "K_SERVICE" in env
    in_cloud = (env.get("RUNJOBS_EXECUTOR") or ("cloud-run" if inside else "")) == "cloud-run"
    names: list[str] = []
    with suppress(Misconfigured):  # which is told when the job runs
        name = named(env, in_cloud=in_cloud)
        names = _declared(env) if name == AUTO else [name]
    asked = (need for name in names for need in PROVIDERS[name].needs)
    # All end with ffmpeg, which looks at the video and takes the poster from it.
    return tuple(dict.fromkeys(["imageio_ffmpeg (media)", *asked]))


def patience(env: Mapping[str, str]) -> float:
    """Seconds to wait for a turn at one while there is another. Raises Misconfigured."""
    return seconds(env, "VIDEO_PATIENCE", PATIENCE)


def costs(env: Mapping[str, str]) -> dict[str, float]:
    """US dollars a second, as VIDEO_COSTS says. Raises Misconfigured."""
    text = env.get("VIDEO_COSTS") or ""
    return dict(_priced(pair) for pair in text.split(",")) if text else {}


def priced(provider: Provider, costs: Mapping[str, float]) -> Makes | None:
    """What it makes, at the price that holds, by what VIDEO_COSTS says."""
    makes, cost = provider.makes, costs.get(provider.name)
    if makes is None or cost is None:
        return makes
    return replace(makes, costs=dict.fromkeys(makes.resolutions, cost))


def _declared(env: Mapping[str, str]) -> list[str]:
    text = env.get("VIDEO_PROVIDERS") or ""
    names = [name.strip() for name in text.split(",")] if text else []
    if unknown := [name for name in names if name not in PROVIDERS]:
        raise Misconfigured(
            f"VIDEO_PROVIDERS names {unknown[0]!r}, who makes no videos: those who do are "
            f"{', '.join(PROVIDERS)}."
        )
    return list(dict.fromkeys(names))


def _cheapest(params: VideoParams, env: Mapping[str, str]) -> list[str]:
    """Those that are set up and make such videos, in the order of what it costs; where none does,
    all that are set up, so that each says why not."""
    said = costs(env)
    there = [name for name in PROVIDERS if name != LOCAL and not lacking(name, env)]
    makers = {name: cost for name in there if (cost := _cost(name, params, env, said)) is not None}
    return sorted(makers, key=lambda name: makers[name]) or there


def _cost(
    name: str, params: VideoParams, env: Mapping[str, str], said: Mapping[str, float]
) -> float | None:
    """US dollars; None where it makes no such video. One that is set up wrongly says so only when
    it is asked, after all others."""
    try:
        makes = priced(PROVIDERS[name].open(env), said)
    except Misconfigured:
        return math.inf
    return makes.cost(params) if makes and not makes.problems(params) else None


def _last(env: Mapping[str, str], *, in_cloud: bool) -> list[str]:
    if not in_cloud:
        return [LOCAL]
    wanted = (f"{name} ({', '.join(lacking(name, env))})" for name in PROVIDERS if name != LOCAL)
    raise Misconfigured(f"There is nobody to make videos: set up one of {', '.join(wanted)}.")


def _priced(pair: str) -> tuple[str, float]:
    name, _, text = (part.strip() for part in pair.partition("="))
    cost = math.nan
    with suppress(ValueError):
        cost = float(text)
    if name not in PROVIDERS or not 0 <= cost < math.inf:
        raise Misconfigured(
            f"VIDEO_COSTS has {pair.strip()!r}: write PROVIDER=DOLLARS, such as veo=0.15, with "
            f"commas between; the providers are {', '.join(PROVIDERS)}."
        )
    return name, cost
