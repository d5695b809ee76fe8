"""Row 1, for chains: whoever is killed before or after whichever call to the store, the chain comes
to the same end, with each of its runs there once."""

from __future__ import annotations

import json

import pytest

from common.automations import Automation, Automations, Template
from common.documents import open_documents
from common.runs import Batches, State, transitions
from tests.chaos.counts import CHAOS
from tests.faults import Faulty
from tests.jobs.chain.conftest import Chains, invoice, zipped

EXPECTED = {
    "run-initializer": 3,
    "zip-unpack": 1,
    "extraction-batch": 1,
    "extraction": 2,
    "extraction-table": 1,
}
SUBMITTING = {"run-initializer", "extraction-batch"}
STEP = 1 if CHAOS else 3
"""From one call at which a stage is killed to the next."""


class Killed(BaseException):
    """The process is gone."""


class Doomed(Faulty):
    """Dies before or after its call of a number, and does nothing from then on."""

    knife: int | None = None
    after = False

    def _call(self, name, call):
        if self.knife is None:
            return super()._call(name, call)
        self.knife -= 1
        if self.knife > 0 or (self.knife == 0 and self.after):
            answer = super()._call(name, call)
            if self.knife > 0:
                return answer
        raise Killed


@pytest.fixture
def open_chains(tmp_path):
    stores = []

    def open_one(name):
        folder = tmp_path / name
        (folder / "blobs").mkdir(parents=True)
        stores.append(open_documents(f"sqlite:///{folder}/documents.sqlite3"))
        chains = Chains(Doomed(stores[-1]), f"file://{folder}/blobs")
        chains.put("in/a.zip", zipped({"1.txt": invoice("A-1"), "2.txt": invoice("A-2")}))
        return chains

    yield open_one
    for store in stores:
        store.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_stages_that_are_killed_at_each_call_lead_to_the_same_chain(open_chains, when):
    """Each stage dies at one call, at a later one when it is tried again, and so on to its end."""
    chains, kills = open_chains(when), 0
    chains.documents.after = when == "after"
    first = chains.submit("run-initializer", {"source": ["in"], "schema": "invoice"})
    reached: dict[str, int] = {}
    while waiting := waiting_in(chains):
        run = waiting[0]
        at = reached.get(run.id, 1)
        if run.job in SUBMITTING and dies(chains, run, at):
            reached[run.id] = at + STEP
            kills += 1
        elif run.job not in SUBMITTING:
            chains.attempt(run.id)
    batch = json.loads(chains.runs.get(first.id).result)["batch"]
    assert chains.jobs(batch) == EXPECTED
    assert Batches(chains.runs).counts(batch)[State.SUCCEEDED] == sum(EXPECTED.values())
    assert json.loads(chains.stages(batch)[-1].result)["extracted"] == 2
    assert kills > 60 / STEP


def dies(chains, run, at):
    """Make an attempt that dies at that call; returns whether it comes so far."""
    chains.documents.knife = at
    try:
        chains.attempt(run.id)
    except Killed:
        return True
    finally:
        chains.documents.knife = None
    return False


def waiting_in(chains):
    """What is pending, once a sweep has been there after all leases had run out."""
    for run in chains.runs.list({"state": State.RUNNING}):
        now = chains.documents.now()
        chains.runs.apply(
            run, lambda it, now=now: transitions.give_back(it, token=it.token, now=now)
        )
    Batches(chains.runs).continue_all()
    return chains.runs.list({"state": State.PENDING})


def test_a_chain_that_was_begun_goes_on_whatever_becomes_of_its_automation(open_chains):
    """The run that began it dies before it says so, and is tried again."""
    chains = open_chains("it")
    kept = Automations(chains.documents)
    template = Template(sources=("in/a.zip",), schema="invoice")
    automation = kept.save(Automation(name="Bills", template=template))
    first = chains.submit("run-initializer", {"automation": automation.id})
    at = 1
    while not chains.runs.list({"job": "run-initializer", "state": State.PENDING})[1:]:
        assert dies(chains, first, at)
        waiting_in(chains)
        at += 1
    kept.remove(automation.id)
    (batch,) = {run.batch for run in chains.runs.list() if run.batch}
    started = chains.attempt(first.id)
    assert (started.state, json.loads(started.result)["batch"]) == (State.SUCCEEDED, batch)
    assert json.loads(chains.end(batch).result)["extracted"] == 2
