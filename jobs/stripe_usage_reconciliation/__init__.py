"""stripe-usage-reconciliation: usage is reported to Stripe's meters once, and the sums compared."""

from __future__ import annotations

from datetime import timedelta

from common.runtime import Context, job
from jobs.stripe_usage_reconciliation.params import UsageReconciled, UsageReconciliation

__all__ = ["UsageReconciled", "UsageReconciliation", "stripe_usage_reconciliation"]


@job(
    "stripe-usage-reconciliation",
    queue="maintenance-tasks",
    cpu=1,
    memory="1Gi",
    timeout=timedelta(hours=1),
    schedule="15 */2 * * *",
    secrets=("STRIPE_SECRET_KEY",),
    needs=("stripe (billing)",),
)
def stripe_usage_reconciliation(params: UsageReconciliation, run: Context) -> UsageReconciled:
    """Report usage to Stripe, each event once, and compare its sums with the ledger's."""
    from jobs.stripe_usage_reconciliation.produce import produce

    return produce(params, run)
