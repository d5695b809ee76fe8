"""What a run submits: other runs, each once however often its attempts are made.

Without a key a child is known by its params, and by how many like it came before: so an attempt
that submits again what the one before it did gets the same children.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.ids import derived_id
from common.runs import Batches, Run, Then
from common.runtime.discover import find_job
from common.runtime.jsontext import PARAMS_BYTES, to_json
from common.runtime.submission import continuation, model_of, new_run
from common.runtime.together import new_batch

if TYPE_CHECKING:
    from pydantic import BaseModel

    from common.services import Services

__all__ = ["Offspring"]


class Offspring:
    """The children of one attempt at a run."""

    def __init__(self, services: Services, parent: Run) -> None:
        self._services, self._parent = services, parent
        self._seen: Counter[str] = Counter()

    def submit(  # noqa: PLR0913 - all that can be asked of a run
        self,
        job: str,
        params: Mapping[str, Any] | BaseModel | None,
        *,
        key: str | None,
        delay: timedelta,
        then: Then | None,
        within: bool = False,
        tenant: str | None = None,
    ) -> str:
        """Accept a child and have its queue looked at; returns its id."""
        found, now = find_job(job), self._services.documents.now()
        model = model_of(found, params)
        of_tenant = self._tenant(tenant, key)
        child = new_run(
            found,
            model,
            id=self._id("child", job, _text(model), key) if tenant is None else None,
            key=None if tenant is None else key,
            now=now,
            due=now + delay,
            tenant=of_tenant,
            priority=self._parent.priority,
            parent=self._parent.id,
            then=then,
            batch=self._parent.batch if within else None,
            awaited=within and self._parent.awaited,
            root=self._parent.root if within else None,
        )
        accepted = self._services.runs.submit(child)
        if child.batch is not None:
            accepted = Batches(self._services.runs).joined(accepted)
        self._services.look_at(accepted.queue, accepted.due)
        return accepted.id

    def submit_many(
        self,
        job: str,
        params: Sequence[Mapping[str, Any] | BaseModel | None],
        *,
        key: str | None,
        then: Then | None,
        within: bool = False,
    ) -> str:
        """Accept a batch of children and have their queue looked at; returns the batch's id."""
        found, now = find_job(job), self._services.documents.now()
        text = "" if key else "\n".join(_text(model_of(found, each)) for each in params)
        batch, runs = new_batch(
            found,
            params,
            key=self._id("batch", job, text, key),
            now=now,
            tenant=self._parent.tenant,
            priority=self._parent.priority,
            parent=self._parent.id,
            then=then,
            within=self._parent if within else None,
        )
        batches = Batches(self._services.runs)
        batches.begin(batch)
        for _ in self._services.runs.submit_many(runs):
            pass
        batches.seal(batch.id)
        self._services.look_at(found.queue)
        return batch.id

    def then(self, job: str, params: Mapping[str, Any]) -> Then:
        """What to submit when a child, or a batch of them, has ended."""
        return continuation(find_job(job), params)

    def _tenant(self, asked: str | None, key: str | None) -> str:
        """Whose a child is. Raises InvalidInput."""
        if asked is None:
            return self._parent.tenant
        if self._parent.tenant not in {"", asked}:
            raise InvalidInput("A tenant's run submits runs of that tenant only.")
        if key is None:
            raise InvalidInput("What is submitted for a tenant needs a key, to be the same again.")
        return asked

    def _id(self, kind: str, job: str, text: str, key: str | None) -> str:
        if key is not None:
            return derived_id(kind, self._parent.id, job, "key", key)
        like = derived_id(kind, self._parent.id, job, "params", text)
        self._seen[like] += 1
        return derived_id(like, str(self._seen[like]))


def _text(model: BaseModel | None) -> str:
    return to_json({} if model is None else model, what="The params", limit=PARAMS_BYTES)
