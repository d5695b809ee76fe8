"""Runs of zip-unpack, on a ledger and stores of their own."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from common.blobs import Blobs
from common.files import Place, read_manifest
from common.runs import Run, Worker
from common.runtime.perform import perform
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings
from jobs.zip_unpack import zip_unpack


class World:
    """Unpacks archives that are blobs of the store."""

    def __init__(self, folder: Path, *, blobs: str = "", **env: str) -> None:
        given = {"RUNJOBS_HOME": str(folder / "home"), "RUNJOBS_BLOBS": blobs, **env}
        self.folder = folder
        self.services = Services(Settings.load(given))
        self._numbers = itertools.count(1)

    @property
    def blobs(self) -> Blobs:
        return self.services.blobs

    def keep(self, archive: bytes) -> str:
        """The path of an archive, which is put into the store."""
        return self.blobs.write(f"in/{next(self._numbers)}.zip", archive).path

    def run(self, archive: bytes | str, *, tenant: str = "", **params: Any) -> Run:
        """One attempt, and what became of the run."""
        source = self.keep(archive) if isinstance(archive, bytes) else archive
        model = zip_unpack.validate({"source": source, **params})
        services = self.services
        new = new_run(zip_unpack, model, now=services.documents.now(), tenant=tenant)
        run = services.runs.begin(new, Worker(execution=None, name="test"))
        return perform(zip_unpack, services, run)

    def unpacked(self, archive: bytes | str, **params: Any) -> dict[str, bytes]:
        """The files that the manifest lists, by their names; the run has succeeded."""
        return self.files(self.result(self.run(archive, **params)))

    def result(self, run: Run) -> dict[str, Any]:
        assert run.result is not None, why(run)
        return json.loads(run.result)

    def listed(self, result: dict[str, Any]) -> list[Any]:
        return [*read_manifest(self._place(result["manifest"]))]

    def files(self, result: dict[str, Any]) -> dict[str, bytes]:
        return {file.name: self._place(file.uri).read() for file in self.listed(result)}

    def refusal(self, archive: bytes | str, **params: Any) -> str:
        """Why a run has failed for good, having left nothing at all behind."""
        source = self.keep(archive) if isinstance(archive, bytes) else archive
        before = self.everything
        run = self.run(source, **params)
        assert run.error is not None, run.result
        assert not run.error.retryable, run.error
        assert not run.error.trace, run.error.trace
        assert self.everything == before
        return run.error.message

    @property
    def everything(self) -> set[str]:
        """All files below the store, half-written ones and all."""
        store = self.folder / "home" / "blobs"
        return {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}

    def close(self) -> None:
        self.services.close()

    def _place(self, uri: str) -> Place:
        return Place(self.blobs, self.blobs.path(uri))


def why(run: Run) -> str:
    error = run.error or (run.attempts[-1].error if run.attempts else None)
    return f"{error.type}: {error.message}\n{error.trace or ''}" if error else str(run.state)
