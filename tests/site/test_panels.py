"""A figure's panels: the figure where there is room, a column on a phone."""

from __future__ import annotations

from io import BytesIO

import pytest
from checkout import ROOT
from selfattn_theme import lean, panels, svg

from selfattn import plots

TAG = '<img alt="Four &amp; more" class="dark-light chart" src="a/x.svg" />'


def drawn(width=7.0, height=5.0, nrows=2, ncols=2) -> str:
    fig, axes = plots.figure(width, height, nrows=nrows, ncols=ncols)
    for n, ax in enumerate(fig.axes):
        plots.lines(ax, [1, 2, 3], {"dot": [n, 2, 1]}, label=False)
        ax.set(title=f"panel {n}", xlabel="step")
    return plots.svg(fig, alt="Four & more").text


def test_each_panel_is_a_window_on_one_file():
    text = svg.compact(drawn())
    made = panels.markup(TAG, "a/x.svg", text)
    assert made.count("<img ") == 4 == made.count('alt=""')
    assert made.count('src="a/x.svg#svgView(viewBox(') == 4
    assert made.count('class="dark-light chart"') == 4
    assert 'role="img" aria-label="Four &amp; more"' in made


def test_a_row_is_never_wider_than_the_page():
    made = panels.markup(TAG, "x.svg", drawn(ncols=3, nrows=1))
    shares = [float(s.split("%")[0]) for s in made.split("--share:")[1:]]
    assert 99.9 < sum(shares) <= 100


def test_a_single_panel_stays_one_picture(tmp_path):
    text = drawn(5, 3, 1, 1)
    assert panels.markup(TAG, "x.svg", text) is None
    (tmp_path / "x.svg").write_text(text, "utf8")
    files = {"x.svg": tmp_path / "x.svg"}
    page = lean.pictures(TAG, files, tmp_path, "../")
    assert 'width="480" height="288"' in page and "too-wide" not in page
    (tmp_path / "x.svg").write_text(drawn(7, 3, 1, 1), "utf8")
    assert "too-wide" in lean.pictures(TAG, files, tmp_path, "../")


def test_a_row_too_wide_for_a_phone_stays_one_picture_and_scrolls(tmp_path):
    (tmp_path / "x.svg").write_text(drawn(7, 5, 2, 1), "utf8")
    files = {"x.svg": tmp_path / "x.svg"}
    page = lean.pictures(TAG, files, tmp_path, "../")
    assert "too-wide" in page and "svgView" not in page


def test_only_charts_are_taken_apart(tmp_path):
    (tmp_path / "x.svg").write_text(drawn(), "utf8")
    files = {"x.svg": tmp_path / "x.svg"}
    assert "panels" in lean.pictures(TAG, files, tmp_path, "../")
    other = TAG.replace("chart", "still")
    assert "panels" not in lean.pictures(other, files, tmp_path, "../")


@pytest.fixture
def page(browser, tmp_path):
    """A figure's panels and below them the figure, in the book's style."""
    (tmp_path / "x.svg").write_text(svg.compact(drawn()), "utf8")
    sheet = (ROOT / "theme/static/book.css").read_text("utf8")
    made = panels.markup(TAG, "x.svg", (tmp_path / "x.svg").read_text("utf8"))
    (tmp_path / "page.html").write_text(
        "<!doctype html><meta name=viewport content='width=device-width'>"
        f"<style>{sheet} body {{ margin: 0 }}</style>"
        f"<article class=bd-article><div class=cell><div class=cell_output>"
        f"{made}</div></div></article><img id=whole src=x.svg>",
        "utf8",
    )
    contexts = []

    def open_page(width, scheme="light"):
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 1500}, color_scheme=scheme
            )
        )
        opened = contexts[-1].new_page()
        opened.goto((tmp_path / "page.html").as_uri())
        opened.evaluate("for (const i of document.images) i.loading = ''")
        opened.wait_for_function(
            "[...document.images].every((i) => i.complete)"
        )
        return opened

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_side_by_side_they_are_the_figure(page, scheme):
    image = pytest.importorskip("PIL.Image")
    chops = pytest.importorskip("PIL.ImageChops")
    opened = page(1280, scheme)
    shots = [
        image.open(BytesIO(opened.locator(part).screenshot())).convert("L")
        for part in (".panels", "#whole")
    ]
    # A panel begins between two pixels: its edges are shaded otherwise.
    size = tuple(
        min(sides) // 4 for sides in zip(*(s.size for s in shots), strict=True)
    )
    small = [shot.resize(size, image.Resampling.BOX) for shot in shots]
    seen = chops.difference(*small).histogram()
    assert shots[0].size == pytest.approx(shots[1].size, abs=1)
    assert sum(seen[64:]) == 0
    assert small[0].getextrema()[1] - small[0].getextrema()[0] > 60


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 600])
def test_on_a_phone_they_stand_under_each_other(page, width):
    opened = page(width)
    found = opened.evaluate(
        """[...document.querySelectorAll('.panels img')].map((i) => {
          const box = i.getBoundingClientRect();
          return [box.left, box.top, box.width, i.getAttribute('width')];
        })"""
    )
    assert [left for left, *_ in found] == [found[0][0]] * 4
    tops = [top for _, top, *_ in found]
    assert tops == sorted(set(tops))
    for _, _, shown, own in found:
        assert shown == min(float(own), width)
    letters = min(shown / float(own) for *_, shown, own in found) * 18.67
    assert letters >= 11
