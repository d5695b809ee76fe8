"""A collection's table in SQLite, and the statements on it.

Beside id, version and JSON it has a column for each field that an index is declared over, filled
with the field's key at each write, so that neither writes nor queries parse JSON. What is not
indexed can be asked for too, and is then looked up in the JSON.
"""

from __future__ import annotations

import re
from functools import lru_cache

from common.documents.keys import key_of_json
from common.errors import InvalidInput

__all__ = ["OWN", "Table", "quoted"]

OWN = ("_id", "_version", "_data")
"""A table's first columns; no field's name begins so."""
_COLLECTION = re.compile(r"[a-z][a-z0-9_]*")


class Table:
    """A table as it is in the file, with columns for these fields."""

    def __init__(self, collection: str, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self.name = quoted(collection)
        self.select = f"SELECT _id, _version, _data FROM {self.name}"  # noqa: S608
        self.get = f"{self.select} WHERE _id = ?"
        self.read = f"SELECT _data FROM {self.name} WHERE _id = ? AND _version = ?"  # noqa: S608
        marks = ", ".join("?" * (len(OWN) + len(fields)))
        self.create = f"INSERT OR IGNORE INTO {self.name} VALUES ({marks})"  # noqa: S608
        self.delete = f"DELETE FROM {self.name} WHERE _id = ? AND _version = ?"  # noqa: S608

    def update(self, fields: tuple[str, ...]) -> str:
        """Write version, JSON and the keys of these fields, where id and version are these."""
        return _update(self.name, fields)

    def key(self, field: str) -> str:
        """A field's key, as SQL."""
        return f'"{field}"' if field in self.fields else key_of_json(field)


def quoted(collection: str) -> str:
    """The collection's name, as a table's."""
    if not _COLLECTION.fullmatch(collection):
        raise InvalidInput(f"{collection!r} is not a collection: use a-z, 0-9, _.")
    return f'"{collection}"'


@lru_cache(1_000)
def _update(name: str, fields: tuple[str, ...]) -> str:
    keys = "".join(f', "{field}" = ?' for field in fields)
    return f"UPDATE {name} SET _version = ?, _data = ?{keys} WHERE _id = ? AND _version = ?"  # noqa: S608
