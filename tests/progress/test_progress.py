"""Progress: results are counted, kept and shown, by several at once."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from datetime import datetime

import pytest
from progress_files import NEW, OLD, stored

from selfattn import exercises, progress
from selfattn.progress import file, session

pytestmark = pytest.mark.usefixtures("fresh_session")

# --- one result -------------------------------------------------------------


def test_a_result_is_stored_with_its_time_and_diagnosis(progress_file):
    assert progress.note_attempt("01.one_hot", "wrong", "columns") == ""
    found = stored(progress_file)["01.one_hot"]
    assert found["status"] == "wrong"
    assert found["attempts"] == 1
    assert found["passed_at"] is None
    assert found["last_diagnosis"] == "columns"
    datetime.strptime(found["last_at"], "%Y-%m-%dT%H:%M:%SZ")


def test_a_pass_is_never_taken_back(progress_file, monkeypatch):
    times = iter([OLD, NEW])
    monkeypatch.setattr(session, "_now", lambda: next(times))
    progress.note_attempt("01.one_hot", "passed", None)
    progress.note_attempt("01.one_hot", "wrong", "columns")
    assert stored(progress_file)["01.one_hot"] == {
        "status": "passed",
        "attempts": 2,
        "passed_at": OLD,
        "last_at": NEW,
        "last_diagnosis": "columns",
    }


def test_an_error_after_a_wrong_answer_is_the_latest_state(progress_file):
    progress.note_attempt("01.one_hot", "wrong", "columns")
    progress.note_attempt("01.one_hot", "error", None)
    found = stored(progress_file)["01.one_hot"]
    assert (found["status"], found["attempts"]) == ("error", 2)


@pytest.mark.parametrize(
    ("name", "status"),
    [("01.one_hot", "todo"), ("", "passed"), ("<b>", "passed"),
     ("../../x", "wrong"), (None, "passed"), ("01.one_hot", None)],
)  # fmt: skip
def test_what_is_not_an_attempt_leaves_no_file(progress_file, name, status):
    assert progress.note_attempt(name, status, None) == ""
    assert not progress_file.exists()


def test_a_bug_in_storing_never_reaches_the_reader(monkeypatch):
    monkeypatch.setattr(file, "read", lambda file: 1 / 0)
    note = progress.note_attempt("01.one_hot", "passed", None)
    assert "could not be stored" in note


def test_on_colab_the_export_is_offered_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert progress.note_attempt("01.one_hot", "wrong", None) == ""
    note = progress.note_attempt("01.one_hot", "passed", None)
    assert "Colab" in note and "export" in note
    assert progress.note_attempt("01.embed", "passed", None) == ""


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
    monkeypatch.setattr(session.sys, "platform", platform)
    assert str(progress.path()) == os.path.expanduser(expected)


# --- several processes ------------------------------------------------------


def _fifty_results(number: int) -> None:
    for i in range(50):
        name = f"01.from_{number}_{i % 10}"
        note = progress.note_attempt(name, "wrong", str(number))
        assert note == "", note
        progress.note_attempt("01.shared", "wrong", str(number))


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
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.05)
    progress.note_attempt("01.embed", "wrong", None)
    with file.locked(progress_file):
        start = time.monotonic()
        note = progress.note_attempt("01.one_hot", "passed", None)
        assert time.monotonic() - start < 2
        assert "Another notebook" in note
        assert progress.note_attempt("01.one_hot", "wrong", None) == ""
        assert "01.one_hot" not in stored(progress_file)
        assert "1 of" in repr(progress())
    progress.note_attempt("01.embed", "wrong", None)
    found = stored(progress_file)
    assert found["01.one_hot"]["status"] == "passed"
    assert found["01.one_hot"]["attempts"] == 2
    assert found["01.embed"]["attempts"] == 2


def test_a_write_that_breaks_off_leaves_the_old_file(
    progress_file, monkeypatch
):
    progress.note_attempt("01.one_hot", "passed", None)
    before = progress_file.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(file.os, "fsync", full)
        note = progress.note_attempt("01.embed", "passed", None)
    assert "No space left" in note
    assert progress_file.read_bytes() == before
    assert not list(progress_file.parent.glob("*.tmp"))
    assert not list(progress_file.parent.glob(".*.tmp"))
    progress.note_attempt("01.embed", "wrong", None)
    assert stored(progress_file)["01.embed"]["status"] == "passed"


# --- the table ---------------------------------------------------------------


def test_progress_says_of_each_exercise_what_became_of_it():
    progress.note_attempt("01.one_hot", "passed", None)
    for _ in range(3):
        progress.note_attempt("01.embed", "wrong", None)
    text = repr(progress())
    lines = {line.split()[0]: line for line in text.split("\n") if line}
    assert lines["01.one_hot"].endswith("passed")
    assert lines["01.embed"].endswith("tried 3 times")
    assert lines["01.ppmi"].endswith("not yet")
    assert max(map(len, text.split("\n"))) <= 79
    n = sum(e.chapter == 1 for e in exercises.all())
    assert f"Chapter 01: 1 of {n}" in text


def test_the_table_is_a_table_for_a_screen_reader():
    page = progress()._repr_mimebundle_()["text/html"]
    assert page.count("<caption") == 1
    assert 'scope="col"' in page and 'scope="rowgroup"' in page
    assert page.count("<tbody>") == page.count("rowgroup") > 0
    assert "<script" not in page


def test_without_torch_its_exercises_are_counted_and_named(monkeypatch):
    torch_ids = ["05.heads_module", "06.rotary_module"]
    monkeypatch.setattr(exercises, "needing_torch", lambda: torch_ids)
    shown = progress()
    text = " ".join(repr(shown).split())
    assert "05.heads_module needs torch" in text
    assert "torch is not installed" in text
    assert shown.total == len(exercises.all()) + 2


def test_unknown_exercises_are_kept_but_not_shown(progress_file):
    progress.note_attempt("99.from_a_later_edition", "passed", None)
    progress.note_attempt("01.one_hot", "passed", None)
    shown = progress()
    assert shown.done == 1
    assert "99.from" not in repr(shown)
    assert "99.from_a_later_edition" in stored(progress_file)


# --- the name ----------------------------------------------------------------

ORDERS = {
    "alone": "",
    "after its package": "import selfattn.progress",
    "after a part of it": "from selfattn.progress import table",
    "after a check": "import selfattn; selfattn.check",
    "after reading it": "import selfattn; selfattn.progress",
    "after loading it again": (
        "import importlib, selfattn.progress as p; importlib.reload(p)"
    ),
}


@pytest.mark.parametrize("before", ORDERS.values(), ids=ORDERS)
def test_progress_can_be_called_whatever_was_imported_before(before):
    # To load torch takes two seconds, and it is another matter.
    code = "import sys; sys.modules['torch'] = None\n" + before
    code += (
        "\nfrom selfattn import progress\n"
        "import selfattn\n"
        "assert selfattn.progress is progress\n"
        "assert progress().done == 0 == progress.load({'version': 1,"
        " 'exercises': {}}).given\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
