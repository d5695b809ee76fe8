"""The accounts, what each may do, and whether it does."""

from __future__ import annotations

import shlex

import pytest

from common.deploy.commands import iam_commands
from common.deploy.grants import STARTER, grants
from common.deploy.permissions import check_account, check_own
from common.errors import Misconfigured
from common.runs import Schedule
from common.runtime import Context, job
from tests.deploy.conftest import JOBS, PROJECT, short
from tests.services.gcloud import GcloudAt

PARTS = ("jobs", "dispatcher", "wakeups", "schedules")


def email(part):
    return f"runjobs-{part}@{PROJECT}.iam.gserviceaccount.com"


def commands(target, **options):
    return [*iam_commands(target.deployment, JOBS, **options)]


def roles(target, part):
    found = grants(target.deployment, JOBS)
    return {(it.role.rpartition("/")[2], it.target) for it in found if it.account == email(part)}


def test_each_account_may_do_no_more_than_its_part(target):
    stores = {
        ("datastore.user", PROJECT),
        ("storage.objectUser", "b"),
        ("cloudtasks.enqueuer", PROJECT),
        ("cloudtasks.viewer", PROJECT),
        ("iam.serviceAccountUser", email("wakeups")),
    }
    assert roles(target, "jobs") == stores | {
        ("iam.serviceAccountTokenCreator", email("jobs")),
        ("secretmanager.secretAccessor", "STRIPE_SECRET_KEY"),
    }
    assert roles(target, "dispatcher") == stores | {(STARTER, PROJECT)}
    assert roles(target, "schedules") == {("run.jobsExecutorWithOverrides", PROJECT)}
    assert roles(target, "wakeups") == set()


def test_who_makes_up_for_missed_moments_may_see_which_schedules_are_paused(target):
    @job("nightly", schedule=Schedule("0 2 * * *", missed="once"))
    def nightly(run: Context) -> None: ...

    found = grants(target.deployment, [*JOBS, nightly])
    extra = [it for it in found if it.role == "roles/cloudscheduler.viewer"]
    assert [it.account for it in extra] == [email("dispatcher")]


def test_no_secret_is_readable_that_no_job_declares(target):
    assert "secrets" in " ".join(commands(target))
    assert "secrets" not in " ".join(iam_commands(target.deployment, [short]))


def test_the_commands_make_all_accounts_before_anybody_is_let_do_anything(target):
    made = [line for line in commands(target) if "service-accounts create" in line]
    assert commands(target)[:4] == made
    assert len(made) == 4
    assert f"gcloud iam roles create {STARTER}" in commands(target)[4]


def test_a_role_of_an_earlier_version_is_given_what_it_lacks(target):
    """Where it is there it is set, and where it is not it is made, to the same."""
    update, create = (shlex.split(it) for it in commands(target)[4].split(" >/dev/null 2>&1 || "))
    assert (update[3], create[3]) == ("update", "create")
    assert update[4:] == create[4:]
    assert any("run.executions.cancel" in word for word in update)


def test_accounts_of_somebody_else_are_not_made(target):
    from dataclasses import replace

    accounts = replace(target.deployment.accounts, jobs="theirs@other.iam.gserviceaccount.com")
    assert "create theirs" not in " ".join(commands(target.with_(accounts=accounts)))


def test_a_deployer_may_use_the_accounts(target):
    said = [shlex.split(line) for line in commands(target, deployer="user:a@b")]
    theirs = [words for words in said if "--member=user:a@b" in words]
    assert [words[4] for words in theirs[-4:]] == [email(part) for part in PARTS]
    assert "--role=roles/run.admin" in theirs[0]


def test_gcloud_knows_the_commands_and_they_may_be_run_again(target, tmp_path):
    """Those of a service account are run; a policy's, which are alike, once each."""
    gcloud = GcloudAt(target.url, tmp_path, project=PROJECT)
    lines = [part for line in commands(target) for part in line.split(" || ")]
    wanted = ("service-accounts create runjobs-jobs", "projects add-iam-policy-binding")
    for start in wanted:
        line = next(it for it in lines if start in it)
        gcloud.ok(*shlex.split(line)[1:])
    there = f"iam service-accounts describe {email('jobs')} --project={PROJECT}"
    gcloud.ok(*there.split())


@pytest.fixture
def accounts(target):
    for part in PARTS:
        path = f"v1/projects/{PROJECT}/serviceAccounts"
        target.api().call("POST", "x", path, body={"accountId": f"runjobs-{part}"})
    return target


def wanted(target):
    return grants(target.deployment, JOBS)


@pytest.mark.parametrize("part", PARTS)
def test_an_account_that_may_do_its_part_is_good(accounts, part):
    assert check_account(accounts.api(), email(part), wanted(accounts)) is None


@pytest.mark.parametrize(
    ("part", "permission", "role"),
    [
        ("jobs", "datastore.entities.update", f"roles/datastore.user on {PROJECT}"),
        ("jobs", "iam.serviceAccounts.actAs", "roles/iam.serviceAccountUser on runjobs-wakeups@"),
        ("dispatcher", "run.jobs.runWithOverrides", f"roles/{STARTER} on {PROJECT}"),
        ("schedules", "run.jobs.run", "roles/run.jobsExecutorWithOverrides"),
    ],
)
def test_a_right_that_is_lacking_is_named(accounts, part, permission, role):
    accounts.cloud.policies.denied.add(permission)
    with pytest.raises(Misconfigured, match=rf"{email(part)} lacks .*{role}.*--print-iam"):
        check_account(accounts.api(), email(part), wanted(accounts))


def test_our_own_rights_are_looked_at(accounts):
    own = [it for it in wanted(accounts) if it.account == email("dispatcher")]
    check_own(accounts.api(), own)
    accounts.cloud.policies.denied.add("run.executions.cancel")
    with pytest.raises(Misconfigured, match=f"This account lacks .*{STARTER}"):
        check_own(accounts.api(), own)


def test_an_account_that_is_not_there_is_named(target):
    with pytest.raises(Misconfigured, match=r"runjobs-jobs@.* is not there"):
        check_account(target.api(), email("jobs"), wanted(target))


def test_where_we_may_not_act_as_an_account_it_is_said_what_that_takes(accounts):
    class Forbidding:
        def __init__(self, session) -> None:
            self.session = session

        def request(self, method, url, **options):
            answer = self.session.request(method, url, **options)
            if url.endswith(":generateAccessToken"):
                answer.status_code, answer._content = 403, b'{"error": {"message": "no"}}'
            return answer

    said = check_account(accounts.api(Forbidding), email("jobs"), wanted(accounts))
    assert (
        said == f"not looked at: that takes roles/iam.serviceAccountTokenCreator on {email('jobs')}"
    )
