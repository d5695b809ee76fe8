"""One video at Vertex AI, as creating and waiting ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.genai import TOO_MANY, api_error, brief, described, retry_after
from jobs.video_generation.remote.errors import (
    AmbiguousCreate,
    ModelRetired,
    OperationGone,
    RateLimited,
    Unreachable,
)
from jobs.video_generation.remote.seam import Busy
from jobs.video_generation.veo.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.genai.types import GenerateVideosOperation

    from common.errors import RunjobsError
    from common.genai import Pending
    from jobs.video_generation.remote.seam import Terms
    from jobs.video_generation.veo.api import Api
    from jobs.video_generation.veo.request import Request
    from jobs.video_generation.veo.settings import VeoSettings

__all__ = ["Vertex"]


class Vertex:
    """One request of one attempt."""

    def __init__(self, api: Api, request: Request, settings: VeoSettings) -> None:
        self._api, self._request, self._settings = api, request, settings

    @property
    def terms(self) -> Terms:
        return self._settings.terms

    def create(self) -> Pending[str]:
        return self._api.create(self._request)

    def refused(self, error: Exception) -> RunjobsError:
        refused = refusal(error, self._settings)
        return refused or AmbiguousCreate(self.terms.title, described(error))

    def look(
        self, name: str, *, limit: float, check: Callable[[], None]
    ) -> GenerateVideosOperation | Busy:
        found = self._api.look(name, limit=limit, check=check)
        return found if found.done else Busy(said="the operation is not done")

    def missed(self, error: Exception) -> Busy | Exception:
        refused, answer = refusal(error, self._settings), api_error(error)
        if refused is None or isinstance(refused, (RateLimited, Unreachable)):
            after = None if answer is None else retry_after(answer)
            throttled = answer is not None and answer.code == TOO_MANY
            said = described(error)
            return Busy(said=said, after=after or 0.0, throttled=throttled, failed=True)
        if isinstance(refused, ModelRetired):
            said = brief(answer.message if answer else "")
            return OperationGone(f"Vertex AI no longer knows the operation: {said}")
        return refused

    def shown(self, name: str) -> str:
        return name
