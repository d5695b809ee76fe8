"""The same for several users' accounts, of which one that fails keeps no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from common.errors import InvalidInput, Misconfigured
from common.integrations import Integration, NeedsReauth, NoSuchIntegration
from common.runtime import Permanent

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.report import Report

__all__ = ["each_of"]

_LASTING = (Permanent, InvalidInput, Misconfigured)


def each_of(
    found: Iterable[Integration], do: Callable[[Integration], None], run: Context, report: Report
) -> None:
    """Do it for each of them; that consent is gone is told.

    Raises one of the other errors at the end, one that may pass if there is any: what was done is
    not done again.
    """
    errors: list[Exception] = []
    for integration in found:
        run.check()
        report.integrations += 1
        try:
            do(integration)
        except (NeedsReauth, NoSuchIntegration) as error:
            report.trouble(integration.id, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are not to blame
            errors.append(error)
    if errors:
        raise next((each for each in errors if not isinstance(each, _LASTING)), errors[0])
