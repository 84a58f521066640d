"""The pages by keyboard alone: skip link, focus, drawer, search."""

from __future__ import annotations

import itertools

import pytest
from pages import settled, swept

pytestmark = pytest.mark.browser
PAGES = ["chapters/index", "chapters/04_attention", "chapters/notation"]
FOCUS = "document.activeElement"
# Where the focus is, whether one sees it, and whether something hides it.
STOP = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const drawn = [e, ...e.querySelectorAll('*'), e.nextElementSibling,
                 e.closest('form')].filter(Boolean);
  const seen = drawn.some((part) => {
    const s = getComputedStyle(part);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ||
      part instanceof SVGElement && s.stroke !== 'none' &&
      parseFloat(s.strokeWidth) >= 2 && s.visibility === 'visible';
  });
  const box = e.getBoundingClientRect();
  const [x, y] = [box.x + Math.min(box.width, innerWidth) / 2,
                  Math.min(Math.max(box.y + box.height / 2, 1),
                           innerHeight - 1)];
  const top = document.elementFromPoint(x, y);
  const free = !top || e.contains(top) || top.contains(e) ||
    !!e.labels?.[0]?.contains(top) || getComputedStyle(top).position !==
    'sticky' && !top.closest('.bd-header-article');
  const walk = [...document.querySelectorAll('*')].indexOf(e);
  return { what: e.outerHTML.slice(0, 110), seen, free, walk,
           positive: e.tabIndex > 0 };
}"""


def stops(page, most=400):
    """Every Tab stop from the top of the page, until the walk ends."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (found and stop["walk"] == found[0]["walk"]):
            break
        found.append(stop)
    return found


@pytest.mark.parametrize("name", swept(PAGES, PAGES[:1]))
def test_the_skip_link_is_first_and_leads_to_the_text(html, visit, name):
    page = visit(html / f"{name}.html", reduced_motion="reduce")
    page.keyboard.press("Tab")
    link = page.locator("#pst-skip-link a")
    assert link.evaluate("e => e === document.activeElement")
    assert link.bounding_box()["y"] >= 0 and link.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUS}.tagName") == "MAIN"
    page.keyboard.press("Tab")
    assert page.evaluate(f"!!{FOCUS}.closest('main')")


@pytest.mark.parametrize(
    ("name", "width"),
    swept(
        itertools.product(PAGES, (1280, 360)),
        [("chapters/index", 1280)],
    ),
)
def test_every_stop_shows_its_focus_in_reading_order(html, visit, name, width):
    page = visit(html / f"{name}.html", width, reduced_motion="reduce")
    settled(page)
    walk = stops(page)
    assert len(walk) > 10
    assert [s["what"] for s in walk if not s["seen"]] == []
    assert [s["what"] for s in walk if not s["free"]] == []
    assert not any(s["positive"] for s in walk)
    order = [s["walk"] for s in walk]
    assert order == sorted(order)


def test_the_drawer_on_a_phone_keeps_the_focus_and_gives_it_back(html, visit):
    page = visit(html / "chapters/05_matrix_form.html", 360)
    settled(page)
    for side in ("primary", "secondary"):
        button = page.locator(f".{side}-toggle")
        drawer = page.locator(f"#pst-{side}-sidebar-modal")
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#pst-{side}-sidebar-modal[open]")
        inside = f"!!{FOCUS}.closest('dialog') || {FOCUS} === document.body"
        for _ in range(30):
            page.keyboard.press("Tab")
            assert page.evaluate(inside)
        room = page.evaluate("document.documentElement.scrollWidth")
        assert room <= 360
        page.keyboard.press("Escape")
        drawer.wait_for(state="hidden")
        assert button.evaluate("e => e === document.activeElement")
    page.locator(".primary-toggle").press("Enter")
    page.get_by_role("link", name="Vector sets").press("Enter")
    page.wait_for_url("**/01_vector_sets.html")


def test_the_search_is_found_and_left_by_keyboard(served, visit):
    page = visit(f"{served}/chapters/01_vector_sets.html")
    settled(page)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#pst-search-dialog[open]")
    assert page.evaluate(f"{FOCUS}.name") == "q"
    page.keyboard.press("Escape")
    assert not page.locator("#pst-search-dialog").is_visible()
    page.get_by_role("button", name="Search").first.press("Enter")
    page.keyboard.type("softmax")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    page.locator("#search-results li a").first.press("Enter")
    page.wait_for_url("**/chapters/*")
    assert page.locator("main h1").count() == 1
