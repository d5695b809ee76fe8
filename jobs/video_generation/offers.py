"""The providers, as `runjobs providers` lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.runtime.offers import Offer
from jobs.video_generation.choice import check, costs, priced
from jobs.video_generation.providers import PROVIDERS, lacking
from jobs.video_generation.remote.turns import looks, operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobs.video_generation.providers import Provider

__all__ = ["offers"]

EXAMPLES = {
    "GOOGLE_CLOUD_PROJECT": "project",
    "USEAPI_TOKEN": "token",
    "LTX_EMAIL": "a@example.com",
    "HEYGEN_API_KEY": "key",
}
"""With which one that is not set up says what it would make."""


def offers(env: Mapping[str, str]) -> Iterator[Offer]:
    """One for each provider, whether it can be asked or not. Raises Misconfigured for what would
    keep all of them from being asked."""
    check(env)
    for name in PROVIDERS:
        yield _offer(name, env)


def _offer(name: str, env: Mapping[str, str]) -> Offer:
    missing = f"set {', '.join(lacking(name, env))}" if lacking(name, env) else ""
    set_up = {**EXAMPLES, **{variable: value for variable, value in env.items() if value}}
    try:
        return _of(PROVIDERS[name].open(set_up), env, missing)
    except Misconfigured as error:
        return Offer(name=name, missing=missing or str(error))


def _of(provider: Provider, env: Mapping[str, str], missing: str) -> Offer:
    makes, terms = priced(provider, costs(env)), provider.terms
    return Offer(
        name=provider.name,
        missing=missing,
        takes=makes.taken() if makes else {},
        costs=dict(makes.costs) if makes else {},
        limits=(operations(terms), looks(terms)) if terms else (),
    )
