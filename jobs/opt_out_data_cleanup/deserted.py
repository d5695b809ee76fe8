"""Whether a tenant has anything of somebody who stays: not all users need be in `users`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from common.blobs.paths import fault
from jobs.opt_out_data_cleanup.folders import home
from jobs.opt_out_data_cleanup.imported import below
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.said import params_of, text
from jobs.opt_out_data_cleanup.where import OF_USERS, RUNS

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Documents

__all__ = ["is_deserted"]


def is_deserted(documents: Documents, blobs: Blobs, tenant: str, leaving: Collection[str]) -> bool:
    """Whether all that is the tenant's names only those who leave, or nobody."""
    names = {"", *leaving}
    folders = {quote(name, safe="") for name in names}
    return all(each in names for each in _named(documents, blobs, tenant)) and all(
        each in folders for each in _folders(blobs, tenant)
    )


def _folders(blobs: Blobs, tenant: str) -> Iterator[str]:
    users = f"{home(tenant)}/users"
    if not fault(users):
        for blob in blobs.list(f"{users}/"):
            yield blob.path.removeprefix(f"{users}/").partition("/")[0]


def _named(documents: Documents, blobs: Blobs, tenant: str) -> Iterator[str]:
    for collection in OF_USERS:
        for document in pages(documents, collection, of(tenant)):
            yield document.data.get("user") or ""
    for run in pages(documents, RUNS, of(tenant), order=("-created",)):
        yield text(params_of(run).get("user"))
    for item in below(documents, blobs, tenant):
        for version in item.data["files"]:
            yield from version.get("users") or ()
