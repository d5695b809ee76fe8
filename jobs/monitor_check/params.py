"""What can be asked of monitor-check, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

from common.runtime import Params

__all__ = ["Checked", "MonitorCheck"]

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class MonitorCheck(Params):
    """One look at one page or document."""

    monitor: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="What this is called: by that name its state is kept from check to check.",
    )
    source: str = Field(
        min_length=1,
        max_length=4_000,
        description="What to look at: an https:// URL, a path in the store, a gs:// URL or, on a "
        "laptop, a file.",
    )
    selector: str = Field(
        default="",
        max_length=500,
        description="Of a web page, the parts to look at, as CSS has it: main, #prices, .news li.",
    )
    ignore: list[Pattern] = Field(
        default=[],
        max_length=50,
        description="Sentences that do not count, * standing for anything: *visitors today*.",
    )
    min_change: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="How much of the text has to be another, from 0 to 1, to be a change.",
    )
    summary: Literal["auto", "local", "gemini", "none"] = Field(
        default="auto",
        description="Who says in words what has changed: local on this machine, gemini Google's "
        "model. auto: gemini where it is set up, else local.",
    )
    webhook: str = Field(
        default="", max_length=4_000, description="The https:// URL that changes are announced to."
    )

    @field_validator("webhook")
    @classmethod
    def _is_https(cls, url: str) -> str:
        if url and not url.lower().startswith("https://"):
            raise ValueError("name an https:// URL")
        return url


class Checked(BaseModel):
    """The result."""

    monitor: str
    state: Literal["watching", "gone"]
    """gone: there is nothing at the source any more."""
    first: bool
    """Whether there was nothing to compare with: this is what is compared with from now on."""
    changed: bool
    """Whether this run has recorded a change."""
    change: str | None = None
    """Its id: that of its document in `monitor_changes`, and of what is announced."""
    kind: Literal["changed", "gone", "back"] | None = None
    number: int = 0
    """The change's, counted from 1 for each monitor; else that of the last one."""
    added: int = 0
    """Sentences."""
    removed: int = 0
    """Sentences."""
    similarity: float = 1.0
    """How much of both texts is the same, from 0 to 1."""
    summary: str = ""
    """What has changed, in words."""
    announced: bool = False
    """Whether the webhook has taken it."""
    snapshot: str | None = None
    """The URI of the text that is compared with from now on."""
    diff: str | None = None
    """The URI of what was added and removed, line by line."""
    warnings: list[str] = []
