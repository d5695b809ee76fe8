"""Declaring jobs, and finding them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from common.errors import InvalidInput, Misconfigured
from common.runtime import Context, Following, Params, Schedule, job
from common.runtime.discover import _loaded, all_jobs, find_job, names

if TYPE_CHECKING:
    from elsewhere import Hidden


class Cut(Params):
    film: str = ""


def declared(name="cut", **options):
    @job(name, **options)
    def cut(params: Cut, run: Hidden) -> Hidden:
        """Cut a film.

        Into pieces.
        """
        return params.film, run

    return cut


def test_a_job_is_all_that_its_declaration_and_its_function_say():
    cut = declared(queue="io-tasks", memory="2Gi")
    assert (cut.name, cut.queue, cut.memory) == ("cut", "io-tasks", "2Gi")
    assert (cut.params, cut.summary) == (Cut, "Cut a film.")
    assert cut(Cut(film="x"), "run") == ("x", "run")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": ""}, "the name is not"),
        ({"name": "Cut"}, "the name is not"),
        ({"name": "cut_it"}, "the name is not"),
        ({"name": "-cut"}, "the name is not"),
        ({"name": "cut-"}, "the name is not"),
        ({"name": "1cut"}, "the name is not"),
        ({"name": "c" * 50}, "the name is not"),
        ({"name": "cut\n"}, "the name is not"),
        ({"queue": "io tasks"}, "the queue is not"),
        ({"memory": "1GB"}, "memory is not like 512Mi or 4Gi"),
        ({"memory": "0Gi"}, "memory is not like 512Mi or 4Gi"),
        ({"cpu": 3}, "cpu is not 1, 2, 4, 6 or 8"),
        ({"cpu": 0.5}, "cpu is not 1, 2, 4, 6 or 8"),
        ({"memory": "256Mi"}, "for 1 it has 512Mi to 4Gi"),
        ({"memory": "5Gi"}, "for 1 it has 512Mi to 4Gi"),
        ({"cpu": 4, "memory": "1Gi"}, "for 4 2Gi to 16Gi"),
        ({"cpu": 8, "memory": "33Gi"}, "for 8 4Gi to 32Gi"),
        ({"cpu": 0}, "cpu is not 1, 2, 4, 6 or 8"),
        ({"cpu": float("nan")}, "cpu is not 1, 2, 4, 6 or 8"),
        ({"timeout": timedelta(0)}, "timeout is not between 1 second and 168 hours"),
        ({"timeout": timedelta(hours=169)}, "timeout is not between 1 second and 168 hours"),
        ({"following": Following(collection="c", param="no")}, "following names no param"),
        ({"schedule": "61 * * * *"}, "Job 'cut': Schedule '61 \\* \\* \\* \\*': bad minute"),
        ({"schedule": "@daily"}, "Job 'cut': Schedule '@daily': it has not five fields"),
        ({"secrets": ("stripe",)}, "a secret is not a variable"),
        ({"secrets": ("RUNJOBS_HOME",)}, "a secret is not a variable"),
        ({"secrets": ("CLOUD_TASKS_LOCATION",)}, "a secret is not a variable"),
        ({"secrets": ("K_REVISION",)}, "a secret is not a variable"),
        ({"secrets": ("A", "A")}, "a secret is not a variable"),
        ({"secrets": "STRIPE_SECRET_KEY"}, "a secret is not a variable"),
    ],
)
def test_a_declaration_that_could_not_be_deployed_is_refused(options, problem):
    with pytest.raises(Misconfigured, match=problem):
        declared(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"secrets": ("STRIPE_SECRET_KEY", "B2")},
        {"name": "c"},
        {"name": "c" * 49},
        {"memory": "4096Mi"},
        {"cpu": 2, "memory": "512Mi"},
        {"cpu": 8, "memory": "4Gi"},
        {"cpu": 8, "memory": "32Gi"},
        {"timeout": timedelta(days=7)},
    ],
)
def test_what_is_just_within_the_limits_is_taken(options):
    declared(**options)


def test_a_function_of_its_context_alone_takes_no_params():
    @job("tick")
    def tick(run):
        return run

    assert tick.params is None
    assert tick(tick.validate({}), "the context") == "the context"
    with pytest.raises(InvalidInput, match="tick takes no params: leave out speed"):
        tick.validate({"speed": 1})


def test_a_schedule_is_an_expression_or_says_more():
    assert declared(schedule="0 2 * * 0").schedule == Schedule("0 2 * * 0")
    berlin = Schedule("0 2 * * 0", zone="Europe/Berlin", overlap=True, missed="once")
    assert declared(schedule=berlin).schedule == berlin
    assert declared().schedule is None


def test_what_cannot_do_without_params_cannot_have_a_schedule():
    class Needed(Params):
        film: str

    def cut(params: Needed, run: Context) -> None: ...

    cut.__annotations__["params"] = Needed
    with pytest.raises(Misconfigured, match="has a schedule, and params that have no defaults"):
        job("cut", schedule="0 2 * * 0")(cut)


def nothing() -> None: ...
def bare(params, run): ...
def number(params: int, run: Context) -> None: ...
def anything(params: Any, run: Context) -> None: ...


@pytest.mark.parametrize("function", [nothing, bare, number, anything])
def test_a_function_without_a_params_model_is_refused(function):
    with pytest.raises(Misconfigured, match="its function takes params"):
        job("cut")(function)


def test_params_that_only_type_checkers_know_are_refused():
    def cut(params: Hidden, run: Context) -> None: ...

    with pytest.raises(Misconfigured, match="its params, Hidden, are not known where the job runs"):
        job("cut")(cut)


def test_all_jobs_are_those_in_jobs_and_those_of_installed_packages(trials, monkeypatch):
    from common.runtime import discover

    monkeypatch.setattr(discover, "_entry_points", points(discover, "trial-ends", "trial-waits"))
    assert {"noop", "trial-ends", "trial-waits", "video-generation"} <= set(names())
    found = {job.name: job for job in all_jobs()}
    assert found["trial-ends"] is trials.ends
    assert sorted(found) == list(found)


def points(discover, *wanted):
    found = [point for point in discover._entry_points() if point.name in wanted]
    return lambda: found


def test_a_job_of_an_installed_package_is_found_by_its_entry_point(trials):
    assert find_job("trial-ends") is trials.ends


@pytest.mark.usefixtures("trials")
def test_a_package_that_cannot_be_loaded_is_named_with_the_place():
    named = r"trial-raises \(raises:job\) .* on import \(.*raises.py:\d+\)\."
    with pytest.raises(Misconfigured, match=named):
        find_job("trial-raises")
    with pytest.raises(Misconfigured, match="cannot be loaded"):
        all_jobs()


def test_a_file_that_is_no_python_is_named_with_its_own_place():
    broken = partial(compile, "x = 1\ndef y(:", "jobs/broken.py", "exec")
    with pytest.raises(Misconfigured, match=r"SyntaxError: [^()]* \(jobs/broken\.py:2\)\."):
        _loaded("jobs.broken", broken)


@pytest.mark.parametrize("name", ["", "Noop", "noop ", "noop.", "no\0op", "é", "__main__", "class"])
def test_a_name_that_no_job_has_lists_those_there_are(name):
    with pytest.raises(InvalidInput, match=r"There is no job .*: there are .*noop,"):
        find_job(name)
