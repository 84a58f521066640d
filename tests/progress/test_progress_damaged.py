"""No result is lost, whatever becomes of the file and its folder."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime

import pytest
from progress_files import NOT_PROGRESS, as_file, entry, stored, unwritable

from selfattn import progress
from selfattn.progress import file

pytestmark = pytest.mark.usefixtures("fresh_session")

# --- files that are not understood ------------------------------------------


@pytest.mark.parametrize("content", NOT_PROGRESS.values(), ids=NOT_PROGRESS)
def test_a_file_that_is_not_understood_is_set_aside(progress_file, content):
    progress_file.parent.mkdir()
    progress_file.write_bytes(content)
    note = progress.note_attempt("01.one_hot", "passed", None)
    assert "set aside" in note
    assert stored(progress_file)["01.one_hot"]["status"] == "passed"
    (kept,) = progress_file.parent.glob("progress.set-aside-*.json")
    assert kept.read_bytes() == content
    assert kept.name in note


def test_a_newer_file_is_named_as_newer(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_bytes(NOT_PROGRESS["newer"])
    note = progress.note_attempt("01.one_hot", "passed", None)
    assert "newer version" in note


def test_files_set_aside_in_one_second_are_all_kept(
    progress_file, monkeypatch
):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(file, "datetime", Clock)
    contents = [f"damaged {i}" for i in range(4)]
    for i, content in enumerate(contents):
        progress_file.parent.mkdir(exist_ok=True)
        progress_file.write_text(content)
        progress.note_attempt("01.one_hot", "wrong", str(i))
    kept = list(progress_file.parent.glob("progress.set-aside-*.json"))
    assert sorted(f.read_text() for f in kept) == contents


def test_damaged_entries_do_not_cost_the_good_ones(progress_file):
    data = as_file(one_hot=entry("passed"), embed={"status": "passed"})
    progress_file.parent.mkdir()
    progress_file.write_text(json.dumps(data))
    note = progress.note_attempt("01.ppmi", "wrong", None)
    assert "1 of its entries is damaged" in note
    assert set(stored(progress_file)) == {"01.one_hot", "01.ppmi"}
    (kept,) = progress_file.parent.glob("progress.set-aside-*.json")
    assert json.loads(kept.read_text()) == data


def test_progress_also_sets_a_damaged_file_aside(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text("{")
    assert "set aside" in " ".join(repr(progress()).split())
    assert not progress_file.exists()


# --- folders that cannot be written -----------------------------------------


def test_without_a_writable_folder_the_session_keeps_the_score(
    tmp_path, monkeypatch
):
    target = unwritable(tmp_path, monkeypatch)
    note = progress.note_attempt("01.one_hot", "passed", None)
    assert str(target) in note and "SELFATTN_PROGRESS" in note
    assert progress.note_attempt("01.one_hot", "wrong", None) == ""
    shown = progress()
    assert shown.done == 1
    exported = shown.export(tmp_path / "out.json")
    assert stored(exported)["01.one_hot"]["attempts"] == 2


def test_what_could_not_be_written_is_written_elsewhere_later(
    tmp_path, monkeypatch
):
    unwritable(tmp_path, monkeypatch)
    progress.note_attempt("01.one_hot", "passed", None)
    good = tmp_path / "good.json"
    monkeypatch.setenv("SELFATTN_PROGRESS", str(good))
    progress.note_attempt("01.one_hot", "wrong", None)
    assert stored(good)["01.one_hot"]["attempts"] == 2
    assert stored(good)["01.one_hot"]["status"] == "passed"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root writes anywhere, so no folder is read-only to it",
)
def test_a_read_only_folder_can_still_be_read(progress_file):
    progress.note_attempt("01.one_hot", "passed", None)
    progress_file.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "memory" in progress.note_attempt("01.embed", "passed", None)
        assert progress().done == 2
    finally:
        progress_file.parent.chmod(stat.S_IRWXU)


def test_a_folder_in_the_files_place_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SELFATTN_PROGRESS", str(tmp_path))
    assert "could not be written" in progress.note_attempt(
        "01.one_hot", "passed", None
    )
    assert tmp_path.is_dir()
