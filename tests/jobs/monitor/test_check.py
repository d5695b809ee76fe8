"""What is a change and what is none, and what is recorded of it."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.runs import State
from tests.jobs.monitor.conftest import attempted, changes, checked, monitors

pytestmark = pytest.mark.usefixtures("read_here")


def test_the_first_check_is_what_is_compared_with(each_ledger, site):
    first = checked(each_ledger, site)
    assert (first["first"], first["changed"], first["state"]) == (True, False, "watching")
    blobs = each_ledger.blobs
    text = "Blue widget: 10 EUR\nWe ship on Mondays.\nCall us.\n"
    assert blobs.read(blobs.path(first["snapshot"])).decode() == text
    again = checked(each_ledger, site)
    assert (again["first"], again["changed"], again["number"]) == (False, False, 0)
    (monitor,) = monitors(each_ledger)
    assert monitor["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert monitor["checked"] > monitor["created"]
    assert changes(each_ledger) == []
    assert [status for _, status in site.asked] == [200, 304]


def test_a_change_is_recorded_summed_up_and_kept(each_ledger, site):
    before = checked(each_ledger, site)
    site.page("Blue widget: 12 EUR", "We ship on Mondays.", "Red widget: 7 EUR")
    found = checked(each_ledger, site)
    assert (found["changed"], found["kind"], found["number"]) == (True, "changed", 1)
    assert (found["added"], found["removed"]) == (2, 2)
    assert 0 < found["similarity"] < 1
    assert "“Blue widget: 10 EUR” became “Blue widget: 12 EUR”" in found["summary"]
    assert "Added: “Red widget: 7 EUR”" in found["summary"]
    (change,) = changes(each_ledger)
    assert (change["summary"], change["run"]) == (found["summary"], change["run"])
    assert change["additions"] == ["Blue widget: 12 EUR", "Red widget: 7 EUR"]
    assert "announced" not in change or change["announced"] is None
    blobs = each_ledger.blobs
    diff = blobs.read(blobs.path(found["diff"])).decode()
    assert diff.splitlines() == [
        "- Blue widget: 10 EUR",
        "+ Blue widget: 12 EUR",
        "  We ship on Mondays.",
        "- Call us.",
        "+ Red widget: 7 EUR",
    ]
    assert found["snapshot"] != before["snapshot"]
    assert not checked(each_ledger, site)["changed"]
    assert len(changes(each_ledger)) == 1


def test_what_is_gone_is_told_once_and_so_is_that_it_is_back(check, ledger, site):
    check()
    page = site.pages.pop("/page")
    gone = check()
    assert (gone["changed"], gone["kind"], gone["state"]) == (True, "gone", "gone")
    assert "404" in gone["summary"]
    again = check()
    assert (again["changed"], again["state"]) == (False, "gone")
    site.pages["/page"] = page
    back = check()
    assert (back["kind"], back["state"], back["added"]) == ("back", "watching", 0)
    assert back["summary"] == "It is back, as it was."
    del site.pages["/page"]
    assert check()["kind"] == "gone"
    site.page("All new.")
    assert check()["added"] == 1
    assert [change["kind"] for change in changes(ledger)] == ["gone", "back", "gone", "back"]
    assert [change["number"] for change in changes(ledger)] == [1, 2, 3, 4]


def test_what_was_never_there_is_an_error(ledger, site):
    run = attempted(ledger, site, source=site.url("/nowhere"))
    assert (run.state, run.error.type) == (State.FAILED, "NotFetched")
    run = attempted(ledger, site, source="no/such/file.txt")
    assert (run.state, run.error.type) == (State.FAILED, "NotThere")
    assert monitors(ledger) == []


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slow"])
def test_a_server_that_is_ill_is_neither_gone_nor_changed(status, ledger, site):
    checked(ledger, site)
    site.status["/page"] = status
    assert attempted(ledger, site).state is State.PENDING
    assert changes(ledger) == []


def test_a_file_of_the_store_is_watched_like_a_page(check, ledger):
    ledger.blobs.write("a/terms.txt", b"One.\nTwo.\n")
    params = {"source": "a/terms.txt"}
    assert check(**params)["first"]
    assert not check(**params)["changed"]
    ledger.blobs.write("a/terms.txt", b"One.\nTwo.\nThree.\n", replace=True)
    assert check(**params)["summary"] == "1 sentence added. Added: “Three.”."
    ledger.blobs.delete(["a/terms.txt"])
    assert check(**params)["kind"] == "gone"


def test_scripts_and_times_to_the_second_are_no_change(check, site):
    html = "<html><script>{0}</script><body><p>It is 10:00:{0}, {0} minutes ago.</p>Fine."
    site.pages["/page"] = html.format(11).encode()
    check()
    site.pages["/page"] = html.format(59).encode()
    assert not check()["changed"]
    site.pages["/page"] = html.format(59).replace("Fine", "Bad").encode()
    assert check()["changed"]


def test_what_is_to_be_ignored_is_no_change_wherever_it_stands(check, site):
    site.page("Fine.", "Seen by 5 visitors today", "[Ad] buy")
    ignore = ["*VISITORS*", "[[]ad[]]*"]
    check(ignore=ignore)
    site.page("[Ad] sell", "Fine.", "Seen by 6 visitors today")
    assert not check(ignore=ignore)["changed"]
    found = check(ignore=ignore[:1])
    assert (found["added"], found["removed"]) == (1, 1)


def test_a_small_change_waits_until_there_is_enough_of_it(check, site):
    lines = [f"Line number {number} of the page." for number in range(20)]
    site.page(*lines)
    check(min_change=0.1)
    site.page(*lines[:-1], "Another end of the page.")
    assert not check(min_change=0.1)["changed"]
    site.page(*lines[:-3], "Another end of the page.")
    found = check(min_change=0.1)
    assert (found["changed"], found["removed"]) == (True, 3)


def test_a_part_of_a_page_is_watched_by_itself(check, site):
    html = "<html><body><ul class=news><li>{}</ul><p>{}</p>"
    site.pages["/page"] = html.format("Old", 1).encode()
    check(selector=".news li")
    site.pages["/page"] = html.format("Old", 2).encode()
    assert not check(selector=".news li")["changed"]
    site.pages["/page"] = html.format("New", 2).encode()
    assert check(selector=".news li")["added"] == 1
    site.pages["/page"] = b"<html><body><p>2"
    assert check(selector=".news li")["removed"] == 1


def test_a_part_that_is_not_there_cannot_be_begun_with(ledger, site):
    run = attempted(ledger, site, selector="#nowhere")
    assert (run.state, run.error.type) == (State.FAILED, "NothingToWatch")
    assert "key=canary" not in run.error.message
    run = attempted(ledger, site, selector="[[")
    assert (run.state, run.error.type) == (State.FAILED, "BadSelector")


def test_another_source_by_the_same_name_begins_anew(check, ledger, site):
    check()
    site.page("Quite another page.", path="/other")
    assert check(source=site.url("/other"))["first"]
    assert not check(source=site.url("/other"))["changed"]
    assert changes(ledger) == []
    assert len(monitors(ledger)) == 1


def test_a_snapshot_that_somebody_removed_is_made_anew(check, ledger, site):
    ledger.blobs.delete([ledger.blobs.path(check()["snapshot"])])
    site.page("Another.")
    found = check()
    assert (found["first"], found["changed"]) == (True, False)
    assert "begins anew" in found["warnings"][0]


def test_two_checks_at_once_record_one_change(each_ledger, site):
    """Both have seen the new page before either records: one of them looks again."""
    checked(each_ledger, site)
    site.page("Blue widget: 12 EUR")
    waits = iter([site.both.wait, site.both.wait])
    site.both = threading.Barrier(2)
    both = site.both

    class Once:
        def wait(self, seconds):
            if next(waits, None):
                both.wait(seconds)

    site.both = Once()
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda _: checked(each_ledger, site), range(2))]
    assert sorted(each["changed"] for each in found) == [False, True]
    assert len(changes(each_ledger)) == 1
    assert {each["snapshot"] for each in found} == {found[0]["snapshot"]}


def test_two_first_checks_at_once_begin_it_once(each_ledger, site):
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda _: checked(each_ledger, site), range(2))]
    assert not any(each["changed"] for each in found)
    assert len(monitors(each_ledger)) == 1


def test_nothing_is_kept_of_what_a_url_may_hide(check, ledger, site):
    check()
    site.page("Another.")
    check()
    kept = repr(monitors(ledger)) + repr(changes(ledger))
    assert "/page" in kept
    assert "canary" not in kept


@pytest.mark.parametrize(
    "params",
    [
        {"monitor": ""},
        {"monitor": "a\nb"},
        {"source": ""},
        {"min_change": float("nan")},
        {"min_change": 2},
        {"ignore": [""]},
        {"ignore": ["x"] * 51},
        {"webhook": "http://files.example/"},
        {"webhook": "file:///etc/passwd"},
        {"summary": "somehow"},
    ],
)
def test_params_that_cannot_be_are_refused_when_submitted(params, ledger, site):
    with pytest.raises(Exception, match="monitor-check"):
        attempted(ledger, site, **params)
    assert site.asked == []
