"""A container pays for its imports at each start: what a task on SQLite may load."""

from __future__ import annotations

import sys

THIRD_PARTY = {
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}
FOREIGN_TO_IT = {
    "asyncio",
    "click",
    "concurrent",
    "ctypes",
    "google",
    "grpc",
    "http",
    "httpx",
    "multiprocessing",
    "requests",
    "rich",
    "ssl",
    "subprocess",
    "unittest",
    "xml",
}
"""`email`, `importlib.metadata`, `shutil` and `socket` are not here, because pydantic itself loads
them, nor is `traceback`, which `logging` does."""

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


def test_a_job_that_does_nothing_loads_pydantic_and_no_other_package(tasks):
    roots = {name.partition(".")[0] for name in loaded(tasks)}
    foreign = roots - sys.stdlib_module_names - {"common", "jobs"}
    assert {root for root in foreign if not root.startswith("_")} == THIRD_PARTY


def test_a_job_that_does_nothing_loads_nothing_heavy(tasks):
    roots = {name.partition(".")[0] for name in loaded(tasks)}
    assert roots & FOREIGN_TO_IT == set()


def test_only_the_module_of_the_job_is_imported(tasks):
    assert {name for name in loaded(tasks) if name.startswith("jobs.")} == {"jobs.noop"}


def test_a_built_in_job_is_found_without_looking_into_installed_packages(tasks):
    code = LOADED.replace("import sys\n", "import sys, importlib.metadata as metadata\n").replace(
        "assert main", "metadata.entry_points = None\nassert main"
    )
    assert "jobs.noop" in loaded(tasks, code)
