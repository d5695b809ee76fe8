"""What is left of a removal is a tally that tells nothing of who it was, and is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from common.documents import Query, Update
from common.integrations import Cipher
from jobs.opt_out_data_cleanup.tally import OPT_OUTS
from tests.jobs.gmail.world import KEY, World
from tests.jobs.privacy.knife import Killed, knife
from tests.jobs.privacy.town import Town


@pytest.fixture
def town(world) -> Town:
    """Ann's data is gone."""
    return cleaned(world)


def cleaned(world: World) -> Town:
    made = Town(world)
    ann = made.user("t1", "ann", email="ann@example.com", days=8)
    made.user("t1", "ben")
    made.event(ann, state="reported")
    made.blob(ann, "tenants/t1/users/ann/a")
    assert made.clean().users_count == 1
    return made


def tally(town: Town):
    (found,) = town.documents.query(Query(OPT_OUTS))
    return found


def alter(town: Town, **fields) -> None:
    found = tally(town)
    town.documents.commit([Update(OPT_OUTS, found.id, fields, found.version)])


def test_it_says_how_much_went_and_not_whose_it_was(town):
    said = tally(town).data
    assert said["counts"] == {"usage_events": 1, "users": 1, "blobs": 1}
    assert (said["opted_out"], said["begun"] <= said["ended"]) == (town.now - _DAYS, True)
    assert {"ann", "ann@example.com", "t1"}.isdisjoint(map(str, said.values()))
    assert "ann" not in str(said)


_DAYS = timedelta(days=8)


def test_who_has_the_key_and_the_id_finds_it_signed(anywhere):
    town = cleaned(anywhere)
    result = town.clean(check="ann")
    assert (result.success, len(result.proofs)) == (True, 1)
    (proof,) = result.proofs
    assert (proof.is_signed, proof.documents_count, proof.blobs_count) == (True, 2, 1)
    assert result.message == "1 removal of the user's data by the tallies, signed."
    other = town.clean(check="ben")
    assert (other.success, other.message[:9]) == (False, "No tally ")


def test_of_an_altered_one_it_is_said(town):
    said = dict(tally(town).data)
    altered = {
        "counts": {**said["counts"], "users": 2},
        "ended": said["ended"] + timedelta(seconds=1),
        "opted_out": said["opted_out"] - timedelta(days=1),
        "unrevoked": 1,
        "run": "other",
        "signature": "0" * 64,
    }
    for name, value in altered.items():
        alter(town, **{name: value})
        assert not town.clean(check="ann").success, name
        alter(town, **{name: said[name]})
    assert town.clean(check="ann").success


def test_a_new_key_in_front_of_the_old_one_changes_nothing(town, monkeypatch):
    new = Fernet.generate_key().decode()
    monkeypatch.setenv("ENCRYPTION_KEY", f"{new},{KEY}")
    assert town.clean(check="ann").success
    monkeypatch.setenv("ENCRYPTION_KEY", new)
    assert not town.clean(check="ann").proofs


def test_one_that_was_begun_with_the_old_key_is_gone_on_with(town, monkeypatch):
    cat = town.user("t1", "cat", days=9)
    town.event(cat, state="reported")
    job = town.world.submit(_job(), tenant="")
    with knife(town.documents, after=1, applied=True), pytest.raises(Killed):
        town.world.attempt(_job(), job)
    monkeypatch.setenv("ENCRYPTION_KEY", f"{Fernet.generate_key().decode()},{KEY}")
    assert town.world.attempt(_job(), job).users_count == 1
    assert len(town.documents.query(Query(OPT_OUTS))) == 2


def _job():
    from jobs.opt_out_data_cleanup import opt_out_data_cleanup

    return opt_out_data_cleanup


def test_who_comes_back_and_leaves_again_has_two(town):
    town.user("t1", "ann", days=7.5)
    assert town.clean().users_count == 1
    assert len(town.clean(check="ann").proofs) == 2


def test_marks_of_other_purposes_and_keys_are_others():
    cipher, other = Cipher([KEY]), Cipher([Fernet.generate_key().decode()])
    marks = {cipher.mark("a", "x"), cipher.mark("b", "x"), cipher.mark("a", "y")}
    assert len(marks | {other.mark("a", "x")}) == 4
    assert Cipher([KEY]).mark("a", "x") in marks
    assert KEY not in str(marks)


def test_one_that_is_over_is_gone_on_with_where_its_user_is_there_again(town):
    """As after a backup was restored."""
    since = tally(town).data["opted_out"]
    town.user("t1", "ann", days=(town.now - since) / timedelta(days=1))
    town.blob(("t1", "ann"), "tenants/t1/users/ann/again")
    assert town.clean().users_count == 1
    assert tally(town).data["counts"] == {"usage_events": 1, "users": 2, "blobs": 2}
    assert town.clean(check="ann").success
