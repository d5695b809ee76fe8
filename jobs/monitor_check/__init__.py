"""monitor-check: what has changed of a page or a document since it was last looked at.

monitor   what is watched, under a name; one document in `monitors`
snapshot  the text as it was at the last change, or when watching began; a blob
change    one document in `monitor_changes`: written once, in one commit with the monitor
announce  to tell a webhook of a change, by a step of its own, as often as it takes
"""

from __future__ import annotations

from datetime import timedelta

from common.gemini.choice import KEY
from common.runtime import Context, job
from jobs.monitor_check.params import Checked, MonitorCheck

__all__ = ["Checked", "MonitorCheck", "monitor_check"]


@job(
    "monitor-check",
    queue="extract-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(minutes=10),
    needs=("bs4 (extract)", "httpx2 (extract)", "pypdfium2 (extract)"),
    optional_secrets=(KEY, "MONITOR_WEBHOOK_SECRET"),
)
def monitor_check(params: MonitorCheck, run: Context) -> Checked:
    """Look whether a page or a document has changed, and tell who asked to be told."""
    from jobs.monitor_check.produce import produce

    return produce(params, run)
