"""What Google's clients show of executions and their tasks."""

from __future__ import annotations


def conditions(of) -> dict[str, str]:
    return {it.type_: it.state.name.removeprefix("CONDITION_") for it in of.conditions}


def completed(of):
    return next(it for it in of.conditions if it.type_ == "Completed")


def counts(execution) -> tuple[int, ...]:
    names = ("running", "succeeded", "failed", "cancelled", "retried")
    return tuple(getattr(execution, f"{name}_count") for name in names)


def the_task(served, execution):
    (task,) = served.tasks.list_tasks(parent=execution.name)
    return task
