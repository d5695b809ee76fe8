"""The service accounts, each of which may do no more than its part needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from common.errors import InvalidInput

__all__ = ["Accounts"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounts:
    """Their addresses."""

    jobs: str
    """As which jobs run."""
    dispatcher: str
    """As which the dispatcher runs."""
    wakeups: str
    """As which Cloud Tasks and Cloud Scheduler call the dispatcher."""
    schedules: str
    """As which Cloud Scheduler starts jobs."""

    @classmethod
    def of(cls, project: str, chosen: Mapping[str, str] | None = None) -> Accounts:
        """Those that are chosen, by their parts, and runjobs-PART of the project for the others."""
        parts = [each.name for each in fields(cls)]
        if unknown := set(chosen or {}) - {*parts}:
            known = ", ".join(parts)
            raise InvalidInput(f"No account is for {', '.join(sorted(unknown))}: use {known}.")
        if wrong := [f"{part}={it}" for part, it in (chosen or {}).items() if "@" not in it]:
            raise InvalidInput(f"{wrong[0]} is no account: write its e-mail address.")
        usual = {part: f"runjobs-{part}@{project}.iam.gserviceaccount.com" for part in parts}
        return cls(**{**usual, **(chosen or {})})
