"""Chapter 13's live figure: the online softmax, tile after tile."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import drawn, opener, rested, told

from selfattn import reference
from selfattn.widgets import OnlineTiles


@pytest.fixture(scope="module")
def engine():
    return Engine("online_tiles")


def invented(rng, **settings):
    n = int(rng.integers(1, 12))
    scores, values = 3 * rng.normal(size=(2, n))
    return OnlineTiles(
        scores, values, tile=int(rng.integers(1, 6)), **settings
    )


@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_what_is_kept_is_what_python_keeps(engine, seed, rescale):
    figure = invented(np.random.default_rng(seed), rescale=rescale)
    found = [list(row.values()) for row in engine("steps", figure.state())]
    wanted = np.array(figure.steps())
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_the_last_output_is_attention(engine, seed):
    figure = invented(np.random.default_rng(seed))
    scores, values = np.array(figure.scores), np.array(figure.values)
    want = reference.softmax(scores) @ values
    last = engine("steps", figure.state())[-1]
    assert abs(last["out"] - want) < 1e-6
    assert abs(engine("exact", figure.state())["out"] - want) < 1e-6


def test_it_says_what_shrinks_and_what_comes_out(engine):
    state = OnlineTiles.example().state()
    assert engine("describe", state) == (
        "All 2 tiles are read. A larger score came: the old sum is multiplied"
        " by 0.37. Kept: largest 3, sum 1.64 and output 2.45. All scores at"
        " once give 2.45: the same."
    )
    assert engine("describe", {**state, "rescale": False}).endswith(
        "All scores at once give 2.45: not the same."
    )
    assert engine("describe", {**state, "step": 0}).startswith("No score")
    assert "The first tile starts the sum" in engine(
        "describe", {**state, "step": 1}
    )
    assert engine("lineOf", state, 1) == [
        "3 to 4",
        "3",
        "0.37",
        "1.64",
        "2.45",
    ]
    assert engine("lineOf", {**state, "step": 1}, 1)[1:] == [""] * 4


def test_parts_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="two rows of one length"):
        OnlineTiles([1.0, 2.0], [1.0])


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "13_faster", ".online_tiles")


@pytest.mark.browser
def test_tiles_are_read_by_keyboard(show):
    page, figure = show()
    slider = figure.get_by_role("slider", name="tiles")
    slider.focus()
    page.keyboard.press("Home")
    rested(page)
    assert told(figure).startswith("No score")
    page.keyboard.press("ArrowRight")
    rested(page)
    assert told(figure).startswith("After 1 of 4 tiles. The first tile")
    page.keyboard.press("End")
    rested(page)
    assert told(figure).endswith("the same.")


@pytest.mark.browser
def test_without_the_factor_the_output_is_wrong(show):
    page, figure = show()
    page.keyboard.press("Tab")
    figure.get_by_role("slider", name="tiles").press("End")
    figure.get_by_text("stays", exact=True).click()
    rested(page)
    assert told(figure).endswith("not the same.")
    figure.get_by_text("8", exact=True).first.click()
    drawn(page)
    rested(page)
    assert told(figure).endswith("the same.")
