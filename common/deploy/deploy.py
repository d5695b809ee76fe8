"""Planning a deployment, and bringing it about.

The dispatcher's URL is among the variables of all that runs, and only Cloud Run knows it: so where
there is none yet, the dispatcher is made first, and told its own URL after.

Nothing is remembered from one call to the next. Whoever is killed half-way leaves some steps done;
the next plan has the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from common.deploy.api import Api
from common.deploy.deployment import Deployment
from common.deploy.parts import dispatcher, ground, parts, url_of
from common.deploy.plan import DELETE, Part, Plan, Step
from common.runtime.declare import Job

__all__ = ["UNKNOWN", "deploy", "plan"]

UNKNOWN = "https://known-once-it-is-there.invalid"
"""The dispatcher's URL while nobody knows it: no token can be for it."""

Tell = Callable[[Step], object]


def plan(api: Api, deployment: Deployment, jobs: Sequence[Job], *, prune: bool = False) -> Plan:
    """What is to be done. Raises NotOurs where a name is taken; changes nothing."""
    known = deployment.at(url_of(api, deployment) or UNKNOWN)
    found = [[*part.steps(prune=prune)] for part in parts(api, known, jobs)]
    return Plan(steps=_in_order([step for steps in found for step in steps]))


def deploy(
    api: Api,
    deployment: Deployment,
    jobs: Sequence[Job],
    *,
    prune: bool = False,
    tell: Tell = lambda _: None,
) -> Plan:
    """Bring it about, and return what was done; each step is told before it is done.

    It may be called again at any time, also after an error or a kill at whatever moment.
    """
    plan(api, deployment, jobs, prune=prune)  # which finds what is not ours before all else
    first: list[Step] = []
    if not url_of(api, deployment):
        before = [*ground(api, deployment), dispatcher(api, deployment.at(UNKNOWN))]
        first = _bring_about(before, tell=tell)
    known = deployment.at(url_of(api, deployment))
    done = _bring_about(parts(api, known, jobs), prune=prune, tell=tell)
    return Plan(steps=_together(first, done))


def _bring_about(those: Sequence[Part], *, tell: Tell, prune: bool = False) -> list[Step]:
    """What is no longer declared goes last, and what starts others first of it."""
    done: list[Step] = []
    for part in those:
        steps = [*part.steps(prune=prune)]
        for step in steps:
            if step.action != DELETE:
                _do(step, tell)
        part.settle()
        done += steps
    done = _in_order(done)
    for step in done:
        if step.action == DELETE:
            _do(step, tell)
    return done


def _together(first: list[Step], then: list[Step]) -> list[Step]:
    """What was done first is as it shall be when it is looked at again, and counts once."""
    made = [step for step in first if step.is_work]
    names = {(step.kind, step.name) for step in made}
    rest = [step for step in then if step.is_work or (step.kind, step.name) not in names]
    return [*made, *rest]


def _in_order(steps: list[Step]) -> list[Step]:
    """As they are done."""
    removals = [step for step in steps if step.action == DELETE]
    return [*(step for step in steps if step.action != DELETE), *reversed(removals)]


def _do(step: Step, tell: Tell) -> None:
    if step.is_work:
        tell(step)
        step.do()
