"""Progress: no result is lost, whatever the file or the others do."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import sys
import time
from datetime import datetime

import pytest

from selfattn import _progress_file as store
from selfattn import exercises, record

OLD, NEW = "2026-01-02T03:04:05Z", "2026-05-06T07:08:09Z"


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    """As after a start of the kernel: nothing unsaved, nothing said."""
    monkeypatch.setattr(record, "_unsaved", [])
    monkeypatch.setattr(record, "_said", set())
    monkeypatch.setattr(record.atexit, "register", lambda f: f)


def stored(file) -> dict:
    data = json.loads(file.read_text("utf-8"))
    assert data["version"] == 1
    return data["exercises"]


def entry(status="wrong", attempts=1, last_at=OLD, diagnosis=None, **more):
    passed_at = last_at if status == "passed" else None
    return {
        "status": status,
        "attempts": attempts,
        "passed_at": passed_at,
        "last_at": last_at,
        "last_diagnosis": diagnosis,
        **more,
    }


def as_file(**entries) -> dict:
    named = {f"01.{name}": e for name, e in entries.items()}
    return {"version": 1, "exercises": named}


# --- one result -------------------------------------------------------------


def test_a_result_is_stored_with_its_time_and_diagnosis(progress_file):
    assert record.note_attempt("01.one_hot", "wrong", "columns") == ""
    found = stored(progress_file)["01.one_hot"]
    assert found["status"] == "wrong"
    assert found["attempts"] == 1
    assert found["passed_at"] is None
    assert found["last_diagnosis"] == "columns"
    datetime.strptime(found["last_at"], "%Y-%m-%dT%H:%M:%SZ")


def test_a_pass_is_never_taken_back(progress_file, monkeypatch):
    times = iter([OLD, NEW])
    monkeypatch.setattr(record, "_now", lambda: next(times))
    record.note_attempt("01.one_hot", "passed", None)
    record.note_attempt("01.one_hot", "wrong", "columns")
    assert stored(progress_file)["01.one_hot"] == {
        "status": "passed",
        "attempts": 2,
        "passed_at": OLD,
        "last_at": NEW,
        "last_diagnosis": "columns",
    }


def test_an_error_after_a_wrong_answer_is_the_latest_state(progress_file):
    record.note_attempt("01.one_hot", "wrong", "columns")
    record.note_attempt("01.one_hot", "error", None)
    found = stored(progress_file)["01.one_hot"]
    assert (found["status"], found["attempts"]) == ("error", 2)


@pytest.mark.parametrize(
    ("name", "status"),
    [("01.one_hot", "todo"), ("", "passed"), ("<b>", "passed"),
     ("../../x", "wrong"), (None, "passed"), ("01.one_hot", None)],
)  # fmt: skip
def test_what_is_not_an_attempt_leaves_no_file(progress_file, name, status):
    assert record.note_attempt(name, status, None) == ""
    assert not progress_file.exists()


def test_a_bug_in_storing_never_reaches_the_reader(monkeypatch):
    monkeypatch.setattr(store, "read", lambda file: 1 / 0)
    note = record.note_attempt("01.one_hot", "passed", None)
    assert "could not be stored" in note


def test_on_colab_the_export_is_offered_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert record.note_attempt("01.one_hot", "wrong", None) == ""
    note = record.note_attempt("01.one_hot", "passed", None)
    assert "Colab" in note and "export" in note
    assert record.note_attempt("01.embed", "passed", None) == ""


# --- where ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "~/.local/share/selfattn/progress.json"),
        ("linux", {"XDG_DATA_HOME": "/x"}, "/x/selfattn/progress.json"),
        ("darwin", {}, "~/Library/Application Support/selfattn/progress.json"),
        ("win32", {"APPDATA": "/app"}, "/app/selfattn/progress.json"),
        ("linux", {"SELFATTN_PROGRESS": "~/mine.json"}, "~/mine.json"),
    ],
)
def test_each_system_keeps_it_where_it_belongs(
    monkeypatch, platform, variables, expected
):
    for name in ("SELFATTN_PROGRESS", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(record.sys, "platform", platform)
    assert str(record.path()) == os.path.expanduser(expected)


# --- several processes ------------------------------------------------------


def _fifty_results(number: int) -> None:
    for i in range(50):
        name = f"01.from_{number}_{i % 10}"
        note = record.note_attempt(name, "wrong", str(number))
        assert note == "", note
        record.note_attempt("01.shared", "wrong", str(number))


def test_two_processes_lose_none_of_each_others_results(progress_file):
    # Not forked from here, as pytest may run threads.
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_fifty_results, args=(n,)) for n in (1, 2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    found = stored(progress_file)
    assert found.pop("01.shared")["attempts"] == 100
    assert len(found) == 20
    assert {e["attempts"] for e in found.values()} == {5}
    left = {f.name for f in progress_file.parent.iterdir()}
    assert left == {"progress.json", "progress.json.lock"}


def test_a_result_that_meets_a_held_lock_is_written_with_the_next(
    progress_file, monkeypatch
):
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.05)
    record.note_attempt("01.embed", "wrong", None)
    with store.locked(progress_file):
        start = time.monotonic()
        note = record.note_attempt("01.one_hot", "passed", None)
        assert time.monotonic() - start < 2
        assert "Another notebook" in note
        assert record.note_attempt("01.one_hot", "wrong", None) == ""
        assert "01.one_hot" not in stored(progress_file)
        assert "1 of" in repr(record.progress())
    record.note_attempt("01.embed", "wrong", None)
    found = stored(progress_file)
    assert found["01.one_hot"]["status"] == "passed"
    assert found["01.one_hot"]["attempts"] == 2
    assert found["01.embed"]["attempts"] == 2


def test_a_write_that_breaks_off_leaves_the_old_file(
    progress_file, monkeypatch
):
    record.note_attempt("01.one_hot", "passed", None)
    before = progress_file.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store.os, "fsync", full)
        note = record.note_attempt("01.embed", "passed", None)
    assert "No space left" in note
    assert progress_file.read_bytes() == before
    assert not list(progress_file.parent.glob("*.tmp"))
    assert not list(progress_file.parent.glob(".*.tmp"))
    record.note_attempt("01.embed", "wrong", None)
    assert stored(progress_file)["01.embed"]["status"] == "passed"


# --- files that are not understood ------------------------------------------

NOT_PROGRESS = {
    "empty": b"",
    "cut off": b'{"version": 1, "exercises": {"01.one',
    "not text": b"\xff\xfe\x00\x80",
    "a list": b"[]",
    "no version": b'{"exercises": {}}',
    "newer": b'{"version": 2, "exercises": {}, "more": 1}',
    "version is true": b'{"version": true, "exercises": {}}',
    "exercises is a list": b'{"version": 1, "exercises": []}',
    "too deep": b"[" * 100_000,
    "a number with too many digits": b"1" * 10_000,
    "too large": b'{"version": 1, "x": "' + b"y" * 2_000_000 + b'"}',
    "too many": json.dumps(
        {"version": 1,
         "exercises": {f"01.x{i}": entry() for i in range(2001)}}
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", NOT_PROGRESS.values(), ids=NOT_PROGRESS)
def test_a_file_that_is_not_understood_is_set_aside(progress_file, content):
    progress_file.parent.mkdir()
    progress_file.write_bytes(content)
    note = record.note_attempt("01.one_hot", "passed", None)
    assert "set aside" in note
    assert stored(progress_file)["01.one_hot"]["status"] == "passed"
    (kept,) = progress_file.parent.glob("progress.set-aside-*.json")
    assert kept.read_bytes() == content
    assert kept.name in note


def test_a_newer_file_is_named_as_newer(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_bytes(NOT_PROGRESS["newer"])
    note = record.note_attempt("01.one_hot", "passed", None)
    assert "newer version" in note


def test_files_set_aside_in_one_second_are_all_kept(
    progress_file, monkeypatch
):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(store, "datetime", Clock)
    contents = [f"damaged {i}" for i in range(4)]
    for i, content in enumerate(contents):
        progress_file.parent.mkdir(exist_ok=True)
        progress_file.write_text(content)
        record.note_attempt("01.one_hot", "wrong", str(i))
    kept = list(progress_file.parent.glob("progress.set-aside-*.json"))
    assert sorted(f.read_text() for f in kept) == contents


def test_damaged_entries_do_not_cost_the_good_ones(progress_file):
    data = as_file(one_hot=entry("passed"), embed={"status": "passed"})
    progress_file.parent.mkdir()
    progress_file.write_text(json.dumps(data))
    note = record.note_attempt("01.ppmi", "wrong", None)
    assert "1 of its entries is damaged" in note
    assert set(stored(progress_file)) == {"01.one_hot", "01.ppmi"}
    (kept,) = progress_file.parent.glob("progress.set-aside-*.json")
    assert json.loads(kept.read_text()) == data


def test_progress_also_sets_a_damaged_file_aside(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text("{")
    assert "set aside" in " ".join(repr(record.progress()).split())
    assert not progress_file.exists()


# --- folders that cannot be written -----------------------------------------


def unwritable(tmp_path, monkeypatch):
    """A path below a file: nobody can make that folder, not even root."""
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "selfattn" / "progress.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(target))
    return target


def test_without_a_writable_folder_the_session_keeps_the_score(
    tmp_path, monkeypatch
):
    target = unwritable(tmp_path, monkeypatch)
    note = record.note_attempt("01.one_hot", "passed", None)
    assert str(target) in note and "SELFATTN_PROGRESS" in note
    assert record.note_attempt("01.one_hot", "wrong", None) == ""
    shown = record.progress()
    assert shown.done == 1
    exported = shown.export(tmp_path / "out.json")
    assert stored(exported)["01.one_hot"]["attempts"] == 2


def test_what_could_not_be_written_is_written_elsewhere_later(
    tmp_path, monkeypatch
):
    unwritable(tmp_path, monkeypatch)
    record.note_attempt("01.one_hot", "passed", None)
    good = tmp_path / "good.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(good))
    record.note_attempt("01.one_hot", "wrong", None)
    assert stored(good)["01.one_hot"]["attempts"] == 2
    assert stored(good)["01.one_hot"]["status"] == "passed"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes"
)
def test_a_read_only_folder_can_still_be_read(progress_file):
    record.note_attempt("01.one_hot", "passed", None)
    progress_file.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "memory" in record.note_attempt("01.embed", "passed", None)
        assert record.progress().done == 2
    finally:
        progress_file.parent.chmod(stat.S_IRWXU)


def test_a_folder_in_the_files_place_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SELFATTN_PROGRESS", str(tmp_path))
    assert "could not be written" in record.note_attempt(
        "01.one_hot", "passed", None
    )
    assert tmp_path.is_dir()


# --- the table ---------------------------------------------------------------


def test_progress_says_of_each_exercise_what_became_of_it():
    record.note_attempt("01.one_hot", "passed", None)
    for _ in range(3):
        record.note_attempt("01.embed", "wrong", None)
    text = repr(record.progress())
    lines = {line.split()[0]: line for line in text.split("\n") if line}
    assert lines["01.one_hot"].endswith("passed")
    assert lines["01.embed"].endswith("tried 3 times")
    assert lines["01.ppmi"].endswith("not yet")
    assert max(map(len, text.split("\n"))) <= 79
    n = sum(e.chapter == 1 for e in exercises.all())
    assert f"Chapter 01: 1 of {n}" in text


def test_the_table_is_a_table_for_a_screen_reader():
    page = record.progress()._repr_mimebundle_()["text/html"]
    assert page.count("<caption") == 1
    assert 'scope="col"' in page and 'scope="rowgroup"' in page
    assert page.count("<tbody>") == page.count("rowgroup") > 0
    assert "<script" not in page


def test_without_torch_its_exercises_are_counted_and_named(monkeypatch):
    torch_ids = ["05.heads_module", "06.rotary_module"]
    monkeypatch.setattr(exercises, "needing_torch", lambda: torch_ids)
    shown = record.progress()
    text = " ".join(repr(shown).split())
    assert "05.heads_module needs torch" in text
    assert "torch is not installed" in text
    assert shown.total == len(exercises.all()) + 2


def test_unknown_exercises_are_kept_but_not_shown(progress_file):
    record.note_attempt("99.from_a_later_edition", "passed", None)
    record.note_attempt("01.one_hot", "passed", None)
    shown = record.progress()
    assert shown.done == 1
    assert "99.from" not in repr(shown)
    assert "99.from_a_later_edition" in stored(progress_file)


# --- export and import -------------------------------------------------------


def test_what_is_exported_can_be_imported_elsewhere(
    tmp_path, monkeypatch, progress_file
):
    record.note_attempt("01.one_hot", "passed", None)
    record.note_attempt("01.embed", "wrong", "off_by_one")
    exported = record.export_progress(tmp_path / "out.json")
    monkeypatch.setenv("SELFATTN_PROGRESS", str(tmp_path / "b" / "p.json"))
    result = record.import_progress(exported)
    assert set(result.changed) == {"01.one_hot", "01.embed"}
    assert stored(tmp_path / "b" / "p.json") == stored(progress_file)
    assert record.import_progress(str(exported)).changed == {}


@pytest.mark.parametrize("swapped", [False, True])
def test_merging_keeps_the_best_of_both(progress_file, swapped):
    one = entry("passed", 2, OLD, "columns", passed_at=OLD)
    two = entry("passed", 5, NEW, "rows", passed_at=NEW)
    first, second = (two, one) if swapped else (one, two)
    record.import_progress(as_file(one_hot=first))
    record.import_progress(as_file(one_hot=second))
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
        record.import_progress(as_file(one_hot=one))
    found = stored(progress_file)["01.one_hot"]
    assert (found["status"], found["passed_at"]) == ("passed", OLD)
    assert (found["attempts"], found["last_at"]) == (9, NEW)


def test_import_takes_text_and_objects_as_well(progress_file):
    record.import_progress(json.dumps(as_file(one_hot=entry("passed"))))
    record.import_progress(as_file(embed=entry("passed")))
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
    result = record.import_progress(text)
    assert result.refused == ("01.embed",)
    assert set(stored(progress_file)) == {"01.one_hot"}
    assert "malformed" in repr(result)


@pytest.mark.parametrize(
    "name", ["<script>", "../etc", "01.", "01.A", "1.x", "", "01.x\n",
             "01." + "x" * 100, "０１.x"]
)  # fmt: skip
def test_ids_that_are_none_are_refused(progress_file, name):
    data = {"version": 1, "exercises": {name: entry("passed")}}
    result = record.import_progress(json.dumps(data))
    assert len(result.refused) == 1 and not result.changed


def test_extra_fields_of_an_entry_are_dropped(progress_file):
    record.import_progress(as_file(one_hot=entry("passed", evil="x" * 999)))
    assert "evil" not in stored(progress_file)["01.one_hot"]


@pytest.mark.parametrize("content", NOT_PROGRESS.values(), ids=NOT_PROGRESS)
def test_importing_something_else_is_refused_and_changes_nothing(
    tmp_path, progress_file, content
):
    record.note_attempt("01.one_hot", "passed", None)
    before = progress_file.read_bytes()
    source = tmp_path / "in.json"
    source.write_bytes(content)
    with pytest.raises(ValueError, match="progress to import must be"):
        record.import_progress(source)
    assert source.read_bytes() == content
    assert progress_file.read_bytes() == before


@pytest.mark.parametrize(
    "n, diagnosis", [(2000, None), (900, "\N{SNOWMAN}" * 190)]
)
def test_what_no_file_could_hold_is_refused_and_nothing_is_lost(
    progress_file, n, diagnosis
):
    one = entry(diagnosis=diagnosis)
    record.import_progress(as_file(kept=entry("passed")))
    before = progress_file.read_bytes()
    with pytest.raises(ValueError, match=f"got {n + 1} exercises together"):
        record.import_progress(as_file(**{f"x{i}": one for i in range(n)}))
    assert progress_file.read_bytes() == before


def test_importing_from_nowhere_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        record.import_progress(tmp_path / "none.json")
    with pytest.raises(TypeError, match="path or its text"):
        record.import_progress(3)


def test_an_import_that_cannot_be_written_counts_in_this_session(
    tmp_path, monkeypatch
):
    unwritable(tmp_path, monkeypatch)
    result = record.import_progress(as_file(one_hot=entry("passed", 4)))
    assert "could not be written" in repr(result)
    shown = record.progress()
    assert shown.done == 1
    out = stored(shown.export(tmp_path / "out.json"))
    assert out["01.one_hot"]["attempts"] == 4


def test_an_export_never_overwrites_something_else(tmp_path):
    other = tmp_path / "thesis.json"
    other.write_text('{"chapter": 1}')
    with pytest.raises(ValueError, match="choose another name"):
        record.export_progress(other)
    assert other.read_text() == '{"chapter": 1}'
    record.export_progress(tmp_path / "new.json")
    record.export_progress(tmp_path / "new.json")
