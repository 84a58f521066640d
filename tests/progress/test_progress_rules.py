"""The page's rules of progress are the package's: held side by side."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from progress_rules import NOW, PASSED, WRONG, Rules, file

from selfattn import progress
from selfattn.exercises.find import RENAMED
from selfattn.progress import Imported
from selfattn.progress import entries as known
from selfattn.progress import file as kept


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


# ------------------------------------------------- anything that JSON holds
# JavaScript cannot tell 3.0 from 3, so no float here is a whole number.

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2_000_000),
    st.sampled_from([0.5, -1.5, 1.25, 2**70, -(2**70)]),
    st.text(max_size=8),
    st.text("é\U0001f600\ud800", min_size=199, max_size=202),
)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=6), inner, max_size=3),
    ),
    max_leaves=5,
)
times = st.one_of(
    st.datetimes().map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)),
    st.from_regex(
        r"[0-2]0[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:"
        r"[0-6][0-9]:[0-6][0-9]Z",
        fullmatch=True,
    ),
    st.sampled_from(
        [
            "2024-02-29T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2000-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-03-01 10:00:00Z",
            NOW + "\n",
            NOW[:-1],
            "",
        ]
    ),
)
ids = st.one_of(
    st.from_regex(r"[0-9]{2}\.[a-z][a-z0-9_]{0,12}", fullmatch=True),
    st.sampled_from(
        [
            "04.softmax",
            "04.softmax\n",
            "4.softmax",
            "04.",
            "04.A",
            "04." + "a" * 61,
            "04." + "a" * 62,
            "__proto__",
            "constructor",
            "toString",
            "",
            "٠4.softmax",
        ]
    ),
    st.text(max_size=70),
)
good_times = times.filter(known._is_time)


@st.composite
def entries(draw):
    status = draw(st.sampled_from(["passed", "wrong", "error"]))
    return {
        "status": status,
        "attempts": draw(st.integers(1, known.MAX_ATTEMPTS)),
        "passed_at": draw(good_times) if status == "passed" else None,
        "last_at": draw(good_times),
        "last_diagnosis": draw(st.one_of(st.none(), st.text(max_size=5))),
    }


@st.composite
def damaged(draw):
    """An entry with one part replaced, left out or added."""
    entry = draw(entries())
    part = draw(st.sampled_from([*entry, "__proto__", "extra"]))
    if draw(st.booleans()):
        entry.pop(part, None)
    else:
        entry[part] = draw(st.one_of(junk, times))
    return entry


exercises = st.dictionaries(
    ids, st.one_of(entries(), damaged(), junk), max_size=4
)


def by_package(text: str):
    try:
        return known.parse(text)
    except ValueError as problem:
        return str(problem)


def by_page(rules: Rules, text: str):
    try:
        found = rules("parse", text)
    except ValueError as problem:
        return str(problem)
    return found["state"]["exercises"], found["refused"]


@settings(deadline=None, max_examples=200)
@given(exercises)
def test_the_same_entries_are_good(rules, given):
    text = file(given)
    taken, refused = by_page(rules, text)
    entries, left = by_package(text)
    assert (taken, sorted(refused)) == (entries, sorted(left))


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize(
    ("part", "last", "beyond"),
    [
        ("last_diagnosis", "\U0001f600" * 200, "\U0001f600" * 201),
        ("attempts", 1, 0),
        ("attempts", known.MAX_ATTEMPTS, known.MAX_ATTEMPTS + 1),
        ("attempts", 1, True),
        ("last_at", "2024-02-29T23:59:59Z", "2023-02-29T23:59:59Z"),
        ("last_at", "2000-02-29T00:00:00Z", "1900-02-29T00:00:00Z"),
        ("last_at", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("passed_at", NOW, None),
        ("status", "passed", "correct"),
    ],
)
def test_both_draw_the_line_at_the_same_place(rules, part, last, beyond, good):
    text = file({"04.a": {**PASSED, part: last if good else beyond}})
    assert by_page(rules, text) == by_package(text)
    assert by_page(rules, text)[1] == ([] if good else ["04.a"])


@settings(deadline=None, max_examples=100)
@given(
    st.one_of(
        junk,
        st.fixed_dictionaries({"version": junk}, optional={"exercises": junk}),
        st.fixed_dictionaries(
            {
                "version": st.sampled_from([1, 2, 0, -1, True]),
                "exercises": junk,
            }
        ),
    )
)
def test_the_same_files_are_refused_in_the_same_words(rules, given):
    text = json.dumps(given)
    ours, theirs = by_page(rules, text), by_package(text)
    if isinstance(theirs, str):
        assert ours == theirs
    else:
        assert ours[0] == theirs[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nonsense",
        "[]",
        "null",
        '"{}"',
        "\ufeff" + file(),
        file({f"01.a{n}": PASSED for n in range(2001)}),
        '{"version": 1}',
        '{"version": 2, "exercises": {}}',
        '{"version": 1.5}',
        '{"version": "1"}',
        '{"version": 1, "exercises": []}',
    ],
)
def test_what_is_no_file_is_refused_in_the_packages_words(rules, text):
    ours = by_page(rules, text)
    assert isinstance(ours, str) and ours == by_package(text)


def test_a_number_beyond_all_bounds_is_no_attempt(rules):
    huge = file({"04.softmax": PASSED}).replace(": 3", ": 1" + "0" * 400)
    assert by_page(rules, huge) == ({}, ["04.softmax"])


def test_deep_nesting_and_a_huge_text_do_no_harm(rules):
    deep = '{"version": 1, "exercises": {"04.a": ' + "[" * 9000 + "]" * 9000
    assert by_page(rules, deep + "}}") in ("it is not JSON", ({}, ["04.a"]))
    with pytest.raises(ValueError, match="far too large"):
        rules("parse", " " * (known.MAX_BYTES + 1))


@settings(deadline=None, max_examples=150)
@given(entries(), entries())
def test_two_records_become_the_same_one(rules, first, second):
    assert rules("best", first, second) == known.best(first, second)
    assert rules("best", None, second) == second


@settings(deadline=None, max_examples=150)
@given(entries(), entries())
def test_one_more_attempt_makes_the_same_entry(rules, entry, attempt):
    assert rules("added", entry, attempt) == known.added(entry, attempt)
    assert rules("added", None, attempt) == known.added(None, attempt)


def test_checks_on_the_page_count_as_the_packages_do(
    rules, tmp_path, monkeypatch
):
    target = tmp_path / "progress.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(target))
    state = rules.eval("bookProgress.fresh()")
    checks = [
        ("04.softmax", "todo", None),
        ("04.softmax", "wrong", "no_shift"),
        ("04.softmax", "error", None),
        ("no id", "passed", None),
        ("04.softmax", "passed", None),
        ("04.attend", "cheated", None),
        ("04.softmax", "wrong", "wrong_axis"),
        ("04.softmax", "passed", None),
        ("02.output_kind", "passed", None),
    ]
    for second, (name, status, diagnosis) in enumerate(checks):
        at = NOW.replace("00Z", f"{second:02}Z")
        monkeypatch.setattr(progress.session, "_now", lambda at=at: at)
        progress.note_attempt(name, status, diagnosis)
        state = rules("noted", state, name, status, diagnosis, at)
    assert rules("write", state) == target.read_text("utf8")
    made = state["exercises"]["04.softmax"]
    assert (made["status"], made["attempts"]) == ("passed", 5)
    assert made["passed_at"] == NOW.replace("00Z", "04Z")


@settings(deadline=None, max_examples=40)
@given(st.lists(entries(), max_size=4), st.lists(entries(), max_size=4))
def test_an_import_changes_what_the_packages_import_changes(
    rules, tmp_path_factory, mine, theirs
):
    mine = {f"01.a{n}": entry for n, entry in enumerate(mine)}
    theirs = {f"01.a{n}": entry for n, entry in enumerate(theirs, start=2)}
    state = {"exercises": mine, "ticks": {}, "read": {}}
    made = rules("merge", state, {**state, "exercises": theirs})
    target = tmp_path_factory.mktemp("reader") / "progress.json"
    kept.write(target, mine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFATTN_PROGRESS", str(target))
        done = progress.load(file(theirs))
    assert made["changed"] == sorted(done.changed)
    assert rules("write", made["state"]) == target.read_text("utf8")
    said = rules("imported", made, len(theirs), [])
    assert said == repr(done).replace("1 exercises", "1 exercise")


def test_what_was_refused_is_named_in_plain_letters(rules):
    made = {"changed": ["01.a"], "ticks": 2}
    said = rules("imported", made, 1, ["<b>", "\u202eevil"])
    assert said == (
        "1 of 1 exercise brought something new: 01.a. 2 ticks came too. "
        "2 malformed, left out: “<b>”, “\\u{202e}evil”."
    )
    assert repr(Imported({"01.a": {}}, 2)).startswith("1 of 2 exercises br")


# ----------------------------------------------------- exercises' old names


def test_the_page_knows_the_same_old_names(rules):
    assert rules.eval("bookProgress.RENAMED") == RENAMED


@pytest.mark.parametrize("swapped", [False, True])
def test_what_was_done_under_an_old_name_still_counts(rules, swapped):
    names = ["04.dominance", "04.lead_for_share"]
    old, new = names[:: -1 if swapped else 1]
    text = file({old: PASSED, new: WRONG}, ticks={"04.dominance": NOW})
    merged, refused = by_package(text)
    assert (list(merged), refused) == (["04.lead_for_share"], [])
    assert merged["04.lead_for_share"]["status"] == "passed"
    state = rules("parse", text)["state"]
    assert state["exercises"] == merged
    assert state["ticks"] == {"04.lead_for_share": NOW}
