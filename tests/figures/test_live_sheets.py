"""Sheets of live figures do not touch each other, in any order."""

from __future__ import annotations

import re

import pytest
import tinycss2
from checkout import ROOT
from live_page import document

from selfattn import widgets

FIGURES = widgets.figures()


def selectors(sheet: str):
    """Every selector of a sheet, also inside @media and @container."""
    rules = tinycss2.parse_stylesheet(sheet, True, True)
    while rules:
        rule = rules.pop(0)
        if rule.type == "qualified-rule":
            yield from tinycss2.serialize(rule.prelude).split(",")
        elif rule.at_keyword in ("media", "container"):
            rules += tinycss2.parse_rule_list(rule.content, True, True)
        else:
            yield f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude)}"


def strays(name: str, sheet: str) -> list[str]:
    """Selectors that may meet what another figure shows."""
    mine = rf"\.{name}\b(?!-)|\[data-live=\"{name}\"\]"
    mine += rf"|@keyframes  {name.replace('_', '-')}-"
    return [s for s in selectors(sheet) if not re.match(mine, s.strip())]


@pytest.mark.parametrize("name", FIGURES)
def test_every_selector_of_a_figure_starts_with_its_name(name):
    sheet = ROOT / "selfattn" / "widgets" / name / "figure.css"
    assert strays(name, sheet.read_text("utf8")) == []


@pytest.mark.parametrize(
    "stray",
    [
        ".live-row { display: flex }",
        ".live .live-row { display: flex }",
        ".word_order .live-row, .live-chip { display: flex }",
        "@container (min-width: 9px) { .live-row { display: flex } }",
        ".word_order-row { display: flex }",
        "@keyframes shake { to { top: 0 } }",
    ],
)
def test_a_selector_that_strays_is_found(stray):
    assert len(strays("word_order", stray)) == 1


def test_what_figures_share_is_for_figures_only():
    sheet = (ROOT / "selfattn" / "widgets" / "shared.css").read_text("utf8")
    for selector in selectors(sheet):
        assert re.search(r"\.(selfattn-)?live\b|@keyframes  live-", selector)


# The properties that some rule of the page sets.
SET = """() => {
  const names = new Set();
  const read = (rules) => [...rules].forEach((rule) => {
    for (const name of rule.style ?? []) names.add(name);
    if (rule.cssRules && !(rule instanceof CSSKeyframesRule)) {
      read(rule.cssRules);
    }
  });
  [...document.styleSheets].forEach((sheet) => read(sheet.cssRules));
  return [...names].filter((name) => !/^animation/.test(name)).sort();
}"""
# How each element of each figure is drawn: a number, as the words are many.
LOOKS = """(names) => {
  const sum = (words) => {
    let n = 7;
    for (let i = 0; i < words.length; i++)
      n = (n * 31 + words.charCodeAt(i)) % 9007199254727;
    return n;
  };
  return Object.fromEntries(
  [...document.querySelectorAll('.live')].map((figure) => [
    figure.closest('[data-live]').dataset.live,
    [figure, ...figure.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element);
      return [element.tagName + '.' + element.getAttribute('class'),
        sum(names.map((name) => style.getPropertyValue(name)).join('; '))];
    })]));
}"""


@pytest.fixture(scope="module")
def examples():
    pytest.importorskip("anywidget")
    pytest.importorskip("matplotlib")
    names = [name for name in widgets.__all__ if name[0].isupper()]
    return [getattr(widgets, name).example() for name in names]


@pytest.fixture
def show(browser):
    """Open a page with figures that have started."""
    context = browser.new_context(viewport={"width": 800, "height": 600})

    def open_page(figures, sheets):
        page = context.new_page()
        page.set_content(document(figures, sheets))
        page.wait_for_function(
            f"document.querySelectorAll('.live').length === {len(figures)}"
        )
        page.evaluate("document.getAnimations().forEach((a) => a.finish())")
        return page

    yield open_page
    context.close()


@pytest.mark.browser
@pytest.mark.sweep
def test_a_figure_looks_the_same_beside_every_other_in_any_order(
    show, examples
):
    sheets = [widgets.style(figure._figure) for figure in examples]
    names = show(examples, sheets).evaluate(SET)
    assert len(names) > 80
    alone = {}
    for figure, own in zip(examples, sheets, strict=True):
        alone |= show([figure], [own]).evaluate(LOOKS, names)
    assert set(alone) == set(FIGURES)
    for order in (sheets, sheets[::-1]):
        together = show(examples, order).evaluate(LOOKS, names)
        for name, elements in alone.items():
            for one, other in zip(elements, together[name], strict=True):
                assert one == other, name


@pytest.mark.browser
def test_the_stepper_keeps_its_grid_beside_movable_words(show, examples):
    both = [f for f in examples
            if f._figure in ("matrix_stepper", "word_order")]  # fmt: skip
    sheets = [widgets.style(figure._figure) for figure in both]
    page = show(both, sheets)
    displays = {
        name: page.locator(f".{name} .live-row").first.evaluate(
            "row => getComputedStyle(row).display"
        )
        for name in ("matrix_stepper", "word_order")
    }
    assert displays == {"matrix_stepper": "contents", "word_order": "flex"}
    [first, second] = [
        page.locator(".matrix_stepper .live-c").nth(n).bounding_box()
        for n in (0, 1)
    ]
    assert first["y"] == second["y"] and first["x"] < second["x"]
