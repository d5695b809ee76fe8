"""The regions, all of which are here: https://cloud.google.com/run/docs/locations"""

from __future__ import annotations

from common.localcloud.rpc import Call, Json, Rpc

__all__ = ["REGIONS", "locations"]

_BY_CONTINENT = {
    "africa": "south1",
    "asia": "east1 east2 northeast1 northeast2 northeast3 south1 south2 southeast1 southeast2 "
    "southeast3",
    "australia": "southeast1 southeast2",
    "europe": "central2 north1 north2 southwest1 west1 west2 west3 west4 west6 west8 west9 west10 "
    "west12",
    "me": "central1 central2 west1",
    "northamerica": "northeast1 northeast2 south1",
    "southamerica": "east1 west1",
    "us": "central1 east1 east4 east5 south1 west1 west2 west3 west4",
}
REGIONS = tuple(
    f"{continent}-{place}"
    for continent, places in _BY_CONTINENT.items()
    for place in places.split()
)


def locations() -> tuple[Rpc, ...]:
    """The calls that list them: of Cloud Run and Cloud Scheduler, and of Cloud Tasks."""
    return tuple(
        Rpc(verb="GET", path=f"/{version}/{{name=projects/*}}/locations", answer=_listed)
        for version in ("v1", "v2")
    )


def _listed(call: Call) -> Json:
    return {"locations": [_location(call.text("name"), region) for region in REGIONS]}


def _location(project: str, region: str) -> Json:
    labels = {"cloud.googleapis.com/region": region}
    return {"name": f"{project}/locations/{region}", "locationId": region, "labels": labels}
