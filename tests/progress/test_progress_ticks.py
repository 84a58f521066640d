"""Ticks of a page: kept, merged, and never taken for results."""

from __future__ import annotations

import pytest
from progress_rules import NOW, PASSED, WRONG, Rules, file

from selfattn import progress


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


STATE = {
    "exercises": {"04.softmax": PASSED, "04.attend": WRONG},
    "ticks": {"04.softmax": NOW, "04.attend": NOW, "04.lead_for_share": NOW},
    "read": {"04": NOW},
}


def test_a_tick_travels_in_the_file_and_is_no_result(rules):
    text = rules("write", STATE)
    assert rules("parse", text)["state"] == STATE
    done = progress.load(text)
    assert set(done.changed) == {"04.softmax", "04.attend"}
    assert done.refused == ()
    lines = {line.id: line.status for line in progress().lines}
    assert lines["04.softmax"] == "passed"
    assert lines["04.attend"] == "wrong"
    assert lines["04.lead_for_share"] is None


def test_an_import_keeps_ticks_and_adds_those_of_the_file(rules):
    later = "2027-01-01T00:00:00Z"
    other = {
        "exercises": {},
        "read": {"05": later},
        "ticks": {"04.softmax": later, "05.a": later},
    }
    made = rules("merge", STATE, other)
    assert made["ticks"] == 2 and made["changed"] == []
    assert made["state"]["ticks"] == {**STATE["ticks"], "05.a": later}
    assert made["state"]["read"] == {"04": NOW, "05": later}


def test_a_tick_that_is_none_is_left_out_and_named(rules):
    text = file(
        ticks={"04.softmax": NOW, "04.attend": "yesterday", "__proto__": NOW},
        read={"4": NOW, "04": NOW},
    )
    found = rules("parse", text.replace("attend", "at\\u202etend"))
    assert found["state"]["ticks"] == {"04.softmax": NOW}
    assert found["state"]["read"] == {"04": NOW}
    assert found["refused"] == [
        "ticks: 04.at\u202etend",
        "ticks: __proto__",
        "read: 4",
    ]
    assert rules("parse", file(ticks=7))["refused"] == ["ticks"]


def test_together_they_stay_a_file_that_the_package_reads(rules):
    def many(first):
        return {
            **STATE,
            "exercises": {
                f"01.a{n}": PASSED for n in range(first, first + 1500)
            },
        }

    with pytest.raises(ValueError, match="more than 2000"):
        rules("merge", many(0), many(1500))
    long = {**WRONG, "last_diagnosis": "\u20ac" * 200}
    big = {**STATE, "exercises": {f"01.a{n}": long for n in range(900)}}
    with pytest.raises(ValueError, match="far too large"):
        rules("merge", STATE, big)


def test_counts_and_results_are_said_apart(rules):
    ids = ["04.softmax", "04.attend", "04.lead_for_share", "04.coincide"]
    assert rules("count", STATE, ids) == {"graded": 1, "ticked": 2, "total": 4}
    assert rules("graded", PASSED) == (
        "✓ graded: passed on 1 March 2026, 3 attempts"
    )
    assert rules(
        "graded", {**WRONG, "attempts": 1, "last_diagnosis": "off_by_one"}
    ) == ("✗ graded: not yet, 1 attempt, last diagnosis off_by_one")
    assert rules("graded", None) == ""
