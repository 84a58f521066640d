"""A live figure on its chapter's built page: what the tests of each share."""

from __future__ import annotations

from functools import cache

from checkout import ROOT


def opener(html, visit, chapter: str, figure: str):
    """`show(width, **options)`: the page and the figure that has started.

    Pass `wait=None` for a page on which it cannot start.
    """

    def show(width=1280, wait=figure, **options):
        address = html / "chapters" / f"{chapter}.html"
        page = visit(address, width, wait=wait, **options)
        return page, page.locator(figure)

    return show


def drawn(page) -> None:
    """Let the figures draw what has changed; they do once per picture."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame("
        "() => requestAnimationFrame(done)))"
    )
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")


def rested(page) -> None:
    """And let the summary come to rest, by the page's own clock."""
    drawn(page)
    page.evaluate("() => new Promise((done) => setTimeout(done, 450))")


def told(figure) -> str:
    """The summary, once the figure has come to rest."""
    rested(figure.page)
    said = figure.locator(".live-says").inner_text()
    return said.replace("\u00a0", " ")


def beyond_the_edge(figure) -> float:
    """By how many px the figure, or anything in it, leaves the window."""
    return figure.evaluate(
        "e => Math.max(...[e, ...e.querySelectorAll('*')].map("
        "x => x.getBoundingClientRect().right)) - innerWidth"
    )


def smallest_letter(figure) -> float:
    """The font size of the smallest text that is shown, in px."""
    return figure.evaluate(
        "f => Math.min(...[...f.querySelectorAll('*')].filter(e =>"
        " e.firstChild?.nodeType === 3 && e.checkVisibility()).map(e =>"
        " parseFloat(getComputedStyle(e).fontSize)))"
    )


def still(page, module: str) -> str:
    """What the picture says that stands where no script runs."""
    picture = page.locator(f'[data-live="{module}"] img')
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    return picture.get_attribute("alt")


PLACE = "width: 700px; position: relative"


def document(figures, sheets) -> str:
    """A page that shows these figures, with these sheets in this order.

    figures : live figures; each stands in a place as wide as the others'.
    sheets : texts, as a notebook appends one for each figure that it shows.
    """
    from selfattn_theme import live

    script = (ROOT / "theme" / "static" / "live.js").read_text("utf8")
    names = dict.fromkeys(figure._figure for figure in figures)
    parts = [live._script(name) for name in (live.bundle.SHARED, *names)]
    return "\n".join([
        "<!doctype html><html lang=en><meta charset=utf8><title>t</title>",
        *(f"<style>{sheet}</style>" for sheet in sheets),
        *(f"<div style='{PLACE}'>{_stored(f)}</div>" for f in figures),
        *parts,
        f"<script>{script}</script>",
    ])  # fmt: skip


@cache
def _stored(figure) -> str:
    """Its output as it starts, drawn once for all pages that show it."""
    return figure.html()
