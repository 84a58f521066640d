"""What each page is asked once, asked at every width and in each scheme.

`make test-sweep` runs these, and `.ci/run` does; `make test` visits a page
once (test_each_page.py).
"""

from __future__ import annotations

import page_questions as ask
import pytest
from pages import chapters, every, settled, unfold

pytestmark = [pytest.mark.browser, pytest.mark.sweep]
LARGE = "html { font-size: 200% !important; }"
every_page = pytest.mark.parametrize("name", every())
each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.mark.parametrize("width", [1280, 360])
@each_scheme
@every_page
def test_axe_finds_nothing_and_all_text_can_be_read(
    html, visit, name, scheme, width
):
    page = visit(html / f"{name}.html", width, color_scheme=scheme)
    settled(page)
    found = ask.axe(page)
    unfold(page)
    assert found + ask.axe(page) + ask.faint(page) == []


@pytest.mark.parametrize("served_or_not", ["served", "from disk"])
@each_scheme
def test_pages_are_quiet_in_the_scheme_of_the_system(
    html, served, visit, scheme, served_or_not
):
    start = served if served_or_not == "served" else html.as_uri()
    page = visit(f"{start}/search.html", color_scheme=scheme)
    for name in every():
        page.goto(f"{start}/{name}.html")
        settled(page)
        shown = page.evaluate("document.documentElement.dataset.theme")
        if shown != scheme:
            visit.faults.append(f"{name} is {shown}")


@every_page
def test_no_page_scrolls_sideways_and_wide_things_can_be_reached(
    html, visit, name
):
    """640 px is a desk at 200 %, 320 px at 400 %, as WCAG 1.4.10 asks."""
    page = visit(html / f"{name}.html")
    settled(page)
    unfold(page)
    for width in (1280, 640, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = ask.too_wide(page) + ask.unreachable(page)
        visit.faults += [f"{width} px: {one}" for one in found]


@every_page
def test_text_of_twice_the_size_still_fits(html, visit, name):
    page = visit(html / f"{name}.html")
    settled(page)
    page.add_style_tag(content=LARGE)
    for width in (1280, 640):
        page.set_viewport_size({"width": width, "height": 900})
        found = ask.too_wide(page)
        visit.faults += [f"{width} px: {one}" for one in found]


@every_page
def test_headings_and_landmarks_are_in_order_while_folds_are_shut(
    html, visit, name
):
    assert ask.out_of_order(visit(html / f"{name}.html")) == []


@pytest.mark.parametrize("name", chapters())
def test_nothing_moves_for_who_wants_no_motion(html, visit, name):
    page = visit(html / f"{name}.html", reduced_motion="reduce")
    settled(page)
    assert ask.gliding(page) == []
