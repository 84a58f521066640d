"""Where Python is at hand every exercise but a quiz has its editor."""

from __future__ import annotations

import json
from functools import cache

import pytest
from checkout import ROOT
from pages import chapters
from solve_browser import needs_python
from soup import soup

from selfattn.exercises import find

VENDOR = ROOT / "theme" / "vendor"


@cache
def numpy_starter(name: str) -> tuple[str, str]:
    """An exercise's kind and starter."""
    exercise = find.load(name)
    return exercise.kind, exercise.starter.strip("\n")


@pytest.mark.parametrize("page", chapters())
def test_every_exercise_but_a_quiz_has_an_editor_with_its_starter(html, page):
    needs_python(html)
    tree = soup(html / f"{page}.html")
    places = {p["data-solve"]: p for p in tree.select(".solve")}
    chapter = page.rpartition("/")[2][:2]
    torch = set(find.ids_with_torch())
    for name in (n for n in find.ids() if n.startswith(f"{chapter}.")):
        if name in torch:
            link = places.pop(name)["data-colab"]
            assert link.endswith(f"{page}.ipynb")
            continue
        kind, starter = numpy_starter(name)
        if kind == "value":
            assert name not in places
            continue
        section = places.pop(name).find_parent("section")
        shown = section.select_one(".solve-starter pre").get_text()
        assert shown.strip("\n") == starter
    assert not places
    assert len(tree.select("#solve-keys")) == 1


def test_without_python_nothing_of_editors_is_built(html):
    if list(html.glob("python-*")):
        pytest.skip("this site has Python for its pages")
    assert not list(html.rglob("solve*")) + list(html.rglob("editor.min*"))
    for page in chapters():
        text = (html / f"{page}.html").read_text("utf8")
        assert "solve" not in text.replace("solved", "").split("<main")[0]
        assert 'class="solve' not in text and "solve-" not in text


def test_the_editor_is_the_one_that_its_lock_names():
    asked = json.loads((VENDOR / "editor/package.json").read_text("utf8"))
    lock = (VENDOR / "editor/package-lock.json").read_text("utf8")
    packages = json.loads(lock)["packages"]
    for name, version in asked["devDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    version = asked["devDependencies"]["prism-code-editor"]
    for name in ("editor.min.js", "editor.min.css"):
        first = (VENDOR / name).read_text("utf8")[:120]
        assert f"prism-code-editor {version} (MIT): LICENSE-editor" in first
    assert "resolved" not in lock
