"""automation-trigger: starts automations for the messages that come into Gmail accounts."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.automation_trigger.params import AutomationTrigger, Triggered

__all__ = ["AutomationTrigger", "Triggered", "automation_trigger"]


@job(
    "automation-trigger",
    queue="automation-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=30),
    drain=timedelta(minutes=10),  # most notifications have nothing left to do: they share one
    secrets=("ENCRYPTION_KEY", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    needs=("cryptography (google)", "google.auth (google)", "requests (google)"),
    pushed=True,
)
def automation_trigger(params: AutomationTrigger, run: Context) -> Triggered:
    """Start automations for new messages in Gmail."""
    from jobs.automation_trigger.produce import produce

    return produce(params, run)
