"""Chapter 08's band: its weights and counts are those of the package."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine

from selfattn import banded, widgets

pytest.importorskip("anywidget")
pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def engine():
    return Engine("attention_band")


def state(**settings):
    return {**widgets.AttentionBand.example().state(), **settings}


@pytest.mark.parametrize("radius", [0, 1, 3, 11, 40])
def test_weights_are_those_of_banded_attention(engine, radius):
    s = state(radius=radius)
    q, k = (np.array(s[name]) / s["step"] for name in ("q", "k"))
    _, band = banded.banded(q, k, k, radius)
    for frame in range(12):
        first, after = engine("reach", {**s, "frame": frame})
        got = engine("weightsOf", {**s, "frame": frame})
        want = banded.to_full(band)[frame, first:after]
        np.testing.assert_allclose(got, want, atol=1e-6)


def test_pairs_are_counted_as_the_package_counts(engine):
    for n, radius in ((1, 0), (12, 3), (116, 5), (6000, 50), (7, 99)):
        assert engine("pairs", n, radius) == banded.pairs(n, radius)


def test_the_figure_itself_computes_the_same_weights():
    live = widgets.AttentionBand.example()
    q, k = np.array(live.q) / live.step, np.array(live.k) / live.step
    _, band = banded.banded(q, k, k, live.radius)
    want = banded.to_full(band)[live.frame]
    np.testing.assert_allclose(live.band(), want, atol=1e-12)


def test_it_says_what_it_shows(engine):
    said = engine("describe", state()).replace("\u00a0", " ")
    weights = widgets.AttentionBand.example().band()
    best = weights.argmax()
    assert said == (
        "Frame 5, in “saw”, sees frames 3 to 7, most of all frame "
        f"{best + 1} with {round(100 * weights[best])} % of its weight. The "
        "band keeps 54 of 12 × 12 = 144 weights, 38 %. The net that was "
        "trained with radius 2 hears “saw” here, and is right in 12 of 12 "
        "frames."
    )
    alone = engine("describe", state(radius=0))
    assert "sees itself alone" in alone and "right in 3 of 12" in alone


def test_the_nearest_net_speaks_and_the_smaller_one_of_two(engine):
    names = [engine("netOf", state(radius=r))[1] for r in (0, 1, 2, 6, 7, 99)]
    assert names == ["0", "0", "2", "2", "all", "all"]


def test_rows_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="one row per frame: got"):
        widgets.AttentionBand(np.ones((3, 2)), [[1]] * 3, [[1]] * 2, [], {})
