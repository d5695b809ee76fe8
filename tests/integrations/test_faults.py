"""Consents while the store fails, and while others write them."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from common.integrations import Cipher, Integrations
from tests.faults import Faulty

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
ANN = {"tenant": "t1", "user": "ann"}
FAULTS = ("unavailable", "lost")
BOTH = Cipher([NEW, OLD])
ACTS = {
    "save": lambda kept: kept.save(**ANN, secret={"token": "new"}, account="a"),
    "needs_reauth": lambda kept: kept.needs_reauth(kept.find(**ANN), "gone"),
    "note": lambda kept: kept.note(kept.find(**ANN), watch={"history": "1"}),
    "remove": lambda kept: kept.remove(**ANN),
    "rotate": lambda kept: kept.rotate(),
}


def standing(kept):
    """What can be told of it but for times and ciphertexts."""
    found = kept.find(**ANN)
    if found is None:
        return None
    newest = kept._cipher.is_newest(found.sealed)
    return (kept.secret(found), found.status, found.why, found.watch, found.account, newest)


def after(documents, act, faults):
    clean = Integrations(documents, Cipher([OLD]))
    clean.remove(**ANN)
    clean.save(**ANN, secret={"token": "old"}, account="a")
    faulty = Faulty(documents, faults)
    ACTS[act](Integrations(faulty, BOTH))
    assert not faulty.faults
    return standing(Integrations(documents, BOTH))


@pytest.mark.parametrize("act", ACTS)
def test_whatever_the_store_fails_at_it_comes_out_the_same(act, documents, time):
    time.rule(documents)
    well = after(documents, act, [])
    calls = 3 if act == "note" else 2
    plans = [[None] * place + [fault] for place in range(calls) for fault in FAULTS]
    plans += map(list, itertools.product(FAULTS, repeat=2))
    for plan in plans:
        assert after(documents, act, plan) == well, plan


def test_of_those_who_write_at_once_none_undoes_what_another_did(open_store):
    """Consents that are renewed while keys are changed and old ones are found to be gone."""
    store = open_store()
    kept = [Integrations(open_store(), BOTH) for _ in range(4)]
    first = Integrations(store, Cipher([OLD])).save(**ANN, secret={"token": "first"})

    def write(number):
        if number % 3 == 0:
            kept[number % 4].save(**ANN, secret={"token": number})
        elif number % 3 == 1:
            kept[number % 4].rotate()
        else:
            kept[number % 4].needs_reauth(first, "gone")

    with ThreadPoolExecutor(4) as pool:
        [*pool.map(write, range(1, 25))]
    found = kept[0].get(**ANN)
    assert found.status == "active"
    assert kept[0].secret(found)["token"] in range(3, 25, 3)
    assert BOTH.is_newest(found.sealed)
