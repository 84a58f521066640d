"""Chapter 07's stripes: what they compute, what they say, how they move."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import (
    drawn,
    opener,
    told,
)

from selfattn import positions, widgets

BETWEEN = ["nothing", "random", "shift"]
BASES = [1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]


@pytest.fixture(scope="module")
def engine():
    return Engine("position_stripes")


def plain(text):
    return text.replace("\u00a0", " ")


def at_random(rng, **settings):
    """A figure set at random."""
    d = 2 * int(rng.integers(2, 33))
    n = int(rng.integers(20, 129))
    return widgets.PositionStripes(
        n=n,
        d_model=d,
        base=int(rng.choice(BASES)),
        place=int(rng.integers(n)),
        pair=int(rng.integers(d // 2)),
        draw=int(rng.integers(2**32)),
        **settings,
    )


# --------------------------------------------------------------- numbers


def test_the_stripes_are_the_packages_positions(engine):
    rng = np.random.default_rng(3)
    for _ in range(10):
        n, d = int(rng.integers(1, 90)), 2 * int(rng.integers(1, 33))
        base = float(rng.uniform(1, 20_000))
        got = np.array(engine("encoding", n, d, base))
        expected = positions.sinusoidal(n, d, base)
        np.testing.assert_allclose(got, expected, atol=1e-6)
        omega = engine("frequencies", d, base)
        assert omega == pytest.approx(positions.frequencies(d, base))


@pytest.mark.parametrize("between", BETWEEN)
def test_the_scores_are_those_of_numpy(engine, between):
    rng = np.random.default_rng(5)
    for _ in range(4):
        live = at_random(rng, between=between)
        pe = live.encoding()  # (n, d)
        middle = np.eye(live.d_model)  # (d, d)
        if between == "random":
            w_q, w_k = live.matrices()
            middle = w_q @ w_k.T
        elif between == "shift":
            omega = positions.frequencies(live.d_model, live.base)
            for m, angle in enumerate(-3 * omega):
                turn = [[np.cos(angle), -np.sin(angle)],
                        [np.sin(angle), np.cos(angle)]]  # fmt: skip
                middle[2 * m : 2 * m + 2, 2 * m : 2 * m + 2] = turn
        expected = pe @ middle @ pe.T  # (n, n)
        got = np.array(engine("scores", live.state()))
        np.testing.assert_allclose(got, expected, atol=1e-6)
        np.testing.assert_allclose(live.scores(), expected, atol=1e-6)


def test_both_draw_the_same_normal_numbers(engine):
    from selfattn.widgets.position_stripes import normals

    for seed in (0, 1, 7, 2**31, 2**32 - 1):
        assert engine("normals", seed, 99) == pytest.approx(
            normals(seed, 99), abs=1e-9
        )
    many = normals(3, 20_000)
    assert abs(many.mean()) < 0.03 and abs(many.std() - 1) < 0.03
    assert abs(np.mean(many**4) - 3) < 0.2  # as a normal's, not a uniform's


def test_the_distance_explains_all_but_not_after_random_matrices(engine):
    rng = np.random.default_rng(9)
    for between in BETWEEN:
        live = at_random(rng, between=between)
        scores, n = live.scores(), live.n
        offset = np.subtract.outer(np.arange(n), np.arange(n))
        rest = scores.copy()
        for k in range(-n + 1, n):
            rest[offset == k] -= scores[offset == k].mean()
        share = 1 - rest.var() / scores.var()
        got = engine("explained", scores.tolist())
        assert got == pytest.approx(share, abs=1e-9)
        assert (got > 1 - 1e-9) == (between != "random")


@pytest.mark.parametrize("over", ["mirror", "other"])
def test_the_dashed_curve_is_what_it_is_called(engine, over):
    rng = np.random.default_rng(11)
    for _ in range(4):
        live = at_random(rng, between="random", over=over)
        state, scores, i = live.state(), live.scores(), live.place
        got = engine("overlay", state, scores.tolist())
        other = engine("otherPlace", state)
        assert 0 <= other < live.n and other != i
        for j, value in enumerate(got):
            row, at = (i, 2 * i - j) if over == "mirror" else (
                other, j + other - i)  # fmt: skip
            if 0 <= at < live.n:
                assert value == pytest.approx(scores[row, at])
            else:
                assert value is None


# ----------------------------------------------------------------- words


def test_the_stripes_say_what_they_show(engine):
    state = widgets.PositionStripes().state()
    assert plain(engine("describe", state)) == (
        "Place 20 scores highest with itself: 16. The product grows again"
        " from 5 to 6 places away. The curve and its mirror image are the"
        " same. The distance i − j explains 100 % of the variance of all"
        " 4096 scores."
    )
    assert engine("waving", state) == (
        "ω = 100 to the −4/32 = 0.56 radians a place, once round in 11.2"
        " places"
    )
    mixed = plain(engine("describe", {**state, "between": "random"}))
    assert "The curve and its mirror image differ by up to" in mixed
    assert "100 %" not in mixed
    moved = {**state, "between": "shift", "over": "other"}
    said = plain(engine("describe", moved))
    assert "highest with place 17, 3 to the left: 16." in said
    assert "that of place 36, moved here, are the same" in said


def test_words_and_numbers_at_the_edges(engine):
    state = widgets.PositionStripes(d_model=4, base=1, pair=1).state()
    assert "1 radian a place" in engine("waving", state)
    slow = widgets.PositionStripes(d_model=4, base=100_000, pair=1).state()
    assert "0.0032 radians" in engine("waving", slow)
    first = {**state, "place": 0, "between": "shift"}
    assert "Place 0 scores highest with" in engine("describe", first)
    none = {**slow, "n": 3}
    assert "falls with every place" in engine(
        "describe", {**none, "place": 0, "n": 3}
    )


def test_the_chapters_first_rise_is_the_figures(engine):
    state = widgets.PositionStripes(d_model=64, base=10_000).state()
    assert engine("firstRise", state) == 5


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"d_model": 7}, "d_model must be even: got 7"),
        ({"base": 99}, "base must be a stop of the slider: got 99"),
        ({"place": 64}, "place must be one of the figure's 64: got 64"),
        ({"d_model": 8, "pair": 4}, "pair must be one of the figure's 4"),
    ],
)
def test_bad_input_is_refused_with_the_rule(settings, rule):
    with pytest.raises(Exception, match=rule):
        widgets.PositionStripes(**settings)


# -------------------------------------------------------------- the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "07_positions", ".position_stripes")


@pytest.mark.browser
def test_a_walk_through_the_stripes_by_keyboard(show):
    page, figure = show()
    sliders = figure.get_by_role("slider").all()
    names = [slider.get_attribute("aria-label") for slider in sliders]
    assert names == ["base", "entries", "pair m", "place i"]
    sliders[0].focus()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    drawn(page)
    values = [s.get_attribute("aria-valuetext") for s in sliders]
    assert values == ["1", "4", "1 of 1", "20 of 63"]
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert told(figure).startswith("Place 21 scores highest")
    assert figure.get_by_role("button").is_disabled()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    first = told(figure)
    assert "its mirror image differ by up to" in first
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert told(figure) != first  # other matrices
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert "that of place 37, moved here, differ" in told(figure)


@pytest.mark.browser
def test_pointing_chooses_a_place_and_a_pair(show):
    page, figure = show(has_touch=True)
    pictures = figure.locator("svg")
    pictures.first.scroll_into_view_if_needed()
    box = pictures.first.bounding_box()

    def point(box, across, down):
        return (
            box["x"] + across * box["width"],
            box["y"] + down * box["height"],
        )

    page.mouse.click(*point(box, 40.5 / 64, 10.5 / 16))
    drawn(page)
    pair, place = figure.get_by_role("slider").all()[2:]
    assert pair.get_attribute("aria-valuetext") == "10 of 15"
    assert place.get_attribute("aria-valuetext") == "40 of 63"
    low = pictures.last
    low.scroll_into_view_if_needed()
    page.touchscreen.tap(*point(low.bounding_box(), 7.5 / 64, 0.5))
    drawn(page)
    assert place.get_attribute("aria-valuetext") == "7 of 63"
    assert pair.get_attribute("aria-valuetext") == "10 of 15"
    pan = low.evaluate("e => getComputedStyle(e).touchAction")
    assert pan == "pan-y"


@pytest.mark.browser
def test_the_stripes_have_the_colour_of_their_sign(show):
    _, figure = show()
    for place, entry in ((0, 1), (4, 0), (20, 3)):
        expected = positions.sinusoidal(64, 32, 100)[place, entry]
        # The path that holds the cell, by its place in the drawing.
        found = figure.locator("svg").first.evaluate(
            """(svg, [x, y]) => [...svg.querySelectorAll("path")].filter(
              (p) => p.isPointInFill(new DOMPoint(x + 0.5, y + 0.5))).map(
              (p) => [p.getAttribute("class"),
                Number(p.getAttribute("fill-opacity"))])""",
            [place, entry],
        )
        [[sign, strength]] = found
        assert sign == ("negative" if expected < 0 else "positive")
        assert strength == pytest.approx(abs(expected), abs=1 / 24 + 1e-9)
