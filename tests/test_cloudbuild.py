"""cloudbuild.yaml: as gcloud reads it, and as its steps do, one after another."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from common.cli import cli
from common.documents import open_documents
from common.runs import Runs
from common.runtime.discover import all_jobs
from tests.image.cloudbuild import GIVEN, Build, before
from tests.image.heard import hearing
from tests.image.images import ROOT
from tests.image.stand_ins import DIGEST, DOCKER, DOCKER_HERE, GCLOUD, GCLOUD_HERE, MAKE, stand_in
from tests.services.gcloud import GcloudAt
from tests.services.local_cloud import serving_home

REPOSITORY = "us-central1-docker.pkg.dev/local/runjobs"
LIGHT, MEDIA = f"{REPOSITORY}/light@{DIGEST}", f"{REPOSITORY}/media@{DIGEST}"
IMAGES = {
    job.name: f"{'media' if job.needs else 'light'}@sha256:1"
    for job in all_jobs()
    if not job.secrets
}
"""What is deployed where no secrets are."""
OLD_LIGHT, OLD_MEDIA = f"{REPOSITORY}/light@sha256:0", f"{REPOSITORY}/media@sha256:1"


@pytest.fixture(scope="session")
def config(tmp_path_factory):
    """The file, as gcloud has read it and sent it to Cloud Build."""
    file = str(ROOT / "cloudbuild.yaml")
    with hearing(tmp_path_factory.mktemp("gcloud")) as heard:
        return heard.of(
            "builds", "submit", "--no-source", "--async", "--region=us-central1", "--config", file
        )


@pytest.fixture
def build(config, tmp_path):
    """A build in which only docker, gcloud and make are stand-ins, that note what they are told."""
    for name, code in {"docker": DOCKER, "gcloud": GCLOUD, "make": MAKE}.items():
        stand_in(tmp_path / "bin", name, code)
    env = {
        "PATH": os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]),
        "LOG": str(tmp_path / "log"),
        "FAILING": "nothing",
        "DIGEST": DIGEST,
        "OLD_LIGHT": OLD_LIGHT,
        "OLD_MEDIA": OLD_MEDIA,
    }
    return Build(config=config, workspace=tmp_path / "workspace", env=env)


def told(build):
    """The commands that the stand-ins were told."""
    return Path(build.env["LOG"]).read_text().splitlines()


def deployments(build):
    """Each deployment: the image whose command it was, and what it deploys."""
    found = []
    for line in told(build):
        words = shlex.split(line)
        if "--entrypoint=runjobs" in words:
            at = words.index("deploy")
            found.append((words[at - 1], words[at + 1 :]))
    return found


def images(light, media):
    return [f"--image={light}", f"--media-image={media}"]


def images_of(platform):
    """By the jobs that are deployed, without the repository."""
    jobs = platform.store.all("projects/local/locations/us-central1/jobs")
    found = {job.name: job.data["template"]["template"]["containers"][0]["image"] for job in jobs}
    return {
        name.rpartition("/")[2]: image.removeprefix(f"{REPOSITORY}/")
        for name, image in found.items()
    }


def test_each_step_has_a_name_of_its_own_and_waits_for_earlier_ones_only(config):
    names = [step["id"] for step in config["steps"]]
    assert len({*names}) == len(names)
    for number, step in enumerate(config["steps"]):
        assert {*step["waitFor"]} <= {"-", *names[:number]}


def test_nothing_is_deployed_before_it_was_tested_and_tried(config):
    assert before(config, "deploy") == {"test", "build", "try", "before"}
    assert before(config, "settle") == {step["id"] for step in config["steps"]} - {"settle"}
    assert [step["id"] for step in config["steps"] if step.get("allowFailure")] == [
        "deploy",
        "smoke",
    ]


def test_each_script_is_one_of_its_shell(config):
    for step in config["steps"]:
        shell = re.match(r"#!(?:/usr/bin/env )?(?:/bin/)?(sh|bash)\n", step["script"])
        checked = subprocess.run(
            [shell[1], "-n"], input=step["script"], capture_output=True, text=True, check=False
        )
        assert (checked.returncode, checked.stderr) == (0, ""), step["id"]


def test_each_substitution_is_defined_and_used(config):
    scripts = "\n".join(step["script"] for step in config["steps"])
    used = {*re.findall(r"\$\{?([A-Z_][A-Z_0-9]*)", scripts)}
    assert used - {*GIVEN} == {*config["substitutions"]}
    inner = {*re.findall(r"\$\{([^}]+)\}", " ".join(config["substitutions"].values()))}
    assert inner <= {*GIVEN}
    assert config["options"]["automapSubstitutions"]
    assert config["options"]["dynamicSubstitutions"]


def test_the_targets_of_the_dockerfile_are_what_is_built(build):
    assert build.step("build"), build.said
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    built = [line for line in told(build) if "buildx build" in line]
    targets = [re.search(r"--target (\S+)", line)[1] for line in built]
    assert targets == ["light", "media"]
    assert {*targets} <= {*stages}
    for target, line in zip(targets, built, strict=True):
        assert f"--cache-from type=registry,ref={REPOSITORY}/cache:{target}" in line
        assert f"--cache-to type=registry,ref={REPOSITORY}/cache:{target},mode=max" in line


def test_what_works_is_deployed_once_by_its_digest(build):
    assert build.run(), build.said
    assert build.failed == []
    assert deployments(build) == [(LIGHT, images(LIGHT, MEDIA))]
    assert "make lint test" in " ".join(told(build))
    tried = [line for line in told(build) if line.endswith(" noop")]
    assert tried == [f"docker run --rm {image} noop" for image in (LIGHT, MEDIA)]


@pytest.mark.parametrize("failing", ["jobs execute", f"deploy --image={LIGHT}"])
def test_what_does_not_work_gives_way_to_what_was_there_and_the_build_fails(build, failing):
    build.env["FAILING"] = failing
    assert not build.run()
    assert deployments(build) == [
        (LIGHT, images(LIGHT, MEDIA)),
        (OLD_LIGHT, images(OLD_LIGHT, OLD_MEDIA)),
    ]
    assert build.failed[-1] == "settle"
    assert f"{OLD_LIGHT} runs again" in build.said["settle"]


def test_the_first_deployment_that_fails_has_nothing_to_give_way_to(build):
    build.env |= {"FAILING": "jobs execute", "OLD_LIGHT": "", "OLD_MEDIA": ""}
    assert not build.run()
    assert deployments(build) == [(LIGHT, images(LIGHT, MEDIA))]
    assert "nothing was there before" in build.said["settle"]


def test_what_was_deployed_before_there_were_two_images_comes_back_as_it_was(build):
    build.env |= {"FAILING": "jobs execute", "OLD_MEDIA": ""}
    assert not build.run()
    assert deployments(build)[-1] == (OLD_LIGHT, images(OLD_LIGHT, OLD_LIGHT))


@pytest.mark.parametrize("failing", ["noop"])
def test_what_does_not_even_start_is_not_deployed(build, failing):
    build.env["FAILING"] = failing
    assert not build.run()
    assert build.failed == ["try"]
    assert deployments(build) == []


def test_the_commands_of_ours_that_it_uses_are_there_with_their_options(build):
    build.run()
    ((_, arguments),) = deployments(build)
    command = cli.get_command(click.Context(cli), "deploy")
    with command.make_context("deploy", [*arguments]) as context:
        assert context.params["image"] == LIGHT
        assert context.params["media_image"] == MEDIA


def test_settings_go_to_what_is_deployed(build):
    given = {"_SETTINGS": "RUNJOBS_API_ACCOUNTS=a@x.com,b@x.com CLOUD_TASKS_MAX_CONCURRENT=5"}
    build.config = {**build.config, "substitutions": {**build.config["substitutions"], **given}}
    assert build.run(), build.said
    assert (build.workspace / ".release" / "settings").read_text().splitlines() == [
        "GOOGLE_CLOUD_PROJECT=local",
        "CLOUD_RUN_REGION=us-central1",
        "GCS_BUCKET_NAME=local-runjobs",
        "RUNJOBS_API_ACCOUNTS=a@x.com,b@x.com",
        "CLOUD_TASKS_MAX_CONCURRENT=5",
    ]


@pytest.mark.parametrize("works", [True, False])
def test_the_real_gcloud_finds_what_was_there_and_tells_whether_it_works(config, tmp_path, works):
    workspace = tmp_path / "workspace"
    (workspace / ".release").mkdir(parents=True)
    with serving_home(tmp_path / "home") as platform:
        env = GcloudAt(platform.url, tmp_path, project="test").environment
        build = Build(config=config, workspace=workspace, env=env)
        platform.deploy("noop", ["true" if works else "false"])
        assert build.step("before"), build.said
        assert (workspace / ".release" / "light.before").read_text() == "noop\n"
        assert (workspace / ".release" / "media.before").read_text() == ""
        (workspace / ".release" / "deployed").touch()
        assert build.step("smoke") == works, build.said
        assert len(platform.executions("noop")) == 1


def test_a_whole_build_deploys_into_the_local_cloud_and_a_bad_one_leaves_it_as_it_was(
    config, tmp_path, firestore_url
):
    """With the real gcloud and the real deploying; docker builds nothing, and what it runs it runs
    here."""
    settings = {"RUNJOBS_DOCUMENTS": firestore_url, "GOOGLE_CLOUD_PROJECT": "local"}
    with serving_home(tmp_path / "home", **settings) as platform:
        real = GcloudAt(platform.url, tmp_path).environment
        here = {
            "RUNJOBS_CLOUD_ENDPOINT": platform.url,
            "LEDGER": f"RUNJOBS_DOCUMENTS={firestore_url}",
        }
        for name, code in {"docker": DOCKER_HERE, "make": "", "gcloud": GCLOUD_HERE}.items():
            stand_in(tmp_path / "bin", name, code)
        places = [str(tmp_path / "bin"), str(Path(sys.executable).parent), real["PATH"]]
        env = {**real, **here, "PATH": os.pathsep.join(places), "GCLOUD": shutil.which("gcloud")}
        env["BROKEN"] = "nothing"

        good = Build(config=config, workspace=tmp_path / "good", env={**env, "DIGEST": "sha256:1"})
        assert good.run(), good.said
        assert images_of(platform) == IMAGES
        documents = open_documents(firestore_url)
        assert [(run.job, run.state) for run in Runs(documents).list()] == [("noop", "succeeded")]
        documents.close()

        bad = Build(config=config, workspace=tmp_path / "bad", env={**env, "DIGEST": "sha256:2"})
        bad.env["BROKEN"] = "jobs execute"
        assert not bad.run()
        assert images_of(platform) == IMAGES
        assert "sha256:2" in bad.said["deploy"]
