"""A container pays for its imports at each start: what a task on SQLite may load."""

from __future__ import annotations

import sys

FOREIGN_TO_IT = {
    "asyncio",
    "click",
    "concurrent",
    "ctypes",
    "email",
    "google",
    "grpc",
    "http",
    "importlib.metadata",
    "httpx",
    "multiprocessing",
    "requests",
    "rich",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "unittest",
    "xml",
}
"""Not `traceback`: `logging` loads it."""

LOADED = """
import sys
bare = set(sys.modules)
from common.runtime.entrypoint import main
assert main(["noop"]) == 0
print("loaded", *(name for name in sys.modules if name not in bare))
"""


def loaded(tasks, code=LOADED):
    task = tasks.run("-c", code, bare=True)
    return task.await_line("loaded").split()[1:]


def test_a_job_that_does_nothing_loads_no_package_but_ours(tasks):
    roots = {name.partition(".")[0] for name in loaded(tasks)}
    foreign = roots - sys.stdlib_module_names - {"common", "jobs"}
    assert {root for root in foreign if not root.startswith("_")} == set()


def test_a_job_that_does_nothing_loads_nothing_heavy(tasks):
    found = set(loaded(tasks))
    roots = {name.partition(".")[0] for name in found}
    assert (roots | found) & FOREIGN_TO_IT == set()


def test_only_the_module_of_the_job_is_imported(tasks):
    assert {name for name in loaded(tasks) if name.startswith("jobs.")} == {"jobs.noop"}


def test_a_built_in_job_is_found_without_looking_into_installed_packages(tasks):
    code = LOADED.replace("import sys\n", "import sys, importlib.metadata as metadata\n").replace(
        "assert main", "metadata.entry_points = None\nassert main"
    )
    assert "jobs.noop" in loaded(tasks, code)
