"""Volumes: secrets, memory, buckets and network disks."""

from __future__ import annotations

from collections.abc import Sequence

from common.localcloud.rpc import Json
from common.localcloud.run.v1.fields import renamed

__all__ = ["volume_of_v1", "volume_of_v2"]

_BUCKETS = "gcsfuse.run.googleapis.com"
_SECRET = (("secret", "secretName"), ("defaultMode", "defaultMode"))
_ITEM = (("version", "key"), ("path", "path"), ("mode", "mode"))
_MEDIA = (("MEMORY", "Memory"), ("DISK", "Disk"))


def volume_of_v2(volume: Json) -> Json:
    """In version 1's words."""
    told: Json = {"name": volume.get("name", "")}
    if "secret" in volume:
        told["secret"] = _secret(volume["secret"], _SECRET, _ITEM)
    if "emptyDir" in volume:
        told["emptyDir"] = _empty(volume["emptyDir"], dict(_MEDIA))
    if "gcs" in volume:
        told["csi"] = _csi(volume["gcs"])
    if "nfs" in volume:
        told["nfs"] = volume["nfs"]
    return told


def volume_of_v1(volume: Json) -> Json:
    """In version 2's words."""
    told: Json = {"name": volume.get("name", "")}
    if "secret" in volume:
        told["secret"] = _secret(volume["secret"], _turned(_SECRET), _turned(_ITEM))
    if "emptyDir" in volume:
        told["emptyDir"] = _empty(volume["emptyDir"], dict(_turned(_MEDIA)))
    if "csi" in volume:
        told["gcs"] = _gcs(volume["csi"])
    if "nfs" in volume:
        told["nfs"] = volume["nfs"]
    return told


Names = Sequence[tuple[str, str]]


def _turned(names: Names) -> Names:
    return [(new, old) for old, new in names]


def _secret(secret: Json, names: Names, item: Names) -> Json:
    told = renamed(secret, names)
    if "items" in secret:
        told["items"] = [renamed(each, item) for each in secret["items"]]
    return told


def _empty(volume: Json, media: dict[str, str]) -> Json:
    told = renamed(volume, [("sizeLimit", "sizeLimit"), ("medium", "medium")])
    if "medium" in told:
        told["medium"] = media.get(told["medium"], told["medium"])
    return told


def _csi(bucket: Json) -> Json:
    attributes = {"bucketName": bucket.get("bucket", "")}
    if options := bucket.get("mountOptions"):
        attributes["mountOptions"] = ",".join(options)
    return {
        "driver": _BUCKETS,
        **renamed(bucket, [("readOnly", "readOnly")]),
        "volumeAttributes": attributes,
    }


def _gcs(csi: Json) -> Json:
    attributes = csi.get("volumeAttributes", {})
    bucket = {"bucket": attributes.get("bucketName", "")}
    if options := attributes.get("mountOptions"):
        bucket["mountOptions"] = options.split(",")
    return {**bucket, **renamed(csi, [("readOnly", "readOnly")])}
