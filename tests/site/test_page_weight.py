"""What a page loads: little, nothing twice, and nothing that moves it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from checkout import ROOT
from pages import chapters, contents
from selfattn_theme import weight
from soup import soup

every_page = pytest.mark.parametrize("page", contents())
every_chapter = pytest.mark.parametrize("page", chapters())
# What every stock page loads, as `make bench` measured it: scripts, sheets,
# icons and the index of words; more with formulas (MathJax and two fonts at
# least) and with live figures (the widget manager and anywidget).
STOCK, MATHJAX, MANAGER = 2_425_000, 1_208_000, 4_407_000
# Of all that, and of all but the manager.
BUDGET, REST = 0.10, 0.15
# The part that all pages share, with the letters of all formulas; and what
# the longest chapter's page came to, with a little room.
FRAME = 152_000
PAGE = 500_000
# What a page with editors may load for them before anything is checked, and
# one with quizzes for those.
EDITORS, QUIZZES = 60_000, 8_000
SHIFT = 0.01
READ = """async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    window.scrollTo(0, y);
    await pause(15);
  }
  await pause(200);
}"""
WATCH = """
window.shift = 0;
window.shifted = [];
new PerformanceObserver((seen) => {
  for (const entry of seen.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.shift += entry.value;
    for (const { node } of entry.sources)
      window.shifted.push(node?.className ?? node?.nodeName ?? "gone");
  }
}).observe({type: "layout-shift", buffered: true});
"""


# ---------------------------------------------------------- what is loaded


@every_page
def test_no_script_holds_the_page_back(html, page):
    tree = soup(html / f"{page}.html")
    waiting = [
        script["src"]
        for script in tree.find_all("script", src=True)
        if not script.has_attr("defer") and not script.has_attr("async")
    ]
    assert waiting == []


@every_page
def test_a_page_has_one_style_sheet_and_formulas_one_more(html, page):
    tree = soup(html / f"{page}.html")
    found = [
        Path(link["href"]).name.partition("?")[0]
        for link in tree.find_all("link", rel="stylesheet")
    ]
    wanted = ["site.css"] + ["maths.css"] * bool(tree.select(".katex, .m"))
    wanted += ["solve.css"] * bool(tree.select(".solve"))
    assert [name for name in found if name != "front.css"] == wanted


@every_page
def test_a_page_knows_the_size_of_its_pictures(html, page):
    for picture in soup(html / f"{page}.html").article.find_all("img"):
        assert int(picture["width"]) and int(picture["height"]), picture
        assert picture["loading"] == "lazy"


def test_the_site_has_no_file_that_no_page_needs(html):
    static = html / "_static"
    assert not list(static.rglob("*.map"))
    largest = max(static.rglob("*"), key=lambda path: path.stat().st_size)
    # The search page's style sheet, with the theme for Python 3.10.
    assert largest.stat().st_size < 110_000, largest


def name_of(address: str) -> str:
    return Path(address).name.partition("?")[0]


def sizes(loaded) -> dict[str, int]:
    """Bytes by address, but for editors, which have a budget of their own.

    A figure's module is imported from the page itself, as a blob.
    """
    return {
        r.url: len(r.response().body())
        for r in loaded
        if r.url.startswith("http") and name_of(r.url) not in weight.SOLVING
    }


@every_page
def test_what_editors_weigh_and_that_other_pages_have_nothing_of_them(
    html, page
):
    tree = soup(html / f"{page}.html")
    named = [tag.get("src") or tag.get("href") for tag in tree.head("script")]
    named += [tag["href"] for tag in tree("link", rel="stylesheet")]
    names = {name_of(one) for one in named if one} & weight.SOLVING
    places = tree.select(".solve, .solve-keys, .solve-torch, #solve-data")
    assert bool(names) == bool(places)
    size = sum((html / "_static" / name).stat().st_size for name in names)
    assert size + sum(len(str(one).encode()) for one in places) <= EDITORS


def stock(page: str) -> tuple[int, int]:
    """The least that the stock page of a chapter loads.

    That is with and without its widget manager, and without its own HTML,
    which only a stock build would tell.
    """
    cells = json.loads((ROOT / f"{page}.ipynb").read_text("utf8"))["cells"]
    text, least, manager = "", STOCK, 0
    for cell in cells:
        if cell["cell_type"] == "markdown":
            text += re.sub(r"`[^`]*`", "", "".join(cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            least += len("".join(data.get("image/svg+xml", "")).encode())
            if "data-live=" in "".join(data.get("text/html", "")):
                manager = MANAGER
    least += MATHJAX * bool(re.search(r"\$[^$]+\$", text))
    return least + manager, least


def most(page: str) -> float:
    """The most bytes that a page may load."""
    if page not in chapters():
        return PAGE
    whole, without = stock(page)
    return min(BUDGET * whole, REST * without, PAGE)


@pytest.mark.sweep
@pytest.mark.browser
@every_chapter
def test_a_page_weighs_little(served, visit, page):
    opened = visit("about:blank")
    loaded = []
    opened.on("requestfinished", lambda request: loaded.append(request))
    opened.goto(f"{served}/{page}.html", wait_until="networkidle")
    opened.evaluate(READ)
    opened.wait_for_load_state("networkidle")
    size = sizes(loaded)
    assert sum(size.values()) <= most(page), size
    frame = [n for url, n in size.items() if url.rpartition(".")[2] != "svg"]
    frame.remove(size[f"{served}/{page}.html"])
    quizzes = [n for url, n in size.items() if "/quiz" in url]
    assert sum(quizzes) <= QUIZZES
    told = json.dumps(size, indent=1)
    assert sum(frame) - sum(quizzes) < FRAME, told
    assert not [url for url in size if "font" in url or "woff" in url]


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
@every_page
def test_nothing_moves_while_a_page_is_loaded_and_read(
    served, visit, page, width
):
    opened = visit("about:blank", width=width)
    opened.add_init_script(WATCH)
    opened.goto(f"{served}/{page}.html", wait_until="load")
    opened.evaluate(READ)
    moved = opened.evaluate("window.shift")
    assert moved <= SHIFT, opened.evaluate("window.shifted")


@pytest.mark.browser
def test_a_static_picture_is_not_loaded_where_the_figure_moves(
    served, visit, html
):
    page = "chapters/05_matrix_form.html"
    static = soup(html / page).select_one(".live-static img")["src"]
    opened = visit("about:blank")
    loaded = []
    opened.on("requestfinished", lambda r: loaded.append(r.url))
    opened.goto(f"{served}/{page}", wait_until="networkidle")
    opened.evaluate(READ)
    assert not [url for url in loaded if Path(static).name in url]
    still = visit(f"{served}/{page}", java_script_enabled=False)
    assert still.locator(".live-static img").evaluate("i => i.naturalWidth")


# -------------------------------------------------------------- the pages


@every_chapter
def test_code_says_what_the_notebook_says(html, page):
    cells = json.loads((ROOT / f"{page}.ipynb").read_text("utf8"))["cells"]
    blocks = soup(html / f"{page}.html").select("div.cell_input pre")
    shown = {block.get_text().strip() for block in blocks}
    code = [
        "".join(cell["source"]).strip()
        for cell in cells
        if cell["cell_type"] == "code"
        and not {"remove-input", "remove-cell"}
        & set(cell["metadata"].get("tags", []))
    ]
    missing = [text for text in code if text and text not in shown]
    assert len(missing) <= len(code) - len(blocks), missing[:1]
    assert len(shown & set(code)) > 20


def test_a_build_that_writes_no_page_knows_its_sheets_too():
    from types import SimpleNamespace as Made

    sheet = Made(filename="_static/book.css")
    after = Made(_css_files=[sheet])
    before = Made(_css_files=[sheet, sheet], _orig_css_files=[sheet])
    assert weight._shared(after) == weight._shared(before)
    assert weight._shared(after)[-1] == "book.css"
