"""axe-core finds nothing on any page, in either scheme, wide or narrow."""

from __future__ import annotations

from pathlib import Path

import pytest

for needed in ("axe_playwright_python", "jupyter_book", "playwright"):
    pytest.importorskip(needed)
import axe_playwright_python  # noqa: E402
from pages import ROOT, every, settled, unfold  # noqa: E402

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(
    "utf8"
)
CONTRAST = (ROOT / "tests" / "contrast.js").read_text("utf8")
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
# Contrast is measured by contrast.js: axe takes a colour to be `color`, also
# where SVG paints `fill`, and gives up on “½” and on one letter alone.
RUN = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: rules,
    preload: false, // a page from disk may not ask for its style sheets
    rules: { 'color-contrast': { enabled: false } },
    resultTypes: ['violations', 'incomplete'],
  });
  const told = [];
  for (const { id, help, nodes } of
       [...found.violations, ...found.incomplete]) {
    for (const node of nodes.slice(0, 3)) {
      told.push(`${id}: ${help}: ${node.html.slice(0, 200)}`);
    }
  }
  return told;
}"""


def axe(page) -> list[str]:
    """What axe finds, and what it cannot decide."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, RULES)


def faint(page) -> list[str]:
    """Text that is too faint on its ground."""
    seen, found = page.evaluate(CONTRAST)
    assert seen > 5
    return found


# Colours do not ask for the width: each scheme is read at one.
@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (360, "dark")]
)
@pytest.mark.parametrize("name", every())
def test_axe_finds_nothing_and_all_text_can_be_read(
    html, visit, name, width, scheme
):
    page = visit(html / f"{name}.html", width, color_scheme=scheme)
    settled(page)
    found = axe(page)
    unfold(page)
    assert found + axe(page) + faint(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_found_where_menus_are_open(html, visit, scheme):
    page = visit(
        html / "chapters/04_attention.html", 360, color_scheme=scheme
    )
    settled(page)
    page.locator(".primary-toggle").click()
    page.wait_for_selector("#pst-primary-sidebar-modal[open]")
    found = axe(page) + faint(page)
    page.keyboard.press("Escape")
    page.locator(".secondary-toggle").click()
    page.wait_for_selector("#pst-secondary-sidebar-modal[open]")
    found += axe(page) + faint(page)
    page.keyboard.press("Escape")
    page.locator(".search-button").last.click()
    page.wait_for_selector("#pst-search-dialog[open]")
    found += axe(page)
    assert found == []


def test_axe_and_the_contrast_would_say_so(html, visit):
    page = visit(html / "chapters/04_attention.html")
    settled(page)
    assert axe(page) == []
    page.evaluate(
        """() => {
          document.querySelector('img.chart').removeAttribute('alt');
          document.querySelector('main p').style.color = '#888';
          document.querySelector('.highlight .k').style.color = '#999';
          document.querySelector('.live svg text').style.fill = '#aaa';
        }"""
    )
    [told] = axe(page)
    assert told.startswith("image-alt:")
    assert len(faint(page)) == 3
