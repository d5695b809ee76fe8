"""Where everything is, by the environment, by `.env`, or by default."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.errors import Misconfigured
from common.settings import Settings


@pytest.fixture
def laptop(tmp_path, monkeypatch) -> Iterator[Path]:
    """An empty folder to be in, and an environment that says nothing."""
    before = dict(os.environ)
    for name in [*os.environ]:
        if name.startswith(("RUNJOBS", "GOOGLE", "GCS", "CLOUD", "K_SERVICE")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    os.environ.clear()  # of what a .env has set
    os.environ.update(before)


def test_without_a_word_everything_is_on_the_laptop():
    here = Path.cwd() / ".runjobs"
    assert Settings.load({}) == Settings(
        documents=f"sqlite://{here}/documents.sqlite3",
        blobs=(here / "blobs").as_uri(),
        executor="local",
        wakeups="local",
        schedules="local",
        home=here,
        parallelism=None,
        project="",
        region="us-central1",
        tasks_location="us-central1",
        wakeup_queue="runjobs-wakeups",
        wakeup_account="",
        scheduler_account="",
        dispatcher_url="",
        api_accounts=(),
        oidc_certs="https://www.googleapis.com/oauth2/v1/certs",
        oidc_signatures="verified",
        port=8080,
        most_tasks=400,
        starts_per_minute=60,
        max_concurrent=None,
        max_per_second=None,
        in_cloud=False,
    )


@pytest.mark.parametrize("name", ["CLOUD_RUN_JOB", "K_SERVICE"])
def test_on_cloud_run_everything_is_in_the_cloud(name):
    found = Settings.load({name: "x", "GOOGLE_CLOUD_PROJECT": "p", "GCS_BUCKET_NAME": "b"})
    assert (found.documents, found.blobs) == ("firestore://p/(default)", "gs://b")
    assert (found.executor, found.wakeups, found.in_cloud) == ("cloud-run", "cloud-tasks", True)
    assert found.schedules == "cloud-scheduler"


def test_on_cloud_run_a_job_without_blobs_needs_no_bucket():
    assert Settings.load({"CLOUD_RUN_JOB": "x", "GOOGLE_CLOUD_PROJECT": "p"}).blobs == "gs://"


def test_on_cloud_run_without_a_project_the_documents_cannot_be_found():
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        Settings.load({"CLOUD_RUN_JOB": "x"})


def test_a_task_of_the_local_executor_is_not_in_the_cloud():
    found = Settings.load({"CLOUD_RUN_JOB": "x", **Settings.load({}).environment()})
    assert (found.executor, found.in_cloud) == ("local", False)


def test_the_bucket_of_the_seeds_is_used_on_a_laptop_too():
    assert Settings.load({"GCS_BUCKET_NAME": "b"}).blobs == "gs://b"


@pytest.mark.parametrize(
    ("env", "project"),
    [
        ({"GOOGLE_CLOUD_PROJECT": "p"}, "p"),
        ({"GOOGLE_CLOUD_PROJECT_ID": "q"}, "q"),
        ({"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_PROJECT_ID": "q"}, "p"),
        ({"GOOGLE_CLOUD_PROJECT": "", "GOOGLE_CLOUD_PROJECT_ID": "q"}, "q"),
    ],
)
def test_the_project_has_two_names(env, project):
    assert Settings.load(env).project == project


@pytest.mark.parametrize(
    ("env", "region", "tasks"),
    [
        ({"CLOUD_RUN_REGION": "a"}, "a", "a"),
        ({"CLOUD_TASKS_LOCATION": "b"}, "b", "b"),
        ({"CLOUD_RUN_REGION": "a", "CLOUD_TASKS_LOCATION": "b"}, "a", "b"),
    ],
)
def test_the_region_has_two_names_and_cloud_tasks_may_have_its_own(env, region, tasks):
    found = Settings.load(env)
    assert (found.region, found.tasks_location) == (region, tasks)


def test_what_is_said_holds_over_the_defaults_and_over_the_names_of_the_seeds():
    said = {
        "RUNJOBS_DOCUMENTS": "firestore://p/d",
        "RUNJOBS_BLOBS": "gs://mine/below",
        "RUNJOBS_EXECUTOR": "cloud-run",
        "GCS_BUCKET_NAME": "other",
    }
    found = Settings.load(said)
    assert (found.documents, found.blobs) == ("firestore://p/d", "gs://mine/below")
    assert (found.executor, found.in_cloud) == ("cloud-run", False)


@pytest.mark.parametrize(
    ("name", "known"),
    [("RUNJOBS_EXECUTOR", "local or cloud-run"), ("RUNJOBS_WAKEUPS", "local or cloud-tasks")],
)
def test_a_choice_that_there_is_not_is_named_with_those_there_are(name, known):
    with pytest.raises(Misconfigured, match=rf"{name}=k8s.*{known}"):
        Settings.load({name: "k8s"})


@pytest.mark.parametrize(("said", "found"), [("1", 1), ("64", 64), ("", None)])
def test_how_many_tasks_run_at_once_on_a_laptop_can_be_said(said, found):
    assert Settings.load({"RUNJOBS_PARALLELISM": said}).parallelism == found


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", " 2", "²", "٣", "9" * 5000])
def test_a_number_that_is_none_is_named(said):
    with pytest.raises(Misconfigured, match=r"RUNJOBS_PARALLELISM=.* is not a number above 0"):
        Settings.load({"RUNJOBS_PARALLELISM": said})


@pytest.mark.parametrize("more", [{}, {"CLOUD_RUN_JOB": "x"}, {"K_SERVICE": "x"}])
def test_its_environment_gives_another_process_the_same_settings(more):
    first = Settings.load(
        {
            "RUNJOBS_HOME": "/a b/%41",
            "RUNJOBS_PARALLELISM": "3",
            "GOOGLE_CLOUD_PROJECT": "p",
            "CLOUD_TASKS_LOCATION": "europe-west1",
            "RUNJOBS_WAKEUP_QUEUE": "q",
            "RUNJOBS_WAKEUP_ACCOUNT": "a@p.iam.gserviceaccount.com",
            "RUNJOBS_DISPATCHER_URL": "https://dispatcher.example/",
        }
    )
    assert Settings.load({**more, **first.environment()}) == first


def test_the_home_is_quoted_where_it_is_part_of_a_url():
    found = Settings.load({"RUNJOBS_HOME": "/tmp/a%41 b"})
    assert found.blobs == "file:///tmp/a%2541%20b/blobs"
    assert found.documents == "sqlite:////tmp/a%41 b/documents.sqlite3".replace("////", "///")


def test_on_a_laptop_the_dotenv_file_is_read(laptop):
    (laptop / ".env").write_text("RUNJOBS_HOME=from-dotenv\nGEMINI_API_KEY=for-libraries\n")
    assert Settings.load().home == laptop / "from-dotenv"
    assert os.environ["GEMINI_API_KEY"] == "for-libraries"


def test_the_environment_holds_over_the_dotenv_file(laptop, monkeypatch):
    (laptop / ".env").write_text("RUNJOBS_HOME=from-dotenv\n")
    monkeypatch.setenv("RUNJOBS_HOME", "from-environment")
    assert Settings.load().home == laptop / "from-environment"


@pytest.mark.parametrize("name", ["CLOUD_RUN_JOB", "K_SERVICE"])
def test_on_cloud_run_no_dotenv_file_is_read(laptop, monkeypatch, name):
    (laptop / ".env").write_text("RUNJOBS_HOME=from-dotenv\n")
    monkeypatch.setenv(name, "x")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    assert Settings.load().home == laptop / ".runjobs"


@pytest.mark.parametrize("content", [b"A=\xff\xfe\n", b"A=a\0b\n"])
def test_a_dotenv_file_that_is_no_text_is_named(laptop, content):
    (laptop / ".env").write_bytes(content)
    with pytest.raises(Misconfigured, match=str(laptop / ".env")):
        Settings.load()


@pytest.mark.parametrize("line", ['RUNJOBS_HOME="elsewhere', "RUNJOBS_HOME: elsewhere", "=x"])
def test_a_line_of_the_dotenv_file_that_says_nothing_is_named(laptop, line):
    """Without it one would work on another ledger than the one that it means."""
    (laptop / ".env").write_text(f"# Ours.\n\nexport A=b\n{line}\nC=d\n")
    with pytest.raises(Misconfigured, match=r"\.env, line 4: it is not like NAME=VALUE"):
        Settings.load()
    assert "A" not in os.environ


def test_a_dotenv_file_that_cannot_be_read_is_named(laptop, monkeypatch):
    (laptop / ".env").write_text("A=b")
    inner = open

    def refuse(path, *arguments, **options):
        if str(path).endswith(".env"):  # root may read whatever has no right for anybody
            raise PermissionError(13, "Permission denied", str(path))
        return inner(path, *arguments, **options)

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(Misconfigured, match=r"\.env cannot be read.*Permission denied"):
        Settings.load()


@pytest.mark.parametrize(
    ("env", "port"),
    [
        ({"RUNJOBS_PORT": "1"}, 1),
        ({"PORT": "2"}, 8080),
        ({"PORT": "2", "K_SERVICE": "s", "GOOGLE_CLOUD_PROJECT": "p"}, 2),
        ({"PORT": "2", "RUNJOBS_PORT": "1", "K_SERVICE": "s", "GOOGLE_CLOUD_PROJECT": "p"}, 2),
    ],
)
def test_the_port_is_that_of_the_platform_or_the_one_that_was_chosen(env, port):
    assert Settings.load(env).port == port


def test_accounts_are_named_with_commas_between():
    found = Settings.load({"RUNJOBS_API_ACCOUNTS": " a@b, c@d ,,"})
    assert found.api_accounts == ("a@b", "c@d")
    assert Settings.load(found.environment()).api_accounts == found.api_accounts


def test_who_checks_signatures_is_one_of_two():
    with pytest.raises(Misconfigured, match="RUNJOBS_OIDC_SIGNATURES=no is not known"):
        Settings.load({"RUNJOBS_OIDC_SIGNATURES": "no"})
