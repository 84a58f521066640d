"""When the theme's own pages change, the build says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import selfattn_theme as theme
from checkout import ROOT
from selfattn_theme import frame, progress
from sphinx.errors import ExtensionError


def test_the_wide_main_becomes_a_division_and_the_text_keeps_its_own():
    body = f"a{frame.MAIN}b<main>c</main>d</main>e"
    new = '<div class="bd-main">'
    assert frame.one_main(body) == f"a{new}b<main>c</main>d</div>e"


@pytest.mark.parametrize("body", ["<main>x</main>", frame.MAIN * 2])
def test_a_layout_that_changed_stops_the_build(body):
    with pytest.raises(ExtensionError, match="layout changed: it has <main"):
        frame.one_main(body)


def test_a_contents_list_that_changed_stops_the_build():
    app = SimpleNamespace(book_exercises={"04_x": ["04.a"]})
    link = '<a class="reference internal" href="04_x.html">x</a>'
    made = f'<li class="toctree-l1">{link}</li>'
    for listed, good in ((made, True), ("", True), (f"<p>{link}", False)):
        context = {"generate_toctree_html": lambda kind, text=listed: text}
        progress.page_context(app, "chapters/index", "", context, None)
        if good:
            counted = context["generate_toctree_html"]("sidebar")
            assert ("book-count" in counted) == bool(listed)
        else:
            with pytest.raises(ExtensionError, match="found its place"):
                context["generate_toctree_html"]("sidebar")


def test_every_step_stands_in_the_one_list():
    """No part connects its steps by itself."""
    for path in (ROOT / "theme/selfattn_theme").glob("*.py"):
        connects = path.read_text("utf8").count("app.connect(")
        assert connects == (path.name == "__init__.py"), path
    steps = [step for steps in theme.STEPS.values() for step in steps]
    assert len(set(steps)) == len(steps) >= 15


def test_notebooks_are_read_in_one_place():
    parts = (ROOT / "theme/selfattn_theme").glob("*.py")
    read = {p.name for p in parts if "json.loads(" in p.read_text("utf8")}
    # Besides notebooks: KaTeX's answers, and a live figure's own state.
    assert read == {"reader.py", "katex.py", "live.py"}
