"""The repository's address is set in one place and the same everywhere."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT

_SPEC = importlib.util.spec_from_file_location("repo", ROOT / "tools/repo.py")
repo = importlib.util.module_from_spec(_SPEC)
sys.modules.setdefault("repo", repo)
_SPEC.loader.exec_module(repo)
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the book's own files."""
    for path in repo.text_files(ROOT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path


def same_book(found, ours) -> bool:
    return found.name == ours.name or found.owner == repo.UNSET


def test_every_mention_of_the_book_names_the_configured_address():
    ours = repo.configured()
    for path, text in repo.text_files().items():
        for found in repo.mentions(text):
            if same_book(found, ours):
                expected = {ours.owner, ours.owner.lower()}
                assert found.owner in expected, f"{path}: {found.url}"
                assert found.name == ours.name, f"{path}: {found.url}"


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "_config.yml", "README.md", "CITATION.cff"]
)
def test_file_repeats_the_configured_address(name):
    assert repo.configured().url in (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_first_code_cell_installs_from_the_configured_address(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    first = next(c for c in cells if c["cell_type"] == "code")
    assert f'"{repo.configured().url}"' in "".join(first["source"])


def test_retargeting_leaves_no_trace_and_can_be_undone(copy):
    old = repo.configured(copy)
    before = repo.text_files(copy)
    new = repo.parse("https://github.com/Some-One/attention.book")
    changed = repo.retarget(new, copy)
    assert repo.configured(copy) == new
    assert {copy / "pyproject.toml", copy / "_config.yml"} <= set(changed)
    for path, text in repo.text_files(copy).items():
        assert old not in repo.mentions(text), path
    assert repo.retarget(new, copy) == {}
    repo.retarget(old, copy)
    assert repo.text_files(copy) == before


def test_every_form_of_link_is_rewritten_and_other_projects_are_not():
    old = repo.Address("me", "book")
    new = repo.Address("You", "text")
    text = (
        "https://github.com/me/book/actions https://github.com/me/book.git "
        "https://colab.research.google.com/github/me/book/blob/main/a.ipynb "
        "https://raw.githubusercontent.com/me/book/main/a "
        "https://me.github.io/book/ (https://github.com/me/book). "
    )
    others = "https://github.com/me/bookshelf https://github.com/you/book"
    got, count = repo.rewrite(text + others, old, new)
    assert count == 6
    assert (
        got
        == text.replace("me.github.io/book", "you.github.io/text").replace(
            "me/book", "You/text"
        )
        + others
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/me/book",
        "https://github.com/me/book/",
        "https://github.com/me/book.git",
        " https://github.com/me/book\n",
    ],
)
def test_address_is_read_however_it_was_copied(url):
    assert repo.parse(url) == repo.Address("me", "book")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "me/book",
        "http://github.com/me/book",
        "https://github.com/me",
        "https://gitlab.com/me/book",
        "git@github.com:me/book.git",
        "https://github.com/me/book/tree/main",
        "https://github.com/-me/book",
        "https://github.com/me--too/book",
        "https://github.com/me/..",
        "https://github.com/me/bo ok",
        'https://github.com/me/b"; rm',
        "https://github.com/me/book?tab=readme",
    ],
)
def test_malformed_address_is_refused_in_one_sentence(url):
    with pytest.raises(ValueError, match="must look like https://") as error:
        repo.parse(url)
    assert "\n" not in str(error.value)


def test_the_command_refuses_and_changes_nothing():
    done = subprocess.run(
        [sys.executable, ROOT / "tools/repo.py", "https://example.org/x"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
