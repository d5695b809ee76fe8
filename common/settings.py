"""Where everything is: from the environment, and on a laptop from `.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import Misconfigured

__all__ = ["PROJECT", "Settings", "project_of"]

PROJECT = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT_ID")
"""The variables of which the first that is set names the project."""

_CERTS = "https://www.googleapis.com/oauth2/v1/certs"
_PORT = 8080


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the RUNJOBS_… variables, or their defaults here, say."""

    documents: str
    """sqlite:///PATH or firestore://PROJECT/DATABASE."""
    blobs: str
    """file:///PATH or gs://BUCKET[/PREFIX]."""
    executor: str
    """local or cloud-run."""
    wakeups: str
    """local or cloud-tasks."""
    schedules: str
    """local or cloud-scheduler."""
    home: Path
    """The laptop's files: ledger, blobs, output of tasks. Absolute."""
    parallelism: int | None
    """How many tasks run at once on a laptop; None for as many as it has processors."""
    project: str
    region: str
    tasks_location: str
    """The region of Cloud Tasks."""
    wakeup_queue: str
    """The queue of Cloud Tasks that carries wake-ups."""
    wakeup_account: str
    """The service account as which Cloud Tasks calls the dispatcher."""
    scheduler_account: str
    """The service account as which Cloud Scheduler starts jobs."""
    dispatcher_url: str
    """Where the dispatcher answers."""
    api_accounts: tuple[str, ...]
    """Who may use the dispatcher's API in the cloud, as e-mail addresses."""
    oidc_certs: str
    """Where the certificates are of those who sign identity tokens."""
    oidc_signatures: str
    """verified, or by-cloud-run: which then has checked signatures, and may have removed them."""
    port: int
    """Where `runjobs serve` listens."""
    most_tasks: int
    """Of one execution."""
    starts_per_minute: int
    """Executions started in the region, by all dispatchers together."""
    max_concurrent: int | None
    """Runs at once of a queue of which nothing else is said."""
    max_per_second: int | None
    """Runs that begin in a second in such a queue."""
    in_cloud: bool
    """Whether this process is on Cloud Run itself, not on the laptop's imitation of it."""

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings of this process. Raises Misconfigured naming the variable that is wrong."""
        env = environ if environ is not None else _with_dotenv(os.environ)
        in_cloud = "CLOUD_RUN_JOB" in env or "K_SERVICE" in env
        home = Path(env.get("RUNJOBS_HOME") or ".runjobs").expanduser().absolute()
        project = project_of(env)
        region = env.get("CLOUD_RUN_REGION") or env.get("CLOUD_TASKS_LOCATION") or "us-central1"
        return cls(
            documents=env.get("RUNJOBS_DOCUMENTS") or _documents(home, project, in_cloud=in_cloud),
            blobs=env.get("RUNJOBS_BLOBS") or _blobs(home, env, in_cloud=in_cloud),
            executor=_choice(env, "RUNJOBS_EXECUTOR", "local", "cloud-run", in_cloud=in_cloud),
            wakeups=_choice(env, "RUNJOBS_WAKEUPS", "local", "cloud-tasks", in_cloud=in_cloud),
            schedules=_choice(
                env, "RUNJOBS_SCHEDULES", "local", "cloud-scheduler", in_cloud=in_cloud
            ),
            home=home,
            parallelism=_number(env, "RUNJOBS_PARALLELISM"),
            project=project,
            region=region,
            tasks_location=env.get("CLOUD_TASKS_LOCATION") or region,
            wakeup_queue=env.get("RUNJOBS_WAKEUP_QUEUE") or "runjobs-wakeups",
            wakeup_account=env.get("RUNJOBS_WAKEUP_ACCOUNT") or "",
            scheduler_account=env.get("RUNJOBS_SCHEDULER_ACCOUNT") or "",
            dispatcher_url=(env.get("RUNJOBS_DISPATCHER_URL") or "").rstrip("/"),
            api_accounts=_names(env, "RUNJOBS_API_ACCOUNTS"),
            oidc_certs=env.get("RUNJOBS_OIDC_CERTS") or _CERTS,
            oidc_signatures=_signatures(env),
            port=_port(env),
            most_tasks=_number(env, "RUNJOBS_MAX_TASKS") or 400,
            starts_per_minute=_number(env, "RUNJOBS_STARTS_PER_MINUTE") or 60,
            max_concurrent=_number(env, "CLOUD_TASKS_MAX_CONCURRENT"),
            max_per_second=_number(env, "CLOUD_TASKS_MAX_DISPATCHES"),
            in_cloud=in_cloud and env.get("RUNJOBS_EXECUTOR") != "local",
        )

    def environment(self) -> dict[str, str]:
        """The variables by which another process, also one that believes itself on Cloud Run, gets
        the same settings."""
        return {
            "RUNJOBS_DOCUMENTS": self.documents,
            "RUNJOBS_BLOBS": self.blobs,
            "RUNJOBS_EXECUTOR": self.executor,
            "RUNJOBS_WAKEUPS": self.wakeups,
            "RUNJOBS_SCHEDULES": self.schedules,
            "RUNJOBS_HOME": str(self.home),
            "RUNJOBS_PARALLELISM": str(self.parallelism or ""),
            "RUNJOBS_MAX_TASKS": str(self.most_tasks),
            "RUNJOBS_STARTS_PER_MINUTE": str(self.starts_per_minute),
            "CLOUD_TASKS_MAX_CONCURRENT": str(self.max_concurrent or ""),
            "CLOUD_TASKS_MAX_DISPATCHES": str(self.max_per_second or ""),
            "RUNJOBS_WAKEUP_QUEUE": self.wakeup_queue,
            "RUNJOBS_WAKEUP_ACCOUNT": self.wakeup_account,
            "RUNJOBS_SCHEDULER_ACCOUNT": self.scheduler_account,
            "RUNJOBS_DISPATCHER_URL": self.dispatcher_url,
            "RUNJOBS_API_ACCOUNTS": ",".join(self.api_accounts),
            "RUNJOBS_OIDC_CERTS": self.oidc_certs,
            "RUNJOBS_OIDC_SIGNATURES": self.oidc_signatures,
            "RUNJOBS_PORT": str(self.port),
            "GOOGLE_CLOUD_PROJECT": self.project,
            "CLOUD_RUN_REGION": self.region,
            "CLOUD_TASKS_LOCATION": self.tasks_location,
        }


def project_of(env: Mapping[str, str]) -> str:
    """The project; empty where none is said."""
    return next(filter(None, map(env.get, PROJECT)), "")


def _with_dotenv(env: Mapping[str, str]) -> Mapping[str, str]:
    if "CLOUD_RUN_JOB" in env or "K_SERVICE" in env or not Path(".env").is_file():
        return env
    from dotenv import load_dotenv

    place = Path(".env").absolute()
    try:
        wrong = _wrong_line(place)
        if wrong is None:
            load_dotenv(".env")  # into os.environ, so that libraries and children see it too
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"{place} cannot be read ({error}): make it a readable text file in UTF-8."
        ) from error
    if wrong is not None:
        raise Misconfigured(f"{place}, line {wrong}: it is not like NAME=VALUE or NAME='VALUE'.")
    return os.environ


def _wrong_line(place: Path) -> int | None:
    """The first line that says nothing: load_dotenv goes on without it, and so elsewhere."""
    from dotenv.parser import parse_stream

    with place.open(encoding="utf-8") as file:
        return next((each.original.line for each in parse_stream(file) if each.error), None)


def _documents(home: Path, project: str, *, in_cloud: bool) -> str:
    if not in_cloud:
        return f"sqlite:///{home}/documents.sqlite3".replace("////", "///")
    if not project:
        raise Misconfigured(
            "On Cloud Run the documents are in Firestore: set GOOGLE_CLOUD_PROJECT, or "
            "RUNJOBS_DOCUMENTS=firestore://PROJECT/DATABASE."
        )
    return f"firestore://{project}/(default)"


def _blobs(home: Path, env: Mapping[str, str], *, in_cloud: bool) -> str:
    if bucket := env.get("GCS_BUCKET_NAME"):
        return f"gs://{bucket}"
    # On Cloud Run a job that needs no blobs needs no bucket; one that does says what is missing.
    return "gs://" if in_cloud else (home / "blobs").as_uri()


def _choice(env: Mapping[str, str], name: str, laptop: str, cloud: str, *, in_cloud: bool) -> str:
    return _one_of(env, name, laptop, cloud) or (cloud if in_cloud else laptop)


def _one_of(env: Mapping[str, str], name: str, one: str, other: str) -> str:
    """Empty where nothing is said."""
    value = env.get(name, "")
    if value not in {"", one, other}:
        raise Misconfigured(f"{name}={value} is not known: use {one} or {other}.")
    return value


def _signatures(env: Mapping[str, str]) -> str:
    return _one_of(env, "RUNJOBS_OIDC_SIGNATURES", "verified", "by-cloud-run") or "verified"


def _names(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _port(env: Mapping[str, str]) -> int:
    """Cloud Run says in PORT where a service has to listen."""
    platform = _number(env, "PORT") if "K_SERVICE" in env else None
    return platform or _number(env, "RUNJOBS_PORT") or _PORT


def _number(env: Mapping[str, str], name: str) -> int | None:
    value = env.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):
        raise Misconfigured(f"{name}={value} is not a number above 0.")
    return int(value)
