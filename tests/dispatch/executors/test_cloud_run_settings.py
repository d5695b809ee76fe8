"""What the executor of Cloud Run needs of a machine, and how what is missing is named."""

from __future__ import annotations

import sys

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from common.dispatch.executors import StartRefused, open_executor
from common.dispatch.executors.cloud_errors import asking, starting
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.errors import Misconfigured, RunjobsError, Unavailable
from tests.dispatch.backends import launch, settings

# --- what is missing


def test_no_project_is_named_with_the_variable(tmp_path):
    with pytest.raises(Misconfigured, match="GOOGLE_CLOUD_PROJECT"):
        CloudRunExecutor(settings(tmp_path, GOOGLE_CLOUD_PROJECT=""))


@pytest.mark.parametrize("act", [lambda it: it.start(launch()), lambda it: it.check()])
def test_no_credentials_are_named_with_the_command_that_gets_them(tmp_path, monkeypatch, act):
    def none(*_, **__):
        raise DefaultCredentialsError("none were found")

    monkeypatch.setattr("google.auth.default", none)
    with pytest.raises(Misconfigured, match="gcloud auth application-default login"):
        act(CloudRunExecutor(settings(tmp_path)))


def test_a_missing_package_is_named_with_the_extra_that_has_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.run_v2", None)
    monkeypatch.delattr("google.cloud.run_v2", raising=False)
    with pytest.raises(Misconfigured, match=r"runjobs\[gcp\]"):
        CloudRunExecutor(settings(tmp_path))


@pytest.mark.parametrize(
    ("retryable", "start", "ask"),
    [(True, StartRefused, Unavailable), (False, Misconfigured, Misconfigured)],
)
def test_without_a_token_nothing_was_asked(retryable, start, ask):
    error = RefreshError("invalid_grant", retryable=retryable)
    with pytest.raises(start, match="invalid_grant"), starting("noop", service="Cloud Run"):
        raise error
    with pytest.raises(ask, match="invalid_grant"), asking("Cloud Run", remedy=""):
        raise error


def test_errors_of_ours_pass_as_they_are():
    ours = RunjobsError("as it was")
    for guard in (starting("noop", service="s"), asking("s", remedy="")):
        with pytest.raises(RunjobsError) as error, guard:
            raise ours
        assert error.value is ours


@pytest.mark.parametrize("variable", ["RUNJOBS_RUN_ENDPOINT", "RUNJOBS_CLOUD_ENDPOINT"])
def test_the_executor_is_the_one_that_the_settings_name(run_api, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, run_api.platform.url)
    open_executor(settings(tmp_path, RUNJOBS_EXECUTOR="cloud-run")).start(launch())
    assert len(run_api.platform.executions("noop")) == 1
    assert open_executor(settings(tmp_path)).watchable


# --- within reach
CLOUD = {"RUNJOBS_DOCUMENTS": "firestore://p/d", "RUNJOBS_BLOBS": "gs://b"}
LAPTOP = {"RUNJOBS_DOCUMENTS": "sqlite:///a/b", "RUNJOBS_BLOBS": "file:///a/b"}


@pytest.mark.parametrize("name", LAPTOP)
def test_stores_on_this_machine_are_refused_since_containers_could_not_see_them(
    tmp_path, monkeypatch, name
):
    monkeypatch.delenv("RUNJOBS_RUN_ENDPOINT", raising=False)
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **CLOUD, name: LAPTOP[name]}
    with pytest.raises(Misconfigured, match=f"{name}={LAPTOP[name]} is on this machine"):
        open_executor(settings(tmp_path, **where))


def test_the_imitation_of_cloud_run_may_use_the_stores_of_its_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("RUNJOBS_RUN_ENDPOINT", "http://127.0.0.1:1")
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **LAPTOP}
    assert isinstance(open_executor(settings(tmp_path, **where)), CloudRunExecutor)


def test_stores_in_the_cloud_are_within_reach(tmp_path, monkeypatch):
    monkeypatch.delenv("RUNJOBS_RUN_ENDPOINT", raising=False)
    where = {"RUNJOBS_EXECUTOR": "cloud-run", **CLOUD}
    assert isinstance(open_executor(settings(tmp_path, **where)), CloudRunExecutor)
