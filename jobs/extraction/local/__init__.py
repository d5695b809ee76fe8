"""The provider `local`: fields by label, layout and type, on this machine and for nothing.

label: words that say what stands beside them, such as Due date, in whatever language.
concept: what labels of different languages mean alike, such as due_date.
segment: words without a wide gap between them; what a label and what a value stand in.
candidate: a value that may be a field's, with how much speaks for it; the best becomes a finding.
"""

from __future__ import annotations

from jobs.extraction.local.extract import extract

__all__ = ["extract"]
