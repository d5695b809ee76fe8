"""The whole reconciliation: what is under way, then what is new, then both sides' sums."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from common.data.usage import USAGE_EVENTS
from common.documents import Document, Query
from common.maintenance import Upkeep
from common.words import several
from jobs.stripe_usage_reconciliation.api import Api
from jobs.stripe_usage_reconciliation.asking import Asking
from jobs.stripe_usage_reconciliation.comparison import Comparison
from jobs.stripe_usage_reconciliation.params import Drift, UsageReconciled, UsageReconciliation
from jobs.stripe_usage_reconciliation.reporting import Reporting
from jobs.stripe_usage_reconciliation.sending import Sender
from jobs.stripe_usage_reconciliation.settings import StripeSettings
from jobs.stripe_usage_reconciliation.settling import Settler
from jobs.stripe_usage_reconciliation.trouble import Trouble

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["produce"]

_PAGE = 200
"""Events whose intents are kept at once: what a kill leaves to be sent again, at most."""
_ALWAYS = 10_000
"""Events that may be reported without being compared with other runs."""
_SHOWN = 100


def produce(params: UsageReconciliation, run: Context) -> UsageReconciled:
    """Report, settle, compare. Raises TooMany, Misconfigured, NoAnswers, Refusing."""
    settings = StripeSettings.load(os.environ)
    with Upkeep(run, params, page=_PAGE) as upkeep:
        return Reconciliation(params, run, upkeep, settings).all()


class Reconciliation:
    """One attempt."""

    def __init__(
        self,
        params: UsageReconciliation,
        run: Context,
        upkeep: Upkeep,
        settings: StripeSettings,
    ) -> None:
        self._params, self._run, self._upkeep = params, run, upkeep
        self._lag = timedelta(minutes=params.lag_minutes)
        self._trouble = Trouble()
        api = Api(settings, run.check)
        reads = Asking(run, run.limiter(settings.reads))
        meters = {meter.event_name: meter for meter in reads.read(lambda: [*api.meters()])}
        sender = Sender(
            run,
            upkeep,
            api=api,
            posts=Asking(run, run.limiter(settings.posts)),
            trouble=self._trouble,
            threads=settings.concurrent,
        )
        settler = Settler(upkeep, api=api, reads=reads, meters=meters, lag=self._lag)
        self._reporting = Reporting(
            upkeep, meters=meters, sender=sender, settler=settler, trouble=self._trouble
        )
        self._comparison = Comparison(
            run,
            upkeep,
            api=api,
            reads=reads,
            meters=meters,
            trouble=self._trouble,
            threads=settings.concurrent,
        )

    def all(self) -> UsageReconciled:
        """Do everything."""
        new = self._run.documents.count(_in_state("unreported"))
        # To have much to do is what this is for, so only other runs tell what is too much.
        beyond = max(0, new - _ALWAYS)
        what = f"usage events beyond {_ALWAYS:,}"
        self._upkeep.guard(beyond, of=2 * beyond, what=what)
        # What an attempt before this one had under way when it was killed is being sent, too.
        for state, stage in (("sending", f"sending {self._run.attempt}"), ("unreported", "")):
            for page in self._upkeep.pages(_in_state(state), stage=stage, share=_customer):
                self._reporting.report(page)
        drifts: Sequence[Drift] = ()
        if self._params.compare_hours:
            drifts = self._comparison.compare(hours=self._params.compare_hours, lag=self._lag)
        result = self._upkeep.report(UsageReconciled, _sentence)
        problems = [*self._trouble.reasons]
        return result.model_copy(update={"drifts": drifts[:_SHOWN], "problems": problems})


def _in_state(state: str) -> Query:
    return Query(USAGE_EVENTS, where=(("state", "==", state),), order=("at",))


def _customer(document: Document) -> str:
    """One task has all of a customer: Stripe takes one call at a time for it and a meter."""
    return str(document.data.get("customer"))


def _sentence(counts: Mapping[str, int]) -> str:
    told = f"Reported {several(counts['reported_count'], 'usage event')} to Stripe"
    for name in ("settled", "refused", "late", "unknown", "waiting"):
        if number := counts[f"{name}_count"]:
            told += f", {number:,} {name}"
    if pairs := counts["compared_count"]:
        hours = counts["drift_count"]
        agree = f"{hours:,} hours do not agree" if hours else "all agree"
        told += f"; compared {pairs:,} sums by customer and meter: {agree}"
    return f"{told}."
