"""What can be asked of run-initializer, and what comes of it."""

from __future__ import annotations

import warnings
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from common.errors import InvalidInput
from common.runtime import Params

__all__ = [
    "Came",
    "Exported",
    "Failed",
    "Made",
    "Plan",
    "Report",
    "RunInitializer",
    "Skipped",
    "Stage",
]

StageName = Literal["import", "unpack", "extract", "report"]
Format = Literal["csv", "xlsx", "json"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Plan(BaseModel):
    """What was asked for, with nothing left to look up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: list[str] = []
    """Files and folders of the store, by URI."""
    drive_files: list[str] = []
    drive_folders: list[str] = []
    searches: list[str] = []
    """Of Gmail."""
    messages: list[str] = []
    """Of Gmail, by id."""
    names: list[str] = []
    """Patterns for what is attached to messages; none for all."""
    user: str = ""
    form: Any = None
    """What is looked for: the schema, as it was given."""
    provider: str = "auto"
    formats: list[Format] = ["csv", "xlsx", "json"]
    destination: str = ""
    """The place that the tables go to, if it was said."""
    folder: str = ""
    """Of Drive, that the tables go to, if it was said."""
    automation: str = ""


class Stage(Params):
    """Where a chain stands. Its plan is text: nothing in it is taken for a stand-in, `{batch}`."""

    name: StageName
    plan: str
    imports: list[Id] = Field(default=[], max_length=10)
    """Batches of imports that have ended."""
    files: str = Field(default="", max_length=4_000)
    """The manifest of files that came as they are."""
    unpacked: str = Field(default="", max_length=200)
    """The batch of archives, if there were any."""
    extracted: str = Field(default="", max_length=200)
    """The batch of the extraction, if there was anything to extract."""
    imported: int = 0
    """Files that came in, archives included."""
    archives: int = 0
    documents: int = 0
    """Files that were handed to the extraction."""


with warnings.catch_warnings():
    # A deprecated method of pydantic's models has the name of one of our fields.
    warnings.filterwarnings("ignore", message='Field name "schema"')

    class RunInitializer(Params):
        """From where files come, what is looked for in them, where the tables go."""

        source: list[Text] = Field(
            default=[],
            max_length=100,
            description="From where: a file, an archive or a folder, drive:folder/ID, "
            "drive:file/ID, gmail:SEARCH. May be given several times.",
        )
        schema: str | dict[str, Any] | list[Any] | None = Field(  # type: ignore[assignment]
            default=None,
            description="What to find: the name of a built-in schema such as invoice, the place "
            "of a .json file, or JSON itself.",
        )
        export: str = Field(
            default="",
            max_length=2_000,
            description="Where the tables go: a folder, or drive:folder/ID; without it they stay "
            "with the run that makes them.",
        )
        formats: list[Format] = Field(
            default=["csv", "xlsx", "json"],
            min_length=1,
            max_length=3,
            description="Of the tables.",
        )
        provider: Literal["auto", "local", "gemini"] = Field(
            default="auto", description="Who extracts."
        )
        user: str = Field(
            default="", max_length=320, description="Whose Google account: the tenant's user."
        )
        messages: list[Id] = Field(
            default=[], max_length=5_000, description="Messages of Gmail that it is about, by id."
        )
        automation: str = Field(
            default="", max_length=200, description="The id of an automation, in place of all that."
        )
        stage: Stage | None = Field(
            default=None,
            description="Where a chain stands: set by the chain itself.",
            json_schema_extra={"x-internal": True},
        )

        @model_validator(mode="after")
        def _check(self) -> RunInitializer:
            """What is wrong is said before anything is accepted, as far as it is known by then."""
            from jobs.run_initializer.checks import check

            try:
                check(self)
            except InvalidInput as error:
                raise ValueError(str(error)) from None
            return self


class Skipped(BaseModel):
    """A file that nothing was looked for in."""

    name: str
    reason: str


class Failed(BaseModel):
    """An archive or a document that could not be read."""

    name: str
    error: str


class Made(BaseModel):
    """A table."""

    name: str
    uri: str


class Exported(BaseModel):
    """A table in a Drive."""

    name: str
    link: str


class Came(BaseModel):
    """The result of a stage."""

    stage: Literal["start", "import", "unpack", "extract", "report"]
    said: str
    """What it came to, in a sentence."""
    batch: str | None
    """Of the whole chain."""


class Report(Came):
    """The result of the last stage: what came of it all."""

    automation: str | None
    imported: int
    """Files that came in."""
    archives: int
    """How many of them were archives."""
    documents: int
    """Documents that something was looked for in."""
    extracted: int
    """How many of them could be read."""
    tables: list[Made] = []
    """Where the tables are in the store."""
    exported: list[Exported] = []
    """Where they are in a Drive."""
    failed: list[Failed] = []
    """The first archives and documents that could not be read."""
    failed_count: int = 0
    skipped: list[Skipped] = []
    """The first files that are no documents."""
    skipped_count: int = 0
    summary: str = ""
    """Where this is as a JSON file."""
