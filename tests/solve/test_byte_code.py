"""Compiled while building, where a Python can: the same modules, no source."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from selfattn_theme import byte_code

SOURCE = {"one/__init__.py": "x = 1\n", "two.py": "y = 2\n", "note.txt": "z"}


@pytest.fixture
def archive(tmp_path) -> Path:
    with zipfile.ZipFile(tmp_path / "source.zip", "w") as made:
        for name, text in SOURCE.items():
            made.writestr(name, text)
    return tmp_path / "source.zip"


@pytest.fixture
def compiler():
    if not byte_code.compiler():
        pytest.skip("no Python 3.13 here")


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as made:
        return set(made.namelist())


def test_the_library_is_byte_code_alone(compiler, archive, tmp_path):
    made = byte_code.library(archive, tmp_path / "made" / "library.zip")
    assert names(made) == {"one/__init__.pyc", "two.pyc", "note.txt"}
    with zipfile.ZipFile(made) as found:
        head = found.read("two.pyc")[:8]
    assert head[:4].hex() == byte_code.MAGIC
    assert head[4] == 1  # by hash, and never compared
    before = made.stat().st_mtime_ns
    assert byte_code.library(archive, made).stat().st_mtime_ns == before


def test_a_package_keeps_its_sources(compiler, archive, tmp_path):
    made = byte_code.package(archive, tmp_path / "made.whl")
    assert names(made) == set(SOURCE) | {
        "one/__pycache__/__init__.cpython-313.pyc",
        "/__pycache__/two.cpython-313.pyc",
    }
    again = byte_code.package(archive, tmp_path / "again.whl")
    assert again.read_bytes() == made.read_bytes()


def test_without_such_a_python_the_sources_stand(
    archive, tmp_path, monkeypatch
):
    monkeypatch.setattr(byte_code, "compiler", lambda: "")
    target = tmp_path / "made.zip"
    assert byte_code.library(archive, target) == archive
    assert byte_code.package(archive, target) == archive
    assert not target.exists()


def test_what_cannot_be_compiled_leaves_nothing(compiler, tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as made:
        made.writestr("bad.py", "def (")
    target = tmp_path / "made.zip"
    assert byte_code.library(tmp_path / "bad.zip", target).name == "bad.zip"
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]


def test_the_interpreter_for_it_is_asked_for_its_number(monkeypatch):
    byte_code.compiler.cache_clear()
    monkeypatch.setattr(byte_code, "MAGIC", "00000000")
    assert byte_code.compiler() == ""
    byte_code.compiler.cache_clear()
