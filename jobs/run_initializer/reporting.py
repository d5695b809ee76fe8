"""The last stage: what came in, what was found in it, and where that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from common.runtime import Permanent
from common.words import several
from jobs.run_initializer.outcomes import all_of, only
from jobs.run_initializer.params import Exported, Failed, Made, Plan, Report, Skipped, Stage

if TYPE_CHECKING:
    from common.runtime import Context
    from common.runtime.results import Result

__all__ = ["NothingRead", "report"]

_SHOWN = 20
_LONGEST = 500


class NothingRead(Permanent):
    """Raised when all that came in were archives that could not be read."""

    def __init__(self, failed: list[Failed]) -> None:
        first = f"{failed[0].name}: {failed[0].error}"
        more = f" {len(failed) - 1:,} more failed, too." if len(failed) > 1 else ""
        super().__init__(f"No archive could be read. {first}{more}")


def report(plan: Plan, at: Stage, run: Context) -> Report:
    """The outcome of the chain. Raises StageFailed, NothingRead."""
    begun, table, sent = (
        _of(at, job, run) for job in ("extraction-batch", "extraction-table", "drive-export")
    )
    archives = [*all_of(at.unpacked, "zip-unpack", run)] if at.unpacked else []
    bad = [_bad(found) for found in archives if found.result is None]
    if bad and not at.documents:
        raise NothingRead(bad)
    unpacked = [found.result for found in archives if found.result is not None]
    came = Report(
        stage="report",
        said="",
        batch=run.batch,
        automation=plan.automation or None,
        imported=at.imported,
        archives=at.archives,
        documents=begun.get("documents", 0),
        extracted=table.get("rows", 0),
        tables=[Made(name=each["name"], uri=each["uri"]) for each in table.get("files", [])],
        exported=[Exported(name=it["name"], link=it["link"]) for it in sent.get("files", [])],
        failed=[*bad, *map(_unread, table.get("failed", []))][:_SHOWN],
        failed_count=len(bad) + table.get("failed_count", 0),
        skipped=[*_skips(unpacked), *_skips([begun])][:_SHOWN],
        skipped_count=sum(each.get("skipped_count", 0) for each in [*unpacked, begun]),
    )
    return _written(came.model_copy(update={"said": _said(came, plan)}), run)


def _of(at: Stage, job: str, run: Context) -> dict[str, Any]:
    return (only(at.extracted, job, run) if at.extracted else None) or {}


def _bad(found: Result) -> Failed:
    return Failed(
        name=_name(found.params["source"]),
        error=(found.error or f"it was {found.state}")[:_LONGEST],
    )


def _unread(failed: Mapping[str, Any]) -> Failed:
    return Failed(name=_name(failed["source"]), error=str(failed["error"])[:_LONGEST])


def _name(uri: str) -> str:
    return unquote(str(uri).rpartition("/")[2])


def _skips(results: list[dict[str, Any]]) -> Iterator[Skipped]:
    for found in results:
        for each in found.get("skipped", []):
            yield Skipped(name=each["name"], reason=each["reason"])


def _said(came: Report, plan: Plan) -> str:
    if not came.imported:
        where = f": no file is at {', '.join(plan.places[:3])}" if plan.places else ""
        return f"Nothing was found to import{where}."
    if not came.documents:
        failed = f", and {came.failed_count:,} failed" if came.failed_count else ""
        return f"There is no document among {several(came.imported, 'file')}{failed}."
    files = several(came.documents, "document")
    were = "was" if came.extracted == 1 else "were"
    parts = [f"{came.extracted:,} of {files} {were} read"]
    if came.failed_count:
        parts.append(f"{came.failed_count:,} failed")
    if came.skipped_count:
        parts.append(several(came.skipped_count, "file was skipped", "files were skipped"))
    return f"{', '.join(parts)}."


def _written(came: Report, run: Context) -> Report:
    """The summary beside the list of documents; an attempt that finds one has written the same."""
    path = f"runs/{run.id}/summary.json"
    came = came.model_copy(update={"summary": run.blobs.uri(path)})
    run.blobs.write(path, came.model_dump_json(indent=2).encode(), replace=True)
    run.log.info(came.said, action="chain-ended", batch=run.batch)
    return came
