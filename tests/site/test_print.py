"""On paper: light, whole, unfolded, and without what only a screen needs."""

from __future__ import annotations

import pytest
from pages import chapters, settled, swept

pytestmark = pytest.mark.browser
PAPER = 680  # px: the width of the text on A4
STATE = (
    "[document.documentElement.dataset.theme,"
    " document.querySelectorAll('details.solution[open]').length]"
)

# `make test` prints a chapter with formulas and one with large pictures.
some_chapters = pytest.mark.parametrize(
    "name",
    swept(chapters(), ["chapters/06_multi_head", "chapters/09_images"]),
)


@pytest.fixture
def printed(html, visit):
    """A page as the printer gets it."""

    def open_page(name):
        page = visit(html / f"{name}.html", PAPER, color_scheme="dark")
        settled(page)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        return page

    return open_page


@some_chapters
def test_a_chapter_on_paper_is_its_text_and_nothing_else(printed, name):
    page = printed(name)
    shown = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((e) =>
          e.checkVisibility() && e.getBoundingClientRect().width > 1 &&
          !e.querySelector('*') && !e.closest('article') &&
          (e.textContent.trim() || e.matches('img, input, i'))).map(
          (e) => e.outerHTML.slice(0, 90))"""
    )
    assert shown == []
    assert page.locator("main h1:visible").count() == 1
    # The circles of a quiz are to be filled in on paper too.
    field = "input:not(.quiz input)"
    for gone in ("button", field, ".headerlink", "script + .live"):
        assert page.locator(f"main {gone}:visible").count() == 0, gone
    for folded in ("details.hint", "details.solution"):
        box = page.locator(f"main {folded}")
        assert box.count() > 0
        for one in box.all():
            assert one.locator(":scope > :not(summary)").first.is_visible()
    for figure in page.locator("[data-live]").all():
        assert figure.locator(".live-static img").is_visible()
        assert not figure.locator(".live-mount").is_visible()


@some_chapters
def test_nothing_is_cut_off_at_the_edge_of_the_paper(printed, name):
    page = printed(name)
    cut = page.evaluate(
        """(room) => [...document.querySelectorAll('article *')].filter(
          (e) => {
            if (!e.checkVisibility() || e.closest('math, svg'))
              return false;
            const box = e.getBoundingClientRect();
            const clip = getComputedStyle(e).overflowX !== 'visible' &&
              e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1;
            return clip || (box.right > room + 1 && box.width > 1);
          }).map((e) => `${e.tagName}.${e.className} ` +
            `${Math.round(e.getBoundingClientRect().right)}: ` +
            e.textContent.slice(0, 40))""",
        PAPER,
    )
    assert cut == []


def test_paper_is_light_and_the_screen_gets_its_scheme_back(html, visit):
    page = visit(html / f"{chapters()[0]}.html", color_scheme="dark")
    assert page.evaluate(STATE) == ["dark", 0]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    scheme, opened = page.evaluate(STATE)
    assert scheme == "light" and opened > 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(STATE) == ["dark", 0]


def test_a_printed_chapter_has_its_text_and_its_links(html, visit):
    page = visit(html / "chapters/04_attention.html", color_scheme="dark")
    settled(page)
    paper = page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF") and len(paper) > 100_000
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        """[...document.querySelectorAll('article img')].every(
          (picture) => picture.complete && picture.naturalWidth > 0)"""
    )
    links = page.evaluate(
        """() => [...document.querySelectorAll('main p a')].filter((a) => {
          const s = getComputedStyle(a);
          return !a.matches('.headerlink') &&
            !/underline/.test(s.textDecorationLine);
        }).map((a) => a.outerHTML.slice(0, 80))"""
    )
    assert links == []
