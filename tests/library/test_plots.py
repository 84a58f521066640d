"""Figures: deterministic, themed, described, and strict about their input."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from checkout import ROOT

from selfattn import plots


def _drawn(seed: int = 0) -> plots.Svg:
    rng = np.random.default_rng(seed)
    fig, axes = plots.figure(7, 3, ncols=2)
    plots.heatmap(axes[0], rng.random((3, 5)), values=True)
    x = np.arange(7)
    plots.lines(axes[1], x, {"dot": rng.random(7), "additive": rng.random(7)})
    return plots.svg(fig, alt='Weights < 1 & a "line".')


def test_the_same_figure_gives_the_same_bytes():
    assert _drawn().text == _drawn().text
    assert _drawn(0).text != _drawn(1).text


def test_every_colour_follows_the_page():
    text = _drawn().text
    body = text[text.index("</style>") :]
    assert "var(--ink)" in body and "var(--c1)" in body
    assert not re.findall(r"#[0-9a-f]{6}\b", body.replace("#image", ""))
    assert "prefers-color-scheme:dark" in text


def test_svg_is_well_formed_and_says_what_it_shows():
    drawn = _drawn()
    root = ElementTree.fromstring(drawn.text)
    assert root.attrib["aria-label"] == drawn.alt
    data, metadata = drawn._repr_mimebundle_()
    assert metadata["image/svg+xml"]["alt"] == drawn.alt
    assert drawn.alt in data["text/plain"]
    assert "<dc:date>" not in drawn.text


def test_drawing_changes_no_global_style():
    import matplotlib

    before = dict(matplotlib.rcParams)
    _drawn()
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("alt", ["", "  ", None, 3])
def test_a_figure_without_alternative_text_is_refused(alt):
    fig, _ = plots.figure()
    with pytest.raises(ValueError, match="alternative text"):
        plots.svg(fig, alt=alt)


def test_a_large_matrix_becomes_one_picture():
    fig, ax = plots.figure()
    plots.heatmap(ax, np.ones((29, 31)))
    text = plots.svg(fig, alt="ones").text
    assert text.count("<image") == 1 and len(text) < 30_000


def test_negative_scores_differ_without_colour():
    def count(matrix):
        fig, ax = plots.figure()
        plots.heatmap(ax, matrix, kind="scores")
        return len(ax.lines)

    assert count(-np.ones((2, 3))) == 6 and count(np.ones((2, 3))) == 0


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.ones(3), "(3,)"),
        (np.ones((2, 3, 5)), "(2, 3, 5)"),
        (np.ones((0, 3)), "(0, 3)"),
    ],
)
def test_a_heat_map_of_no_matrix_is_refused(bad, words):
    _, ax = plots.figure()
    with pytest.raises(ValueError, match=re.escape(words)):
        plots.heatmap(ax, bad)


def test_labels_at_line_ends_keep_their_distance():
    spaced = plots._spaced([0.0, 1.0, 2.0, 100.0], 13.0)
    assert np.all(np.diff(spaced) >= 13 - 1e-9)
    assert spaced[3] == 100.0
    assert np.isclose(np.mean(spaced[:3]), 1.0)


def test_a_line_of_another_length_is_refused():
    _, ax = plots.figure()
    with pytest.raises(ValueError, match="one y per x"):
        plots.lines(ax, [1, 2, 3], {"short": [1, 2]})


def test_no_colour_is_defined_by_itself():
    fig, ax = plots.figure()
    plots.heatmap(ax, [[0.5, 1.0]])
    assert "--positive:var(" not in plots.svg(fig, alt="two cells").text


# ----------------------------------------------------------------- panels


def _boxes(text: str) -> list[list[float]]:
    found = re.search(r'data-panels="([^"]+)"', text)
    if not found:
        return []
    return [[float(n) for n in box.split()] for box in found[1].split(";")]


def test_panels_tile_the_figure_in_reading_order():
    fig, axes = plots.figure(7, 6, nrows=2, ncols=2)
    for ax in axes.flat:
        plots.heatmap(ax, np.ones((3, 5)), values=True)
    boxes = _boxes(plots.svg(fig, alt="four").text)
    assert len(boxes) == 4
    assert sum(w * h for _, _, w, h in boxes) == pytest.approx(
        360 * 6 / 1.4 * 72, rel=1e-3
    )
    assert [(x > 100, y > 100) for x, y, _, _ in boxes] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert all(170 < width < 190 for _, _, width, _ in boxes)


def test_every_letter_is_inside_one_panel():
    fig, axes = plots.figure(7, 3, ncols=3)
    for ax in axes:
        ax.set(title="one title", xlabel="step", ylabel="loss")
    boxes = _boxes(plots.svg(fig, alt="three").text)
    assert len(boxes) == 3
    for ax, (x, _, width, _) in zip(axes, boxes, strict=True):
        seen = ax.get_tightbbox()
        point = 72 / fig.dpi
        assert x <= seen.x0 * point and seen.x1 * point <= x + width


def test_one_panel_is_no_panels():
    fig, ax = plots.figure(5, 3)
    ax.twinx().plot([1, 2])
    assert _boxes(plots.svg(fig, alt="one").text) == []


def test_a_colour_bar_is_part_of_its_panel():
    fig, axes = plots.figure(7, 3, ncols=2)
    fig.colorbar(axes[0].imshow(np.eye(3)), ax=axes[0])
    boxes = _boxes(plots.svg(fig, alt="two").text)
    assert len(boxes) == 2
    bar = fig.axes[2].get_tightbbox()
    assert bar.x1 * 72 / fig.dpi <= boxes[1][0] + 1e-6


def test_what_crosses_panels_keeps_them_together():
    from matplotlib.lines import Line2D

    fig, _ = plots.figure(7, 3, ncols=2)
    fig.add_artist(Line2D([0.1, 0.9], [0.4, 0.5]))
    assert _boxes(plots.svg(fig, alt="joined").text) == []


# ------------------------------------------------------------------ names


def _names(text: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', text)


def test_names_do_not_depend_on_what_is_drawn():
    one, other = _drawn(0).text, _drawn(1).text
    assert _names(one) == _names(other)
    used = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', one)
    assert {a or b for a, b in used} == set(_names(one))


def test_figures_in_one_document_share_no_names():
    fig, ax = plots.figure()
    plots.lines(ax, [1, 2], {"a": [1, 2]})
    assert not set(_names(plots.svg(fig, alt="Other.").text)) & set(
        _names(_drawn().text)
    )


def test_only_colours_that_are_used_are_defined():
    fig, ax = plots.figure()
    ax.plot([1, 2], color="C0")
    text = plots.svg(fig, alt="blue").text
    assert text.count("--c0:") == 2 and "--c1:" not in text


def test_dark_paper_is_the_pages_own():

    sheet = ROOT / "theme/static/book.css"
    pages = re.findall(r"--pst-color-background: (#\w+);", sheet.read_text())
    _, light, dark = plots.THEME[plots.PAPER]
    assert pages == [light, dark]
