"""What an API's refusal means, and what to do about it."""

from __future__ import annotations

from typing import Any

from common.deploy.errors import Changed, Denied, NotThere
from common.errors import RunjobsError, Unavailable

__all__ = ["problem"]

Json = dict[str, Any]

_ACTING = "and roles/iam.serviceAccountUser on the service accounts"
_ROLES = {
    "run.googleapis.com": f"roles/run.admin {_ACTING}",
    "cloudtasks.googleapis.com": "roles/cloudtasks.queueAdmin",
    "cloudscheduler.googleapis.com": f"roles/cloudscheduler.admin {_ACTING}",
    "firestore.googleapis.com": "roles/datastore.indexAdmin",
}
"""What whoever deploys needs of each API."""


def problem(status: int, answer: Json, *, service: str, path: str, at: str = "") -> RunjobsError:
    """The error that an answer is; `at` is where an imitation of the service is."""
    error = answer.get("error")
    error = error if isinstance(error, dict) else {"message": str(error)}
    said = str(error.get("message") or status).rstrip(".")
    where = f"{service} ({path.partition('/')[2]})"
    if status == 404:
        return NotThere(f"{where}: {said}.{_database(service)}")
    if status == 409:
        return Changed(f"{where} was changed meanwhile: {said}.")
    if status in {408, 429} or status >= 500:
        place = f", asked at {at}," if at else ""
        return Unavailable(f"{where}{place} did not answer: {said}.")
    if status in {401, 403}:
        return Denied(f"{where} refused: {said}. {_remedy(error, service)}")
    return Denied(f"{where} refused: {said}.")


def _remedy(error: Json, service: str) -> str:
    details = error.get("details") or []
    if any(isinstance(it, dict) and it.get("reason") == "SERVICE_DISABLED" for it in details):
        return f"Enable it: gcloud services enable {service}."
    if service in _ROLES:
        return f"This account needs {_ROLES[service]}: see runjobs deploy --print-iam."
    return "Which role this account lacks, runjobs deploy --print-iam shows."


def _database(service: str) -> str:
    if service == "firestore.googleapis.com":
        return " Is the database there (gcloud firestore databases create --location=REGION)?"
    return ""
