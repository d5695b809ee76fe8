"""What the usual fields of invoices and receipts are called, in many languages.

concept: what is meant, whatever it is called: "due_date" is Fällig am, Échéance, Vencimiento.
phrase: one way to say it, compared by its tokens; `~` before it marks one that also says other
things, so that it counts only where nothing clearer stands.
"""

from __future__ import annotations

from jobs.extraction.local.labels.amounts import AMOUNTS
from jobs.extraction.local.labels.concepts import ALIASES, KINDS
from jobs.extraction.local.labels.items import ITEMS
from jobs.extraction.local.labels.papers import PAPERS
from jobs.extraction.local.labels.parties import PARTIES

__all__ = ["ALIASES", "AMOUNTS", "ITEMS", "KINDS", "PAPERS", "PARTIES"]
