"""What a thing is called, where it is, and who made it, in version 1's words."""

from __future__ import annotations

from dataclasses import dataclass

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.v1.fields import filled

__all__ = ["LABELS", "LOCATION", "Place", "etag", "metadata", "number", "own_labels"]

LABELS = "run.googleapis.com/"
CLOUD = "cloud.googleapis.com/"
LOCATION = f"{CLOUD}location"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something is, and its own name there."""

    project: str
    region: str
    id: str

    @classmethod
    def of(cls, name: str) -> Place:
        """From a name of version 2: projects/P/locations/R/…/ID."""
        parts = name.split("/")
        if len(parts) < 6 or (parts[0], parts[2]) != ("projects", "locations"):
            raise ApiError("INVALID_ARGUMENT", f"{name!r} names nothing in a region.")
        return cls(project=parts[1], region=parts[3], id=parts[-1])


def metadata(thing: Json, *, labels: Json, annotations: Json, owner: Json | None = None) -> Json:
    """Of anything of version 2; labels and annotations are beside its own."""
    place = Place.of(thing["name"])
    told = filled(
        {
            "name": place.id,
            "namespace": place.project,
            "uid": thing.get("uid"),
            "resourceVersion": thing.get("etag", "").strip('"'),
            "creationTimestamp": thing.get("createTime"),
            "deletionTimestamp": thing.get("deleteTime"),
            "labels": {**thing.get("labels", {}), **filled(labels), LOCATION: place.region},
            "annotations": filled(annotations),
            "ownerReferences": [owner] if owner else [],
        }
    )
    return {**told, "generation": number(thing, "generation") or 1}


def own_labels(labels: Json) -> Json:
    """Without those that the API tells; gcloud hands them back, for jobs and in templates."""
    return {name: it for name, it in labels.items() if not name.startswith((LABELS, CLOUD))}


def etag(of_v1: Json) -> str:
    """What version 2 is to find unchanged, if anything."""
    version: str = of_v1.get("resourceVersion", "")
    return f'"{version}"' if version else ""


def number(message: Json, name: str) -> int:
    """A number that JSON may have as text, being long."""
    return int(message.get(name, 0))
