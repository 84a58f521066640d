"""What a page does not load it does not need: rules of sheets, letters."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import pytest
from checkout import ROOT
from pages import contents, swept
from selfattn_theme import fonts, sheets, weight


class All(sheets.Names):
    """Every name there is: no rule is left out."""

    def knows(self, *_) -> bool:
        return True


def originals(html: Path) -> list[tuple[str, str]]:
    """The theme's and the book's style sheets as they were."""
    import pydata_sphinx_theme
    import sphinx_book_theme

    found = []
    for module, name in (
        (pydata_sphinx_theme, "pydata-sphinx-theme.css"),
        (sphinx_book_theme, "sphinx-book-theme.css"),
    ):
        for path in Path(module.__file__).parent.rglob(name):
            found.append((path.read_text("utf8"), "."))
    for name in ("book.css", "copy.css", "progress.css"):
        found.append(((ROOT / "theme/static" / name).read_text("utf8"), "."))
    # Fonts and pictures are not at hand, and are not what is compared.
    return [(re.sub(r"url\([^)]*\)", "none", t), at) for t, at in found]


# Notes how all is drawn; the second time, returns what is drawn otherwise.
LOOK = """() => {
  const kept = ["display", "position", "color", "background-color", "margin",
    "padding", "border", "font", "width", "height", "visibility", "opacity",
    "flex", "overflow", "outline", "box-shadow", "text-decoration",
    "list-style", "transform", "z-index", "content", "max-width", "gap",
    "justify-content", "align-items", "white-space", "float", "inset"];
  const look = (element, part) => {
    const style = getComputedStyle(element, part);
    if (part && style.content === "none") return "nothing";
    return kept.map((name) => style.getPropertyValue(name)).join(";");
  };
  const seen = [];
  for (const theme of ["light", "dark"]) {
    document.documentElement.dataset.theme = theme;
    for (const element of document.body.querySelectorAll("*"))
      if (!element.closest(".katex, .m, script, .selfattn-live"))
        seen.push(["", "::before", "::after"].map((part) =>
          element.nodeName + "." + element.className + part + ": " +
          look(element, part || null)));
  }
  const now = seen.flat();
  if (!window.before) return void (window.before = now);
  const before = window.before;
  window.before = null;
  if (before.length !== now.length) return [before.length, now.length];
  return now.map((look, n) => [before[n], look])
    .filter(([a, b]) => a !== b).slice(0, 2);
}"""
STATES = {
    "as it opens": "0",
    "search": "document.querySelector('#pst-search-dialog').showModal()",
    "scrolled": "document.body.classList.add('scrolled')",
    "no side bar": (
        "document.querySelector('#pst-primary-sidebar')"
        ".classList.add('pst-sidebar-hidden')"
    ),
}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "width"),
    swept(
        [("chapters/index", 360), ("chapters/04_attention", 1280)],
        [("chapters/index", 360)],
    ),
)
def test_a_page_looks_the_same_with_every_rule_of_the_theme(
    html, visit, page, width
):
    """Rules are left out that no element, in no state, is drawn by."""
    pages = [(html / f"{p}.html").read_text("utf8") for p in contents()]
    skip = weight.SEARCHING | weight.SOLVING
    names = weight._names(pages, html / "_static", skip)
    whole = sheets.prune(originals(html), All())
    part = sheets.prune(originals(html), names)
    assert len(sheets.write(part)) < len(sheets.write(whole)) / 3
    opened = visit(html / f"{page}.html", width=width)
    opened.add_style_tag(content="*{transition:none!important}")
    for state, change in STATES.items():
        opened.evaluate(change)
        for rules in (whole, part):
            opened.evaluate(
                """(text) => {
                  document.querySelector("#tried")?.remove();
                  document.querySelector("link[rel=stylesheet]").disabled = 1;
                  const style = document.createElement("style");
                  style.id = "tried";
                  style.textContent = text;
                  document.head.append(style);
                }""",
                sheets.write(rules),
            )
            differ = opened.evaluate(LOOK)
        assert differ == [], state


# --- fonts ----------


def test_every_letter_of_every_formula_is_in_its_font(html):
    ttLib = pytest.importorskip("fontTools.ttLib")
    text = (html / "_static/maths.css").read_text("utf8")
    rules = sheets.prune([(text, ".")], All())
    have = {}
    for rule in rules:
        if rule.head == "@font-face":
            put = dict(rule.declared)
            face = (put["font-family"], put["font-style"], put["font-weight"])
            code = re.search(r"base64,([^)]*)", put["src"])[1]
            font = ttLib.TTFont(BytesIO(base64.b64decode(code)))
            have[face] = set(font.getBestCmap())
            assert not font["name"].names
    chosen, need = fonts.choices(rules), {}
    for page in contents():
        page = (html / f"{page}.html").read_text("utf8")
        for face, letters in fonts.letters(page, chosen).items():
            need.setdefault(face, set()).update(letters)
    assert ("KaTeX_Math", "italic", "400") in need
    # A blank that holds a place has no letter in any font.
    for face, letters in need.items():
        missing = {x for x in letters if ord(x) not in have[face]}
        assert not {x for x in missing if x.strip(" \n\u200b\u00a0")}, face


@pytest.mark.browser
def test_formulas_and_icons_are_drawn_by_their_fonts(html, visit):
    opened = visit(html / "chapters/05_matrix_form.html")
    opened.wait_for_function("document.fonts.status === 'loaded'")
    loaded = opened.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded')"
        ".map(f => f.family.replaceAll('\"', ''))"
    )
    assert {"KaTeX_Main", "KaTeX_Math", "Font Awesome 6 Free"} <= set(loaded)
