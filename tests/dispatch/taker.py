"""A process that takes runs from a queue until none is left: python -m … URL QUEUE NAME

It says when it is ready, and begins when it is told to.
"""

from __future__ import annotations

import sys

from common.dispatch.taking import Taking
from common.documents import open_documents
from common.runs import Queues, Runs, Worker, transitions


def take(url: str, queue: str, name: str) -> None:
    documents = open_documents(url, patience=60)
    runs = Runs(documents)
    taking = Taking(runs, Queues(documents))
    taking.line.depth(queue)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    while True:
        taken = taking.take(queue)
        for execution in taken.executions:
            for task, id in enumerate(execution.runs):
                end(runs, id, Worker(execution=execution.id, name=name, task=task))
        if not taken.runs and not taking.line.depth(queue).ready:
            break
    documents.close()


def end(runs: Runs, id: str, worker: Worker) -> None:
    """What a task does."""
    run = runs.claim(id, worker)
    now = runs.documents.now
    runs.apply(run, lambda it: transitions.succeed(it, token=run.token, now=now(), result="1"))


if __name__ == "__main__":
    take(*sys.argv[1:])
