"""Every page in a browser: quiet, whole at any width, in a sound order."""

from __future__ import annotations

import pytest

for needed in ("jupyter_book", "playwright"):
    pytest.importorskip(needed)
from pages import every, settled, unfold  # noqa: E402

pytestmark = pytest.mark.browser
PAGES = every()
every_page = pytest.mark.parametrize("name", PAGES)
# What sticks out of the window, unless a box around it scrolls or hides it.
# What only screen readers meet is one pixel wide and may lie anywhere.
OUTSIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.querySelectorAll('body *')].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > room + 1 && box.width > 1;
  });
  return [`${document.documentElement.scrollWidth} px wide in ${room}`]
    .concat(out.slice(0, 5).map((e) => `${e.tagName}.${e.className}`));
}"""
# A box that scrolls sideways must be reached by the keyboard.
STUCK = """() => [...document.querySelectorAll('main *')].filter((e) => {
  const style = getComputedStyle(e);
  return /auto|scroll/.test(style.overflowX) &&
    e.scrollWidth > e.clientWidth + 1 && e.checkVisibility() &&
    e.tabIndex < 0 && !e.querySelector('a, button, input, [tabindex="0"]') &&
    !e.closest('[tabindex="0"]');
}).map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_quiet_in_the_scheme_of_the_system(
    html, served, visit, scheme
):
    page = visit(html / "search.html", color_scheme=scheme)
    for start in (html.as_uri(), served):
        for name in PAGES:
            page.goto(f"{start}/{name}.html")
            settled(page)
            shown = page.evaluate("document.documentElement.dataset.theme")
            if shown != scheme:
                visit.faults.append(f"{name} is {shown}")


def test_no_page_scrolls_sideways_and_wide_things_can_be_reached(html, visit):
    """640 px is a desk at 200 %, 320 px at 400 %, as WCAG 1.4.10 asks."""
    page = visit(html / "search.html")
    for name in PAGES:
        page.goto((html / f"{name}.html").as_uri())
        settled(page)
        unfold(page)
        for width in (1280, 640, 360, 320):
            page.set_viewport_size({"width": width, "height": 900})
            for _ in range(10):  # the theme waits before it looks again
                page.wait_for_timeout(200)
                found = page.evaluate(OUTSIDE) + page.evaluate(STUCK)
                if not found:
                    break
            visit.faults += [f"{name}, {width} px: {one}" for one in found]


def test_text_of_twice_the_size_still_fits(html, visit):
    page = visit(html / "search.html")
    for name in PAGES:
        page.goto((html / f"{name}.html").as_uri())
        settled(page)
        page.add_style_tag(content="html { font-size: 200% !important; }")
        for width in (1280, 640):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(100)
            for told in page.evaluate(OUTSIDE):
                visit.faults.append(f"{name}, {width} px: {told}")


@every_page
def test_headings_and_landmarks_are_in_order(html, visit, name):
    page = visit(html / f"{name}.html")
    outline = page.locator("main").aria_snapshot()
    levels = page.evaluate(
        """[...document.querySelectorAll('main h1, main h2, main h3,' +
          'main h4, main h5, main h6')].filter((e) => e.checkVisibility())
          .map((e) => Number(e.tagName[1]))"""
    )
    assert levels.count(1) == 1 and levels[0] == 1, outline[:500]
    steps = zip(levels, levels[1:], strict=False)
    assert all(low <= high + 1 for high, low in steps), levels
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    named = page.get_by_role("navigation")
    names = [
        (spot.get_attribute("aria-label") or spot.evaluate(
            "e => document.getElementById("
            "e.getAttribute('aria-labelledby'))?.textContent"
        )).strip()
        for spot in named.all()
    ]  # fmt: skip
    assert all(names) and len(set(names)) == len(names), names
    assert page.evaluate("document.querySelectorAll('h1').length") == 1


@every_page
def test_controls_are_large_enough_for_a_finger(html, visit, name):
    """WCAG 2.5.8: 24 px, or as much room around; links in text are free."""
    page = visit(html / f"{name}.html", 360, has_touch=True)
    settled(page)
    small = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll(
            'a[href], button, summary, select, [role=tab], [role=slider],' +
            'input:not([type=hidden])')].filter((e) => e.checkVisibility(
              { visibilityProperty: true, opacityProperty: true }));
          const box = (e) => (e.labels?.[0] ?? e).getBoundingClientRect();
          const centre = (b) => [b.x + b.width / 2, b.y + b.height / 2];
          return all.filter((e) => {
            const b = box(e);
            if (b.width < 2 || b.bottom < 0) return false;
            if (b.width >= 24 && b.height >= 24) return false;
            if (e.matches('.headerlink')) return false; // the heading's too
            if (e.matches('a') && e.closest('p, li, td, dd, figcaption'))
              return false;
            const [x, y] = centre(b);
            return all.some((other) => {
              if (other === e || other.contains(e) || e.contains(other) ||
                  (e.name && e.labels?.[0] === other.labels?.[0]))
                return false;
              const [X, Y] = centre(box(other));
              return Math.hypot(X - x, Y - y) < 24;
            });
          }).map((e) => `${e.outerHTML.slice(0, 120)} ` +
            `${Math.round(box(e).width)} x ${Math.round(box(e).height)}`);
        }"""
    )
    assert small == []
