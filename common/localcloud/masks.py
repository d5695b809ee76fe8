"""What an update changes: the fields that its mask names. https://google.aip.dev/161"""

from __future__ import annotations

from copy import deepcopy

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json
from common.localcloud.values import camel

__all__ = ["masked", "paths"]


def paths(mask: object) -> list[str]:
    """The fields that a mask names, as JSON has them."""
    if mask is None:
        return []
    names = mask if isinstance(mask, list) else str(mask).split(",")
    return [camel(str(name).strip()) for name in names if str(name).strip()]


def masked(old: Json, new: Json, mask: list[str]) -> Json:
    """The old fields, of which those in the mask are as the new ones have them, or are gone."""
    changed = deepcopy(old)
    for path in mask:
        _set(changed, path, _value(new, path))
    return changed


def _value(data: Json, path: str) -> object:
    found: object = data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _set(data: Json, path: str, value: object) -> None:
    *outer, name = path.split(".")
    for each in outer:
        within = data.setdefault(each, {})
        if not isinstance(within, dict):
            raise invalid("updateMask", f"{path} is no field.")
        data = within
    if value is None:
        data.pop(name, None)
    else:
        data[name] = deepcopy(value)
