"""The stages of a chain, each of which submits the next runs, and what is to follow them.

A stage that has nothing to do goes on to the next at once. Whatever one submits has a key, so that
however often it is tried, each run of the chain is there once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.run_initializer.gathering import is_archive, kept, of_manifest, of_place
from jobs.run_initializer.importing import imports
from jobs.run_initializer.outcomes import StageFailed, all_of
from jobs.run_initializer.params import Came, Plan, Stage
from jobs.run_initializer.planning import planned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.files import File
    from common.runtime import Context
    from jobs.run_initializer.params import RunInitializer

__all__ = ["go_on"]

_OURS = "run-initializer"


def go_on(params: RunInitializer, run: Context) -> Came:
    """Do the stage that is asked for; without one, begin."""
    at = params.stage
    if at is None:
        return _start(_plan(params, run), run)
    plan = Plan.model_validate_json(at.plan)
    if at.name == "import":
        return _import(plan, at, run)
    if at.name == "unpack":
        return _unpack(plan, at, run)
    if at.name == "extract":
        return _extract(plan, at, run)
    from jobs.run_initializer.reporting import report

    return report(plan, at, run)


def _plan(params: RunInitializer, run: Context) -> str:
    """The plan, as text; where an attempt before this one made it, that one's: what it has begun
    goes on, whatever has become of the automation or the files since."""
    text = run.checkpointed
    if text is None:
        text = planned(params, run).model_dump_json(exclude_defaults=True)
        run.checkpoint(text)
    return str(text)


def _start(plan: str, run: Context) -> Came:
    """All that follows is one batch, whose first run is the next stage."""
    at = Stage(name="import", plan=plan)
    batch = run.submit_many(_OURS, [{"stage": at.model_dump()}], key="chain", within=True)
    run.log.info(f"The chain is batch {batch}.", action="chain-begun", batch=batch)
    return Came(
        stage="start",
        said=f"It is under way: `runjobs watch --batch {batch}`.",
        batch=batch,
    )


def _import(plan: Plan, at: Stage, run: Context) -> Came:
    """One kind of import after the other."""
    left = imports(plan)[len(at.imports) :]
    if not left:
        return _unpack(plan, at, run)
    job, params = left[0]
    _submit(job, params, at, run, name="import", imports=[*at.imports, "{batch}"])
    return _came(at, run, f"{job} is under way.")


def _unpack(plan: Plan, at: Stage, run: Context) -> Came:
    uri, files = kept("files.jsonl", _incoming(plan, at, run), run)
    archives = [{"source": file.uri, "on_bad": "skip"} for file in files if is_archive(file)]
    at = at.model_copy(update={"files": uri, "imported": len(files), "archives": len(archives)})
    if not archives:
        return _extract(plan, at, run)
    _submit("zip-unpack", archives, at, run, name="extract", unpacked="{batch}")
    return _came(at, run, f"{len(archives):,} of {len(files):,} files are unpacked.")


def _extract(plan: Plan, at: Stage, run: Context) -> Came:
    uri, files = kept("documents.jsonl", _documents(at, run), run)
    at = at.model_copy(update={"documents": len(files)})
    if not files:
        from jobs.run_initializer.reporting import report

        return report(plan, at, run)
    _submit(
        "extraction-batch", [_extraction(plan, uri)], at, run, name="report", extracted="{batch}"
    )
    return _came(at, run, f"{len(files):,} files are looked into.")


def _incoming(plan: Plan, at: Stage, run: Context) -> Iterator[File]:
    """What imports brought and what is in places. Raises StageFailed where an import has not."""
    for batch in at.imports:
        for job, _ in imports(plan):
            for found in all_of(batch, job, run):
                if found.result is None:
                    raise StageFailed(found)
                yield from of_manifest(found.result["manifest"], run)
    for place in plan.places:
        yield from of_place(place, run)


def _documents(at: Stage, run: Context) -> Iterator[File]:
    """What came as it is, and what was in archives; those that could not be read are told later."""
    archives = {}
    for file in of_manifest(at.files, run):
        if is_archive(file):
            archives[file.uri] = file.name
        else:
            yield file
    for found in all_of(at.unpacked, "zip-unpack", run) if at.unpacked else ():
        if found.result is not None:
            name = archives.get(found.params["source"], "archive.zip")
            yield from of_manifest(found.result["manifest"], run, below=name)


def _extraction(plan: Plan, manifest: str) -> dict[str, Any]:
    # The tables of one message do not take the place of another's.
    again = "new" if plan.messages else "version"
    export = {"user": plan.user, "folder": plan.folder, "again": again} if plan.folder else None
    return {
        "manifest": manifest,
        "schema": plan.form,
        "provider": plan.provider,
        "formats": plan.formats,
        "destination": plan.destination,
        "then_export": export,
        "may_be_empty": True,
        "most": 100_000,
    }


def _submit(
    job: str, params: list[dict[str, Any]], at: Stage, run: Context, **next_at: Any
) -> None:
    """A batch within the chain's, after which the next stage comes."""
    then = run.then(_OURS, {"stage": {**at.model_dump(), **next_at}})
    run.submit_many(job, params, key=job, then=then, within=True)


def _came(at: Stage, run: Context, said: str) -> Came:
    return Came(stage=at.name, said=said, batch=run.batch)
