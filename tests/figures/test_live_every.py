"""Every live figure where it stands: it fits, can be read, keeps its place.

A new figure is found by itself; it only needs its finding below.
"""

from __future__ import annotations

import itertools
import json

import pytest
from checkout import ROOT
from live_page import drawn, still
from pages import chapters, swept

from selfattn.widgets import bundle

pytestmark = pytest.mark.browser
# What the picture says that stands where no script runs.
FINDINGS = {
    "attention_band": "may attend to frames",
    "attention_playground": "The output b is their mix, (1.35, 2.84)",
    "edge_switches": "Where there is no edge the weight is 0",
    "find_shapes": "the boxes that a small trained detector draws",
    "frame_slider": "each lasts 25 ms and starts 10 ms after",
    "graph_vectors": "12 rows of 4 numbers",
    "head_kernel": "looks 0 rows down and -1 columns",
    "head_knockout": "Without heads 1 and 3 “saw” (2) becomes noun",
    "matrix_stepper": "the same, and so are their outputs",
    "online_tiles": "8 scores in 4 tiles",
    "position_stripes": "the same to its left and right",
    "two_schedules": "8 ticks with an RNN, whose states wait for one another",
    "window_slider": "outside a window the bars end on it",
    "word_order": "saw: verb, a: article, saw: noun",
}
WIDTHS = (320, 360, 390, 430, 600, 700, 1280)
# What `make test` looks at: the largest figure, the heaviest, the newest kind.
DAILY = ("attention_playground", "find_shapes", "edge_switches")
each_figure = pytest.mark.parametrize("name", swept(bundle.figures(), DAILY))
# In px as seen: a drawing's letters are scaled with it.
SMALLEST = """(figure) => Math.min(...[...figure.querySelectorAll('*')]
  .filter((e) => e.firstChild?.nodeType === 3 && e.textContent.trim() &&
    e.checkVisibility() && !e.closest('sup, sub, .live-hidden'))
  .map((e) => parseFloat(getComputedStyle(e).fontSize) *
    (e instanceof SVGElement ? e.getScreenCTM().a : 1)))"""
# Texts that are wider than their box; a box that scrolls shows them all.
CUT = """(figure) => [...figure.querySelectorAll('td, th, p, div, label')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth &&
    !e.closest('.live-hidden') && (e.tagName !== 'DIV' ||
      /hidden|clip/.test(getComputedStyle(e).overflowX)))
  .map((e) => e.textContent)"""
EDGE = """(figure) => Math.max(...[figure, ...figure.querySelectorAll('*')]
  .filter((e) => !e.parentElement.closest('.live-scroll'))
  .map((e) => e.getBoundingClientRect().right)) - innerWidth"""
# How far the figure outgrows the place that is kept for it.
GROWS = """(figure) => figure.getBoundingClientRect().height -
  parseFloat(getComputedStyle(figure.closest('[data-live]')).minHeight)"""


def home(name):
    """The chapter in which a figure stands."""
    mark = json.dumps(f'data-live="{name}"')[1:-1]
    for chapter in chapters():
        if mark in (ROOT / f"{chapter}.ipynb").read_text("utf8"):
            return chapter
    raise AssertionError(f"no chapter shows {name}")


def faults(figure):
    """What leaves the window, is cut off or too small to read."""
    told = []
    if (by := figure.evaluate(EDGE)) > 0:
        told.append(f"{by} px beyond the edge")
    if cut := figure.evaluate(CUT):
        told.append(f"cut off: {cut}")
    if (size := figure.evaluate(SMALLEST)) < 14:
        told.append(f"letters of {size} px")
    return told


@pytest.mark.parametrize(
    ("name", "width"),
    swept(
        itertools.product(bundle.figures(), WIDTHS),
        list(itertools.product(DAILY, [360])),
    ),
)
def test_it_keeps_its_place_while_it_starts(html, visit, name, width):
    page = visit(html / f"{home(name)}.html", width, wait=f".{name}")
    drawn(page)
    assert page.locator(f".{name}").first.evaluate(GROWS) <= 4


@pytest.mark.parametrize(
    ("name", "widths"),
    swept(
        [(name, (320,)) for name in DAILY]
        + [(name, (320, 600, 1280)) for name in bundle.figures()],
        [(name, (320,)) for name in DAILY],
    ),
)
def test_it_fits_and_can_be_read_whatever_is_chosen(html, visit, name, widths):
    page = visit(html / f"{home(name)}.html", wait=f".{name}")
    figure = page.locator(f".{name}").first
    told = []
    choices = figure.locator("fieldset label:not(:has(:disabled)), [role=tab]")
    n = 0
    while n < choices.count():  # a choice may bring others
        choices.nth(n).click()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            drawn(page)
            found = faults(figure)
            told += [f"{width} px, choice {n}: {one}" for one in found]
        n += 1
    assert told == []


@each_figure
def test_without_javascript_its_picture_says_what_it_finds(html, visit, name):
    address = html / f"{home(name)}.html"
    page = visit(address, java_script_enabled=False)
    assert FINDINGS[name] in still(page, name)
    assert page.locator(f".{name}").count() == 0
