"""axe-core where menus are open; and it would say so, were there a fault."""

from __future__ import annotations

import pytest
from page_questions import axe, faint
from pages import settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "scheme", ["light", pytest.param("dark", marks=pytest.mark.sweep)]
)
def test_nothing_is_found_where_menus_are_open(html, visit, scheme):
    page = visit(
        html / "chapters/03_sequence_labeling.html", 360, color_scheme=scheme
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


@pytest.mark.sweep
def test_axe_and_the_contrast_would_say_so(html, visit):
    page = visit(html / "chapters/04_attention.html")
    settled(page)
    assert axe(page) == []
    page.evaluate(
        """() => {
          document.querySelector('img.chart').removeAttribute('alt');
          document.querySelector('main p').insertAdjacentHTML('afterend',
            '<table><tr><th></th></tr><tr><td>3</td></tr></table>');
          document.querySelector('main p').style.color = '#888';
          document.querySelector('.highlight .k').style.color = '#999';
          document.querySelector('.live svg text').style.fill = '#aaa';
        }"""
    )
    told = axe(page)
    assert [one.partition(":")[0] for one in sorted(told)] == [
        "empty-table-header", "image-alt",
    ]  # fmt: skip
    assert len(faint(page, alike=True)) == 3
