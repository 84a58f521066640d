"""Progress goes to a file and comes back: the better of both wins."""

from __future__ import annotations

import json

import pytest
from progress_files import (
    NEW,
    NOT_PROGRESS,
    OLD,
    as_file,
    entry,
    stored,
    unwritable,
)

from selfattn import progress

pytestmark = pytest.mark.usefixtures("fresh_session")

# --- export and import -------------------------------------------------------


def test_what_is_exported_can_be_imported_elsewhere(
    tmp_path, monkeypatch, progress_file
):
    progress.note_attempt("01.one_hot", "passed", None)
    progress.note_attempt("01.embed", "wrong", "off_by_one")
    exported = progress().export(tmp_path / "out.json")
    monkeypatch.setenv("SELFATTN_PROGRESS", str(tmp_path / "b" / "p.json"))
    result = progress.load(exported)
    assert set(result.changed) == {"01.one_hot", "01.embed"}
    assert stored(tmp_path / "b" / "p.json") == stored(progress_file)
    assert progress.load(str(exported)).changed == {}


@pytest.mark.parametrize("swapped", [False, True])
def test_merging_keeps_the_best_of_both(progress_file, swapped):
    one = entry("passed", 2, OLD, "columns", passed_at=OLD)
    two = entry("passed", 5, NEW, "rows", passed_at=NEW)
    first, second = (two, one) if swapped else (one, two)
    progress.load(as_file(one_hot=first))
    progress.load(as_file(one_hot=second))
    assert stored(progress_file)["01.one_hot"] == {
        "status": "passed",
        "attempts": 5,
        "passed_at": OLD,
        "last_at": NEW,
        "last_diagnosis": "rows",
    }


@pytest.mark.parametrize("swapped", [False, True])
def test_merging_never_takes_a_pass_back(progress_file, swapped):
    both = [entry("passed", 1, OLD), entry("wrong", 9, NEW, "rows")]
    for one in both[:: -1 if swapped else 1]:
        progress.load(as_file(one_hot=one))
    found = stored(progress_file)["01.one_hot"]
    assert (found["status"], found["passed_at"]) == ("passed", OLD)
    assert (found["attempts"], found["last_at"]) == (9, NEW)


def test_import_takes_text_and_objects_as_well(progress_file):
    progress.load(json.dumps(as_file(one_hot=entry("passed"))))
    progress.load(as_file(embed=entry("passed")))
    assert set(stored(progress_file)) == {"01.one_hot", "01.embed"}


BAD_ENTRIES = {
    "not an object": 3,
    "no status": {},
    "unknown status": entry("solved"),
    "status is a list": {**entry(), "status": ["passed"]},
    "attempts below one": entry(attempts=0),
    "attempts beyond reason": entry(attempts=10**9),
    "attempts is true": entry(attempts=True),
    "attempts is a fraction": entry(attempts=1.5),
    "attempts is not a number": {**entry(), "attempts": float("nan")},
    "a pass without its time": {**entry("passed"), "passed_at": None},
    "a time of a wrong answer": {**entry(), "passed_at": OLD},
    "no such day": entry(last_at="2026-02-30T00:00:00Z"),
    "no time at all": entry(last_at="yesterday"),
    "time is a number": entry(last_at=1700000000),
    "a long diagnosis": entry(diagnosis="x" * 201),
    "diagnosis is an object": entry(diagnosis={"a": 1}),
}


@pytest.mark.parametrize("bad", BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_a_malformed_entry_is_left_out_and_named(progress_file, bad):
    text = json.dumps(as_file(embed=bad, one_hot=entry("passed")))
    result = progress.load(text)
    assert result.refused == ("01.embed",)
    assert set(stored(progress_file)) == {"01.one_hot"}
    assert "malformed" in repr(result)


@pytest.mark.parametrize(
    "name", ["<script>", "../etc", "01.", "01.A", "1.x", "", "01.x\n",
             "01." + "x" * 100, "０１.x"]
)  # fmt: skip
def test_ids_that_are_none_are_refused(progress_file, name):
    data = {"version": 1, "exercises": {name: entry("passed")}}
    result = progress.load(json.dumps(data))
    assert len(result.refused) == 1 and not result.changed


def test_extra_fields_of_an_entry_are_dropped(progress_file):
    progress.load(as_file(one_hot=entry("passed", evil="x" * 999)))
    assert "evil" not in stored(progress_file)["01.one_hot"]


@pytest.mark.parametrize("content", NOT_PROGRESS.values(), ids=NOT_PROGRESS)
def test_importing_something_else_is_refused_and_changes_nothing(
    tmp_path, progress_file, content
):
    progress.note_attempt("01.one_hot", "passed", None)
    before = progress_file.read_bytes()
    source = tmp_path / "in.json"
    source.write_bytes(content)
    with pytest.raises(ValueError, match="progress to import must be"):
        progress.load(source)
    assert source.read_bytes() == content
    assert progress_file.read_bytes() == before


@pytest.mark.parametrize(
    "n, diagnosis", [(2000, None), (900, "\N{SNOWMAN}" * 190)]
)
def test_what_no_file_could_hold_is_refused_and_nothing_is_lost(
    progress_file, n, diagnosis
):
    one = entry(diagnosis=diagnosis)
    progress.load(as_file(kept=entry("passed")))
    before = progress_file.read_bytes()
    with pytest.raises(ValueError, match=f"got {n + 1} exercises together"):
        progress.load(as_file(**{f"x{i}": one for i in range(n)}))
    assert progress_file.read_bytes() == before


def test_importing_from_nowhere_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        progress.load(tmp_path / "none.json")
    with pytest.raises(TypeError, match="path or its text"):
        progress.load(3)


def test_an_import_that_cannot_be_written_counts_in_this_session(
    tmp_path, monkeypatch
):
    unwritable(tmp_path, monkeypatch)
    result = progress.load(as_file(one_hot=entry("passed", 4)))
    assert "could not be written" in repr(result)
    shown = progress()
    assert shown.done == 1
    out = stored(shown.export(tmp_path / "out.json"))
    assert out["01.one_hot"]["attempts"] == 4


def test_what_was_imported_is_no_attempt_more_but_the_next_check_is(
    tmp_path, monkeypatch
):
    unwritable(tmp_path, monkeypatch)
    progress.note_attempt("01.one_hot", "wrong", None)
    progress.load(as_file(one_hot=entry("passed", 4)))
    progress.note_attempt("01.one_hot", "wrong", None)
    good = tmp_path / "good.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(good))
    progress.note_attempt("01.embed", "wrong", None)
    found = stored(good)["01.one_hot"]
    assert (found["status"], found["attempts"]) == ("passed", 5)


def test_an_export_never_overwrites_something_else(tmp_path):
    other = tmp_path / "thesis.json"
    other.write_text('{"chapter": 1}')
    with pytest.raises(ValueError, match="choose another name"):
        progress().export(other)
    assert other.read_text() == '{"chapter": 1}'
    progress().export(tmp_path / "new.json")
    progress().export(tmp_path / "new.json")
